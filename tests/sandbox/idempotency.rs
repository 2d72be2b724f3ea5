//! Sent again: what is answered from memory, what runs again, what is refused, and what is one.

mod adjustments;
mod canonical;
mod races;
mod restart;
mod starts;

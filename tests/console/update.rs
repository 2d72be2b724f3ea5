//! Events in, state and effects out: what follows from what, without a screen.

mod again;
mod calls;
mod copying;
mod forms;
mod identifying;
mod lists;
pub mod looking;
mod pasting;
mod pointing;
mod property;
mod quitting;
mod steps;

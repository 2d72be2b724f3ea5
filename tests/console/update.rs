//! Events in, state and effects out: what follows from what, without a screen.

mod calls;
mod copying;
mod finding;
mod forms;
mod identifying;
mod lists;
mod pasting;
mod property;
mod quitting;
mod steps;

//! Events in, state and effects out: what follows from what, without a screen.

mod again;
mod calls;
mod copying;
mod deleting;
mod exporting;
mod finding;
mod forms;
mod guard;
mod identifying;
mod inspecting;
mod lists;
mod live;
pub mod looking;
mod pasting;
mod pointing;
mod property;
mod quitting;
mod steps;

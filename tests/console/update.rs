//! Events in, state and effects out: what follows from what, without a screen.

mod calls;
mod forms;
mod identifying;
mod inspecting;
mod lists;
mod pasting;
mod property;
mod quitting;
mod steps;

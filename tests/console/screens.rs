//! Whole screens, painted from a state and compared as text.

mod first_steps;
mod inspecting;
mod inspector;
pub mod larger;
pub mod popups;
pub mod rows;
mod sides;

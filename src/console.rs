//! The console: what the user sees and touches.

pub mod clipboard;
pub mod runtime;

//! The console seen from outside: screens painted from a state, and the program in a real terminal.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod ascii;
mod camera;
mod cast;
mod commands;
mod guide;
mod hostile;
#[path = "../../src/text/inspection.rs"]
mod inspection;
mod journeys;
mod line;
mod looks;
mod merchant;
mod pty;
mod readme;
mod scenes;
mod screens;
mod seeded;
mod sizes;
mod stage;
mod update;

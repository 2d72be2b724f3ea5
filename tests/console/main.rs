//! The console seen from outside: screens painted from a state, and the program in a real terminal.

mod screens;
mod stage;

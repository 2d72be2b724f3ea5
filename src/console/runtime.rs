//! What the console does to the world, and the world to the console.

pub mod terminal;

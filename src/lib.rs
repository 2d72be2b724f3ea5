//! The map of the project. See the rooms in reading order below.

pub mod api;
pub mod cli;
pub mod clock;
pub mod config;
pub mod console;
pub mod exchange;
pub mod json;
pub mod money;
pub mod record;
pub mod sandbox;
pub mod testpay;
pub mod text;
pub mod wire;

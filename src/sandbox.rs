//! A sandbox of the API over real HTTP, with real storage: the other side of the conversation.

pub mod engine;
pub mod store;

//! What the tests use: a sandbox process, a merchant's server, a payer's browser and a plain HTTP client.
//!
//! Nothing here knows the console's types: what is written is raw JSON, what is read is bytes.

mod answers;
mod bodies;
mod browser;
mod crowd;
mod http;
mod listener;
mod merchant;
mod page;
mod payer;
mod process;

use std::time::Duration;

pub use answers::{
    authorized, bad_request, envelope, is, is_replay_of, not_found, not_replayed, refused,
    sent_to_a_page, status_of,
};
pub use bodies::{amounts, changed, gross_only, payment, priced, standard, with_key, without};
pub use browser::Browser;
pub use crowd::at_once;
pub use http::{Answer, Request, exchange};
pub use listener::Listener;
pub use merchant::basic;
pub use page::Page;
pub use payer::{Payer, Step};
pub use process::Sandbox;

/// How long anything may take before a test gives up on it.
pub const DEADLINE: Duration = Duration::from_secs(30);

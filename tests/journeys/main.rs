//! The console without a terminal, against its own sandbox, over a line that loses things.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod again;
mod agree;
mod attached;
mod books;
mod callbacks;
mod damaged;
mod desk;
mod exported;
mod killed;
mod line;
mod merchant;
mod others;
mod pasted;
mod quick;
mod reset;
mod scrambled;
mod tls;
mod unknown;
mod unrecorded;

use std::time::Duration;

/// How long anything may take before a test gives up on it.
const DEADLINE: Duration = Duration::from_secs(30);

//! The console without a terminal, against its own sandbox, over a line that loses things.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod again;
mod agree;
mod attached;
mod books;
mod browser;
mod callbacks;
mod damaged;
mod desk;
mod dice;
mod exported;
mod front;
mod guided;
mod killed;
mod line;
mod merchant;
mod misbehaving;
mod others;
mod pasted;
mod quick;
mod remote;
mod reset;
mod scrambled;
mod tls;
mod unknown;
mod unrecorded;

use std::time::Duration;

/// How long anything may take before a test gives up on it.
const DEADLINE: Duration = Duration::from_secs(30);

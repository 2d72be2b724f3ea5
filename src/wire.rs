//! Our side of every socket: the client, the listener for callbacks and notifications, the payer, and the
//! ear for a sandbox that another process serves.
//!
//! Facts leave here as `exchange` values; nothing is stored and nothing is judged. No task outlives the
//! handle or the token that it was given.

pub mod activity;
pub mod client;
pub mod listener;
pub mod payer;
#[cfg(test)]
mod raw_server;

pub use activity::{Activity, ActivityError};
pub use client::{Client, ClientError, Credentials, Peer, Timeouts};
pub use listener::{Arrival, Listener};
pub use payer::{Payer, PayerError};

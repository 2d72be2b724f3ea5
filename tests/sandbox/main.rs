//! The sandbox as a merchant meets it: the real binary, raw JSON over HTTP, the payer's pages walked as
//! a browser without scripts would.

mod bad_input;
mod browser;
mod cast;
mod codes;
mod command;
mod control;
mod durability;
mod guide;
mod harness;
mod idempotency;
mod identity;
mod model;
mod money;
mod pauses;
mod redirect;
mod stub;

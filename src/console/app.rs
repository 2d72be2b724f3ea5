//! The console without its terminal: what is shown, and how every event changes it.
//!
//! [`update`](update::update) is the only place where state changes. No I/O, no clock, no randomness:
//! time comes with each event, ids from a seeded generator, and what has to happen outside leaves as
//! [`Effect`](effect::Effect)s.

pub mod command;
pub mod compare;
pub mod copy;
pub mod editor;
pub mod effect;
pub mod endpoint;
pub mod event;
pub mod export;
pub mod exports;
pub mod form;
pub mod help;
pub mod input;
pub mod inspector;
pub mod keymap;
pub mod layout;
pub mod list;
pub mod look;
pub mod menu;
pub mod narrowed;
pub mod palette;
pub mod payer;
pub mod picker;
pub mod preview;
pub mod prompt;
pub mod stake;
pub mod state;
pub mod step;
pub mod stubs;
pub mod update;
pub mod verbs;

//! What the console does to the world, and the world to the console.
//!
//! Joins the pure console with terminal, journal, sandbox, listener and client. One `select!` on the
//! main thread takes events and paints; everything that may take time happens elsewhere and comes back
//! as an event.

mod arrivals;
mod browser;
mod calling;
mod drive;
mod effects;
mod exporting;
mod keymap_file;
mod keys;
mod late;
mod life;
mod opening;
mod other_side;
mod picking;
mod query;
pub mod reading;
pub mod replay;
mod settings;
pub mod terminal;
mod themes;
mod turn;
pub mod unrecorded;

pub use drive::{End, drive};
pub use opening::{Opened, Opening, OpeningError, RemoteError, open, remote_client, remote_epoch};
pub use query::COMMAND as FILTER_COMMAND;
pub use replay::Replay;
pub use turn::{begin, turn};

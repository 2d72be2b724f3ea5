//! What happened and what it means: the entries of a journal, and the payments, identifications and sums
//! that are folded from them.
//!
//! The folds are pure and believe the wire. Only [`journal`] touches a disk; nothing here opens a
//! socket or knows a screen.

pub mod asked;
pub mod compare;
pub mod draft;
pub mod entry;
pub mod exchanged;
pub mod explain;
pub mod export;
pub mod fact;
pub mod filter;
pub mod fold;
pub mod journal;
pub mod landing;
pub mod ledger;
pub mod lifecycle;
pub mod line;
pub mod moves;
pub mod payload;
pub mod recorded;
pub mod session;
pub mod target;
pub mod transaction;
pub mod window;

pub use entry::{Entry, Kind, NewEntry, Origin, Seq};
pub use ledger::Totals;
pub use line::Line;
pub use recorded::Recorded;
pub use session::{Session, SessionKey};
pub use transaction::{Transaction, TransactionKey};

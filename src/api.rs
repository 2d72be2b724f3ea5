//! The Bango Payment API v5 as types: what a merchant's program can say and what it can be told.
//!
//! No I/O and no sandbox behaviour. Calls are built here as bytes ready to leave; answers are read
//! tolerantly (members in any order, unknown ones ignored, unknown codes and actions kept), as the
//! guide asks of every client in section 1.9.

pub mod answer;
pub mod call;
pub mod ids;
pub mod prefer;
pub mod response_code;
pub mod transaction;

pub use answer::{Action, Answer};
pub use call::{Call, Fault, Method, Operation};
pub use ids::{BangoUserId, ExternalTransactionId, Msisdn, MsisdnError, SessionId, TransactionId};
pub use prefer::{PreferError, Preference, Stub, StubAction};
pub use response_code::{Class, ResponseCode};
pub use transaction::{Adjust, Item, Start};

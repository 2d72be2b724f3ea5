//! What the writer can be asked for.

use super::{JournalError, Sync};
use crate::record::{NewEntry, Recorded, TransactionKey};

pub type Reply<T> = Box<dyn FnOnce(Result<T, JournalError>) + Send>;

/// What the writer can be asked for.
pub enum Command {
    Append {
        entries: Vec<NewEntry>,
        sync: Sync,
        reply: Reply<Recorded>,
    },
    Remember {
        name: String,
        value: String,
        reply: Reply<()>,
    },
    CountStart {
        seed: u64,
        reply: Reply<Start>,
    },
    /// Make every row anew from the entries.
    FoldAnew(Reply<()>),
    Tell(Box<dyn FnOnce() + Send>),
    /// Tell from now on what other processes append.
    Hear(Box<dyn FnMut(Recorded) + Send>),
    /// Another process has appended something.
    Look,
    /// A payment is to be gone.
    Delete {
        key: TransactionKey,
        reply: Reply<Recorded>,
    },
    /// Another process has ended.
    EndDeadCalls {
        reply: Reply<Recorded>,
    },
}

/// One start on a journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    /// The journal's, the same for every start.
    pub seed: u64,
    /// Counted from 1.
    pub number: u64,
}

impl Command {
    pub fn refuse(self, error: &JournalError) {
        match self {
            Self::Append { reply, .. }
            | Self::EndDeadCalls { reply }
            | Self::Delete { reply, .. } => reply(Err(error.clone())),
            Self::Remember { reply, .. } | Self::FoldAnew(reply) => reply(Err(error.clone())),
            Self::CountStart { reply, .. } => reply(Err(error.clone())),
            Self::Tell(reply) => reply(),
            Self::Hear(_) | Self::Look => {}
        }
    }

    pub fn wants_full_sync(&self) -> bool {
        matches!(
            self,
            Self::Append {
                sync: Sync::Full,
                ..
            } | Self::EndDeadCalls { .. }
                | Self::Delete { .. }
        )
    }
}

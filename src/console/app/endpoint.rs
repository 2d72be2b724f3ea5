//! Where the calls go: whose money it is, how it is reached, and what it is never sent.

use crate::config::Kind;
use crate::record::lifecycle::Reason;

use super::command::Command;
use super::exports::Credentials;

/// Why nothing that writes leaves.
pub const READ_ONLY: &str = "the profile is read-only";

/// Where the calls go.
#[derive(Clone, Debug, Default)]
pub struct Endpoint {
    /// Whose money is moved there.
    pub kind: Kind,
    /// The profile's name.
    pub name: String,
    /// Host, port and path; empty while there is none.
    pub address: String,
    /// Where our own listener can be reached, without a final slash.
    pub listener: Option<String>,
    /// Whether notifications reach it, too: a server elsewhere does not find this machine.
    pub is_notified: bool,
    /// As whom, where that is no secret of the user's: of a sandbox of ours.
    pub credentials: Option<Credentials>,
    /// Nothing that writes can be sent.
    pub read_only: bool,
    /// Whether the body of a DELETE gets there.
    pub delete_body: DeleteBody,
    /// A file is shown again: there is nobody to call.
    pub replay: bool,
}

/// An endpoint that the console could be opened on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reachable {
    /// The profile's name.
    pub name: String,
    /// Unknown where its profile cannot be read.
    pub kind: Option<Kind>,
    /// Where it is, or why it cannot be had.
    pub words: String,
    pub possible: bool,
}

/// What is known of the way to an endpoint: some proxies drop the body of a DELETE, and a refund of a part
/// without its body is one of the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeleteBody {
    /// Nobody has tried.
    Unchecked,
    #[default]
    Arrives,
    IsDropped,
}

impl DeleteBody {
    /// Under what the journal keeps it.
    pub const NAME: &str = "delete.body";

    pub const fn word(self) -> &'static str {
        match self {
            Self::Unchecked => "unchecked",
            Self::Arrives => "arrives",
            Self::IsDropped => "dropped",
        }
    }

    /// As it was kept.
    pub fn of(word: &str) -> Option<Self> {
        let all = [Self::Unchecked, Self::Arrives, Self::IsDropped];
        all.into_iter().find(|known| known.word() == word)
    }
}

impl Endpoint {
    /// Kind and name, from our own data; once where they are the same word.
    pub fn badge(&self) -> String {
        let kind = self.kind.word();
        if self.replay {
            "replay".to_owned()
        } else if self.name == kind || self.name.is_empty() {
            kind.to_owned()
        } else {
            format!("{kind} {}", self.name)
        }
    }

    /// Whether anything new can be begun there.
    pub const fn takes_writes(&self) -> bool {
        !self.replay && !self.read_only
    }

    /// Whether it is real money.
    pub fn is_live(&self) -> bool {
        self.kind == Kind::Live
    }

    /// Address and credentials as lines for a shell, while there is an address.
    pub fn exports(&self) -> Option<Vec<u8>> {
        let credentials = self.credentials.as_ref()?;
        let base_url = format!("http://{}", self.address);
        (!self.address.is_empty())
            .then(|| credentials.exports(&base_url))
            .flatten()
    }

    /// Why a command cannot be had on this endpoint, whatever is selected.
    pub fn bars(&self, command: Command) -> Option<String> {
        let is_new = matches!(
            command,
            Command::NewPayment
                | Command::PlayPayer
                | Command::EditAndSend
                | Command::SendAnyway
                | Command::NameAnswer
        );
        let sends = is_new || matches!(command, Command::RetrieveSelected | Command::SendAgain);
        if self.replay {
            return sends.then(|| Reason::Replay.to_string());
        }
        if self.read_only && is_new {
            return Some(READ_ONLY.to_owned());
        }
        if !self.is_live() {
            return None;
        }
        match command {
            Command::SendAnyway => {
                Some("nothing that is known to be wrong goes to a live endpoint".into())
            }
            Command::NameAnswer => Some("a live endpoint answers for itself".into()),
            _ => None,
        }
    }
}

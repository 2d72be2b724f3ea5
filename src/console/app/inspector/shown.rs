//! The exchange that the inspector shows.

use crate::api::{Answer, Operation, ResponseCode};
use crate::exchange::{Epoch, Outcome, Request, Standing};
use crate::record::{Seq, SessionKey, Transaction, TransactionKey};

/// Which exchange to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The one that this entry belongs to.
    Entry(Seq),
    /// The latest of a payment.
    Transaction(TransactionKey),
    /// The latest of an identification.
    Session(SessionKey),
}

/// An exchange with its bodies, as the journal has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub request: Request,
    /// `None` while the answer is awaited, and for what came to our own listener.
    pub outcome: Option<Outcome>,
    /// What the answer says, where it is one of the API.
    pub code: Option<ResponseCode>,
    pub operation: Option<Operation>,
    /// Why our sandbox refused it.
    pub why: Option<String>,
    /// How the payment stood in our sandbox after this call.
    pub standing: Option<Standing>,
    /// The payment as it was before this call, where the journal can tell.
    pub before: Option<Box<Transaction>>,
    /// The life of the sandbox that it is of, where the journal has it.
    pub epoch: Option<Epoch>,
    /// Whether the console sent it.
    pub ours: bool,
    /// Whether it came to us: then there is no curl line.
    pub arrived: bool,
}

impl Shown {
    /// A call of ours of which nothing else is known. Reads the answer, which may be long.
    pub fn new(request: Request, outcome: Option<Outcome>) -> Self {
        let code = match &outcome {
            Some(Outcome::Answered { response, .. }) => Answer::parse(&response.body.kept).ok(),
            _ => None,
        };
        Self {
            request,
            outcome,
            code: code.map(|answer| answer.code),
            operation: None,
            why: None,
            standing: None,
            before: None,
            epoch: None,
            ours: true,
            arrived: false,
        }
    }
}

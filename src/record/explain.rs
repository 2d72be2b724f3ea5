//! What an answer means to the merchant: who has to act, whether to try again, what the shopper should be
//! told, and what can be done next. One table for every code and every screen.

use crate::api::{Operation, ResponseCode};

/// What there is to know about an answer. The texts are whole sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    pub meaning: &'static str,
    pub who: Who,
    pub retry: Retry,
    /// What to tell the person who pays.
    pub shopper: &'static str,
    /// The testing guide's sections, or its pages on the wiki, that show it.
    pub section: &'static str,
    /// What the API takes next, for the same payment or payer. Empty where nothing can be done with it.
    pub next: &'static [Operation],
}

/// Who has to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Nobody,
    Payer,
    /// The merchant's program or its developer.
    Merchant,
    /// The operator or another payment provider.
    Provider,
    Bango,
}

impl Who {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Nobody => "nobody: it is done",
            Self::Payer => "the payer",
            Self::Merchant => "you: the request has to change",
            Self::Provider => "the payer's operator",
            Self::Bango => "Bango: tell their support if it lasts",
        }
    }
}

/// Whether the same request may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// A repeat gets the same answer, and changes nothing.
    Harmless,
    /// It would be refused again.
    Never,
    /// Later, with the same bytes: the same `externalTransactionId` keeps it from happening twice.
    Later,
    /// Later, and as a new request: the refusal is stored, and a repeat gets it again.
    LaterAnew,
    /// After the payer has acted.
    AfterThePayer,
}

impl Retry {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Harmless => "harmless: the same bytes get the same answer and move nothing",
            Self::Never => "no: the same request would be refused again",
            Self::Later => "yes, later, with the same bytes: then it cannot happen twice",
            Self::LaterAnew => "yes, later, with another id: a repeat gets this refusal again",
            Self::AfterThePayer => "once the payer has done what is asked for",
        }
    }
}

/// `operation` is that of the call that got the answer.
pub fn explain(code: &ResponseCode, operation: Operation) -> Explanation {
    let (meaning, who, retry, shopper, section) = row(code, operation);
    Explanation {
        meaning,
        who,
        retry,
        shopper,
        section,
        next: next(code, operation),
    }
}

type Row = (&'static str, Who, Retry, &'static str, &'static str);

const THANKS: &str = "Nothing, or thank you.";
const OTHER_WAY: &str = "This way to pay is not possible: choose another one.";
const TRY_LATER: &str =
    "Something went wrong at the operator; nothing was charged. Try again later.";
const OUR_FAULT: &str = "Something went wrong in the store; nothing was charged.";

#[expect(clippy::too_many_lines, reason = "a table, one entry for each code")]
fn row(code: &ResponseCode, operation: Operation) -> Row {
    use ResponseCode as Code;
    match code {
        Code::Ok => done(operation),
        Code::Cancelled => (
            "The authorization was given up as a whole; nothing will be charged.",
            Who::Nobody,
            Retry::Harmless,
            "The payment was cancelled, and nothing is charged.",
            "1.3, 5.3",
        ),
        Code::Refunded => (
            "What was asked for was given back; all that was left where no amount was named.",
            Who::Nobody,
            Retry::Harmless,
            "The money is on its way back to the phone bill or the credit.",
            "1.4, 1.6-1.8, 5.4",
        ),
        Code::ClientActionRequired => asked(operation),
        Code::UserCancelled => (
            "The payer said no on the pages. Nothing was charged.",
            Who::Payer,
            Retry::Never,
            "You cancelled; nothing was charged.",
            "4.1",
        ),
        Code::NotAvailable => not_available(operation),
        Code::UserInsufficientCredit => (
            "The payer has not enough credit for this amount.",
            Who::Payer,
            Retry::Never,
            "There is not enough credit: top up, or choose another way to pay.",
            "3.1, 4.2",
        ),
        Code::UserBarred => (
            "The operator does not let this payer use the payment method at all.",
            Who::Payer,
            Retry::Never,
            OTHER_WAY,
            "3.2, 4.3",
        ),
        Code::UserNotEnabled => (
            "The operator has not enabled this payer for payments.",
            Who::Payer,
            Retry::Never,
            "Your contract does not allow payments: ask your operator, or choose another way.",
            "3.3",
        ),
        Code::UserSuspended => (
            "The payer is kept from this payment method for a while.",
            Who::Payer,
            Retry::Never,
            "This way to pay is blocked for the moment: choose another one.",
            "3.4",
        ),
        Code::UserExceededLimit => (
            "A spending limit of the payer would be exceeded.",
            Who::Payer,
            Retry::Never,
            "Your spending limit is reached: choose another way to pay.",
            "3.5",
        ),
        Code::SpeedLimit => (
            "It came too soon after the payer's last payment.",
            Who::Payer,
            Retry::LaterAnew,
            "That was too fast: wait a moment and try again.",
            "3.6",
        ),
        Code::PriceNotSupported => (
            "None of the prices offered can be billed on this payer's methods.",
            Who::Merchant,
            Retry::Never,
            "This price cannot be paid with the phone: choose another way.",
            "3.8",
        ),
        Code::Declined => (
            "The payer's operator declined, for good; the answer names no reason. Nothing has changed.",
            Who::Payer,
            Retry::Never,
            OTHER_WAY,
            "3.9-3.12",
        ),
        Code::CantRefund => (
            "More was asked back than is left, or the operator takes no refunds. Nothing has changed.",
            Who::Merchant,
            Retry::Never,
            "The store refunds in another way.",
            "3.30-3.32",
        ),
        Code::AlreadyRefunded => (
            "Everything that was captured is refunded already.",
            Who::Nobody,
            Retry::Never,
            "The money was given back already.",
            "not shown; see 5.4",
        ),
        Code::BadRequest => (
            "The request breaks a rule of the API, or does not fit the payment's state.",
            Who::Merchant,
            Retry::Never,
            OUR_FAULT,
            "3.29",
        ),
        Code::Unauthorized => (
            "User name and password are not accepted here, or this address may not call.",
            Who::Merchant,
            Retry::Never,
            OUR_FAULT,
            "wiki page 3.3",
        ),
        Code::NotFound => (
            "There is no such session, payer or transaction, or it is not yours.",
            Who::Merchant,
            Retry::Never,
            OUR_FAULT,
            "wiki pages 3.2, 10.2",
        ),
        Code::InvalidBangoUserId => (
            "The payer's id is not known, or not any more: identify the payer again and start again.",
            Who::Merchant,
            Retry::Never,
            "We have to find out your number once more.",
            "2.1, 3.25-3.28",
        ),
        Code::ConnectError => (
            "The operator could not be reached; from a real endpoint the outcome is unknown.",
            Who::Provider,
            Retry::Later,
            TRY_LATER,
            "3.13-3.16",
        ),
        Code::ConnectTimeout => (
            "The operator did not answer in time; from a real endpoint the outcome is unknown.",
            Who::Provider,
            Retry::Later,
            TRY_LATER,
            "3.17-3.20",
        ),
        Code::Failure => (
            "The operator failed, and gives no reason. Nothing has changed.",
            Who::Provider,
            Retry::Later,
            TRY_LATER,
            "3.21-3.24",
        ),
        Code::InternalError => (
            "Bango's own systems failed.",
            Who::Bango,
            Retry::Later,
            TRY_LATER,
            "wiki page 3.5",
        ),
        Code::ServiceUnavailable => (
            "Bango's systems are being maintained.",
            Who::Bango,
            Retry::Later,
            TRY_LATER,
            "wiki page 3.4",
        ),
        Code::Unknown(_) => (
            "This console does not know the code. It is not treated as success.",
            Who::Merchant,
            Retry::Never,
            OUR_FAULT,
            "1.9",
        ),
    }
}

const fn done(operation: Operation) -> Row {
    let (meaning, section) = match operation {
        Operation::Identify | Operation::Continue => (
            "The payer is known: the bangoUserId is good for payments.",
            "2.1",
        ),
        Operation::Status => ("The payer's status stands in the answer.", "wiki page 2"),
        Operation::CloseAccount => (
            "The payer's id is no more; payments with it are refused.",
            "wiki page 3.1",
        ),
        Operation::Methods => (
            "These payment methods are possible now; nothing was started.",
            "1.1",
        ),
        Operation::Authorize => (
            "The amount is reserved. It is charged only when it is captured.",
            "1.2, 5.1",
        ),
        Operation::Retrieve => ("The transaction as the server has it.", "1.2, wiki page 10"),
        Operation::Capture => (
            "The amount is charged. There is one capture for each payment.",
            "1.2, 1.5, 5.2",
        ),
        Operation::Cancel | Operation::Refund => ("It was done.", "1.3, 1.4"),
    };
    (meaning, Who::Nobody, Retry::Harmless, THANKS, section)
}

const fn asked(operation: Operation) -> Row {
    match operation {
        Operation::Authorize => (
            "The payer has to approve the payment on a web page first; nothing is reserved until then.",
            Who::Payer,
            Retry::AfterThePayer,
            "Follow the page, and come back.",
            "2.2, 2.3, 4.1",
        ),
        _ => (
            "Something has to be done in the payer's browser or on the phone before it goes on.",
            Who::Payer,
            Retry::AfterThePayer,
            "Follow the page, or send the SMS, and come back.",
            "2.1",
        ),
    }
}

const fn not_available(operation: Operation) -> Row {
    match operation {
        Operation::Identify | Operation::Continue => (
            "There is no way left to find out who the payer is.",
            Who::Merchant,
            Retry::Never,
            OTHER_WAY,
            "wiki page 1",
        ),
        _ => (
            "None of the payment methods asked for is possible for this payer now.",
            Who::Payer,
            Retry::Never,
            OTHER_WAY,
            "3.7, wiki page 9.2",
        ),
    }
}

/// What the API takes next.
fn next(code: &ResponseCode, operation: Operation) -> &'static [Operation] {
    use Operation as Op;
    use ResponseCode as Code;
    match (code, operation) {
        (Code::Unauthorized, _) => &[],
        (Code::InvalidBangoUserId, _) | (_, Op::CloseAccount) => &[Op::Identify],
        (Code::ClientActionRequired, Op::Identify | Op::Continue) => &[Op::Continue],
        // The payer's approval is Bango's, not a call of the merchant.
        (Code::ClientActionRequired, _) => &[Op::Retrieve],
        (Code::Ok, Op::Identify | Op::Continue | Op::Status | Op::Methods) => {
            &[Op::Authorize, Op::Methods, Op::Status]
        }
        (_, Op::Identify | Op::Continue | Op::Status) => &[Op::Identify],
        (Code::Ok, Op::Authorize) => &[Op::Capture, Op::Cancel, Op::Retrieve],
        (_, Op::Authorize | Op::Methods) => &[Op::Authorize, Op::Methods],
        (Code::NotFound, _) => &[Op::Authorize],
        (Code::Ok, Op::Capture) => &[Op::Refund, Op::Retrieve],
        (_, Op::Capture) => &[Op::Capture, Op::Cancel, Op::Retrieve],
        (Code::Cancelled, _) => &[Op::Authorize, Op::Retrieve],
        (Code::AlreadyRefunded, _) | (_, Op::Retrieve) => &[Op::Retrieve],
        (_, Op::Cancel) => &[Op::Cancel, Op::Capture, Op::Retrieve],
        (_, Op::Refund) => &[Op::Refund, Op::Retrieve],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_all_that_there_is_to_know() {
        let unknown = ResponseCode::Unknown("TELEPORTED".into());
        for code in ResponseCode::KNOWN.iter().chain([&unknown]) {
            for operation in Operation::ALL {
                let told = explain(code, operation);
                for words in [
                    told.meaning,
                    told.shopper,
                    told.who.words(),
                    told.retry.words(),
                ] {
                    assert!(words.len() > 5, "{code:?} {operation:?}");
                }
                assert!(
                    told.meaning.ends_with('.') && told.shopper.ends_with('.'),
                    "{code:?}"
                );
                assert!(
                    told.section
                        .contains(|letter: char| letter.is_ascii_digit()),
                    "{code:?}"
                );
                let may_end = matches!(code, ResponseCode::Unauthorized);
                assert_eq!(told.next.is_empty(), may_end, "{code:?} {operation:?}");
            }
        }
    }

    #[test]
    fn what_may_be_tried_again_is_what_the_class_says() {
        use crate::api::Class;
        for code in ResponseCode::KNOWN {
            let retry = explain(code, Operation::Authorize).retry;
            let expected = match code.class() {
                Class::Success => Retry::Harmless,
                Class::MoreToDo => Retry::AfterThePayer,
                Class::Transient => Retry::Later,
                // Its cure is time.
                _ if *code == ResponseCode::SpeedLimit => Retry::LaterAnew,
                Class::Refused | Class::Mistake | Class::Unrecognised => Retry::Never,
            };
            assert_eq!(retry, expected, "{code:?}");
        }
    }

    #[test]
    fn no_code_can_pretend_to_be_a_success() {
        let look_alike = ResponseCode::parse("ok");
        let told = explain(&look_alike, Operation::Capture);
        assert!(told.meaning.contains("not treated as success"));
        assert!(!told.next.contains(&Operation::Refund));
    }
}

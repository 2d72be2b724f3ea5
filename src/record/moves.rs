//! What a call would move, from our own data.
//!
//! The words come from the journal and from the bytes that would leave, never from what the other side says.
//! Where it cannot be told what a call would move, nobody should send real money with it.

use super::Transaction;
use super::asked::{Asked, Price};
use super::transaction::{State, Unresolved};
use crate::api::{Call, Operation};
use crate::json::{self, Limits, Value};
use crate::money::{Amount, Currency};

/// What happens to how much of which payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moves {
    /// `capture`.
    pub verb: &'static str,
    pub gross: Amount,
    pub currency: Currency,
    /// The payment's external id, as we gave it.
    pub external: Option<String>,
    /// Its id.
    pub id: Option<String>,
    /// Something that is easily overlooked.
    pub note: Option<&'static str>,
}

/// Why nobody can say what a call would move. The message follows "not sent: ".
pub type Unclear = &'static str;

/// What this call would move. `payment` is the one that it is about, as the journal has it.
pub fn of_call(call: &Call, payment: Option<&Transaction>) -> Result<Moves, Unclear> {
    let body = call.body.as_deref().unwrap_or_default();
    let price = one_price(body)?;
    let asked = Asked::read(body);
    if call.operation == Operation::Authorize {
        let price = price.ok_or("its body names no amount")?;
        return Ok(Moves {
            verb: "authorize",
            gross: price.gross,
            currency: price.currency,
            external: asked.external.map(|id| id.as_str().to_owned()),
            id: None,
            note: None,
        });
    }
    let payment =
        payment.ok_or("its payment is not in this journal: nobody can say what it moves")?;
    moves(call.operation, price, payment).ok_or("its payment has no amount that is known")
}

/// What the unresolved call of a payment would move when its bytes are sent once more.
pub fn of_again(payment: &Transaction, unresolved: &Unresolved) -> Result<Moves, Unclear> {
    let moves = moves(unresolved.operation, unresolved.asked.price, payment);
    let mut moves = moves.ok_or("its payment has no amount that is known")?;
    let would_refund =
        unresolved.operation == Operation::Cancel && matches!(payment.state, State::Captured(_));
    moves.note = if !unresolved.is_recognised_again() {
        Some("it carries no key: it may move the money twice")
    } else if would_refund {
        Some("it was captured since: the cancel would refund it")
    } else {
        Some("the same bytes: what was done already is not done twice")
    };
    Ok(moves)
}

/// A DELETE is what the payment makes of it.
fn moves(operation: Operation, price: Option<Price>, payment: &Transaction) -> Option<Moves> {
    let is_captured = matches!(payment.state, State::Captured(_));
    let (verb, whole) = match operation {
        Operation::Authorize => ("authorize", payment.price().gross),
        Operation::Capture => ("capture", payment.price().gross),
        _ if is_captured => ("refund", payment.refundable().gross),
        Operation::Refund => ("refund", payment.price().gross),
        _ => ("cancel", payment.price().gross),
    };
    Some(Moves {
        verb,
        gross: price.map_or(whole, |price| price.gross),
        currency: price
            .map(|price| price.currency)
            .or_else(|| payment.currency())?,
        external: payment.external().map(|id| id.as_str().to_owned()),
        id: payment.id.as_ref().map(|id| id.as_str().to_owned()),
        note: None,
    })
}

/// The one price that a body names; `None` where it names none and means everything. What could be read in
/// two ways is not read at all.
fn one_price(body: &[u8]) -> Result<Option<Price>, Unclear> {
    if body.is_empty() {
        return Ok(None);
    }
    let value = json::parse(body, &Limits::SERVER).map_err(|_| "its body is not JSON")?;
    if is_ambiguous(&value) {
        return Err("a member of its body stands twice");
    }
    let Some(items) = value.get("paymentItems") else {
        return Ok(None);
    };
    let Some([item]) = items.as_array() else {
        return Err("its body names not one item");
    };
    let prices = item.get("priceList").and_then(Value::as_array);
    let Some([_]) = prices else {
        return Err("its body names not one price");
    };
    let price = Asked::read(body).price;
    price.map(Some).ok_or("its amount cannot be read")
}

fn is_ambiguous(value: &Value) -> bool {
    let mut left = vec![value];
    while let Some(value) = left.pop() {
        if let Some(members) = value.as_object() {
            let mut names: Vec<_> = members.iter().map(|(name, _)| name).collect();
            names.sort_unstable();
            if names.windows(2).any(|pair| pair[0] == pair[1]) {
                return true;
            }
            left.extend(members.iter().map(|(_, value)| value));
        }
        left.extend(value.as_array().unwrap_or_default());
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::TransactionId;
    use crate::record::fold::tests::{
        book::{Book, Told},
        start,
    };

    fn id() -> TransactionId {
        "2006721250".into()
    }

    fn captured() -> Transaction {
        let mut book = Book::default();
        let told = Told::new(r#"{"responseCode":"OK","transactionId":"2006721250"}"#);
        book.say(&start(Some("t-1")), &told);
        book.say(&Call::capture(&id(), None), &Told::code("OK"));
        book.only().clone()
    }

    fn authorized() -> Transaction {
        let mut book = Book::default();
        let told = Told::new(r#"{"responseCode":"OK","transactionId":"2006721250"}"#);
        book.say(&start(Some("t-1")), &told);
        book.only().clone()
    }

    fn draft(operation: Operation, body: &str) -> Call {
        Call::new(operation, Some("2006721250"), Some(body.into()))
    }

    fn said(call: &Call, payment: Option<&Transaction>) -> String {
        match of_call(call, payment) {
            Ok(moves) => format!(
                "{} {} {} of {}",
                moves.verb,
                moves.gross,
                moves.currency,
                moves.external.unwrap_or_default()
            ),
            Err(why) => why.to_owned(),
        }
    }

    const PART: &str =
        r#"{"paymentItems":[{"priceList":[{"grossAmount":"1.59","currencyIso3":"USD"}]}]}"#;

    #[test]
    fn a_call_says_what_it_moves() {
        let (captured, authorized) = (captured(), authorized());
        assert_eq!(
            said(&start(Some("t-9")), None),
            "authorize 10.99 USD of t-9"
        );
        let whole = Call::capture(&id(), None);
        assert_eq!(said(&whole, Some(&authorized)), "capture 10.99 USD of t-1");
        let part = draft(Operation::Capture, PART);
        assert_eq!(said(&part, Some(&authorized)), "capture 1.59 USD of t-1");
        let whole = Call::refund(&id(), None);
        assert_eq!(said(&whole, Some(&captured)), "refund 10.99 USD of t-1");
        let part = draft(Operation::Refund, PART);
        assert_eq!(said(&part, Some(&captured)), "refund 1.59 USD of t-1");
    }

    #[test]
    fn a_delete_is_what_the_payment_makes_of_it() {
        let cancel = Call::cancel(&id());
        assert_eq!(
            said(&cancel, Some(&authorized())),
            "cancel 10.99 USD of t-1"
        );
        assert_eq!(said(&cancel, Some(&captured())), "refund 10.99 USD of t-1");
    }

    #[test]
    fn what_could_be_read_in_two_ways_does_not_leave() {
        let captured = captured();
        for (body, why) in [
            ("{", "its body is not JSON"),
            (
                r#"{"paymentItems":[],"paymentItems":[]}"#,
                "a member of its body stands twice",
            ),
            (r#"{"paymentItems":null}"#, "its body names not one item"),
            (r#"{"paymentItems":[{},{}]}"#, "its body names not one item"),
            (
                r#"{"paymentItems":[{"priceList":[]}]}"#,
                "its body names not one price",
            ),
            (
                r#"{"paymentItems":[{"priceList":[{"grossAmount":1.59,"currencyIso3":"USD"}]}]}"#,
                "its amount cannot be read",
            ),
            (
                r#"{"paymentItems":[{"priceList":[{"grossAmount":"1.59","grossAmount":"9.59","currencyIso3":"USD"}]}]}"#,
                "a member of its body stands twice",
            ),
        ] {
            assert_eq!(
                said(&draft(Operation::Refund, body), Some(&captured)),
                why,
                "{body}"
            );
        }
        let stranger = said(&Call::refund(&id(), None), None);
        assert_eq!(
            stranger,
            "its payment is not in this journal: nobody can say what it moves"
        );
        assert_eq!(
            said(&draft(Operation::Authorize, "{}"), None),
            "its body names no amount"
        );
    }
}

//! `PUT` and `DELETE transaction/{transactionId}`: capture and refund, whole and in part.

use crate::api::{Item, TransactionId};
use crate::money::{Amount, Currency, Taxed};

use super::{Form, Name, Prefill, Problem, Purpose};

/// The transaction that a capture or refund is for.
#[derive(Clone, Debug)]
pub struct Target {
    pub transaction: TransactionId,
    pub currency: Currency,
    /// What may be captured, or what is left to refund.
    pub left: Taxed,
    /// What the whole was: authorized for a capture, captured for a refund.
    pub of: Taxed,
    /// The item as it was authorized.
    pub item: Item,
}

/// A capture of all that was authorized.
pub fn capture_form(target: Target, prefill: &Prefill) -> Form {
    let fields = amount_fields(&target)
        .chain(item_fields(&target.item))
        .collect();
    Form::new(Purpose::Capture(target), prefill.call, fields)
}

/// A refund of all that is left, with an external id of its own: it makes a repeat recognisable.
pub fn refund_form(target: Target, prefill: &Prefill) -> Form {
    let fields = amount_fields(&target)
        .chain([(Name::External, prefill.external.clone())])
        .chain(item_fields(&target.item))
        .collect();
    Form::new(Purpose::Refund(target), prefill.call, fields)
}

fn amount_fields(target: &Target) -> impl Iterator<Item = (Name, String)> {
    [
        (Name::Gross, target.left.gross.to_string()),
        (Name::Tax, target.left.tax.to_string()),
        (Name::Currency, target.currency.to_string()),
    ]
    .into_iter()
}

fn item_fields(item: &Item) -> impl Iterator<Item = (Name, String)> {
    [
        (Name::ItemName, item.name.clone().unwrap_or_default()),
        (
            Name::ItemExternal,
            item.external_payment_item_id.clone().unwrap_or_default(),
        ),
    ]
    .into_iter()
}

pub(super) fn capture_problems(form: &Form, target: &Target) -> Vec<Problem> {
    let above = |part: Amount| format!("is above the {part} authorized: BAD_REQUEST (guide 3.29)");
    amount_problems(form, target, above)
}

pub(super) fn refund_problems(form: &Form, target: &Target) -> Vec<Problem> {
    let above = |part: Amount| {
        format!("is above the {part} left to refund: CANT_REFUND (guide 3.30, 3.31)")
    };
    amount_problems(form, target, above)
}

fn amount_problems(form: &Form, target: &Target, above: impl Fn(Amount) -> String) -> Vec<Problem> {
    let mut problems = Vec::new();
    match form.positive_gross() {
        Ok(gross) if gross > target.left.gross => {
            problems.push(Problem::new(Name::Gross, above(target.left.gross)));
        }
        Ok(_) => {}
        Err(problem) => problems.push(problem),
    }
    match form.tax() {
        Ok(Some(tax)) if tax > target.left.tax => {
            problems.push(Problem::new(Name::Tax, above(target.left.tax)));
        }
        Ok(_) => {}
        Err(problem) => problems.push(problem),
    }
    match form.currency() {
        Ok(currency) if currency != target.currency => {
            problems.push(Problem::new(
                Name::Currency,
                format!("must be {}, as authorized", target.currency),
            ));
        }
        Ok(_) => {}
        Err(problem) => problems.push(problem),
    }
    problems
}

/// The tax inside a part, in proportion and rounded down: what the tax field shows until it is edited.
pub(super) fn tax_that_follows(form: &Form, target: &Target) -> Option<String> {
    let gross = form
        .positive_gross()
        .ok()
        .filter(|gross| *gross <= target.left.gross)?;
    let share = u128::from(target.left.tax.hundredths()) * u128::from(gross.hundredths())
        / u128::from(target.left.gross.hundredths().max(1));
    Some(Amount::from_hundredths(u64::try_from(share).ok()?).to_string())
}

/// Whether the form asks for everything that is left, as it was prefilled: then it names no item. A
/// whole capture has no body (guide 1.2), a part names its amounts (guide 1.5).
pub(super) fn is_whole(form: &Form) -> bool {
    let (Purpose::Capture(target) | Purpose::Refund(target)) = &form.purpose else {
        return false;
    };
    let item = item_fields(&target.item);
    item.into_iter()
        .all(|(name, value)| form.value(name) == value)
        && form.amount(Name::Gross).ok() == Some(target.left.gross)
        && form.tax().ok() == Some(Some(target.left.tax))
        && form.currency().ok() == Some(target.currency)
}

/// A body without amounts means everything that is left.
pub(super) fn fill_whole(values: &mut [(Name, String)], target: &Target) {
    for (name, value) in values {
        match name {
            Name::Gross => *value = target.left.gross.to_string(),
            Name::Tax => *value = target.left.tax.to_string(),
            Name::Currency => *value = target.currency.to_string(),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::api::Call;
    use crate::config::Kind;
    use crate::exchange::CallId;

    fn target() -> Target {
        let taxed = Taxed::new(Amount::from_hundredths(940), Amount::from_hundredths(80));
        Target {
            transaction: TransactionId::from("2006721250"),
            currency: Currency::USD,
            left: taxed,
            of: Taxed::new(Amount::from_hundredths(1099), Amount::from_hundredths(100)),
            item: Item::default(),
        }
    }

    fn prefill() -> Prefill {
        Prefill {
            call: CallId(Uuid::nil()),
            external: "t-test-02".into(),
            listener: None,
            is_notified: true,
            kind: Kind::Sandbox,
        }
    }

    fn body(call: &Call) -> serde_json::Value {
        serde_json::from_slice(call.body.as_ref().unwrap()).unwrap()
    }

    #[test]
    fn a_whole_capture_has_no_body() {
        assert_eq!(
            capture_form(target(), &prefill()).submit().unwrap().body,
            None
        );
    }

    #[test]
    fn a_whole_refund_names_only_itself() {
        let call = refund_form(target(), &prefill()).submit().unwrap();
        assert_eq!(
            body(&call),
            serde_json::json!({"externalTransactionId": "t-test-02"})
        );
    }

    #[test]
    fn a_part_names_its_amounts() {
        let mut form = refund_form(target(), &prefill());
        form.fields[0].editor.set("1.59");
        form.fields[1].editor.set("0.20");
        let body = body(&form.submit().unwrap());
        let price = &body["paymentItems"][0]["priceList"][0];
        assert_eq!(price["grossAmount"], "1.59");
        assert_eq!(price["financialBreakdown"]["taxAmount"], "0.20");
    }

    #[test]
    fn the_tax_follows_the_amount_until_it_is_edited() {
        use crate::console::app::input::{Code, Key};

        let mut form = refund_form(target(), &prefill());
        for character in "4.70".chars() {
            form.key(Key::char(character), 10);
        }
        assert_eq!(form.value(Name::Tax), "0.40");
        form.go_to(1);
        form.key(Key::char('0'), 10);
        form.go_to(0);
        form.key(Key::plain(Code::Backspace), 10);
        form.key(Key::char('1'), 10);
        assert_eq!(form.value(Name::Tax), "0");
    }

    #[test]
    fn more_than_is_left_is_refused_with_the_answer_it_would_get() {
        let mut form = refund_form(target(), &prefill());
        form.fields[0].editor.set("9.41");
        assert_eq!(form.submit(), None);
        assert_eq!(
            form.problems()[0].words,
            "grossAmount is above the 9.40 left to refund: CANT_REFUND (guide 3.30, 3.31)"
        );
    }
}

//! `POST transaction`.

use crate::api::BangoUserId;
use crate::config::Kind;

use super::{Form, Name, Prefill, Problem, Purpose};

/// A form for this payer, with an amount that halves well.
pub fn form(user: &BangoUserId, prefill: &Prefill) -> Form {
    let number = prefill.external.trim_start_matches("t-");
    // How much of real money is for somebody to decide.
    let amount = match prefill.kind {
        Kind::Live => "",
        Kind::Sandbox | Kind::Test => "10.00",
    };
    Form::new(
        Purpose::Authorize,
        prefill.call,
        vec![
            (Name::Gross, amount.to_owned()),
            (Name::Tax, "0.00".to_owned()),
            (Name::Currency, "USD".to_owned()),
            (Name::ItemName, "Item title".to_owned()),
            (Name::ItemDescription, "Item description".to_owned()),
            (Name::ItemCategory, "1".to_owned()),
            (Name::ItemExternal, format!("item-{number}")),
            (Name::External, prefill.external.clone()),
            (Name::User, user.as_str().to_owned()),
            (Name::CallbackUrl, prefill.callback()),
            (Name::NotificationUrl, prefill.notification()),
        ],
    )
}

pub(super) fn problems(form: &Form) -> Vec<Problem> {
    let mut problems = Vec::new();
    problems.extend(form.positive_gross().err());
    problems.extend(form.tax().err());
    problems.extend(form.currency().err());
    let user = form.value(Name::User);
    if user.is_empty() {
        problems.push(Problem::new(
            Name::User,
            "is needed: identify a payer first",
        ));
    }
    problems.extend(form.url_problem(Name::CallbackUrl));
    problems.extend(form.url_problem(Name::NotificationUrl));
    problems
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::exchange::CallId;

    fn open() -> Form {
        let prefill = Prefill {
            call: CallId(Uuid::nil()),
            external: "t-test-01".into(),
            listener: None,
            is_notified: true,
            kind: Kind::Sandbox,
        };
        form(&BangoUserId::from("472156480"), &prefill)
    }

    #[test]
    fn a_prefilled_form_is_ready_to_send() {
        let call = open().submit().unwrap();
        let body: serde_json::Value = serde_json::from_slice(&call.body.unwrap()).unwrap();
        assert_eq!(body["externalTransactionId"], "t-test-01");
        assert_eq!(
            body["paymentItems"][0]["externalPaymentItemId"],
            "item-test-01"
        );
        assert_eq!(body["extensionData"], serde_json::json!({}));
    }

    #[test]
    fn each_field_names_its_own_rule() {
        let mut form = open();
        form.fields[0].editor.set("0,99");
        form.fields[2].editor.set("usd");
        let words: Vec<_> = form
            .problems()
            .into_iter()
            .map(|problem| problem.words)
            .collect();
        assert_eq!(
            words,
            [
                "grossAmount takes a point, not a comma",
                "currencyIso3 must be three capital letters"
            ]
        );
    }

    #[test]
    fn sending_with_a_problem_goes_to_its_field() {
        let mut form = open();
        form.fields[2].editor.set("XQQ");
        assert_eq!(form.submit(), None);
        assert_eq!(form.selected, 2);
    }
}

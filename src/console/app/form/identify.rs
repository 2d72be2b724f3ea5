//! `POST identity`.

use crate::api::Msisdn;
use crate::config::Kind;
use crate::testpay::{self, NetworkKey, Payer};

use super::{Form, Name, Prefill, Problem, Purpose};

/// A form for this payer.
pub fn form(number: &str, key: NetworkKey, prefill: &Prefill) -> Form {
    Form::new(
        Purpose::Identify,
        prefill.call,
        vec![
            (Name::Number, number.to_owned()),
            (Name::MethodKey, key.as_str().to_owned()),
            (Name::CountryCode, String::new()),
            (Name::NetworkCode, String::new()),
            (Name::SendsSms, String::new()),
            (Name::ThirdPartyUser, String::new()),
            (Name::MerchantReference, String::new()),
            (Name::CallbackUrl, prefill.callback()),
            (Name::NotificationUrl, prefill.notification()),
        ],
    )
}

/// A form that names nobody. On a live endpoint there are no test payers: their number, which travels in
/// the callback, has no place there, and the method key is the operator's.
pub fn blank(prefill: &Prefill) -> Form {
    if prefill.kind != Kind::Live {
        return form("", NetworkKey::GbrBango, prefill);
    }
    let mut blank = form("", NetworkKey::GbrBango, prefill);
    blank.fields.retain(|field| field.name != Name::Number);
    for field in &mut blank.fields {
        if field.name == Name::MethodKey {
            field.editor.set("");
        }
    }
    blank.fields[0].editor.enter();
    blank
}

/// Whether it is about one of the test payers.
pub(super) fn is_test(form: &Form) -> bool {
    form.fields.iter().any(|field| field.name == Name::Number)
}

/// The row of the cast that the number and key lead to.
pub fn payer(form: &Form) -> Option<&'static Payer> {
    if !is_test(form) {
        return None;
    }
    let number = Msisdn::parse(form.value(Name::Number)).ok()?;
    let key = match form.value(Name::MethodKey) {
        "" => NetworkKey::of_number(&number),
        key => NetworkKey::parse(key)?,
    };
    Some(testpay::payer(key, &number))
}

pub(super) fn problems(form: &Form) -> Vec<Problem> {
    let mut problems = Vec::new();
    let number = form.value(Name::Number);
    if !number.is_empty()
        && let Err(error) = Msisdn::parse(number)
    {
        problems.push(Problem::new(
            Name::Number,
            error.to_string().trim_start_matches("the number "),
        ));
    }
    let key = form.value(Name::MethodKey);
    if is_test(form) && !key.is_empty() && NetworkKey::parse(key).is_none() {
        let keys = NetworkKey::ALL.map(NetworkKey::as_str).join(", ");
        problems.push(Problem::new(
            Name::MethodKey,
            format!("of a test payer is one of {keys}: NOT_AVAILABLE"),
        ));
    }
    if !matches!(form.value(Name::SendsSms), "" | "true" | "false") {
        problems.push(Problem::new(Name::SendsSms, "must be true or false"));
    }
    problems.extend(form.url_problem(Name::CallbackUrl));
    problems.extend(form.url_problem(Name::NotificationUrl));
    problems
}

/// The callback as it travels, with the number in `ut`.
pub(super) fn callback(form: &Form) -> String {
    with_number(form.value(Name::CallbackUrl), form.value(Name::Number))
}

/// Takes the number out of a callback again.
pub(super) fn split_callback(values: &mut Vec<(Name, String)>) {
    let callback = values
        .iter_mut()
        .find(|(name, _)| *name == Name::CallbackUrl);
    let Some((_, callback)) = callback else {
        return;
    };
    let number = callback
        .rsplit_once(['?', '&'])
        .and_then(|(url, last)| Some((url.len(), last.strip_prefix("ut=")?.to_owned())));
    if let Some((length, number)) = number {
        callback.truncate(length);
        values.push((Name::Number, number));
    } else {
        values.push((Name::Number, String::new()));
    }
}

/// The callback with the number in `ut`, with which the test provider fills in its first page.
fn with_number(callback: &str, number: &str) -> String {
    match url::Url::parse(callback) {
        Ok(mut url) if !number.is_empty() => {
            url.query_pairs_mut()
                .append_pair("ut", number.trim_start_matches('+'));
            url.into()
        }
        _ => callback.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::exchange::CallId;

    fn prefill() -> Prefill {
        Prefill {
            call: CallId(Uuid::from_u64_pair(1, 0xabcd)),
            external: "t-test-01".into(),
            listener: Some("http://127.0.0.1:2647".into()),
            is_notified: true,
            kind: Kind::Sandbox,
        }
    }

    #[test]
    fn the_number_travels_in_the_callback() {
        let mut form = form("447710900120", NetworkKey::GbrBango, &prefill());
        let body = form.submit().unwrap().body.unwrap();
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(
            body,
            serde_json::json!({
                "identificationMethodKey": "GBR_BANGO",
                "callbackUrl": "http://127.0.0.1:2647/callback/000000000000abcd?ut=447710900120",
                "notificationUrl": "http://127.0.0.1:2647/notification/000000000000abcd"
            })
        );
    }

    #[test]
    fn what_the_api_would_refuse_is_named() {
        let mut form = form("0771", NetworkKey::GbrBango, &prefill());
        assert_eq!(form.submit(), None);
        assert_eq!(form.problems()[0].words, "the number needs 8 to 15 digits");
    }

    #[test]
    fn the_form_says_which_row_of_the_cast_it_is() {
        let form = form("447710900121", NetworkKey::GbrBango, &prefill());
        assert_eq!(payer(&form).unwrap().section, "3.1");
    }
}

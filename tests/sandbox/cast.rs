//! Every TestPay number, in its British and its American form, does what the table says.

use crate::harness::{
    Answer, Payer, Sandbox, amounts, authorized, envelope, is, sent_to_a_page, standard, status_of,
};
use serde_json::json;

/// Last three digits; what start, commit, cancel and refund give. `-` cannot be reached.
const ROWS: [(&str, [&str; 4]); 31] = [
    ("120", ["OK", "OK", "CANCELLED", "REFUNDED"]),
    ("121", ["USER_INSUFFICIENT_CREDIT", "-", "-", "-"]),
    ("122", ["USER_BARRED", "-", "-", "-"]),
    ("123", ["USER_NOT_ENABLED", "-", "-", "-"]),
    ("124", ["USER_SUSPENDED", "-", "-", "-"]),
    ("125", ["USER_EXCEEDED_LIMIT", "-", "-", "-"]),
    ("126", ["SPEED_LIMIT", "-", "-", "-"]),
    ("127", ["NOT_AVAILABLE", "-", "-", "-"]),
    ("128", ["PRICE_NOT_SUPPORTED", "-", "-", "-"]),
    ("129", ["DECLINED", "-", "-", "-"]),
    ("130", ["OK", "DECLINED", "DECLINED", "-"]),
    ("131", ["OK", "OK", "DECLINED", "REFUNDED"]),
    ("132", ["OK", "OK", "CANCELLED", "DECLINED"]),
    ("133", ["CONNECT_ERROR", "-", "-", "-"]),
    ("134", ["OK", "CONNECT_ERROR", "CANCELLED", "-"]),
    ("135", ["OK", "OK", "CONNECT_ERROR", "REFUNDED"]),
    ("136", ["OK", "OK", "CANCELLED", "CONNECT_ERROR"]),
    ("137", ["CONNECT_TIMEOUT", "-", "-", "-"]),
    ("138", ["OK", "CONNECT_TIMEOUT", "CANCELLED", "-"]),
    ("139", ["OK", "OK", "CONNECT_TIMEOUT", "REFUNDED"]),
    ("140", ["OK", "OK", "CANCELLED", "CONNECT_TIMEOUT"]),
    ("141", ["FAILURE", "-", "-", "-"]),
    ("142", ["OK", "FAILURE", "CANCELLED", "-"]),
    ("143", ["OK", "OK", "FAILURE", "REFUNDED"]),
    ("144", ["OK", "OK", "CANCELLED", "FAILURE"]),
    ("145", ["INVALID_BANGOUSERID", "-", "-", "-"]),
    ("146", ["OK", "INVALID_BANGOUSERID", "CANCELLED", "-"]),
    ("147", ["OK", "OK", "INVALID_BANGOUSERID", "REFUNDED"]),
    ("148", ["OK", "OK", "CANCELLED", "INVALID_BANGOUSERID"]),
    ("149", ["OK", "OK", "CANCELLED", "CANT_REFUND"]),
    // Any number that no row names.
    ("199", ["OK", "OK", "CANCELLED", "REFUNDED"]),
];

/// Key and prefix of the numbers.
const COUNTRIES: [(&str, &str); 2] = [("GBR_BANGO", "447710900"), ("USA_BANGO", "12025550")];

/// Collects every difference, so that one wrong row does not hide the others.
#[derive(Default)]
struct Differences(Vec<String>);

impl Differences {
    /// Notes the answer unless it is `code` with its status, its text and nothing else.
    fn unless(&mut self, code: &str, answer: &Answer, what: &str) {
        if (answer.status, answer.json()) != (status_of(code), envelope(code)) {
            let (status, body) = (answer.status, answer.text());
            self.0
                .push(format!("{what}: not {code} but {status} {body}"));
        }
    }

    #[track_caller]
    fn none(self) {
        assert!(self.0.is_empty(), "{}", self.0.join("\n"));
    }
}

#[test]
fn each_number_starts_commits_cancels_and_refunds_as_its_row_says() {
    let sandbox = Sandbox::start();
    let mut differences = Differences::default();
    for (key, prefix) in COUNTRIES {
        for (suffix, [start, commit, cancel, refund]) in ROWS {
            let number = format!("{prefix}{suffix}");
            let user = sandbox.identify_as(Payer::program(), key, &number);
            let first = sandbox.authorize(&standard(&user, &format!("{number}-committed")));
            if start != "OK" {
                differences.unless(start, &first, &format!("{number} start"));
                continue;
            }
            let transaction = authorized(&first);
            let answer = sandbox.capture(&transaction);
            differences.unless(commit, &answer, &format!("{number} commit"));
            if commit == "OK" {
                let answer = sandbox.delete(&transaction);
                differences.unless(refund, &answer, &format!("{number} refund"));
            }
            let second = sandbox.authorize(&standard(&user, &format!("{number}-cancelled")));
            let answer = sandbox.delete(&authorized(&second));
            differences.unless(cancel, &answer, &format!("{number} cancel"));
        }
    }
    differences.none();
}

#[test]
fn a_partial_refund_meets_the_same_refusal_as_a_whole_one() {
    let sandbox = Sandbox::start();
    let refusals = ROWS
        .iter()
        .filter(|(_, [_, commit, _, refund])| *commit == "OK" && *refund != "REFUNDED");
    for (suffix, [.., refund]) in refusals {
        let user =
            sandbox.identify_as(Payer::program(), "GBR_BANGO", &format!("447710900{suffix}"));
        let transaction = authorized(&sandbox.authorize(&standard(&user, suffix)));
        is(
            &sandbox.capture_with(&transaction, &amounts("0.59", "0.00")),
            "OK",
        );
        is(
            &sandbox.delete_with(&transaction, &amounts("0.10", "0.00")),
            refund,
        );
    }
}

#[test]
fn the_options_of_a_user_tell_the_start_that_is_known_beforehand() {
    let sandbox = Sandbox::start();
    let foreseen = ["121", "122", "123", "124", "125", "127"];
    for (suffix, [start, ..]) in ROWS {
        let user =
            sandbox.identify_as(Payer::program(), "GBR_BANGO", &format!("447710900{suffix}"));
        let answer = sandbox.options(&standard(&user, "t-1"));
        if foreseen.contains(&suffix) {
            is(&answer, start);
        } else {
            assert_eq!(answer.status, 200, "{suffix}: {}", answer.text());
            assert_eq!(
                answer.text_at("/availablePaymentMethods/0/key"),
                "GBR_BANGO"
            );
        }
    }
}

#[test]
fn the_numbers_of_redirect_users_act_under_both_keys() {
    let sandbox = Sandbox::start();
    for key in ["GBR_BANGO", "GBR_BANGOREDIRECT"] {
        let start = |suffix: &str| {
            let number = format!("447710900{suffix}");
            let user = sandbox.identify_as(Payer::program(), key, &number);
            sandbox.authorize(&standard(&user, &format!("{key}-{suffix}")))
        };
        is_redirect(&start("160"));
        is(&start("161"), "USER_INSUFFICIENT_CREDIT");
        is(&start("162"), "USER_BARRED");
    }
}

#[test]
fn the_redirect_key_redirects_every_number_that_has_no_row_of_its_own_there() {
    let sandbox = Sandbox::start();
    for number in [
        "447710900180",
        "447710900120",
        "447710900121",
        "447700900000",
    ] {
        let user = sandbox.identify_as(Payer::program(), "GBR_BANGOREDIRECT", number);
        is_redirect(&sandbox.authorize(&standard(&user, number)));
    }
}

#[test]
fn a_number_of_the_table_under_another_key_is_like_any_other() {
    let sandbox = Sandbox::start();
    for (key, number) in [
        ("GBR_BANGO", "447710900180"),
        ("GBR_BANGO", "12025550121"),
        ("USA_BANGO", "447710900129"),
    ] {
        let user = sandbox.identify_as(Payer::program(), key, number);
        let transaction = authorized(&sandbox.authorize(&standard(&user, number)));
        is(&sandbox.capture(&transaction), "OK");
        is(&sandbox.delete(&transaction), "REFUNDED");
    }
}

#[test]
fn without_a_key_the_number_decides() {
    let sandbox = Sandbox::start();
    for (number, key) in [
        ("447710900120", "GBR_BANGO"),
        ("12025550120", "USA_BANGO"),
        ("447710900180", "GBR_BANGOREDIRECT"),
    ] {
        for country in [json!({}), json!({"mcc": "234", "mnc": "20"})] {
            let (session, url) = sent_to_a_page(&sandbox.identity(&country));
            Payer::program().identifies(&url, number);
            let user = sandbox.go_on(&session).text_at("/bangoUserId");
            assert_eq!(sandbox.user(&user).text_at("/identificationMethodKey"), key);
        }
    }
}

#[track_caller]
fn is_redirect(answer: &Answer) {
    assert_eq!(answer.status, 202, "{}", answer.text());
    assert_eq!(answer.text_at("/parameters/action"), "REDIRECT");
}

//! Why a call was refused is one value: the header and the activity say the same.

use serde_json::json;

use super::request;
use crate::control::{Stream, new_user};
use crate::harness::{
    Answer, Payer, Request, Sandbox, amounts, authorized, changed, is, payment, sent_to_a_page,
    standard,
};

/// Collects the reasons, each of another kind.
struct Refusals<'s> {
    stream: Stream,
    sandbox: &'s Sandbox,
    known: Vec<String>,
}

impl Refusals<'_> {
    #[track_caller]
    fn note(&mut self, call: impl FnOnce(&Sandbox) -> Answer, says: &str) {
        let answer = call(self.sandbox);
        let header = answer.header("bango-sandbox-reason").unwrap_or_default();
        assert!(header.contains(says), "{header:?} does not say {says:?}");
        // Refusals only: nothing else that was said before has a reason.
        let told = loop {
            let report = self.stream.report();
            if let Some(why) = report["why"].as_str() {
                break why.to_owned();
            }
        };
        assert_eq!(told, header, "the activity and the header");
        assert!(!self.known.contains(&told), "{told} twice");
        self.known.push(told);
    }
}

#[test]
fn the_header_and_the_activity_give_the_same_reason_for_each_kind_of_refusal() {
    let sandbox = Sandbox::start();
    let user = |suffix: &str| new_user(&sandbox, &format!("447710900{suffix}"));
    let (good, declining) = (user("120"), user("129"));
    let body = payment(&good, "t-1", "10.99", "1.00");
    let start = |key: &str| authorized(&sandbox.authorize(&payment(&good, key, "10.99", "1.00")));
    let (open, captured, cancelled) = (start("t-1"), start("t-2"), start("t-3"));
    is(&sandbox.capture(&captured), "OK");
    is(&sandbox.delete(&cancelled), "CANCELLED");
    let refunded = start("t-4");
    is(&sandbox.capture(&refunded), "OK");
    is(&sandbox.delete(&refunded), "REFUNDED");
    let session = |cancel: &str| {
        let first = json!({"deviceCapabilitySendSms": "false"});
        let (session, url) = sent_to_a_page(&sandbox.identity(&first));
        match cancel {
            "payer" => _ = Payer::program().cancels(&url),
            "close" => {
                Payer::program().identifies(&url, "447710900199");
                let user = sandbox.go_on(&session).text_at("/bangoUserId");
                is(&sandbox.bare("DELETE", &format!("identity/{user}")), "OK");
            }
            _ => {}
        }
        session
    };
    let (left, closed, ways) = (session("payer"), session("close"), session(""));

    let mut refusals = Refusals {
        stream: Stream::open(&sandbox, ""),
        sandbox: &sandbox,
        known: Vec::new(),
    };
    let with_type = |kind: &str| {
        request("POST", "transaction")
            .header("Content-Type", kind)
            .body("{}")
    };
    let with_prefer = |prefer: &str| request("GET", "transaction/1").header("Prefer", prefer);
    let nobody = Request::new("GET", "/v5/transaction/1");
    let stranger = nobody.clone().header("Authorization", "Basic eDp5");

    refusals.note(|s| s.send(&nobody), "no Basic credentials");
    refusals.note(|s| s.send(&stranger), "not this sandbox's");
    refusals.note(|s| s.bare("GET", "nothing"), "no such path");
    refusals.note(|s| s.bare("PATCH", "transaction"), "takes");
    refusals.note(|s| s.send(&with_prefer("status=often")), "status");
    refusals.note(|s| s.send(&with_prefer("status=404")), "forced");
    let faulty = request("GET", "transaction/1").header("Bango-Sandbox-Fault", "often");
    refusals.note(|s| s.send(&faulty), "Bango-Sandbox-Fault");
    let large = " ".repeat(1024 * 1024 + 1);
    refusals.note(
        |s| s.text("POST", "transaction", &large),
        "over 1048576 bytes",
    );
    refusals.note(|s| s.send(&with_type("text/plain")), "Content-Type");
    refusals.note(|s| s.bare("POST", "transaction"), "needs a body");
    refusals.note(|s| s.text("POST", "transaction", "{,}"), "line 1 column 2");
    refusals.note(|s| s.authorize(&json!({})), "bangoUserId is missing");
    refusals.note(|s| s.go_on("1"), "no session");
    refusals.note(|s| s.go_on(&closed), "was closed");
    refusals.note(|s| s.go_on(&left), "the payer cancelled");
    let cancel = json!({"action": "cancel"});
    refusals.note(
        |s| s.json("POST", &format!("identity/{ways}"), &cancel),
        "last way",
    );
    let unknown = json!({"identificationMethodKey": "FRA_BANGO"});
    refusals.note(|s| s.identity(&unknown), "no payment network");
    refusals.note(|s| s.user("1"), "no payer");
    refusals.note(|s| s.authorize(&standard("1", "t-9")), "never issued");
    let internet = changed(
        &standard(&good, "t-8"),
        "/paymentMethods",
        json!(["INTERNET"]),
    );
    refusals.note(|s| s.authorize(&internet), "OPERATORBILLING");
    let other = changed(&body, "/paymentItems/0/itemName", json!("Other"));
    refusals.note(|s| s.authorize(&other), "another body");
    refusals.note(|s| s.authorize(&standard(&declining, "t-7")), "guide 3.9");
    refusals.note(|s| s.retrieve("1"), "no transaction");
    refusals.note(|s| s.capture(&cancelled), "is cancelled");
    let part = amounts("1.00", "0.00");
    refusals.note(|s| s.capture_with(&captured, &part), "captured already");
    refusals.note(|s| s.delete_with(&open, &part), "as a whole");
    let much = amounts("11.00", "0.00");
    refusals.note(
        |s| s.capture_with(&open, &much),
        "10.99 USD of gross can be captured",
    );
    refusals.note(
        |s| s.delete_with(&captured, &much),
        "10.99 USD of gross can be refunded",
    );
    refusals.note(|s| s.delete_with(&refunded, &part), "refunded already");
    let pounds = changed(
        &part,
        "/paymentItems/0/priceList/0/currencyIso3",
        json!("GBP"),
    );
    refusals.note(|s| s.capture_with(&open, &pounds), "no price in USD");
}

#[test]
fn a_replayed_refusal_repeats_its_reason() {
    let sandbox = Sandbox::start();
    let body = standard(&new_user(&sandbox, "447710900129"), "t-1");
    let [first, second] = [(); 2].map(|()| sandbox.authorize(&body));
    let reason = first.header("bango-sandbox-reason");
    assert!(reason.is_some());
    assert_eq!(second.header("bango-sandbox-replayed"), Some("true"));
    assert_eq!(second.header("bango-sandbox-reason"), reason);
}

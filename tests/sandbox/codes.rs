//! Every code that the API lists for an operation, and what makes the sandbox answer with it: most by
//! what is asked and for whom, some only by a stub header, and then why.

mod world;

use std::collections::BTreeSet;

use crate::harness::Answer;
use crate::stub::{listed_codes, statuses};
use world::{World, parts};

/// What brings a code about.
enum By {
    /// A call that any merchant could make.
    Call(fn(&World) -> Answer),
    /// The same call without credentials.
    WithoutCredentials,
    /// The same call with an id that is nobody's.
    Elsewhere,
    /// The same call to a sandbox whose rows do not make sense any more.
    WithDamage,
    /// The same call to a sandbox whose tables are gone.
    WithoutTables,
    /// `Prefer` with this status, for nothing else does: the reason.
    StubOnly(u16, &'static str),
}
use By::{Call, Elsewhere, StubOnly, WithDamage, WithoutCredentials, WithoutTables};

const BEGINS: &str = "an identification always begins on the pages";
const NO_SESSION: &str = "the first call names no session";
const ONLY_A_BUG: &str = "nothing is read for it that could be damaged";
const NO_NUMBER: &str = "no test number fails while it is identified";

/// The call, its codes, and what brings each about.
const TABLE: [(&str, &[(&str, By)]); 9] = [
    (
        "POST identity",
        &[
            ("OK", StubOnly(200, BEGINS)),
            ("CLIENT_ACTION_REQUIRED", Call(|w| w.identify("{}"))),
            ("USER_CANCELLED", StubOnly(202, BEGINS)),
            (
                "NOT_AVAILABLE",
                Call(|w| w.identify(r#"{"identificationMethodKey":"FRA_X"}"#)),
            ),
            ("BAD_REQUEST", Call(|w| w.identify("{"))),
            ("UNAUTHORIZED", WithoutCredentials),
            ("NOT_FOUND", StubOnly(404, NO_SESSION)),
            ("INTERNAL_ERROR", StubOnly(500, ONLY_A_BUG)),
            ("CONNECT_ERROR", StubOnly(202, NO_NUMBER)),
            ("FAILURE", StubOnly(202, NO_NUMBER)),
            ("SERVICE_UNAVAILABLE", WithoutTables),
            ("CONNECT_TIMEOUT", StubOnly(504, NO_NUMBER)),
        ],
    ),
    (
        "POST identity/{session}",
        &[
            ("OK", Call(World::goes_on_identified)),
            ("CLIENT_ACTION_REQUIRED", Call(|w| w.go_on("{}"))),
            ("USER_CANCELLED", Call(World::goes_on_cancelled)),
            ("NOT_AVAILABLE", Call(World::gives_up)),
            ("BAD_REQUEST", Call(|w| w.go_on(r#"{"action":"stop"}"#))),
            ("UNAUTHORIZED", WithoutCredentials),
            ("NOT_FOUND", Elsewhere),
            ("INTERNAL_ERROR", WithDamage),
            ("CONNECT_ERROR", StubOnly(202, NO_NUMBER)),
            ("FAILURE", StubOnly(202, NO_NUMBER)),
            ("SERVICE_UNAVAILABLE", WithoutTables),
            ("CONNECT_TIMEOUT", StubOnly(504, NO_NUMBER)),
        ],
    ),
    (
        "GET identity/{user}",
        &[
            ("OK", Call(|w| w.of_user("GET"))),
            ("NOT_FOUND", Elsewhere),
            ("UNAUTHORIZED", WithoutCredentials),
            ("SERVICE_UNAVAILABLE", WithoutTables),
            ("INTERNAL_ERROR", WithDamage),
        ],
    ),
    (
        "DELETE identity/{user}",
        &[
            ("OK", Call(|w| w.of_user("DELETE"))),
            ("NOT_FOUND", Elsewhere),
            ("UNAUTHORIZED", WithoutCredentials),
            ("SERVICE_UNAVAILABLE", WithoutTables),
            ("INTERNAL_ERROR", WithDamage),
        ],
    ),
    (
        "OPTIONS transaction",
        &[
            ("OK", Call(|w| w.options("120"))),
            ("NOT_AVAILABLE", Call(|w| w.options("127"))),
            ("USER_INSUFFICIENT_CREDIT", Call(|w| w.options("121"))),
            ("USER_BARRED", Call(|w| w.options("122"))),
            ("USER_NOT_ENABLED", Call(|w| w.options("123"))),
            ("USER_SUSPENDED", Call(|w| w.options("124"))),
            ("USER_EXCEEDED_LIMIT", Call(|w| w.options("125"))),
            ("INVALID_BANGOUSERID", Call(World::options_of_nobody)),
            ("BAD_REQUEST", Call(|w| w.bare("OPTIONS", "transaction"))),
            ("UNAUTHORIZED", WithoutCredentials),
            ("SERVICE_UNAVAILABLE", WithoutTables),
            ("INTERNAL_ERROR", WithDamage),
        ],
    ),
    (
        "POST transaction",
        &[
            ("OK", Call(|w| w.start("120"))),
            ("CLIENT_ACTION_REQUIRED", Call(|w| w.start("160"))),
            ("USER_INSUFFICIENT_CREDIT", Call(|w| w.start("121"))),
            ("USER_BARRED", Call(|w| w.start("122"))),
            ("USER_NOT_ENABLED", Call(|w| w.start("123"))),
            ("USER_SUSPENDED", Call(|w| w.start("124"))),
            ("USER_EXCEEDED_LIMIT", Call(|w| w.start("125"))),
            ("SPEED_LIMIT", Call(|w| w.start("126"))),
            ("NOT_AVAILABLE", Call(|w| w.start("127"))),
            ("PRICE_NOT_SUPPORTED", Call(|w| w.start("128"))),
            ("DECLINED", Call(|w| w.start("129"))),
            ("CONNECT_ERROR", Call(|w| w.start("133"))),
            ("CONNECT_TIMEOUT", Call(|w| w.start("137"))),
            ("FAILURE", Call(|w| w.start("141"))),
            ("INVALID_BANGOUSERID", Call(|w| w.start("145"))),
            ("BAD_REQUEST", Call(|w| w.bare("POST", "transaction"))),
            ("UNAUTHORIZED", WithoutCredentials),
            ("INTERNAL_ERROR", WithDamage),
            ("SERVICE_UNAVAILABLE", WithoutTables),
        ],
    ),
    (
        "GET transaction/{transaction}",
        &[
            ("OK", Call(World::retrieve)),
            ("BAD_REQUEST", Call(|w| w.misforced("GET", "transaction/1"))),
            ("UNAUTHORIZED", WithoutCredentials),
            ("NOT_FOUND", Elsewhere),
            ("INTERNAL_ERROR", WithDamage),
            ("SERVICE_UNAVAILABLE", WithoutTables),
        ],
    ),
    (
        "PUT transaction/{transaction}",
        &[
            ("OK", Call(|w| w.capture("120"))),
            ("DECLINED", Call(|w| w.capture("130"))),
            ("CONNECT_ERROR", Call(|w| w.capture("134"))),
            ("CONNECT_TIMEOUT", Call(|w| w.capture("138"))),
            ("FAILURE", Call(|w| w.capture("142"))),
            ("INVALID_BANGOUSERID", Call(|w| w.capture("146"))),
            ("BAD_REQUEST", Call(World::captures_too_much)),
            ("UNAUTHORIZED", WithoutCredentials),
            ("NOT_FOUND", Elsewhere),
            ("INTERNAL_ERROR", WithDamage),
            ("SERVICE_UNAVAILABLE", WithoutTables),
        ],
    ),
    (
        "DELETE transaction/{transaction}",
        &[
            ("CANCELLED", Call(|w| w.cancel("120"))),
            ("REFUNDED", Call(|w| w.refund("120"))),
            ("CANT_REFUND", Call(|w| w.refund("149"))),
            ("ALREADY_REFUNDED", Call(World::refunds_what_is_refunded)),
            ("BAD_REQUEST", Call(World::cancels_a_part)),
            ("UNAUTHORIZED", WithoutCredentials),
            ("NOT_FOUND", Elsewhere),
            ("INTERNAL_ERROR", WithDamage),
            ("CONNECT_ERROR", Call(|w| w.cancel("135"))),
            ("FAILURE", Call(|w| w.refund("144"))),
            ("SERVICE_UNAVAILABLE", WithoutTables),
            ("CONNECT_TIMEOUT", Call(|w| w.refund("140"))),
            ("DECLINED", Call(|w| w.cancel("131"))),
            ("INVALID_BANGOUSERID", Call(|w| w.cancel("147"))),
        ],
    ),
];

#[test]
fn each_code_is_answered_where_the_api_lists_it_and_under_its_status() {
    let world = World::new();
    let mut differences = Vec::new();
    for (call, codes) in &TABLE {
        for (code, by) in *codes {
            let answer = match by {
                Call(make) => make(&world),
                WithoutCredentials => world.without_credentials(call),
                Elsewhere => world.elsewhere(call),
                WithDamage => world.damaged.call(call),
                WithoutTables => world.emptied.call(call),
                StubOnly(status, _) => world.forced(call, *status, code),
            };
            let why = answer.header("bango-sandbox-reason").unwrap_or_default();
            let is_forced = matches!(by, StubOnly(..)) && *code != "OK";
            let status = statuses(code, parts(call).1)[0];
            let found = answer.status == status && answer.json()["responseCode"] == *code;
            if !found || is_forced != why.starts_with("Prefer forced") {
                let told = format!("{} {} {why}", answer.status, answer.text());
                differences.push(format!("{call} {status} {code}: {told}"));
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn the_table_has_every_code_that_can_be_asked_for_and_no_other() {
    let mut here = BTreeSet::new();
    for (call, codes) in &TABLE {
        for (code, by) in *codes {
            assert!(here.insert(format!("{call} {code}")), "{call} {code} twice");
            if let StubOnly(_, why) = by {
                assert!(!why.is_empty());
            }
        }
    }
    let listed = listed_codes().map(|(position, code)| format!("{} {code}", TABLE[position].0));
    assert_eq!(here, listed.collect());
}

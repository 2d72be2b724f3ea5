//! What is copied is what was meant, byte for byte, and no way that failed is said to have worked.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use serde_json::Value;

use super::{address, identify, pay, transactions};
use crate::merchant::Merchant;
use crate::pty::{Home, Seat};

/// A console of these variables with one payment authorized, whose exchange is shown.
fn authorized(variables: &[(&str, &str)]) -> (Home, Seat) {
    let home = Home::new();
    let mut bango = home.bango();
    for (name, value) in variables {
        bango.env(name, value);
    }
    let seat = Seat::run(bango);
    seat.wait_for("? help");
    pay(&seat);
    (home, seat)
}

/// What the terminal is told after this letter of the copy menu, which the toast calls `what`.
#[track_caller]
fn copied(seat: &Seat, letter: char, what: &str) -> String {
    seat.forget();
    seat.keys(&format!("y{letter}"))
        .wait_for(&format!("sent to the terminal's clipboard: {what} "));
    seat.clipboard()
}

/// What a shell's command answers.
#[track_caller]
fn run(line: &str) -> Value {
    let output = Command::new("sh").args(["-c", line]).output().unwrap();
    assert!(output.status.success(), "{output:?} of {line}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[track_caller]
fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text:?}"))
}

#[test]
fn each_thing_of_a_payment_is_two_keys_away_and_exactly_as_it_is() {
    let (_home, seat) = authorized(&[]);
    seat.keys("2");
    let transaction = copied(&seat, 'y', "transaction id");
    let external = copied(&seat, 'x', "external id");
    let user = copied(&seat, 'u', "payer id");
    let number = copied(&seat, 'm', "number");
    let item = copied(&seat, 'i', "item id");
    assert_eq!(number, "447710900120");
    assert!(transactions(&seat)[0].contains(&external), "{external:?}");

    let request = json(&copied(&seat, 'q', "request body"));
    assert_eq!(request["externalTransactionId"], external);
    assert_eq!(request["bangoUserId"], user);
    let priced = &request["paymentItems"][0];
    assert_eq!(priced["externalPaymentItemId"], item);
    assert_eq!(priced["priceList"][0]["grossAmount"], "10.99");
    let response = json(&copied(&seat, 'r', "response body"));
    assert_eq!(response["responseCode"], "OK");
    assert_eq!(response["transactionId"], transaction);

    let row = json(&copied(&seat, 'w', "row as JSON"));
    for (name, expected) in [
        ("status", "authorized"),
        ("transactionId", &transaction),
        ("externalTransactionId", &external),
        ("bangoUserId", &user),
        ("msisdn", &number),
        ("externalPaymentItemId", &item),
    ] {
        assert_eq!(row[name], expected, "{row}");
    }
    assert_eq!(row["authorized"]["grossAmount"], "10.99");

    let told = run(&copied(&seat, 'c', "curl command"));
    assert_eq!(told["transactionId"], transaction);
    let other = copied(&seat, 't', "HTTPie command");
    assert!(other.starts_with("http --ignore-stdin ") && other.contains(&external));
    let raw = copied(&seat, 'h', "raw HTTP");
    let report = copied(&seat, 'd', "Markdown");
    for text in [&raw, &report] {
        assert!(text.contains(&external) && text.contains(&transaction));
    }
    assert!(!raw.contains("c2FuZGJveDpzYW5kYm94"), "{raw}");
    // The same ids as the sandbox has.
    let shop = Merchant::at(&address(&seat));
    assert_eq!(shop.retrieve(&transaction), "OK");
}

#[test]
fn a_curl_line_of_before_and_of_after_the_call_starts_one_payment() {
    let home = Home::new();
    let seat = home.console();
    identify(&seat, "447710900120");
    seat.keys("aa").wait_for("Authorize a payment");
    seat.keys("10.99").wait_for("▌Amount           10.99");
    seat.keys("<ctrl+p>")
        .wait_for("Exactly this will be sent")
        .wait_for("POST http://127.0.0.1:");
    seat.forget();
    seat.keys("y")
        .wait_for("sent to the terminal's clipboard: curl command");
    let first = run(&seat.clipboard());
    assert_eq!(first["responseCode"], "OK", "{first}");
    seat.keys("<esc>")
        .wait_until_gone("Exactly this will be sent");
    seat.wait_for("▌Amount           10.99");
    seat.keys("<enter>").wait_until_gone("Authorize a payment");
    seat.wait_for("a replay: nothing moved");
    // A repeat began no payment that would be gone to.
    seat.keys("4G").wait_for("POST /transaction · 200 OK");
    let again = run(&copied(&seat, 'c', "curl command"));
    assert_eq!(again["transactionId"], first["transactionId"]);
}

#[test]
fn where_copying_is_off_the_value_is_shown_to_be_selected_by_hand() {
    let (_home, seat) = authorized(&[("BANGO_CLIPBOARD", "off")]);
    seat.keys("2yy")
        .wait_for("The transaction id, to select by hand")
        .wait_for("the transaction id was not copied: copying is switched off");
    let screen = seat.screen();
    let (_, below) = screen.split_once("to select by hand").unwrap();
    let shown = below.lines().nth(1).unwrap();
    let id = shown.split('┃').nth(1).unwrap().trim();
    let shop = Merchant::at(&address(&seat));
    assert_eq!(shop.retrieve(id), "OK");
    let raw = String::from_utf8_lossy(&seat.raw()).into_owned();
    assert!(!raw.contains("\x1b]52"), "the terminal was told something");
    assert!(!raw.contains("sent to the terminal"));
    seat.keys("<esc>").wait_until_gone("to select by hand");
}

#[test]
fn a_form_is_not_lost_for_a_copy_that_failed() {
    let (_home, seat) = authorized(&[("BANGO_CLIPBOARD", "off")]);
    seat.keys("aa").wait_for("Authorize a payment");
    seat.keys("7.77").wait_for("▌Amount           7.77");
    seat.keys("<ctrl+p>").wait_for("POST http://127.0.0.1:");
    seat.keys("y")
        .wait_for("The curl command, to select by hand");
    seat.keys("<esc>").wait_until_gone("to select by hand");
    seat.wait_for("POST http://127.0.0.1:");
    seat.keys("<esc>").wait_for("▌Amount           7.77");
}

#[test]
fn what_is_too_long_for_the_terminal_is_not_said_to_be_copied() {
    let home = Home::new();
    let seat = home.console();
    seat.wait_for("enter identify");
    let shop = Merchant::at(&address(&seat));
    let list: Vec<_> = (0..20_000).collect();
    let told = shop.call(
        "POST",
        "transaction",
        Some(&serde_json::json!({ "list": list })),
    );
    assert_eq!(told["responseCode"], "BAD_REQUEST");
    seat.keys("4").wait_for("\u{21c4} ");
    seat.wait_for("POST /transaction").forget();
    seat.keys("yq")
        .wait_for("The request body, to select by hand")
        .wait_for("the request body was not copied: ")
        .wait_for("{\"list\":[0,1,2,3");
    assert!(!String::from_utf8_lossy(&seat.raw()).contains("\x1b]52"));
}

/// A program of this name for the console's path, which leaves a line in `calls` and goes on with `script`.
fn program(home: &Home, name: &str, script: &str) -> String {
    let folder = home.path().join("bin");
    fs::create_dir_all(&folder).unwrap();
    let program = folder.join(name);
    fs::write(
        &program,
        format!("#!/bin/sh\necho called >>\"$HOME/calls\"\n{script}\n"),
    )
    .unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    format!("{}:/usr/bin:/bin", folder.display())
}

#[test]
fn a_tmux_that_does_not_work_is_asked_once_and_the_terminal_told_instead() {
    let home = Home::new();
    let path = program(&home, "tmux", "exit 1");
    let mut bango = home.bango();
    bango.env("TMUX", "/nowhere/default,1,0");
    bango.env("PATH", path);
    let seat = Seat::run(bango);
    seat.wait_for("? help");
    pay(&seat);
    seat.keys("2");
    let external = copied(&seat, 'x', "external id");
    assert!(transactions(&seat)[0].contains(&external), "{external:?}");
    assert_eq!(copied(&seat, 'm', "number"), "447710900120");
    let calls = fs::read_to_string(home.path().join("calls")).unwrap();
    assert_eq!(calls, "called\n");
}

#[test]
fn a_program_of_ones_own_gets_the_bytes_and_is_named() {
    let home = Home::new();
    let path = program(&home, "keep", "cat >\"$HOME/kept\"");
    fs::create_dir(home.path().join("config")).unwrap();
    fs::write(
        home.path().join("config/config.toml"),
        "clipboard = ['keep']\n",
    )
    .unwrap();
    let mut bango = home.bango();
    bango.env("PATH", path);
    let seat = Seat::run(bango);
    seat.wait_for("? help");
    pay(&seat);
    seat.keys("2ym")
        .wait_for("handed to keep: number 447710900120");
    let kept = fs::read_to_string(home.path().join("kept")).unwrap();
    assert_eq!(kept, "447710900120");
}

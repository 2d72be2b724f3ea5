//! The running sandbox: what it reports, where it listens, and how it ends.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::activity::Told;
use super::*;
use crate::exchange::{CALL_HEADER, CallId, Delivery, PageOf, Report, What};

async fn running(database: Database) -> Sandbox {
    start(config(database)).await.unwrap()
}

/// On a free port.
fn config(database: Database) -> Config {
    Config {
        listen: Listen::Exact(([127, 0, 0, 1], 0).into()),
        ..Config::new(database)
    }
}

/// One call over a connection of its own; gives all that came back.
async fn call(address: SocketAddr, verb: &str, path: &str, headers: &str, body: &str) -> String {
    let mut connection = TcpStream::connect(address).await.unwrap();
    let length = body.len();
    let request = format!(
        "{verb} {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Basic c2FuZGJveDpzYW5kYm94\r\n\
         Connection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
    );
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    answer
}

/// The text behind `before` up to the next quote.
fn quoted<'a>(answer: &'a str, before: &str) -> &'a str {
    let (_, behind) = answer.split_once(before).expect(answer);
    behind.split('"').next().unwrap()
}

async fn reports(reader: &mut Activity, count: usize) -> Vec<Arc<Report>> {
    let mut reports = Vec::new();
    while reports.len() < count {
        match reader.next().await {
            Told::Report(report) => reports.push(report),
            Told::Missed { count } => panic!("missed {count}"),
        }
    }
    reports
}

#[tokio::test]
async fn everything_it_does_is_reported_in_order_and_without_gaps() {
    let sandbox = running(Database::Memory).await;
    let address = sandbox.address();
    let begun = call(
        address,
        "POST",
        "/v5/identity",
        "",
        r#"{"notificationUrl":"http://shop.example/told"}"#,
    )
    .await;
    let session = quoted(&begun, "\"sessionId\":\"");
    let page = quoted(&begun, "/pages/");
    let page = format!("/pages/{page}");
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    call(address, "GET", &page, "", "").await;
    for step in [
        "action=continue&msisdn=447710900120",
        "action=confirm&pin=1234",
    ] {
        call(address, "POST", &page, form, step).await;
    }
    let call_id = Uuid::from_u128(7);
    let header = format!("{CALL_HEADER}: {call_id}\r\n");
    let refused = call(address, "POST", "/v5/transaction", &header, "[]").await;

    let reports = reports(&mut sandbox.activity(), 7).await;
    for (position, report) in reports.iter().enumerate() {
        assert_eq!(report.number, position as u64 + 1);
        assert_eq!((report.run, report.epoch), (sandbox.run(), sandbox.epoch()));
    }
    let of = PageOf::Session(session.into());
    let visit = |title: &str, action: Option<&str>| What::Page {
        of: of.clone(),
        title: title.to_owned(),
        action: action.map(str::to_owned),
    };
    assert!(matches!(&reports[0].what, What::Exchange { response, .. } if response.status == 200));
    assert_eq!(reports[1].what, visit("Your mobile number", None));
    assert_eq!(
        reports[2].what,
        visit("Your mobile number", Some("continue"))
    );
    assert_eq!(reports[3].what, visit("Enter the PIN", Some("confirm")));
    assert!(
        matches!(&reports[4].what, What::Identified { msisdn, key, .. }
            if msisdn.as_str() == "447710900120" && key == "GBR_BANGO")
    );
    assert!(
        matches!(&reports[5].what, What::Notified { result: Delivery::Held, attempt: 0, url, .. }
            if url == "http://shop.example/told")
    );
    assert_eq!(reports[6].call, Some(CallId(call_id)));
    let why = reports[6].why.as_deref().unwrap();
    assert_eq!(why, "the body must be a JSON object");
    assert!(
        refused.contains(&format!("bango-sandbox-reason: {why}\r\n")),
        "{refused}"
    );
}

const FORM: &str =
    "Content-Type: application/x-www-form-urlencoded\r\nAccept: application/json\r\n";

/// Identifies a payer who has to approve, and starts a payment; gives the answer to that.
async fn redirected(address: SocketAddr) -> String {
    let begun = call(
        address,
        "POST",
        "/v5/identity",
        "",
        r#"{"identificationMethodKey":"GBR_BANGOREDIRECT"}"#,
    )
    .await;
    let page = format!("/pages/{}", quoted(&begun, "/pages/"));
    for step in [
        "action=continue&msisdn=447710900180",
        "action=confirm&pin=1234",
    ] {
        call(address, "POST", &page, FORM, step).await;
    }
    let session = format!("/v5/identity/{}", quoted(&begun, "\"sessionId\":\""));
    let user = call(address, "POST", &session, "", "").await;
    let user = quoted(&user, "\"bangoUserId\":\"");
    let start = format!(
        r#"{{"bangoUserId":"{user}","extensionData":{{"notificationUrl":"http://shop.example/"}},"paymentItems":[{{"priceList":[{{"currencyIso3":"USD","grossAmount":"1.00"}}]}}]}}"#
    );
    call(address, "POST", "/v5/transaction", "", &start).await
}

#[tokio::test]
async fn a_redirect_left_alone_is_cancelled_and_told_once() {
    let (clock, hand) = Clock::settable(jiff::Timestamp::UNIX_EPOCH);
    let sandbox = start(Config {
        clock,
        ..config(Database::Memory)
    });
    let sandbox = sandbox.await.unwrap();
    let address = sandbox.address();
    let started = redirected(address).await;
    let page = format!("/pages/{}", quoted(&started, "/pages/"));

    hand.advance(jiff::SignedDuration::from_mins(30));
    // Whoever calls next makes it notice the time.
    let closed = call(address, "POST", &page, FORM, "action=confirm").await;
    assert!(closed.contains("\"done\":true"), "{closed}");
    hand.advance(jiff::SignedDuration::from_mins(30));
    for _ in 0..3 {
        call(address, "GET", &page, "", "").await;
    }

    let (mut finished, mut notified, mut opened) = (0, 0, 0);
    let mut activity = sandbox.activity();
    while (finished, notified, opened) != (1, 1, 3) {
        let Told::Report(report) = activity.next().await else {
            panic!("reports were missed");
        };
        match &report.what {
            What::Finished { code, .. } => {
                assert_eq!(code, "USER_CANCELLED");
                finished += 1;
            }
            What::Notified { body, result, .. } => {
                assert!(body.ends_with(br#""responseCode":"USER_CANCELLED"}"#));
                assert_eq!(result, &Delivery::Held);
                notified += 1;
            }
            What::Page { action: None, .. } => opened += 1,
            _ => {}
        }
        assert!(finished <= 1 && notified <= 1, "it was told twice");
    }
}

#[tokio::test]
async fn an_authorization_that_expires_is_reported_though_nobody_calls() {
    let sandbox = start(Config {
        rules: Rules {
            authorization: jiff::SignedDuration::from_millis(1),
            ..Rules::default()
        },
        ..config(Database::Memory)
    });
    let sandbox = sandbox.await.unwrap();
    let address = sandbox.address();
    let user = r#"{"key":"GBR_BANGO","msisdn":"447710900120"}"#;
    let json = "Content-Type: application/json\r\n";
    let user = call(address, "POST", "/_sandbox/users", json, user).await;
    let user = quoted(&user, "\"bangoUserId\":\"");
    let start = format!(
        r#"{{"bangoUserId":"{user}","externalTransactionId":"t-1","paymentItems":[{{"priceList":[{{"currencyIso3":"USD","grossAmount":"1.00"}}]}}]}}"#
    );
    let started = call(address, "POST", "/v5/transaction", "", &start).await;
    let expired = What::Expired {
        transaction: quoted(&started, "\"transactionId\":\"").into(),
        external: Some("t-1".into()),
    };

    let mut activity = sandbox.activity();
    let told = async {
        loop {
            if let Told::Report(report) = activity.next().await
                && matches!(report.what, What::Expired { .. })
            {
                return report;
            }
        }
    };
    let told = timeout(Duration::from_secs(30), told).await.unwrap();
    assert_eq!((&told.what, told.epoch), (&expired, sandbox.epoch()));
}

#[tokio::test]
async fn a_redirect_is_reported_with_the_id_that_its_answer_hides() {
    let sandbox = running(Database::Memory).await;
    let address = sandbox.address();
    let started = redirected(address).await;
    assert!(started.contains("\"transactionId\":null"), "{started}");
    let page = format!("/pages/{}", quoted(&started, "/pages/"));
    call(address, "POST", &page, FORM, "action=cancel").await;

    let reports = reports(&mut sandbox.activity(), 8).await;
    let What::Exchange { transaction, .. } = &reports[5].what else {
        panic!("{:?}", reports[5]);
    };
    assert!(
        matches!(&reports[7].what, What::Finished { transaction: finished, external: None, code }
            if Some(finished) == transaction.as_ref() && code == "USER_CANCELLED")
    );
}

#[tokio::test]
async fn a_stop_closes_the_port_and_frees_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::File(folder.path().join("sandbox.db"));
    let first = running(database.clone()).await;
    let address = first.address();
    match start(config(database.clone())).await {
        Err(StartError::Held {
            holder: Some(holder),
        }) => {
            assert_eq!(holder.process, std::process::id());
            assert_eq!((holder.address, holder.run), (address, first.run()));
        }
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("two sandboxes on one database"),
    }

    first.stop().await;
    assert!(TcpStream::connect(address).await.is_err());
    running(database).await.stop().await;
}

#[tokio::test]
async fn a_reader_of_the_activity_does_not_hold_up_a_stop() {
    let sandbox = running(Database::Memory).await;
    let address = sandbox.address();
    call(address, "GET", "/v5/transaction/1", "", "").await;
    let mut reader = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "GET /_sandbox/activity HTTP/1.0\r\nHost: {address}\r\n\
         Authorization: Basic c2FuZGJveDpzYW5kYm94\r\n\r\n"
    );
    reader.write_all(request.as_bytes()).await.unwrap();
    let mut told = Vec::new();
    while !told.ends_with(b"}\n") {
        assert_ne!(reader.read_buf(&mut told).await.unwrap(), 0);
    }
    // A server that waited for its readers would be aborted after a while and cut them off.
    sandbox.stop().await;
    let rest = reader.read_to_end(&mut told).await;
    assert!(rest.is_ok() && told.ends_with(b"}\n"), "{rest:?}");
}

#[tokio::test]
async fn it_stops_when_it_is_dropped() {
    let sandbox = running(Database::Memory).await;
    let address = sandbox.address();
    drop(sandbox);
    let gone = async { while TcpStream::connect(address).await.is_ok() {} };
    timeout(Duration::from_secs(30), gone).await.unwrap();
}

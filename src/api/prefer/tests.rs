//! How the headers are read, and what they force.

use super::*;

fn read(prefer: &[&str], extension: &[&str]) -> Result<Option<Preference>, PreferError> {
    Preference::read(
        prefer.iter().map(|value| value.as_bytes()),
        extension.iter().map(|value| value.as_bytes()),
    )
}

#[track_caller]
fn forces(
    operation: Operation,
    prefer: &str,
    extension: Option<&str>,
    expected: Result<(u16, &str, Option<StubAction>), PreferError>,
) {
    let extension: Vec<_> = extension.into_iter().collect();
    let stub = read(&[prefer], &extension)
        .and_then(|preference| preference.expect("a stub").force(operation));
    let found = stub.map(|stub| (stub.status, stub.code.as_str().to_owned(), stub.action));
    let expected = expected.map(|(status, code, action)| (status, code.to_owned(), action));
    assert_eq!(found, expected, "{prefer} {extension:?}");
}

#[test]
fn spaces_case_quotes_and_other_preferences_do_not_matter() {
    for prefer in [
        &["status=504"][..],
        &["  Status =  504 "],
        &["status=\"504\""],
        &["respond-async, status=504; foo=bar, status=200"],
        &["foo=\"a, status=200\", status=504"],
        &["wait=10", "status=504", "status=200"],
    ] {
        let read = read(prefer, &[]).unwrap().unwrap();
        assert_eq!((read.status, read.code), (504, None), "{prefer:?}");
    }
    let read = read(
        &["status=200"],
        &[" RESPONSECODE = CLIENT_ACTION_REQUIRED ; Action = WAIT "],
    );
    let read = read.unwrap().unwrap();
    assert_eq!(read.code, Some(ResponseCode::ClientActionRequired));
    assert_eq!(read.action.as_deref(), Some("WAIT"));
}

#[test]
fn without_a_status_it_is_no_stub() {
    for prefer in [&[][..], &[""], &["wait=10, respond-async"], &["statuses=1"]] {
        assert_eq!(read(prefer, &[]), Ok(None), "{prefer:?}");
        let alone = read(prefer, &["responseCode=OK"]);
        assert_eq!(alone, Err(PreferError::Alone), "{prefer:?}");
    }
}

#[test]
fn what_cannot_be_read_is_refused() {
    for prefer in [
        "status",
        "status=",
        "status=20",
        "status=+20",
        "status=2000",
        "status=abc",
    ] {
        assert_eq!(read(&[prefer], &[]), Err(PreferError::Status), "{prefer}");
    }
    for extension in [
        &[""][..],
        &["OK"],
        &["action=WAIT"],
        &["responseCode=OK;"],
        &["responseCode=OK;colour=red"],
        &["responseCode=OK;responseCode=OK"],
        &["responseCode=OK", "responseCode=OK"],
    ] {
        let read = read(&["status=200"], extension);
        assert_eq!(read, Err(PreferError::Extension), "{extension:?}");
    }
}

#[test]
fn a_status_stands_for_a_code() {
    use Operation::{Authorize, Cancel, Capture, Identify, Refund, Retrieve};
    for (operation, status, code) in [
        (Identify, 200, "OK"),
        (Cancel, 200, "CANCELLED"),
        (Refund, 200, "REFUNDED"),
        (Authorize, 400, "BAD_REQUEST"),
        (Capture, 401, "UNAUTHORIZED"),
        (Retrieve, 404, "NOT_FOUND"),
        (Retrieve, 500, "INTERNAL_ERROR"),
        (Refund, 502, "CONNECT_ERROR"),
        (Identify, 503, "SERVICE_UNAVAILABLE"),
        (Capture, 504, "CONNECT_TIMEOUT"),
    ] {
        let prefer = format!("status={status}");
        forces(operation, &prefer, None, Ok((status, code, None)));
    }
    let missing = |status| Err(PreferError::CodeMissing(status));
    forces(Authorize, "status=202", None, missing(202));
    forces(Authorize, "status=201", None, missing(201));
    forces(
        Authorize,
        "status=404",
        None,
        Err(PreferError::Impossible(404)),
    );
}

#[test]
fn a_code_belongs_to_its_call_and_its_status() {
    use Operation::{Authorize, Capture, Identify, Retrieve};
    for (operation, status, code) in [
        (Capture, 202, "SPEED_LIMIT"),
        (Retrieve, 504, "CONNECT_TIMEOUT"),
        (Authorize, 200, "CLIENT_ACTION_REQUIRED"),
        (Authorize, 200, "DECLINED"),
        (Identify, 202, "OK"),
    ] {
        let extension = format!("responseCode={code}");
        let prefer = format!("status={status}");
        let expected = Err(PreferError::Impossible(status));
        forces(operation, &prefer, Some(&extension), expected);
    }
    for code in ["ok", "TELEPORTED", ""] {
        let extension = format!("responseCode={code}");
        forces(
            Authorize,
            "status=200",
            Some(&extension),
            Err(PreferError::Code),
        );
    }
    let obeyed = Ok((502, "SERVICE_UNAVAILABLE", None));
    let maintenance = Some("responseCode=SERVICE_UNAVAILABLE");
    forces(Authorize, "status=502", maintenance, obeyed);
}

#[test]
fn an_action_belongs_to_its_code_and_its_call() {
    use Operation::{Authorize, Identify};
    let required = "responseCode=CLIENT_ACTION_REQUIRED";
    let with = |action: &str| format!("{required};action={action}");
    let ok = |status, action| Ok((status, "CLIENT_ACTION_REQUIRED", Some(action)));
    for status in [200, 202] {
        let prefer = format!("status={status}");
        forces(
            Identify,
            &prefer,
            Some(required),
            ok(status, StubAction::Redirect),
        );
        let wait = with("WAIT");
        forces(Identify, &prefer, Some(&wait), ok(status, StubAction::Wait));
    }
    forces(
        Authorize,
        "status=202",
        Some(required),
        ok(202, StubAction::Redirect),
    );
    let other = Err(PreferError::OtherAction);
    forces(Authorize, "status=202", Some(&with("WAIT")), other);
    let other = Err(PreferError::OtherAction);
    forces(Identify, "status=200", Some(&with("wait")), other);
    let none = Err(PreferError::NoAction);
    forces(
        Identify,
        "status=200",
        Some("responseCode=OK;action=WAIT"),
        none,
    );
}

#[test]
fn every_stub_there_is_can_be_asked_for() {
    for operation in Operation::ALL {
        let mut number = 0;
        for stub in Stub::all(operation) {
            let [(_, prefer), (_, extension)] = stub.headers();
            let read = read(&[&prefer], &[&extension]).unwrap().unwrap();
            assert_eq!(read.force(operation), Ok(stub));
            number += 1;
        }
        assert!(number > 4, "{operation:?}");
    }
}

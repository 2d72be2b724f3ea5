//! Every answer that can be forced.

use serde_json::{Value, json};

use super::*;

fn fakes() -> Fakes {
    Fakes {
        session: "s".into(),
        user: "7".into(),
        transaction: "9".into(),
        page: "http://page".to_owned(),
    }
}

fn forced(stub: &Stub, operation: Operation) -> Value {
    let answer = answer(stub, operation, &fakes());
    assert_eq!(answer.status, stub.status, "{stub:?}");
    assert!(!answer.replayed);
    serde_json::from_slice(&answer.body).unwrap()
}

#[test]
fn every_stub_has_its_status_its_code_and_a_message() {
    for operation in Operation::ALL {
        for stub in Stub::all(operation) {
            let body = forced(&stub, operation);
            assert_eq!(body["responseCode"], stub.code.as_str());
            assert!(!body["responseMessage"].as_str().unwrap().is_empty());
            let action = stub.action.map(StubAction::as_str);
            assert_eq!(body["parameters"]["action"].as_str(), action, "{body}");
        }
    }
}

#[test]
fn the_same_code_has_the_words_of_its_call() {
    let stub = |status, code| Stub {
        status,
        code,
        action: None,
    };
    for (operation, message) in [
        (Operation::Identify, "Invalid session id."),
        (
            Operation::Status,
            "A MerchantUserAccount with the given id does not exist.",
        ),
        (Operation::Capture, "Invalid transaction id."),
    ] {
        let body = forced(&stub(404, ResponseCode::NotFound), operation);
        let expected = json!({"responseCode": "NOT_FOUND", "responseMessage": message});
        assert_eq!(body, expected);
    }
    for (operation, message) in [
        (
            Operation::Continue,
            "No valid identification methods were found.",
        ),
        (Operation::Methods, "No valid payment methods were found."),
    ] {
        let body = forced(&stub(202, ResponseCode::NotAvailable), operation);
        assert_eq!(body["responseMessage"], message);
    }
}

#[test]
fn what_the_request_names_stands_in_the_answer() {
    let ok = Stub {
        status: 200,
        code: ResponseCode::Ok,
        action: None,
    };
    for (operation, place) in [
        (Operation::Continue, "/sessionId"),
        (Operation::Status, "/bangoUserId"),
        (Operation::Retrieve, "/transaction/transactionId"),
    ] {
        let fakes = fakes().about(operation, "\"named".to_owned());
        let body: Value = serde_json::from_slice(&answer(&ok, operation, &fakes).body).unwrap();
        assert_eq!(body.pointer(place).unwrap(), "\"named", "{operation:?}");
    }
}

use super::*;
use crate::text::Foreign;
use crate::wire::raw_server::{Play, RawServer};

fn json(status: &str, body: &str) -> Play {
    Play::Answer(
        format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/json; charset=utf-8\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .into_bytes(),
    )
}

fn redirect(location: &str) -> Play {
    let head =
        format!("HTTP/1.1 303 See Other\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n");
    Play::Answer(head.into_bytes())
}

fn payer() -> Payer {
    Payer::new().unwrap()
}

const PIN: &str = r#"{"title":"PIN","text":"Sent to \u001b[2J","done":false,
    "fields":[{"name":"pin","label":"PIN","value":"1234"}],
    "actions":[{"name":"confirm","label":"Confirm"},{"name":"cancel","label":"Cancel"}]}"#;

#[tokio::test]
async fn a_page_opens_as_a_form() {
    let server = RawServer::start(json("200 OK", PIN)).await;
    let url = server.url("/pay/token");
    let page = payer().open(&url).await.unwrap();
    assert_eq!(page.url, url);
    assert_eq!(page.text, Foreign::from("Sent to \u{1b}[2J"));
    assert_eq!((page.fields.len(), page.actions.len()), (1, 2));
    assert_eq!(page.fields[0].value, "1234");
    assert!(!page.done && page.error.is_none());

    let request = String::from_utf8(server.requests().remove(0)).unwrap();
    assert!(
        request.starts_with("GET /pay/token HTTP/1.1\r\n"),
        "{request}"
    );
    assert!(
        request.contains("accept: application/json\r\n"),
        "{request}"
    );
}

#[tokio::test]
async fn a_form_is_submitted_as_a_browser_would() {
    let server = RawServer::start(json("200 OK", PIN)).await;
    let fields = [("pin".into(), "12 &=é".into())];
    let turn = payer()
        .submit(&server.url("/pay/token"), &fields, "confirm")
        .await
        .unwrap();
    assert!(matches!(turn, Turn::Page(_)));

    let request = String::from_utf8(server.requests().remove(0)).unwrap();
    assert!(
        request.starts_with("POST /pay/token HTTP/1.1\r\n"),
        "{request}"
    );
    assert!(
        request.contains("content-type: application/x-www-form-urlencoded\r\n"),
        "{request}"
    );
    assert!(
        request.ends_with("\r\n\r\npin=12+%26%3D%C3%A9&action=confirm"),
        "{request}"
    );
}

#[tokio::test]
async fn a_refused_submission_shows_the_page_again_with_its_error() {
    let body = PIN.replace("\"done\"", "\"error\":\"The PIN is wrong\",\"done\"");
    let server = RawServer::start(json("400 Bad Request", &body)).await;
    let turn = payer()
        .submit(&server.url("/"), &[], "confirm")
        .await
        .unwrap();
    let Turn::Page(page) = turn else {
        panic!("the pages are not over");
    };
    assert_eq!(page.error, Some(Foreign::from("The PIN is wrong")));
}

#[tokio::test]
async fn at_the_end_the_merchant_is_asked_once_and_no_redirect_followed() {
    let elsewhere = RawServer::start(Play::Close).await;
    let merchant = RawServer::start(redirect(&elsewhere.url("/"))).await;
    let back = merchant.url("/callback/0123456789abcdef?responseCode=OK");
    let server = RawServer::start(redirect(&back)).await;
    let turn = payer()
        .submit(&server.url("/"), &[], "confirm")
        .await
        .unwrap();
    let Turn::Over(over) = turn else {
        panic!("the pages are over");
    };
    let expected = Back::Answered {
        url: back,
        status: 303,
    };
    assert_eq!(over, expected);
    let requests = merchant.requests();
    assert_eq!(requests.len(), 1);
    assert!(
        requests[0].starts_with(b"GET /callback/0123456789abcdef?responseCode=OK HTTP/1.1\r\n")
    );
    assert_eq!(elsewhere.connections(), 0);
}

#[tokio::test]
async fn a_merchant_that_is_down_does_not_undo_the_end() {
    let merchant = RawServer::start(Play::CloseAtOnce).await;
    for (location, reachable) in [
        (merchant.url("/"), true),
        ("javascript:alert(1)".into(), false),
    ] {
        let server = RawServer::start(redirect(&location)).await;
        let turn = payer()
            .submit(&server.url("/"), &[], "confirm")
            .await
            .unwrap();
        match turn {
            Turn::Over(Back::Unreachable { url, .. }) => {
                assert_eq!((url, reachable), (location, true));
            }
            Turn::Over(Back::Nowhere) => assert!(!reachable),
            _ => panic!("{location}"),
        }
    }
}

#[tokio::test]
async fn what_is_no_form_is_for_a_browser() {
    let html = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>";
    for play in [
        Play::Answer(html.to_vec()),
        json("200 OK", "{\"responseCode\":\"OK\"}"),
        json("404 Not Found", "not json"),
        redirect("http://127.0.0.1:1/"),
    ] {
        let server = RawServer::start(play).await;
        let error = payer().open(&server.url("/")).await.err().unwrap();
        assert!(
            error.to_string().ends_with("open the URL in a browser"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn an_address_that_is_not_http_is_refused() {
    for url in ["", "file:///etc/passwd", "javascript:alert(1)", "ftp://x/"] {
        let error = payer().open(url).await.err().unwrap();
        assert!(matches!(error, PayerError::NotHttp), "{url}");
    }
    let error = payer().open("http://127.0.0.1:1/").await.err().unwrap();
    assert!(matches!(error, PayerError::Unreachable(_)));
}

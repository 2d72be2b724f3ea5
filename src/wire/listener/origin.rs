//! Whether a request was made by a page of another site, which any browser sends for it unasked.

use std::net::SocketAddr;

use hyper::header::{HOST, HeaderMap, HeaderValue, ORIGIN};
use hyper::{Method, Request};

/// A browser says so itself; what is no browser says nothing. A whole window that goes to our address is
/// wanted: so the payer's browser comes back. `own` is where we listen.
pub fn is_foreign<B>(request: &Request<B>, own: SocketAddr) -> bool {
    let headers = request.headers();
    match word(headers, "sec-fetch-site") {
        // Typed in, or from a bookmark.
        Some(b"none") => false,
        // A name that another site has made point to this machine is that site's.
        Some(b"same-origin" | b"same-site") => !is_own_host(headers, own),
        Some(_) => !is_of_a_whole_window(request),
        None => headers
            .get(ORIGIN)
            .is_some_and(|origin| !is_own_origin(origin, own)),
    }
}

fn is_of_a_whole_window<B>(request: &Request<B>) -> bool {
    let says = |name, expected: &[u8]| word(request.headers(), name) == Some(expected);
    request.method() == Method::GET
        && says("sec-fetch-mode", b"navigate")
        && says("sec-fetch-dest", b"document")
}

fn is_own_host(headers: &HeaderMap, own: SocketAddr) -> bool {
    headers
        .get(HOST)
        .is_some_and(|host| hosts(own).iter().any(|known| host == known))
}

fn is_own_origin(origin: &HeaderValue, own: SocketAddr) -> bool {
    hosts(own)
        .iter()
        .any(|host| origin == &format!("http://{host}"))
}

fn hosts(own: SocketAddr) -> [String; 2] {
    [own.to_string(), format!("localhost:{}", own.port())]
}

fn word<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h [u8]> {
    headers.get(name).map(HeaderValue::as_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_refused(method: &str, headers: &[(&str, &str)]) -> bool {
        let mut request = Request::builder().method(method).uri("/inbox/mine");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        is_foreign(&request.body(()).unwrap(), ([127, 0, 0, 1], 2647).into())
    }

    const HERE: (&str, &str) = ("host", "127.0.0.1:2647");

    #[test]
    fn programs_and_our_own_pages_are_welcome() {
        let site = |site| ("sec-fetch-site", site);
        for headers in [
            vec![("host", "host.docker.internal:2647")],
            vec![HERE, site("none")],
            vec![HERE, site("same-origin")],
            vec![("host", "localhost:2647"), site("same-site")],
            vec![HERE, ("origin", "http://127.0.0.1:2647")],
            vec![HERE, ("origin", "http://localhost:2647")],
        ] {
            for method in ["GET", "POST"] {
                assert!(!is_refused(method, &headers), "{method} {headers:?}");
            }
        }
    }

    #[test]
    fn a_window_that_comes_from_another_site_is_the_payer_coming_back() {
        let window = |dest| {
            [
                HERE,
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-mode", "navigate"),
                ("sec-fetch-dest", dest),
            ]
        };
        assert!(!is_refused("GET", &window("document")));
        assert!(is_refused("GET", &window("iframe")));
        assert!(is_refused("POST", &window("document")));
    }

    #[test]
    fn what_pages_of_other_sites_send_is_not() {
        for headers in [
            vec![HERE, ("sec-fetch-site", "cross-site")],
            vec![
                HERE,
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-mode", "no-cors"),
                ("sec-fetch-dest", "image"),
            ],
            vec![HERE, ("sec-fetch-site", "made-up")],
            vec![
                ("host", "rebound.example:2647"),
                ("sec-fetch-site", "same-origin"),
            ],
            vec![HERE, ("origin", "https://shop.example")],
            vec![HERE, ("origin", "http://127.0.0.1:2646")],
            vec![HERE, ("origin", "null")],
        ] {
            for method in ["GET", "POST"] {
                assert!(is_refused(method, &headers), "{method} {headers:?}");
            }
        }
    }
}

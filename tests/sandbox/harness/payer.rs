//! The payer: opens pages, fills in what is asked, presses a button, and follows where it leads.

use url::{Url, form_urlencoded};

use super::{Answer, Page, Request};

/// The PIN that TestPay sends to every phone.
const PIN: &str = "1234";

/// What a program that reads the form as data accepts.
const PROGRAM: &str = "application/json";

/// Somebody who walks the pages.
#[derive(Clone, Copy, Debug)]
pub struct Payer {
    /// What kind of page is asked for.
    accept: &'static str,
}

/// Where a button led.
#[derive(Clone, Debug)]
pub enum Step {
    /// Another page of the sandbox.
    Page(Page),
    /// Away, to this URL.
    Left(String),
}

impl Step {
    #[track_caller]
    pub fn page(self) -> Page {
        match self {
            Self::Page(page) => page,
            Self::Left(location) => panic!("no page came, the browser was sent to {location}"),
        }
    }

    #[track_caller]
    pub fn location(self) -> String {
        match self {
            Self::Left(location) => location,
            Self::Page(page) => panic!("the browser did not leave: {}", page.text),
        }
    }
}

impl Payer {
    /// With a browser that runs no scripts.
    pub const fn browser() -> Self {
        Self {
            accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        }
    }

    /// With a program that reads the form as data.
    pub const fn program() -> Self {
        Self { accept: PROGRAM }
    }

    #[track_caller]
    pub fn opens(self, url: &str) -> Page {
        Page::read(&self.get(url), url)
    }

    /// The answer to a GET of this URL, whatever it is.
    #[track_caller]
    pub fn get(self, url: &str) -> Answer {
        let (authority, target) = parts(url);
        let request = Request::new("GET", &target).header("Accept", self.accept);
        request.send(&authority).expect("an answer")
    }

    /// Presses a button of the page, `text` in the field that it shows.
    #[track_caller]
    pub fn presses(self, page: &Page, action: &str, text: Option<&str>) -> Step {
        let answer = self.submits(page, action, text);
        if answer.status != 303 {
            return Step::Page(Page::read(&answer, &page.target));
        }
        let location = answer.header("location").expect("a location");
        let from = Url::parse(&page.target).expect("a page's URL");
        let to = from.join(location).expect("a location is a URL");
        // A form answered by a page of its own is how browsers are kept from sending it twice. As data,
        // a 303 always means that the pages are over.
        if self.accept != PROGRAM && to.origin() == from.origin() {
            Step::Page(self.opens(to.as_str()))
        } else {
            Step::Left(location.to_owned())
        }
    }

    /// The same, for the answer as it came.
    #[track_caller]
    pub fn submits(self, page: &Page, action: &str, text: Option<&str>) -> Answer {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(&page.hidden);
        for (name, value) in &page.fields {
            form.append_pair(name, text.unwrap_or(value));
        }
        form.append_pair("action", action);
        let (authority, target) = parts(&page.target);
        Request::new("POST", &target)
            .header("Accept", self.accept)
            .header("Origin", &format!("http://{authority}"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(form.finish())
            .send(&authority)
            .expect("an answer")
    }

    /// Types the number, then the PIN.
    #[track_caller]
    pub fn identifies(self, url: &str, number: &str) -> Step {
        let pin = self.types_number(&self.opens(url), number);
        self.types_pin(&pin, PIN)
    }

    /// Types the number; the page that asks for the PIN comes back.
    #[track_caller]
    pub fn types_number(self, page: &Page, number: &str) -> Page {
        assert_eq!(page.fields.len(), 1, "one field for the number: {page:?}");
        self.presses(page, page.proceed(), Some(number)).page()
    }

    #[track_caller]
    pub fn types_pin(self, page: &Page, pin: &str) -> Step {
        assert_eq!(page.fields.len(), 1, "one field for the PIN: {page:?}");
        self.presses(page, page.proceed(), Some(pin))
    }

    /// Confirms the payment, then types a ZIP and confirms again.
    #[track_caller]
    pub fn approves(self, url: &str) -> Step {
        let zip = self.confirms(&self.opens(url));
        self.presses(&zip, zip.proceed(), Some("SW1A 1AA"))
    }

    /// Confirms the payment; the page that asks for the ZIP comes back.
    #[track_caller]
    pub fn confirms(self, page: &Page) -> Page {
        let zip = self.presses(page, page.proceed(), None).page();
        assert_eq!(zip.fields.len(), 1, "one field for the ZIP: {zip:?}");
        zip
    }

    /// Opens the first page and goes away.
    #[track_caller]
    pub fn cancels(self, url: &str) -> Step {
        let page = self.opens(url);
        self.presses(&page, page.cancel(), None)
    }

    /// Does what a browser does when it is sent to a merchant's URL.
    #[track_caller]
    pub fn follows(self, step: Step) {
        let answer = self.get(&step.location());
        assert_eq!(answer.status, 200);
    }
}

/// Authority, and path with query, of a URL. A fragment never leaves the browser.
#[track_caller]
fn parts(url: &str) -> (String, String) {
    let url = Url::parse(url).unwrap_or_else(|error| panic!("{error}: {url}"));
    let target = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    (url.authority().to_owned(), target)
}

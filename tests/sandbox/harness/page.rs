//! A payer's page, read from HTML or from its form as data.

use serde_json::Value;
use url::Url;

use super::Answer;

/// What a payer can see and do on a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Everything that came, for searching and for messages.
    pub text: String,
    /// Where the form goes.
    pub target: String,
    /// What is sent along without being shown: name and value.
    pub hidden: Vec<(String, String)>,
    /// What the payer fills in: name and value so far.
    pub fields: Vec<(String, String)>,
    /// The values of `action` that can be chosen.
    pub actions: Vec<String>,
    /// Whether the page as data says that nothing is left to do. HTML has no such word.
    pub done: bool,
}

impl Page {
    /// Nothing is left to do on this page.
    #[track_caller]
    pub fn is_the_end(&self) {
        let asks = self.fields.len() + self.actions.len();
        // Only the form as data has a word for it.
        let is_data = self.text.starts_with('{');
        assert!(asks == 0 && self.done == is_data, "{}", self.text);
    }

    /// The action that leaves: there is one on every page that asks something.
    #[track_caller]
    pub fn cancel(&self) -> &str {
        self.action(|name| name.contains("cancel"))
    }

    /// The action that goes on.
    #[track_caller]
    pub fn proceed(&self) -> &str {
        self.action(|name| !name.contains("cancel"))
    }

    #[track_caller]
    fn action(&self, wanted: impl Fn(&str) -> bool) -> &str {
        let found = self.actions.iter().find(|name| wanted(name.as_str()));
        found.unwrap_or_else(|| panic!("no such action on the page {self:?}"))
    }

    /// The page in an answer that came from `url`.
    #[track_caller]
    pub fn read(answer: &Answer, url: &str) -> Self {
        assert_eq!(answer.status, 200, "{}", answer.text());
        let kind = answer.header("content-type").unwrap_or_default();
        if kind.starts_with("application/json") {
            Self::from_data(answer, url)
        } else {
            assert_eq!(kind, "text/html; charset=utf-8");
            Self::from_html(&answer.text(), url)
        }
    }

    #[track_caller]
    fn from_data(answer: &Answer, url: &str) -> Self {
        let data = answer.json();
        let list = |name: &str| data[name].as_array().cloned().expect("a list");
        for part in ["title", "text"] {
            assert!(data[part].is_string(), "no {part} in {data}");
        }
        Self {
            text: answer.text(),
            target: url.to_owned(),
            hidden: Vec::new(),
            fields: list("fields")
                .iter()
                .map(|field| (labelled(field), text(&field["value"])))
                .collect(),
            actions: list("actions").iter().map(labelled).collect(),
            done: data["done"].as_bool().expect("done is true or false"),
        }
    }

    fn from_html(html: &str, url: &str) -> Self {
        let mut page = Self {
            text: html.to_owned(),
            target: url.to_owned(),
            ..Self::default()
        };
        for tag in tags(html) {
            let name = || tag.attribute("name").unwrap_or_default();
            let value = || tag.attribute("value").unwrap_or_default();
            match (tag.name.as_str(), tag.attribute("type").as_deref()) {
                ("form", _) => {
                    assert_eq!(tag.attribute("method").as_deref(), Some("post"), "{html}");
                    let action = tag.attribute("action").unwrap_or_default();
                    page.target = joined(url, &action);
                }
                ("input", Some("hidden")) => page.hidden.push((name(), value())),
                ("input", _) => page.fields.push((name(), value())),
                ("button", _) if name() == "action" => page.actions.push(value()),
                _ => {}
            }
        }
        page
    }
}

/// The name of a field or an action, which must have a label.
#[track_caller]
fn labelled(entry: &Value) -> String {
    assert!(entry["label"].is_string(), "no label in {entry}");
    entry["name"].as_str().expect("a name").to_owned()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn joined(base: &str, reference: &str) -> String {
    let base = Url::parse(base).expect("a page's URL is absolute");
    base.join(reference).expect("a form's target").to_string()
}

/// An opening tag with its attributes.
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    fn attribute(&self, name: &str) -> Option<String> {
        let mut attributes = self.attributes.iter();
        let found = attributes.find(|(known, _)| known == name)?;
        Some(found.1.clone())
    }
}

/// The opening tags of a page, in order. Quoted values may hold `>`.
fn tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        if !rest.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
            continue;
        }
        let end = rest
            .find(|letter: char| letter.is_ascii_whitespace() || letter == '>' || letter == '/')
            .unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        let (attributes, after) = attributes(&rest[end..]);
        tags.push(Tag { name, attributes });
        rest = after;
    }
    tags
}

/// The attributes up to the tag's end, and what follows it.
fn attributes(mut rest: &str) -> (Vec<(String, String)>, &str) {
    let mut found = Vec::new();
    loop {
        rest =
            rest.trim_start_matches(|letter: char| letter.is_ascii_whitespace() || letter == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return (found, after);
        }
        let end = rest
            .find(|letter: char| letter.is_ascii_whitespace() || "=>/".contains(letter))
            .unwrap_or(rest.len());
        if end == 0 {
            return (found, rest);
        }
        let name = rest[..end].to_ascii_lowercase();
        rest = &rest[end..];
        let mut value = "";
        if let Some(quoted) = rest.strip_prefix("=\"") {
            let end = quoted.find('"').unwrap_or(quoted.len());
            value = &quoted[..end];
            rest = quoted.get(end + 1..).unwrap_or_default();
        }
        found.push((name, unescaped(value)));
    }
}

fn unescaped(text: &str) -> String {
    text.replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

#[test]
fn a_form_is_read_as_a_browser_reads_it() {
    let html = concat!(
        "<!DOCTYPE html><!-- a < b --><form method=\"post\" action=\"next?a=1&amp;b=2\">",
        "<input type=\"hidden\" name=\"h\" value=\"&quot;>&quot;\"/>",
        "<INPUT NAME=\"pin\" required inputmode=\"numeric\" value=\"\">",
        "<button name=\"action\" value=\"confirm\">Go &lt;on&gt;</button>",
        "<button name=\"action\" value=\"cancel\" formnovalidate>Leave</button></form>",
    );
    let page = Page::from_html(html, "http://127.0.0.1:1/p/t");
    let expected = Page {
        text: html.to_owned(),
        target: "http://127.0.0.1:1/p/next?a=1&b=2".to_owned(),
        hidden: vec![("h".to_owned(), "\">\"".to_owned())],
        fields: vec![("pin".to_owned(), String::new())],
        actions: vec!["confirm".to_owned(), "cancel".to_owned()],
        done: false,
    };
    assert_eq!(page, expected);
    assert_eq!((page.proceed(), page.cancel()), ("confirm", "cancel"));
}

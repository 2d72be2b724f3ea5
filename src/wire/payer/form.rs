//! A page's form: read from JSON, written as a browser writes it.

use serde::Deserialize;
use url::Url;
use url::form_urlencoded::Serializer;

use crate::exchange::page::{Action, Field, Page};
use crate::text::Foreign;

#[derive(Deserialize)]
struct RawPage {
    title: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    fields: Vec<RawField>,
    #[serde(default)]
    actions: Vec<RawAction>,
    #[serde(default)]
    done: bool,
    error: Option<String>,
}

#[derive(Deserialize)]
struct RawField {
    name: String,
    label: String,
    #[serde(default)]
    value: String,
}

#[derive(Deserialize)]
struct RawAction {
    name: String,
    label: String,
}

pub(super) fn parse(url: &Url, body: &[u8]) -> Option<Page> {
    let raw: RawPage = serde_json::from_slice(body).ok()?;
    Some(Page {
        url: url.to_string(),
        title: Foreign::new(raw.title),
        text: Foreign::new(raw.text),
        fields: raw
            .fields
            .into_iter()
            .map(|field| Field {
                name: field.name,
                label: Foreign::new(field.label),
                value: field.value,
            })
            .collect(),
        actions: raw
            .actions
            .into_iter()
            .map(|action| Action {
                name: action.name,
                label: Foreign::new(action.label),
            })
            .collect(),
        done: raw.done,
        error: raw.error.map(Foreign::new),
    })
}

pub(super) fn encode(fields: &[(String, String)], action: &str) -> String {
    Serializer::new(String::new())
        .extend_pairs(fields)
        .append_pair("action", action)
        .finish()
}

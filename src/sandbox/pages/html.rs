//! A form as HTML that works without scripts.

use maud::{DOCTYPE, Markup, html};

use crate::sandbox::engine::Form;
use crate::sandbox::engine::form::{Input, Keyboard};

/// The pages' one style sheet.
pub const STYLE: &str = include_str!("style.css");

pub fn render(form: &Form) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (form.title) }
                // An empty icon, so that browsers do not ask for one.
                link rel="icon" href="data:,";
                link rel="stylesheet" href="/pages/style.css";
            }
            body {
                main {
                    p.where { "Bango sandbox: no real money moves here" }
                    h1 { (form.title) }
                    p { bdi { (form.text) } }
                    @if let Some(error) = &form.error {
                        p.error role="alert" { (error) }
                    }
                    @if !form.done {
                        (controls(form))
                    }
                    @if let Some(back) = &form.back {
                        p { a href=(back) { "Return to the merchant" } }
                    }
                }
            }
        }
    }
}

fn controls(form: &Form) -> Markup {
    html! {
        form method="post" autocomplete="off" {
            @for (position, field) in form.fields.iter().enumerate() {
                (input(field, position == 0, form.error.is_some()))
            }
            div.actions {
                @for (position, action) in form.actions.iter().enumerate() {
                    button name="action" value=(action.name) class=[(position == 0).then_some("first")] {
                        (action.label)
                    }
                }
            }
        }
    }
}

fn input(field: &Input, first: bool, refused: bool) -> Markup {
    let (kind, mode) = match field.keyboard {
        Keyboard::Telephone => ("tel", "tel"),
        Keyboard::Digits => ("text", "numeric"),
        Keyboard::Text => ("text", "text"),
    };
    html! {
        label for=(field.name) { (field.label) }
        input id=(field.name) name=(field.name) type=(kind) inputmode=(mode) value=(field.value)
            autofocus[first] aria-invalid=[refused.then_some("true")];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::engine::form::CONFIRM;

    #[test]
    fn what_the_merchant_wrote_is_shown_as_text() {
        let hostile = "\"><script>alert(1)</script>";
        let field = Input {
            name: "msisdn",
            label: "Mobile number",
            value: hostile.to_owned(),
            keyboard: Keyboard::Telephone,
        };
        let mut form = Form::ask("Title", hostile.to_owned(), vec![field], CONFIRM);
        form.back = Some(format!("http://shop.example/?a={hostile}"));
        let page = render(&form.refusing(hostile, hostile)).into_string();
        assert!(!page.contains("<script"));
        assert_eq!(page.matches("&lt;script&gt;").count(), 4);
    }

    #[test]
    fn a_finished_page_has_nothing_to_press() {
        let page = render(&Form::closing("Done", "Nothing is left.".to_owned(), None));
        assert!(!page.into_string().contains("<form"));
    }
}

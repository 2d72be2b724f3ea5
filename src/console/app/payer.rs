//! The payer, played inside the console: one page of the walk at a time.

mod code;

pub use code::Code;

use url::{Host, Url};

use crate::exchange::page::{Action, Page};
use crate::record::{SessionKey, TransactionKey};
use crate::text::{Foreign, cells};

use super::editor::Editor;
use super::effect::Visit;
use super::input::Key;

/// Whose pages they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    Session(SessionKey),
    Transaction(TransactionKey),
}

/// The open walk.
#[derive(Clone, Debug)]
pub struct Payer {
    pub whose: Whose,
    pub url: String,
    pub step: Step,
    /// The address for a camera, while that is shown in the place of the page.
    pub code: Option<Code>,
}

/// Light modules around a code: as many as a camera should have, and as few as it still copes with.
pub const QUIET: (usize, usize) = (4, 2);

#[derive(Clone, Debug)]
pub enum Step {
    /// The page, or the next one, is on its way.
    Loading,
    Page(Shown),
    /// There is no page to show, and why.
    Failed(String),
    /// The page is for a browser: the other side is none of ours.
    Elsewhere,
}

/// A page with what was typed into it.
#[derive(Clone, Debug)]
pub struct Shown {
    pub page: Page,
    pub editors: Vec<Editor>,
    /// The field or, after the fields, the action with the cursor.
    pub selected: usize,
}

impl Shown {
    pub fn new(page: Page) -> Self {
        let editors = page
            .fields
            .iter()
            .map(|field| Editor::new(&field.value))
            .collect();
        let mut shown = Self {
            page,
            editors,
            selected: 0,
        };
        shown.enter();
        shown
    }

    /// The selected action, where the cursor is on one.
    pub fn action(&self) -> Option<&Action> {
        self.page
            .actions
            .get(self.selected.checked_sub(self.editors.len())?)
    }

    pub fn step(&mut self, by: isize) {
        let count = self.editors.len() + self.page.actions.len();
        if count == 0 {
            return;
        }
        if let Some(editor) = self.editors.get_mut(self.selected) {
            editor.leave();
        }
        self.selected = (self.selected + count).saturating_add_signed(by) % count;
        self.enter();
    }

    pub fn key(&mut self, key: Key) -> bool {
        self.editors
            .get_mut(self.selected)
            .is_some_and(|editor| editor.key(key))
    }

    pub fn paste(&mut self, text: &str) {
        if let Some(editor) = self.editors.get_mut(self.selected) {
            editor.paste(text);
        }
    }

    fn enter(&mut self) {
        if let Some(editor) = self.editors.get_mut(self.selected) {
            editor.enter();
        }
    }
}

impl Payer {
    pub fn open(whose: Whose, url: &str) -> (Self, Visit) {
        let payer = Self {
            whose,
            url: url.to_owned(),
            step: Step::Loading,
            code: None,
        };
        (
            payer,
            Visit::Look {
                url: url.to_owned(),
            },
        )
    }

    /// A page that is not walked here: its address is shown.
    pub fn elsewhere(whose: Whose, url: &str) -> Self {
        Self {
            whose,
            url: url.to_owned(),
            step: Step::Elsewhere,
            code: None,
        }
    }

    /// Presses the selected action, or from a field the first one.
    pub fn submit(&mut self) -> Option<Visit> {
        let Step::Page(shown) = &self.step else {
            return None;
        };
        let action = shown.action().or(shown.page.actions.first())?.name.clone();
        self.press(action)
    }

    /// Presses the action that cancels, where the page has one.
    pub fn cancel(&mut self) -> Option<Visit> {
        let Step::Page(shown) = &self.step else {
            return None;
        };
        let action = shown
            .page
            .actions
            .iter()
            .find(|action| action.name == "cancel")?
            .name
            .clone();
        self.press(action)
    }

    fn press(&mut self, action: String) -> Option<Visit> {
        let Step::Page(shown) = std::mem::replace(&mut self.step, Step::Loading) else {
            return None;
        };
        let fields = shown.page.fields.iter().map(|field| field.name.clone());
        let values = shown.editors.iter().map(|editor| editor.value().to_owned());
        Some(Visit::Submit {
            url: self.url.clone(),
            fields: fields.zip(values).collect(),
            action,
        })
    }

    /// Shows the address for a camera, or the page again. `false` where it is too long for a code,
    /// or none of a page.
    pub fn turn(&mut self) -> bool {
        if self.turn_back() {
            return true;
        }
        self.code = Code::of(&self.url).filter(|_| self.is_web());
        self.code.is_some()
    }

    /// Whether the address is one of a page. A server may name any other, and a browser or a phone would
    /// act on it.
    pub fn is_web(&self) -> bool {
        Url::parse(&self.url)
            .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
    }

    /// Whether nobody else can open the page: a phone is somebody else.
    pub fn is_on_this_machine(&self) -> bool {
        let host = Url::parse(&self.url).ok();
        match host.as_ref().and_then(Url::host) {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        }
    }

    /// Shows the page again. Whether something else was shown.
    pub fn turn_back(&mut self) -> bool {
        self.code.take().is_some()
    }

    /// Columns and rows that a code takes with the widest quiet zone, `ascii` without half blocks.
    pub fn room(code: &Code, ascii: bool) -> (u16, u16) {
        let side = code.side() + 2 * QUIET.0;
        let (columns, rows) = if ascii {
            (2 * side, side)
        } else {
            (side, side.div_ceil(2))
        };
        let cells = |count| u16::try_from(count).unwrap_or(u16::MAX);
        (cells(columns), cells(rows))
    }

    /// How many rows the walk needs between its borders, without its keys.
    pub fn rows(&self) -> u16 {
        let rows = match &self.step {
            Step::Loading => 1,
            Step::Failed(words) => wrapped(&Foreign::from(words.as_str())),
            Step::Elsewhere => wrapped(&Foreign::from(self.url.as_str())) + 1,
            Step::Page(shown) => {
                wrapped(&shown.page.text)
                    + shown.page.error.as_ref().map_or(0, wrapped)
                    + shown.editors.len() * 2
                    + 1
            }
        };
        u16::try_from(rows).unwrap_or(u16::MAX)
    }
}

/// About how many rows a text takes in a popup.
fn wrapped(text: &Foreign) -> usize {
    cells(&text.screen_text()) / 56 + 1
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::exchange::CallId;
    use crate::exchange::page::Field;
    use crate::record::Origin;

    fn walk() -> Payer {
        let whose = Whose::Session(SessionKey(Origin::Call(CallId(Uuid::nil()))));
        let (mut payer, visit) = Payer::open(whose, "http://127.0.0.1:2646/pages/1");
        assert_eq!(
            visit,
            Visit::Look {
                url: "http://127.0.0.1:2646/pages/1".into()
            }
        );
        payer.step = Step::Page(Shown::new(Page {
            url: "http://127.0.0.1:2646/pages/1".into(),
            title: Foreign::from("PIN"),
            text: Foreign::from("Type the PIN."),
            error: None,
            fields: vec![Field {
                name: "pin".into(),
                label: Foreign::from("PIN"),
                value: String::new(),
            }],
            actions: ["confirm", "cancel"]
                .map(|name| Action {
                    name: name.into(),
                    label: Foreign::from(name),
                })
                .to_vec(),
            done: false,
        }));
        payer
    }

    fn shown(payer: &mut Payer) -> &mut Shown {
        match &mut payer.step {
            Step::Page(shown) => shown,
            step => panic!("{step:?}"),
        }
    }

    #[test]
    fn enter_in_a_field_presses_the_first_action() {
        let mut payer = walk();
        for digit in "1234".chars() {
            assert!(shown(&mut payer).key(Key::char(digit)));
        }
        let visit = payer.submit().unwrap();
        let expected = Visit::Submit {
            url: "http://127.0.0.1:2646/pages/1".into(),
            fields: vec![("pin".into(), "1234".into())],
            action: "confirm".into(),
        };
        assert_eq!(visit, expected);
        assert!(
            payer.submit().is_none(),
            "a second press while the first is under way does nothing"
        );
    }

    #[test]
    fn the_cursor_goes_through_fields_and_actions_round_the_end() {
        let mut payer = walk();
        let shown = shown(&mut payer);
        shown.step(1);
        assert_eq!(shown.action().unwrap().name, "confirm");
        shown.step(1);
        assert_eq!(shown.action().unwrap().name, "cancel");
        shown.step(1);
        assert_eq!(shown.selected, 0);
    }

    #[test]
    fn the_payer_can_cancel_from_anywhere() {
        let Some(Visit::Submit { action, .. }) = walk().cancel() else {
            panic!("no visit")
        };
        assert_eq!(action, "cancel");
    }
}

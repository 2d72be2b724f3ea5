//! Which key does what: one table, from which the footer, the help and the README's table are made, and
//! over which a preset and the user's file are laid.

mod read;
mod vim;

use std::borrow::Cow;

use super::command::Command::{
    self, Accept, AskQuery, CancelAsPayer, CancelStep, Compare, CopyAsCurl, CopyPage, CopySms,
    CopyValue, DeletePayment, Down, Earlier, EditAndSend, Export, First, FocusInspector, FocusNext,
    FocusPrevious, FocusSessions, FocusTimeline, FocusTransactions, FoldLess, FoldMore,
    HalfPageDown, HalfPageUp, Interrupt, Last, Later, Leave, Mark, NameAnswer, NewPayment, Next,
    NextField, NextMatch, Open, OpenActions, OpenCopyMenu, OpenFilter, OpenGoTo, OpenHelp,
    OpenInBrowser, OpenPalette, PageDown, PageUp, PlayPayer, PreviewCall, Previous, PreviousField,
    PreviousMatch, Quit, QuitAtOnce, Redo, Redraw, RetrieveSelected, Search, SendAgain, SendAnyway,
    ShowCode, ShowLastCopied, ShowMoney, SmsArrives, Submit, Suspend, ToggleFold, ToggleMasks,
    ToggleNumbers, ToggleWrap, TurnForm, TurnRaw, Undo, Up, Zoom,
};
use super::command::Command::{ChooseProfile, ChooseTheme, NarrowLeft, ToggleMouse, WidenLeft};
use super::input::{Code, Key};
use super::state::Pane;

/// Where keys are looked up. The innermost layer comes first; the first match wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layer {
    /// Everywhere, text fields included.
    Always,
    /// Everywhere but in text fields.
    App,
    /// The sessions, the transactions and the timeline.
    List,
    Inspector,
    /// The line that is open in the inspector's border: printable keys are text.
    Line,
    /// The differences of two exchanges.
    Compare,
    /// The row of verbs.
    Verbs,
    /// The last row, where a filter or an id is typed.
    Prompt,
    /// The popups of actions and of things to copy. Their letters are their own.
    Menu,
    /// The lists of test payers, of answers, of commands and of keys; what is typed filters them.
    Picker,
    /// A form's text fields: printable keys are text.
    Form,
    /// A form's body as a text: enter and tab are text, too.
    Text,
    /// The amount of a call on a live endpoint: printable keys are text.
    Stake,
    /// What a form will send.
    Preview,
    /// The payer's page, played here.
    Payer,
    /// A step of an identification that is no page.
    Step,
    /// The popup of exports. The formats' letters are their own.
    Export,
}

impl Layer {
    pub const ALL: [Self; 17] = [
        Self::App,
        Self::List,
        Self::Inspector,
        Self::Line,
        Self::Compare,
        Self::Verbs,
        Self::Prompt,
        Self::Menu,
        Self::Picker,
        Self::Form,
        Self::Text,
        Self::Preview,
        Self::Stake,
        Self::Payer,
        Self::Step,
        Self::Export,
        Self::Always,
    ];

    /// The name for configuration and documentation. It never changes.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::App => "everywhere",
            Self::List => "list",
            Self::Inspector => "inspector",
            Self::Verbs => "verbs",
            Self::Menu => "menu",
            Self::Picker => "picker",
            Self::Form => "form",
            Self::Text => "text",
            Self::Stake => "live",
            Self::Preview => "preview",
            Self::Payer => "payer",
            Self::Step => "step",
            Self::Line => "line",
            Self::Compare => "compare",
            Self::Prompt => "prompt",
            Self::Export => "export",
        }
    }

    /// Whether printable keys are text here, so that none may be a command.
    pub const fn takes_text(self) -> bool {
        matches!(
            self,
            Self::Always
                | Self::Form
                | Self::Text
                | Self::Stake
                | Self::Payer
                | Self::Picker
                | Self::Line
                | Self::Prompt
        )
    }

    /// The heading in the help.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Always => "Always, in text fields too",
            Self::App => "Everywhere",
            Self::List => "In a list",
            Self::Inspector => "In the inspector",
            Self::Line => "Typing what to search, or a jq filter",
            Self::Compare => "Comparing two exchanges",
            Self::Verbs => "In the row of verbs",
            Self::Menu => "In a menu",
            Self::Prompt => "Typing a filter, or an id",
            Self::Picker => "Choosing from a list, or from this help",
            Self::Form => "In a form",
            Self::Text => "In a form's JSON",
            Self::Stake => "Before real money moves",
            Self::Preview => "Looking at what will be sent",
            Self::Payer => "Being the payer",
            Self::Step => "Told to send an SMS, or to wait",
            Self::Export => "Writing to a file",
        }
    }
}

/// One line of the table. The first key is the one that is shown where there is little room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    pub layer: Layer,
    /// None where the user wants none.
    pub keys: Cow<'static, [Key]>,
    pub command: Command,
}

const fn bind(layer: Layer, keys: &'static [Key], command: Command) -> Binding {
    Binding {
        layer,
        keys: Cow::Borrowed(keys),
        command,
    }
}

const fn key(code: Code) -> Key {
    Key::plain(code)
}

const fn char(character: char) -> Key {
    Key::char(character)
}

#[rustfmt::skip]
pub const TABLE: &[Binding] = &[
    bind(Layer::App, &[char('a')], OpenActions),
    bind(Layer::App, &[char('+')], NewPayment),
    bind(Layer::App, &[char('y')], OpenCopyMenu),
    bind(Layer::App, &[char('E')], Export),
    bind(Layer::App, &[char('r')], RetrieveSelected),
    bind(Layer::App, &[char('p')], PlayPayer),
    bind(Layer::App, &[char('R')], SendAgain),
    bind(Layer::App, &[char('e')], EditAndSend),
    bind(Layer::App, &[char('m')], ShowMoney),
    bind(Layer::App, &[char('d')], Compare),
    bind(Layer::App, &[char('D'), key(Code::Delete)], DeletePayment),
    bind(Layer::App, &[char('c')], ShowLastCopied),
    bind(Layer::App, &[char(':'), Key::ctrl('p')], OpenPalette),
    bind(Layer::App, &[char('i')], OpenGoTo),
    bind(Layer::App, &[char('?'), key(Code::F(1))], OpenHelp),
    bind(Layer::App, &[char('z')], Zoom),
    bind(Layer::App, &[char('1')], FocusSessions),
    bind(Layer::App, &[char('2')], FocusTransactions),
    bind(Layer::App, &[char('3')], FocusInspector),
    bind(Layer::App, &[char('4')], FocusTimeline),
    bind(Layer::App, &[key(Code::Tab)], FocusNext),
    bind(Layer::App, &[key(Code::BackTab)], FocusPrevious),
    bind(Layer::App, &[char('q')], Quit),
    bind(Layer::App, &[char('Q')], QuitAtOnce),
    bind(Layer::App, &[char('P')], ChooseProfile),
    bind(Layer::App, &[char('t')], ChooseTheme),
    bind(Layer::App, &[char('M')], ToggleMouse),
    bind(Layer::App, &[char('<')], NarrowLeft),
    bind(Layer::App, &[char('>')], WidenLeft),

    bind(Layer::List, &[key(Code::Enter)], Open),
    bind(Layer::List, &[char(' ')], Mark),
    bind(Layer::List, &[char('/')], OpenFilter),
    bind(Layer::List, &[key(Code::Up), char('k')], Up),
    bind(Layer::List, &[key(Code::Down), char('j')], Down),
    bind(Layer::List, &[key(Code::PageUp)], PageUp),
    bind(Layer::List, &[key(Code::PageDown)], PageDown),
    bind(Layer::List, &[Key::ctrl('u')], HalfPageUp),
    bind(Layer::List, &[Key::ctrl('d')], HalfPageDown),
    bind(Layer::List, &[char('g'), key(Code::Home)], First),
    bind(Layer::List, &[char('G'), key(Code::End)], Last),
    bind(Layer::List, &[key(Code::Left), char('h'), char('[')], Previous),
    bind(Layer::List, &[key(Code::Right), char('l'), char(']')], Next),

    bind(Layer::Inspector, &[key(Code::Enter)], Zoom),
    bind(Layer::Inspector, &[key(Code::Left), char('h'), char('[')], Previous),
    bind(Layer::Inspector, &[key(Code::Right), char('l'), char(']')], Next),
    bind(Layer::Inspector, &[key(Code::Up), char('k')], Up),
    bind(Layer::Inspector, &[key(Code::Down), char('j')], Down),
    bind(Layer::Inspector, &[key(Code::PageUp)], PageUp),
    bind(Layer::Inspector, &[key(Code::PageDown)], PageDown),
    bind(Layer::Inspector, &[Key::ctrl('u')], HalfPageUp),
    bind(Layer::Inspector, &[Key::ctrl('d')], HalfPageDown),
    bind(Layer::Inspector, &[char('g'), key(Code::Home)], First),
    bind(Layer::Inspector, &[char('G'), key(Code::End)], Last),
    bind(Layer::Inspector, &[char('/')], Search),
    bind(Layer::Inspector, &[char('n')], NextMatch),
    bind(Layer::Inspector, &[char('N')], PreviousMatch),
    bind(Layer::Inspector, &[char('-'), char(' ')], ToggleFold),
    bind(Layer::Inspector, &[char('_')], FoldMore),
    bind(Layer::Inspector, &[char('=')], FoldLess),
    bind(Layer::Inspector, &[char('|')], AskQuery),
    bind(Layer::Inspector, &[char('p')], TurnRaw),
    bind(Layer::Inspector, &[char('w')], ToggleWrap),
    bind(Layer::Inspector, &[char('#')], ToggleNumbers),
    bind(Layer::Inspector, &[char('Y')], CopyValue),

    bind(Layer::Line, &[key(Code::Enter)], Submit),
    bind(Layer::Line, &[key(Code::Up)], Up),
    bind(Layer::Line, &[key(Code::Down)], Down),

    bind(Layer::Compare, &[char('m')], ToggleMasks),
    bind(Layer::Compare, &[key(Code::Up), char('k')], Up),
    bind(Layer::Compare, &[key(Code::Down), char('j')], Down),
    bind(Layer::Compare, &[key(Code::PageUp), Key::ctrl('u')], PageUp),
    bind(Layer::Compare, &[key(Code::PageDown), Key::ctrl('d'), char(' ')], PageDown),
    bind(Layer::Compare, &[char('g'), key(Code::Home)], First),
    bind(Layer::Compare, &[char('G'), key(Code::End)], Last),
    bind(Layer::Compare, &[char('q'), char('d')], Leave),

    bind(Layer::Verbs, &[key(Code::Enter)], Open),
    bind(Layer::Verbs, &[key(Code::Left), char('h')], Previous),
    bind(Layer::Verbs, &[key(Code::Right), char('l')], Next),

    bind(Layer::Prompt, &[key(Code::Enter)], Accept),
    bind(Layer::Prompt, &[key(Code::Up)], Earlier),
    bind(Layer::Prompt, &[key(Code::Down)], Later),

    bind(Layer::Menu, &[key(Code::Enter)], Open),
    bind(Layer::Menu, &[key(Code::Up)], Up),
    bind(Layer::Menu, &[key(Code::Down)], Down),
    bind(Layer::Menu, &[char('!')], SendAnyway),
    bind(Layer::Menu, &[Key::ctrl('t')], NameAnswer),
    bind(Layer::Menu, &[key(Code::Home)], First),
    bind(Layer::Menu, &[key(Code::End)], Last),

    bind(Layer::Picker, &[key(Code::Enter)], Open),
    bind(Layer::Picker, &[key(Code::Up)], Up),
    bind(Layer::Picker, &[key(Code::Down)], Down),
    bind(Layer::Picker, &[key(Code::PageUp)], PageUp),
    bind(Layer::Picker, &[key(Code::PageDown)], PageDown),

    bind(Layer::Form, &[key(Code::Enter), Key::ctrl('s'), Key::ctrl('j'), Key::alt(Code::Enter)], Submit),
    bind(Layer::Form, &[key(Code::Tab), key(Code::Down)], NextField),
    bind(Layer::Form, &[key(Code::BackTab), key(Code::Up)], PreviousField),

    bind(Layer::Form, &[Key::ctrl('g')], SendAnyway),
    bind(Layer::Form, &[Key::ctrl('r')], TurnForm),
    bind(Layer::Form, &[Key::ctrl('t')], NameAnswer),
    bind(Layer::Form, &[Key::ctrl('p')], PreviewCall),

    bind(Layer::Text, &[Key::ctrl('s'), Key::ctrl('j'), Key::alt(Code::Enter)], Submit),
    bind(Layer::Text, &[Key::ctrl('g')], SendAnyway),
    bind(Layer::Text, &[Key::ctrl('r')], TurnForm),
    bind(Layer::Text, &[Key::ctrl('t')], NameAnswer),
    bind(Layer::Text, &[Key::ctrl('p')], PreviewCall),
    bind(Layer::Text, &[Key::alt(Code::Char('u'))], Undo),
    bind(Layer::Text, &[Key::alt(Code::Char('r'))], Redo),

    bind(Layer::Preview, &[key(Code::Enter), Key::ctrl('s')], Submit),
    bind(Layer::Preview, &[char('y')], CopyAsCurl),
    bind(Layer::Preview, &[key(Code::Up), char('k')], Up),
    bind(Layer::Preview, &[key(Code::Down), char('j')], Down),

    bind(Layer::Stake, &[key(Code::Enter)], Submit),

    bind(Layer::Payer, &[key(Code::Enter), Key::ctrl('s'), Key::ctrl('j'), Key::alt(Code::Enter)], Submit),
    bind(Layer::Payer, &[key(Code::Tab), key(Code::Down)], NextField),
    bind(Layer::Payer, &[key(Code::BackTab), key(Code::Up)], PreviousField),
    bind(Layer::Payer, &[Key::ctrl('x')], CancelAsPayer),
    bind(Layer::Payer, &[Key::ctrl('o')], OpenInBrowser),
    bind(Layer::Payer, &[Key::ctrl('y')], CopyPage),
    bind(Layer::Payer, &[Key::ctrl('g')], ShowCode),

    bind(Layer::Step, &[key(Code::Enter)], Open),
    bind(Layer::Step, &[char('s')], SmsArrives),
    bind(Layer::Step, &[char('k')], CancelStep),
    bind(Layer::Step, &[char('y')], CopySms),

    bind(Layer::Export, &[key(Code::Enter)], Open),
    bind(Layer::Export, &[key(Code::Up)], Up),
    bind(Layer::Export, &[key(Code::Down)], Down),
    bind(Layer::Export, &[key(Code::Left), key(Code::BackTab)], Previous),
    bind(Layer::Export, &[key(Code::Right), key(Code::Tab)], Next),

    bind(Layer::Always, &[key(Code::Esc)], Leave),
    bind(Layer::Always, &[Key::ctrl('l')], Redraw),
    bind(Layer::Always, &[Key::ctrl('z')], Suspend),
    bind(Layer::Always, &[Key::ctrl('c')], Interrupt),
];

/// What the signs in the panes mean.
pub const SIGNS: &[(&str, &str)] = &[
    ("\u{2192}  \u{2190}", "a call of ours, and its answer"),
    ("\u{21c4}", "another program's call and its answer"),
    ("\u{263a}", "the payer did something on a page"),
    ("\u{2709}", "a notification, sent or come in"),
    ("\u{21a9}", "the browser came back; or: refunded"),
    (
        "\u{25cb} \u{25cf} \u{25d0}",
        "authorized, captured, refunded in part",
    ),
    (
        "\u{25d4} ? \u{2715}",
        "waiting, outcome unknown, refused or ended",
    ),
    (
        "\u{2587} \u{2592} \u{2591}",
        "captured and kept, refunded, not captured",
    ),
];

/// The table in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap(Vec<Binding>);

impl Default for Keymap {
    fn default() -> Self {
        Self(TABLE.to_vec())
    }
}

/// Where keys are looked up while a pane has the focus and nothing lies over it.
pub const fn of_pane(pane: Pane) -> &'static [Layer] {
    match pane {
        Pane::Sessions | Pane::Transactions | Pane::Timeline => {
            &[Layer::List, Layer::App, Layer::Always]
        }
        Pane::Inspector => &[Layer::Inspector, Layer::App, Layer::Always],
        Pane::Verbs => &[Layer::Verbs, Layer::App, Layer::Always],
    }
}

impl Keymap {
    pub fn bindings(&self) -> &[Binding] {
        &self.0
    }

    /// What `key` means where `layers` are active, innermost first.
    pub fn resolve(&self, layers: &[Layer], key: Key) -> Option<Command> {
        layers.iter().find_map(|layer| {
            self.0
                .iter()
                .find(|binding| binding.layer == *layer && binding.keys.contains(&key))
                .map(|binding| binding.command)
        })
    }

    /// The key to show for a command.
    pub fn shown(&self, layer: Layer, command: Command) -> Option<Key> {
        let found = self
            .0
            .iter()
            .find(|binding| binding.layer == layer && binding.command == command);
        found.and_then(|binding| binding.keys.first().copied())
    }

    /// Gives a command of a layer these keys and no others. A key that was another's there is its no more.
    fn rebind(&mut self, layer: Layer, command: Command, keys: &[Key]) {
        for binding in self.0.iter_mut().filter(|binding| binding.layer == layer) {
            if binding.command == command {
                binding.keys = Cow::Owned(keys.to_vec());
            } else if binding.keys.iter().any(|key| keys.contains(key)) {
                binding.keys.to_mut().retain(|key| !keys.contains(key));
            }
        }
    }
}

/// Whether a terminal sends this for another key: backspace, tab, enter, escape.
fn is_another_key(key: Key) -> bool {
    key.ctrl && matches!(key.code, Code::Char('h' | 'i' | 'm' | '['))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_key_stands_twice_in_a_layer() {
        for layer in Layer::ALL {
            let mut seen = HashSet::new();
            for binding in TABLE.iter().filter(|binding| binding.layer == layer) {
                for key in binding.keys.iter() {
                    assert!(seen.insert(*key), "{layer:?}: {key} stands twice");
                }
            }
        }
    }

    #[test]
    fn every_command_can_be_reached_by_a_key() {
        for command in Command::ALL {
            assert!(
                TABLE.iter().any(|binding| binding.command == *command),
                "{}",
                command.id()
            );
        }
    }

    #[test]
    fn no_binding_is_one_that_terminals_send_for_another_key() {
        for binding in TABLE {
            for key in binding.keys.iter() {
                assert!(!is_another_key(*key), "{key} in {:?}", binding.layer);
            }
        }
    }

    #[test]
    fn no_binding_takes_a_character_from_a_text_field() {
        for binding in TABLE.iter().filter(|binding| binding.layer.takes_text()) {
            assert!(
                binding.keys.iter().all(|key| key.printable().is_none()),
                "{}",
                binding.command.id()
            );
        }
    }

    #[test]
    fn the_innermost_layer_wins() {
        let keymap = Keymap::default();
        let resolve = |layers: &[Layer], key| keymap.resolve(layers, key);
        assert_eq!(
            resolve(&[Layer::Step, Layer::Always], char('k')),
            Some(CancelStep)
        );
        assert_eq!(
            resolve(&[Layer::List, Layer::App, Layer::Always], char('q')),
            Some(Quit)
        );
        assert_eq!(resolve(&[Layer::Form, Layer::Always], char('q')), None);
    }
}

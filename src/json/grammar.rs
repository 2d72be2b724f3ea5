//! Which token may stand where. One step per token; what is open is kept in a list, not on the stack.

use super::TokenKind;

/// What a token is where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Open(Container),
    Close,
    Name,
    Colon,
    Comma,
    Scalar,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    Object,
    Array,
}

/// What has to come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    /// The outermost value, or that of a member.
    Value,
    /// An item, or the end of an empty array.
    FirstItem,
    /// An item, after a comma.
    NextItem,
    /// A name, or the end of an empty object.
    FirstName,
    /// A name, after a comma.
    NextName,
    Colon,
    CommaOrClose,
    /// Nothing more.
    End,
}

pub(super) struct Grammar {
    open: Vec<Container>,
    due: Due,
}

impl Grammar {
    pub(super) const fn new() -> Self {
        Self {
            open: Vec::new(),
            due: Due::Value,
        }
    }

    /// How many containers are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    pub(super) const fn due(&self) -> Due {
        self.due
    }

    /// Takes one token, or none that fits: then nothing changes, and [`Grammar::due`] says what would.
    pub(super) fn step(&mut self, kind: TokenKind) -> Option<Step> {
        let inside = self.open.last().copied();
        match (self.due, kind) {
            (Due::Value | Due::FirstItem | Due::NextItem, TokenKind::OpenObject) => {
                self.open.push(Container::Object);
                self.due = Due::FirstName;
                Some(Step::Open(Container::Object))
            }
            (Due::Value | Due::FirstItem | Due::NextItem, TokenKind::OpenArray) => {
                self.open.push(Container::Array);
                self.due = Due::FirstItem;
                Some(Step::Open(Container::Array))
            }
            (
                Due::Value | Due::FirstItem | Due::NextItem,
                TokenKind::Text | TokenKind::Number | TokenKind::Literal,
            ) => Some(self.after_value(Step::Scalar)),
            (Due::FirstName | Due::NextName, TokenKind::Text) => {
                self.due = Due::Colon;
                Some(Step::Name)
            }
            (Due::Colon, TokenKind::Colon) => {
                self.due = Due::Value;
                Some(Step::Colon)
            }
            (Due::CommaOrClose, TokenKind::Comma) => {
                self.due = match inside {
                    Some(Container::Object) => Due::NextName,
                    _ => Due::NextItem,
                };
                Some(Step::Comma)
            }
            (Due::FirstName | Due::CommaOrClose, TokenKind::CloseObject)
                if inside == Some(Container::Object) =>
            {
                self.open.pop();
                Some(self.after_value(Step::Close))
            }
            (Due::FirstItem | Due::CommaOrClose, TokenKind::CloseArray)
                if inside == Some(Container::Array) =>
            {
                self.open.pop();
                Some(self.after_value(Step::Close))
            }
            _ => None,
        }
    }

    fn after_value(&mut self, step: Step) -> Step {
        self.due = if self.open.is_empty() {
            Due::End
        } else {
            Due::CommaOrClose
        };
        step
    }
}

//! A JSON value as bytes, in one of the many spellings that mean the same, and what spoils a spelling.

use std::ops::Range;

use serde_json::Value;

/// Numbers that look random and come again with their seed.
pub struct Dice(u64);

impl Dice {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Less than `sides`.
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) >> 33).expect("31 bits") % sides
    }
}

/// How freely a body is spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freedom {
    /// As every library writes it.
    Plain,
    /// With members in any order, white space and escapes anywhere.
    Loose,
    /// And with members that nobody asked for, anywhere.
    WithExtras,
}

/// Members that the API does not know: names, and values in JSON.
const EXTRAS: [(&str, &str); 9] = [
    ("abcd", "\"1234\""),
    ("abcd", "[1,{\"abcd\":null}]"),
    ("ABCD", "-1.5e3"),
    ("bangouserid", "7"),
    ("grossAmount ", "0.99"),
    ("", "true"),
    ("\u{202e}\u{1f600}", "\"\\ud83d\\ude00\""),
    ("__proto__", "{\"bangoUserId\":\"1\",\"bangoUserId\":\"2\"}"),
    ("depth", "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]"),
];

/// A body as it is sent, with the places where it can be spoiled.
#[derive(Default)]
pub struct Spelled {
    pub bytes: Vec<u8>,
    /// In front of a token.
    starts: Vec<usize>,
    /// Behind the last entry of a list or object that has one.
    ends: Vec<usize>,
    /// Texts and names, with their quotes.
    texts: Vec<Range<usize>>,
}

/// Spells `value`; the member at `twice` comes a second time, its name escaped or not.
pub fn spell(value: &Value, freedom: Freedom, seed: u64, twice: Option<(&str, bool)>) -> Spelled {
    let mut speller = Speller {
        spelled: Spelled::default(),
        dice: Dice::new(seed),
        freedom,
        twice,
    };
    speller.value(value, "");
    speller.space();
    speller.spelled
}

struct Speller<'a> {
    spelled: Spelled,
    dice: Dice,
    freedom: Freedom,
    twice: Option<(&'a str, bool)>,
}

impl Speller<'_> {
    fn push(&mut self, text: &str) {
        self.spelled.bytes.extend_from_slice(text.as_bytes());
    }

    fn space(&mut self) {
        if self.freedom != Freedom::Plain && self.dice.roll(3) == 0 {
            let space = ["\n", " ", "\r\n\t", "    "][self.dice.roll(4)];
            self.push(space);
        }
    }

    fn value(&mut self, value: &Value, pointer: &str) {
        self.space();
        self.spelled.starts.push(self.spelled.bytes.len());
        match value {
            Value::Object(members) => {
                let mut names: Vec<_> = members.keys().collect();
                if self.freedom != Freedom::Plain {
                    for position in (1..names.len()).rev() {
                        names.swap(position, self.dice.roll(position + 1));
                    }
                }
                self.push("{");
                let mut first = true;
                for name in names {
                    let pointer = format!("{pointer}/{name}");
                    self.extra(&mut first);
                    self.member(name, &members[name], &pointer, false, &mut first);
                    if let Some((_, escaped)) = self.twice.filter(|(twice, _)| *twice == pointer) {
                        self.member(name, &members[name], &pointer, escaped, &mut first);
                    }
                }
                self.extra(&mut first);
                self.close("}", first);
            }
            Value::Array(entries) => {
                self.push("[");
                for (position, entry) in entries.iter().enumerate() {
                    if position > 0 {
                        self.push(",");
                    }
                    self.value(entry, &format!("{pointer}/{position}"));
                }
                self.close("]", entries.is_empty());
            }
            Value::String(text) => self.text(text, false),
            other => self.push(&other.to_string()),
        }
    }

    fn close(&mut self, bracket: &str, empty: bool) {
        if !empty {
            self.spelled.ends.push(self.spelled.bytes.len());
        }
        self.space();
        self.push(bracket);
    }

    fn member(
        &mut self,
        name: &str,
        value: &Value,
        pointer: &str,
        escaped: bool,
        first: &mut bool,
    ) {
        if !std::mem::take(first) {
            self.push(",");
        }
        self.space();
        self.text(name, escaped);
        self.space();
        self.push(":");
        self.value(value, pointer);
    }

    fn extra(&mut self, first: &mut bool) {
        if self.freedom == Freedom::WithExtras && self.dice.roll(3) == 0 {
            let (name, json) = EXTRAS[self.dice.roll(EXTRAS.len())];
            if !std::mem::take(first) {
                self.push(",");
            }
            self.text(name, false);
            self.push(":");
            self.push(json);
        }
    }

    fn text(&mut self, text: &str, escaped: bool) {
        let start = self.spelled.bytes.len();
        self.push("\"");
        for character in text.chars() {
            let often = self.freedom != Freedom::Plain && self.dice.roll(6) == 0;
            if escaped || often || character < ' ' || matches!(character, '"' | '\\') {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    self.push(&format!("\\u{unit:04x}"));
                }
            } else {
                self.push(character.encode_utf8(&mut [0; 4]));
            }
        }
        self.push("\"");
        self.spelled.texts.push(start..self.spelled.bytes.len());
    }
}

/// What makes a body no JSON, or more than a body may be.
pub const BREAKS: [Break; 25] = [
    Break::BehindAnEntry(","),
    Break::BehindAnEntry(",,"),
    Break::BehindAnEntry(";"),
    Break::BeforeAToken("// a comment\n"),
    Break::BeforeAToken("/* a comment */"),
    Break::BeforeAToken("# "),
    Break::BeforeAToken("NaN "),
    Break::BeforeAToken("'"),
    Break::BeforeAToken("{"),
    Break::Quotes("\u{201c}", "\u{201d}"),
    Break::Quotes("'", "'"),
    Break::InAText(b"\\ud800"),
    Break::InAText(b"\\udc00"),
    Break::InAText(b"\\udc00\\ud800"),
    Break::InAText(b"\\ud83dA"),
    Break::InAText(b"\\x41"),
    Break::InAText(b"\x1b[2J"),
    Break::InAText(b"\n"),
    Break::InAText(b"\xed\xa0\x80"),
    Break::InAText(b"\xc0\x80"),
    Break::InAText(b"\x9b2J"),
    Break::InAText(b"\xf4\x90\x80\x80"),
    Break::Cut,
    Break::More,
    Break::Beyond,
];

/// One thing that spoils a spelling; where it happens the dice say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    BehindAnEntry(&'static str),
    BeforeAToken(&'static str),
    Quotes(&'static str, &'static str),
    InAText(&'static [u8]),
    Cut,
    /// Something behind the end.
    More,
    /// One level, one value or one byte of a text more than there may be.
    Beyond,
}

impl Break {
    pub fn spoil(self, spelled: &Spelled, dice: &mut Dice) -> Vec<u8> {
        let bytes = &spelled.bytes;
        let put = |at: usize, what: &[u8]| [&bytes[..at], what, &bytes[at..]].concat();
        match self {
            Self::BehindAnEntry(text) => put(pick(&spelled.ends, dice), text.as_bytes()),
            Self::BeforeAToken(text) => put(pick(&spelled.starts, dice), text.as_bytes()),
            Self::InAText(what) => put(pick(&spelled.texts, dice).start + 1, what),
            Self::Quotes(open, close) => {
                let Range { start, end } = pick(&spelled.texts, dice);
                let (front, inside) = (&bytes[..start], &bytes[start + 1..end - 1]);
                [
                    front,
                    open.as_bytes(),
                    inside,
                    close.as_bytes(),
                    &bytes[end..],
                ]
                .concat()
            }
            Self::Cut => {
                let whole = bytes
                    .iter()
                    .rposition(|&byte| byte == b'}')
                    .expect("an object");
                bytes[..=dice.roll(whole)].to_vec()
            }
            Self::More => {
                let more = ["x", "{}", ",", "}", "\0"][dice.roll(5)];
                put(bytes.len(), more.as_bytes())
            }
            Self::Beyond => {
                let much = match dice.roll(3) {
                    0 => format!("{}{}", "[".repeat(64), "]".repeat(64)),
                    1 => format!("[{}0]", "0,".repeat(20_000)),
                    _ => format!("\"{}\"", "x".repeat(64 * 1024 + 1)),
                };
                let start = bytes
                    .iter()
                    .position(|&byte| byte == b'{')
                    .expect("an object");
                put(start + 1, format!("\"own\":{much},").as_bytes())
            }
        }
    }
}

fn pick<T: Clone>(from: &[T], dice: &mut Dice) -> T {
    from[dice.roll(from.len())].clone()
}

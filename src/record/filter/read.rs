//! From what was typed to terms, and back to how they are typed.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use crate::config::nearest;
use crate::money::Amount;

use super::{Filter, Key, Op, Term, Test, What, is_letter};

/// A character, and whether it stood in quotes.
type Typed = (char, bool);

pub fn filter(text: &str, now: Timestamp, zone: &TimeZone) -> Filter {
    let mut hint = None;
    let terms = tokens(text)
        .into_iter()
        .filter_map(|token| term(&token, now, zone, &mut hint))
        .collect();
    Filter { terms, hint }
}

/// The parts between blanks that stand outside of quotes. Quotes that are not closed yet go to the end.
fn tokens(text: &str) -> Vec<Vec<Typed>> {
    let mut tokens = vec![];
    let (mut token, mut quoted, mut begun) = (vec![], false, false);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => {
                quoted = !quoted;
                begun = true;
            }
            '\\' if quoted => {
                let escaped = characters.next_if(|next| matches!(next, '"' | '\\'));
                token.push((escaped.unwrap_or('\\'), true));
            }
            _ if character.is_whitespace() && !quoted => {
                if begun || !token.is_empty() {
                    tokens.push(std::mem::take(&mut token));
                }
                begun = false;
            }
            _ => token.push((character, quoted)),
        }
    }
    if begun || !token.is_empty() {
        tokens.push(token);
    }
    tokens
}

fn term(
    token: &[Typed],
    now: Timestamp,
    zone: &TimeZone,
    hint: &mut Option<String>,
) -> Option<Term> {
    let (negated, token) = match token {
        [('!', false), rest @ ..] => (true, rest),
        _ => (false, token),
    };
    let plain = |part: &[Typed]| part.iter().map(|(character, _)| character).collect();
    let whole: String = plain(token);
    if whole.is_empty() {
        return None;
    }
    let what = match split(token) {
        Some((name, op, value)) => {
            let name: String = plain(name);
            if let Some(key) = Key::named(&name) {
                let value = plain(value);
                What::Field { key, op, value }
            } else {
                hint.get_or_insert_with(|| unknown(&name));
                What::Word(whole)
            }
        }
        None => What::Word(whole),
    };
    let test = match &what {
        What::Word(word) => Test::Says(word.to_lowercase()),
        What::Field { key, op, value } => test(*key, *op, value, now, zone).unwrap_or_else(|| {
            if !value.is_empty() {
                let words = format!("{}{} takes {}", key.name(), op.sign(), key.takes());
                hint.get_or_insert(words);
            }
            Test::Nothing
        }),
    };
    Some(Term {
        negated,
        what,
        test,
    })
}

/// Name, operator and value, where a token is written like a key: letters, then an operator.
fn split(token: &[Typed]) -> Option<(&[Typed], Op, &[Typed])> {
    let at = token
        .iter()
        .position(|(character, quoted)| *quoted || !character.is_ascii_alphabetic())?;
    let (name, rest) = token.split_at(at);
    let op = Op::ALL.into_iter().find(|op| {
        let sign = op.sign().chars().map(|character| (character, false));
        rest.iter().copied().take(op.sign().len()).eq(sign)
    })?;
    (!name.is_empty()).then(|| (name, op, &rest[op.sign().len()..]))
}

fn unknown(name: &str) -> String {
    let names = Key::ALL.map(Key::name);
    // Whoever is in the middle of a word has not mistyped it.
    let begun = names.into_iter().find(|known| known.starts_with(name));
    let near = begun.or_else(|| nearest(&name.to_lowercase(), &names));
    let near = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
    format!("no key {name}: searched as text{near}")
}

/// `None` where the key cannot read the value.
fn test(key: Key, op: Op, value: &str, now: Timestamp, zone: &TimeZone) -> Option<Test> {
    let lower = value.to_lowercase();
    match key {
        Key::Amount => Some(Test::Amount(op, Amount::parse(value).ok()?)),
        Key::Since => {
            let time = ago(&lower, now).or_else(|| moment(value, now, zone))?;
            Some(Test::Since(op, time))
        }
        _ if op != Op::Is || value.is_empty() => None,
        Key::State => {
            let letters: String = lower.chars().filter(|letter| is_letter(*letter)).collect();
            (!letters.is_empty()).then_some(Test::State(letters))
        }
        Key::Code => Some(Test::Code(lower)),
        Key::Msisdn => Some(Test::Holds(key, lower.trim_start_matches('+').to_owned())),
        _ => Some(Test::Holds(key, lower)),
    }
}

/// `10m`: so long before now.
fn ago(value: &str, now: Timestamp) -> Option<Timestamp> {
    let unit = value.chars().next_back()?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 60 * 60,
        'd' => 24 * 60 * 60,
        'w' => 7 * 24 * 60 * 60,
        _ => return None,
    };
    let count: u32 = value.strip_suffix(unit)?.parse().ok()?;
    let length = SignedDuration::from_secs(i64::from(count).checked_mul(seconds)?);
    now.checked_sub(length).ok()
}

/// A date, a date and time, or the last time that it was this time of day.
fn moment(value: &str, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let at = |time: DateTime| Some(time.to_zoned(zone.clone()).ok()?.timestamp());
    if is_written_like("dddd-dd-dd", value) {
        return at(value.parse::<Date>().ok()?.at(0, 0, 0, 0));
    }
    if is_written_like("dddd-dd-ddTdd:dd", value) || is_written_like("dddd-dd-ddTdd:dd:dd", value) {
        return at(value.parse().ok()?);
    }
    let short = is_written_like("d:dd", value);
    if short || is_written_like("dd:dd", value) || is_written_like("dd:dd:dd", value) {
        let zero = if short { "0" } else { "" };
        let time: Time = format!("{zero}{value}").parse().ok()?;
        let today = now.to_zoned(zone.clone()).date();
        let time_today = at(today.to_datetime(time))?;
        if time_today <= now {
            return Some(time_today);
        }
        return at(today.checked_sub(1.day()).ok()?.to_datetime(time));
    }
    None
}

/// Whether `text` has a digit for every `d` of the pattern, and its other characters.
fn is_written_like(pattern: &str, text: &str) -> bool {
    pattern.len() == text.len()
        && pattern.chars().zip(text.chars()).all(|pair| match pair {
            ('d', character) => character.is_ascii_digit(),
            (wanted, character) => character == wanted,
        })
}

/// A word as it has to be typed to be a word.
pub fn spelled_word(word: &str) -> String {
    let typed: Vec<Typed> = word.chars().map(|character| (character, false)).collect();
    let is_a_field = split(&typed).is_some_and(|(name, ..)| {
        let name: String = name.iter().map(|(character, _)| character).collect();
        Key::named(&name).is_some()
    });
    if is_a_field || word.starts_with('!') {
        quoted(word)
    } else {
        spelled_value(word)
    }
}

/// A value, in quotes where it needs them.
pub fn spelled_value(value: &str) -> String {
    let needs = |character: char| character.is_whitespace() || matches!(character, '"' | '\\');
    if value.contains(needs) {
        quoted(value)
    } else {
        value.to_owned()
    }
}

fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

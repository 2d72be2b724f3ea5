//! Filters of jq over a body.
//!
//! A filter is a program: it may never end, and it may want more memory or a deeper stack than there is.
//! So whoever runs one for a person does it in a process that can be ended.

use jaq_core::data::JustLut;
use jaq_core::load::{self, Arena, File, Loader, lex, parse};
use jaq_core::{Compiler, Ctx, Vars, compile, unwrap_valr};
use jaq_json::{Val, read, write};

use super::{BYTE_ORDER_MARK, Limits, ParseError};

/// Why a filter has no result, or no further one.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    #[error("the body is not JSON: {0}")]
    Body(#[from] ParseError),
    #[error("the body is not JSON: {0}")]
    Unread(String),
    /// The filter cannot be read; the message names the place.
    #[error("{0}")]
    Filter(String),
    /// A value is not what the filter takes it for.
    #[error("{0}")]
    Value(String),
    #[error("could not write the result: {0}")]
    Written(#[from] std::io::Error),
}

/// Runs `filter` over `body`, and writes each result as compact JSON on a line of its own. Numbers keep
/// their spelling.
pub fn run(filter: &str, body: &[u8], to: &mut dyn std::io::Write) -> Result<(), QueryError> {
    super::parse(body, &Limits::CLIENT)?;
    let body = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
    let input = read::parse_single(body).map_err(|error| QueryError::Unread(error.to_string()))?;
    let arena = Arena::default();
    let modules = Loader::new(
        jaq_core::defs()
            .chain(jaq_std::defs())
            .chain(jaq_json::defs()),
    )
    .load(
        &arena,
        File {
            code: filter,
            path: (),
        },
    )
    .map_err(|errors| QueryError::Filter(unreadable(filter, errors)))?;
    let filter = Compiler::default()
        .with_funs(
            jaq_core::funs()
                .chain(jaq_std::funs())
                .chain(jaq_json::funs()),
        )
        .compile(modules)
        .map_err(|errors| QueryError::Filter(unknown(errors)))?;
    let context = Ctx::<JustLut<Val>>::new(&filter.lut, Vars::new([]));
    for output in filter.id.run((context, input)).map(unwrap_valr) {
        let value = output.map_err(|error| QueryError::Value(error.to_string()))?;
        write::write(to, &write::Pp::default(), 0, &value)?;
        to.write_all(b"\n")?;
    }
    Ok(to.flush()?)
}

/// The first thing that cannot be read, and what is due there.
fn unreadable(filter: &str, errors: load::Errors<&str, ()>) -> String {
    let first = errors.into_iter().find_map(|(_, error)| match error {
        load::Error::Lex(errors) => errors
            .into_iter()
            .next()
            .map(|(due, rest): lex::Error<&str>| (due.as_str().to_owned(), rest)),
        load::Error::Parse(errors) => errors
            .into_iter()
            .next()
            .map(|(due, rest): parse::Error<&str>| (due.as_str().to_owned(), rest)),
        load::Error::Io(_) => None,
    });
    match first {
        None => "no modules can be loaded here".to_owned(),
        Some((due, "")) => format!("at its end: expected {due}"),
        Some((due, rest)) => {
            let column = filter[..load::span(filter, rest).start].chars().count() + 1;
            format!("column {column}: expected {due}")
        }
    }
}

fn unknown(errors: compile::Errors<&str, ()>) -> String {
    let first = errors.into_iter().flat_map(|(_, errors)| errors).next();
    first.map_or_else(String::new, |(name, undefined)| {
        format!("there is no {} {name}", undefined.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(filter: &str, body: &str) -> Result<String, String> {
        let mut written = Vec::new();
        run(filter, body.as_bytes(), &mut written)
            .map(|()| String::from_utf8(written).unwrap())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn results_come_line_by_line_with_their_numbers_as_they_were_spelled() {
        let body = "\u{feff}{\"list\": [{\"gross\": 10.990, \"id\": 20067212501234567890123}, {\"gross\": \"x\\ny\"}]}";
        assert_eq!(
            result(".list[].gross", body).unwrap(),
            "10.990\n\"x\\ny\"\n"
        );
        assert_eq!(
            result(".list | map(.id)", body).unwrap(),
            "[20067212501234567890123,null]\n"
        );
        assert_eq!(result("empty", body).unwrap(), "");
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let told = |filter| result(filter, "{\"a\": 1}").unwrap_err();
        assert_eq!(told(".a | foo"), "there is no filter foo");
        assert_eq!(told("$x"), "there is no variable $x");
        assert_eq!(told(".a | ["), "at its end: expected closing bracket");
        assert_eq!(told(".a |"), "at its end: expected term");
        assert_eq!(told(".a ) + 1"), "column 4: expected token");
        assert_eq!(told(".a[]"), "cannot use 1 as iterable (array or object)");
    }

    #[test]
    fn a_body_that_is_no_json_is_named_with_its_place() {
        assert_eq!(
            result(".", "{\"a\": 1,}").unwrap_err(),
            "the body is not JSON: trailing comma, line 1 column 8"
        );
    }
}

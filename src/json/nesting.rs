//! How rows lie in one another: what folds with what, where a row's value stands, and what it is.

use super::{Part, PartKind, Path, Row, Span, Step, spelling};

/// For each row the last one of what it opens: the row of the closing bracket or, where that is missing,
/// the last row before something else begins. A row that opens nothing is its own.
pub fn last_rows(bytes: &[u8], rows: &[Row]) -> Vec<usize> {
    let mut last: Vec<usize> = (0..rows.len()).collect();
    let mut open: Vec<usize> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        while let Some(&opener) = open.last()
            && rows[opener].depth >= row.depth
        {
            open.pop();
            let closes = closes(bytes, row) && rows[opener].depth == row.depth;
            last[opener] = if closes { at } else { at - 1 };
            if closes {
                break;
            }
        }
        if opens(bytes, row) {
            open.push(at);
        }
    }
    for opener in open {
        last[opener] = rows.len() - 1;
    }
    last
}

/// The path of the value that stands on a row; a closing bracket has that of what it closes.
pub fn path_of_row(bytes: &[u8], rows: &[Row], at: usize) -> Option<Path> {
    let mut steps = Vec::new();
    let mut at = value_row(bytes, rows, at)?;
    while rows[at].depth > 0 {
        let depth = rows[at].depth;
        let parent = rows[..at].iter().rposition(|row| row.depth < depth)?;
        let name = rows[at].parts.first()?;
        steps.push(if name.kind == PartKind::Key {
            Step::Member(spelled(bytes, *name))
        } else {
            let before = rows[parent + 1..at].iter();
            let items = before.filter(|row| row.depth == depth && !closes(bytes, row));
            Step::Item(items.count())
        });
        at = parent;
    }
    steps.reverse();
    Some(Path(steps))
}

/// The value that stands on a row: a text without its quotes and escapes, anything else as it is spelled.
/// A row that opens something has all of it.
pub fn value_of_row(bytes: &[u8], rows: &[Row], at: usize) -> Option<Vec<u8>> {
    let at = value_row(bytes, rows, at)?;
    let row = &rows[at];
    let value = match row
        .parts
        .iter()
        .position(|part| part.kind == PartKind::Colon)
    {
        Some(colon) => row.parts.get(colon + 1)?,
        None => row.parts.first()?,
    };
    let end = match value.kind {
        PartKind::Text => return Some(spelled(bytes, *value).into_bytes()),
        PartKind::Punctuation if opens(bytes, row) => closing(bytes, rows, at),
        // `[]` stands on one row.
        PartKind::Punctuation => {
            row.parts
                .iter()
                .rev()
                .find(|part| !is_comma(bytes, part))?
                .span
                .end
        }
        _ => value.span.end,
    };
    Some(bytes[value.span.start..end].to_vec())
}

/// Where what a row opens ends.
fn closing(bytes: &[u8], rows: &[Row], at: usize) -> usize {
    let depth = rows[at].depth;
    let inside = rows[at + 1..].iter().take_while(|row| row.depth > depth);
    let last = at + inside.count();
    let closer = rows.get(last + 1).filter(|row| closes(bytes, row));
    let part = closer.map_or_else(|| rows[last].parts.last(), |row| row.parts.first());
    part.map_or(bytes.len(), |part| part.span.end)
}

/// The row itself, or the one that opens what it closes. None for what is no JSON.
fn value_row(bytes: &[u8], rows: &[Row], at: usize) -> Option<usize> {
    let row = rows.get(at)?;
    if row.parts.first()?.kind == PartKind::Broken {
        return None;
    }
    if closes(bytes, row) {
        return rows[..at]
            .iter()
            .rposition(|opener| opener.depth == row.depth);
    }
    Some(at)
}

/// Whether what is inside stands on the rows below.
fn opens(bytes: &[u8], row: &Row) -> bool {
    row.parts.last().is_some_and(|part| {
        part.kind == PartKind::Punctuation && b"{[".contains(&first(bytes, part.span))
    })
}

fn closes(bytes: &[u8], row: &Row) -> bool {
    row.parts.first().is_some_and(|part| {
        part.kind == PartKind::Punctuation && b"}]".contains(&first(bytes, part.span))
    })
}

fn is_comma(bytes: &[u8], part: &Part) -> bool {
    first(bytes, part.span) == b','
}

fn first(bytes: &[u8], span: Span) -> u8 {
    bytes[span.start]
}

/// What a text between quotes means; as it is spelled where it means nothing.
fn spelled(bytes: &[u8], part: Part) -> String {
    let inside = &bytes[part.span.start + 1..part.span.end - 1];
    let text = str::from_utf8(inside).ok();
    text.and_then(|text| spelling::read(text).ok())
        .unwrap_or_else(|| String::from_utf8_lossy(inside).into_owned())
}

#[cfg(test)]
mod tests {
    use super::super::rows;
    use super::*;

    const BODY: &[u8] = br#"{"a": [1, {"b c": "x\u0041"}, []], "d": {}}"#;

    #[test]
    fn what_is_inside_folds_with_what_opens_it() {
        assert_eq!(last_rows(BODY, &rows(BODY)), [9, 7, 2, 5, 4, 5, 6, 7, 8, 9]);
    }

    #[test]
    fn a_body_that_was_cut_folds_to_its_end() {
        let cut = b"{\"a\": [1, {";
        assert_eq!(last_rows(cut, &rows(cut)), [3, 3, 2, 3]);
        let broken = b"{\"a\": [1, oops\nrest";
        assert_eq!(last_rows(broken, &rows(broken)), [2, 2, 2, 3, 4]);
    }

    #[test]
    fn each_row_has_the_path_and_the_value_that_stand_on_it() {
        let rows = rows(BODY);
        let told: Vec<_> = (0..rows.len())
            .map(|at| {
                let value = value_of_row(BODY, &rows, at).unwrap();
                let path = path_of_row(BODY, &rows, at).unwrap();
                format!("{path} = {}", String::from_utf8(value).unwrap())
            })
            .collect();
        let whole = String::from_utf8(BODY.to_vec()).unwrap();
        let list = r#"[1, {"b c": "x\u0041"}, []]"#;
        assert_eq!(
            told,
            [
                format!(". = {whole}"),
                format!(".a = {list}"),
                ".a[0] = 1".to_owned(),
                r#".a[1] = {"b c": "x\u0041"}"#.to_owned(),
                ".a[1][\"b c\"] = xA".to_owned(),
                r#".a[1] = {"b c": "x\u0041"}"#.to_owned(),
                ".a[2] = []".to_owned(),
                format!(".a = {list}"),
                ".d = {}".to_owned(),
                format!(". = {whole}"),
            ]
        );
    }

    #[test]
    fn what_is_no_json_has_no_path() {
        let broken = b"{\"a\": [1, oops\nrest";
        let rows = rows(broken);
        assert_eq!(path_of_row(broken, &rows, 4), None);
        assert_eq!(value_of_row(broken, &rows, 4), None);
        assert_eq!(path_of_row(broken, &rows, 2).unwrap().to_string(), ".a[0]");
    }
}

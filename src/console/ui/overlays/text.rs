//! A form's body as JSON: coloured as it is typed, with the place of a mistake.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::console::app::editor::TextEditor;
use crate::console::ui::paint;
use crate::console::ui::theme::Theme;
use crate::json::{self, TokenKind};
use crate::text::Foreign;

/// Cells of the line numbers, with a gap behind.
const NUMBERS: usize = 5;

/// A stretch of a line in one look.
struct Piece {
    text: String,
    style: Style,
}

/// The lines that are seen in `area`; `wrong` is the place of a mistake, line and column from 1. A text
/// that is only looked at shows no cursor.
pub fn lines(
    editor: &TextEditor,
    wrong: Option<(usize, usize)>,
    cursor: bool,
    area: Rect,
    theme: &Theme,
) -> Vec<Line<'static>> {
    let (width, height) = (usize::from(area.width), usize::from(area.height));
    let room = width.saturating_sub(NUMBERS + 1);
    let (at, column) = editor.cursor();
    // The line of the cursor may be longer than there is room for: all of them move with it.
    let skipped = (column + 1).saturating_sub(room);
    let looks = looks(editor, theme);
    let mut from = editor.lines()[..editor.top]
        .iter()
        .map(|line| line.len() + 1)
        .sum();
    let mut painted = Vec::new();
    for (number, line) in editor
        .lines()
        .iter()
        .enumerate()
        .skip(editor.top)
        .take(height)
    {
        let mut pieces = pieces(line, &looks[from..from + line.len()]);
        if let Some((_, column)) = wrong.filter(|(line, _)| *line == number + 1) {
            restyle(&mut pieces, column - 1, theme.json_broken);
        }
        if cursor && number == at {
            restyle(&mut pieces, column, theme.field.patch(theme.cursor));
        }
        from += line.len() + 1;
        let mark = if wrong.is_some_and(|(line, _)| line == number + 1) {
            "!"
        } else {
            " "
        };
        let mut row = Line::from(vec![
            Span::styled(format!("{:>4}", number + 1), theme.dim),
            Span::styled(mark, theme.error),
        ]);
        let spans = pieces.into_iter().skip(skipped).flat_map(|piece| {
            paint::foreign(&Foreign::from(piece.text.as_str()), piece.style, theme)
        });
        row.extend(paint::cut(spans.collect(), room));
        painted.push(row);
    }
    painted
}

/// The look of every byte.
fn looks(editor: &TextEditor, theme: &Theme) -> Vec<Style> {
    let text = editor.text();
    let mut looks = vec![theme.text; text.len()];
    let tokens = json::tokens(text.as_bytes());
    for (at, token) in tokens.iter().enumerate() {
        let before_colon = tokens
            .get(at + 1)
            .is_some_and(|next| next.kind == TokenKind::Colon);
        let style = match token.kind {
            TokenKind::Text if before_colon => theme.json_key,
            TokenKind::Text => theme.json_text,
            TokenKind::Number => theme.json_number,
            TokenKind::Literal => theme.json_literal,
            TokenKind::Broken => theme.json_broken,
            _ => theme.json_punctuation,
        };
        looks[token.span.start..token.span.end].fill(style);
    }
    looks
}

/// The characters of a line, one by one: that is what the cursor stands on.
fn pieces(line: &str, looks: &[Style]) -> Vec<Piece> {
    line.char_indices()
        .map(|(at, character)| Piece {
            text: character.to_string(),
            style: looks[at],
        })
        .collect()
}

/// Another look for one character, or for the place behind the last.
fn restyle(pieces: &mut Vec<Piece>, column: usize, style: Style) {
    match pieces.get_mut(column) {
        Some(piece) => piece.style = style,
        None => pieces.push(Piece {
            text: " ".to_owned(),
            style,
        }),
    }
}

//! What every pane needs: rectangles, borders, foreign text in spans, and lines that fit.

use jiff::Timestamp;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span, Text};
use ratatui::widgets::{Block, BorderType, Clear};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::api::{Class, ResponseCode};
use crate::console::app::editor::Editor;
use crate::console::app::layout;
use crate::console::app::list::{Keyed, List};
use crate::console::app::state::State;
use crate::money::Amount;
use crate::text::{Foreign, RunKind, cells};

use super::theme::Theme;

pub fn rect(rect: layout::Rect) -> Rect {
    Rect::new(rect.x, rect.y, rect.width, rect.height)
}

/// A pane's border; focus shows in its weight, without colour too.
pub fn block<'a>(title: impl Into<Line<'a>>, focused: bool, theme: &Theme) -> Block<'a> {
    let (style, kind) = if focused {
        (theme.border_focused, BorderType::Thick)
    } else {
        (theme.border, BorderType::Plain)
    };
    Block::bordered()
        .border_type(kind)
        .border_style(style)
        .title(title)
}

/// A pane's title with its number, as in `1 Sessions`.
pub fn title<'a>(number: char, name: &'a str, focused: bool, theme: &Theme) -> Line<'a> {
    let style = if focused {
        theme.border_focused
    } else {
        theme.heading
    };
    Line::from(vec![
        Span::styled(number.to_string(), theme.key),
        Span::raw(" "),
        Span::styled(name, style),
    ])
}

/// The title of a list, and what it is narrowed to in the `width` cells of its pane.
pub fn list_title<T: Keyed>(
    (number, name): (char, &'static str),
    list: &List<T>,
    focused: bool,
    width: u16,
    theme: &Theme,
) -> Line<'static> {
    let mut line = title(number, name, focused, theme);
    if list.filter.is_empty() {
        return line;
    }
    let count = format!(" \u{b7} {}", list.total);
    // Both corners stay, and a blank before the filter.
    let room = usize::from(width).saturating_sub(line.width() + cells(&count) + 3);
    let filter = list.filter.to_string();
    line.push_span(Span::raw(" "));
    line.extend(start_of(&filter, room, theme.waiting, theme));
    line.push_span(Span::styled(count, theme.waiting));
    line
}

/// What a list says whose filter lets nothing through.
pub fn nothing_matches(width: usize, theme: &Theme) -> Line<'static> {
    Line::styled(fit(" nothing matches", width), theme.dim)
}

/// A popup's border over cleared cells. Answers what is inside.
pub fn popup(title: &str, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> Rect {
    let block = block(
        Span::styled(format!(" {title} "), theme.heading),
        true,
        theme,
    );
    let inner = block.inner(area);
    frame.render_widget(Clear, area);
    frame.buffer_mut().set_style(area, theme.ground);
    frame.render_widget(block, area);
    inner
}

/// Foreign text as spans, its marks in their own look.
pub fn foreign(text: &Foreign, style: Style, theme: &Theme) -> Vec<Span<'static>> {
    spans(text.for_screen(), style, theme)
}

/// Foreign text in at most `width` cells, elided in the middle.
pub fn within(text: &Foreign, width: usize, style: Style, theme: &Theme) -> Vec<Span<'static>> {
    spans(text.for_screen_within(width), style, theme)
}

/// The same for a text that is not marked as foreign yet.
pub fn foreign_within(text: &str, width: usize, style: Style, theme: &Theme) -> Vec<Span<'static>> {
    within(&Foreign::from(text), width, style, theme)
}

fn spans(runs: Vec<crate::text::Run>, style: Style, theme: &Theme) -> Vec<Span<'static>> {
    runs.into_iter()
        .map(|run| {
            let style = match run.kind {
                RunKind::Plain => style,
                RunKind::Mark | RunKind::Warning => theme.mark,
            };
            Span::styled(run.text, style)
        })
        .collect()
}

/// Foreign text in at most `width` cells, cut at the end.
pub fn start_of(text: &str, width: usize, style: Style, theme: &Theme) -> Vec<Span<'static>> {
    cut(foreign(&Foreign::from(text), style, theme), width)
}

/// The spans that fit in `width` cells, with an ellipsis where something is missing.
pub fn cut(spans: Vec<Span<'static>>, width: usize) -> Vec<Span<'static>> {
    let whole: usize = spans.iter().map(Span::width).sum();
    if whole <= width {
        return spans;
    }
    let mut left = width;
    let mut kept = Vec::new();
    for span in spans {
        let used = span.width();
        // The last cell is the ellipsis's.
        if used < left {
            left -= used;
            kept.push(span);
        } else {
            let style = span.style;
            kept.push(Span::styled(
                fit(&format!("{}\u{2026}", span.content), left),
                style,
            ));
            break;
        }
    }
    kept
}

/// Spans in rows of `width` cells, broken behind a space where there is one in the later half of the row:
/// nothing is added and nothing left out.
pub fn broken(spans: &[Span<'static>], width: usize) -> Vec<Vec<Span<'static>>> {
    let width = width.max(2);
    let clusters: Vec<(&str, Style)> = spans
        .iter()
        .flat_map(|span| {
            span.content
                .graphemes(true)
                .map(|cluster| (cluster, span.style))
        })
        .collect();
    let mut rows = Vec::new();
    let mut rest = clusters.as_slice();
    while !rest.is_empty() {
        let (row, after) = rest.split_at(row_length(rest, width));
        rows.push(joined(row));
        rest = after;
    }
    if rows.is_empty() {
        rows.push(Vec::new());
    }
    rows
}

/// How many clusters go into a row of `width` cells; at least one.
fn row_length(clusters: &[(&str, Style)], width: usize) -> usize {
    let mut used = 0;
    let fitting = clusters.iter().take_while(|(cluster, _)| {
        // What it joins stays behind a joiner.
        let joined = usize::from(cluster.ends_with('\u{200c}'));
        let fits = used + cells(cluster) + joined <= width;
        used += cells(cluster);
        fits
    });
    let fitting = fitting.count().max(1);
    if fitting == clusters.len() {
        return fitting;
    }
    let behind_a_space = clusters[..fitting]
        .iter()
        .rposition(|(cluster, _)| *cluster == " ");
    match behind_a_space {
        Some(at) if at + 1 > fitting / 2 => at + 1,
        _ => fitting,
    }
}

/// Neighbours of one style as one span.
fn joined(clusters: &[(&str, Style)]) -> Vec<Span<'static>> {
    let mut spans: Vec<Span<'static>> = Vec::new();
    for (cluster, style) in clusters {
        match spans.last_mut().filter(|span| span.style == *style) {
            Some(span) => span.content.to_mut().push_str(cluster),
            None => spans.push(Span::styled((*cluster).to_owned(), *style)),
        }
    }
    spans
}

/// A safe text cut to `width` cells, with an ellipsis where something is missing. What is joined stays
/// together, or a joiner would be left alone.
pub fn fit(text: &str, width: usize) -> String {
    if cells(text) <= width {
        return text.to_owned();
    }
    let mut left = width.saturating_sub(1);
    let fitting = text.graphemes(true).take_while(|cluster| {
        let fits = cells(cluster) <= left;
        left = left.saturating_sub(cells(cluster));
        fits
    });
    let fitted: String = fitting.collect();
    let whole = fitted.trim_end_matches(['\u{200c}', '\u{200d}']);
    let ellipsis = if width > 0 { "\u{2026}" } else { "" };
    format!("{whole}{ellipsis}")
}

/// Our own words in lines of at most `width` cells, broken between words.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is always a line");
        if line.is_empty() {
            *line = fit(word, width);
        } else if cells(line) + 1 + cells(word) <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(fit(word, width));
        }
    }
    lines
}

/// The look of an answer's code. Only a known code can look like success.
pub fn code_style(code: &ResponseCode, theme: &Theme) -> Style {
    match code.class() {
        Class::Success => theme.success,
        Class::MoreToDo => theme.waiting,
        Class::Refused => theme.refused,
        Class::Mistake => theme.mistake,
        Class::Transient => theme.unknown,
        Class::Unrecognised => theme.error,
    }
}

/// The time of day, which costs no wake-up as an age would.
pub fn time_of_day(state: &State, at: Timestamp, seconds: bool) -> String {
    let zoned = at.to_zoned(state.zone.clone());
    let format = if seconds { "%H:%M:%S" } else { "%H:%M" };
    zoned.strftime(format).to_string()
}

/// A text field in `width` cells: the end of the text before the cursor stays visible.
pub fn field(editor: &Editor, focused: bool, width: usize, theme: &Theme) -> Line<'static> {
    let style = match (focused, editor.is_fresh()) {
        (true, true) => theme.field_fresh,
        (true, false) => theme.field_focused,
        _ => theme.field,
    };
    if !focused {
        return Line::from(foreign_within(editor.value(), width, style, theme));
    }
    let (before, after) = editor.around_cursor();
    let mut line = Line::from(foreign(
        &Foreign::from(tail(before, width.saturating_sub(1))),
        style,
        theme,
    ));
    let left = width.saturating_sub(line.width());
    let mut rest = after.chars();
    let under = rest.next().map_or(" ".to_owned(), String::from);
    let cursor = theme.field.patch(theme.cursor);
    line.extend(foreign(&Foreign::from(under.as_str()), cursor, theme));
    line.extend(foreign_within(
        rest.as_str(),
        left.saturating_sub(1),
        style,
        theme,
    ));
    line
}

/// The first row of a popup that is filtered by typing.
pub fn find(filter: &Editor, width: usize, theme: &Theme) -> Line<'static> {
    let mut line = Line::from(vec![Span::styled(" Find ", theme.label)]);
    line.extend(field(filter, true, width.saturating_sub(8), theme));
    line
}

/// The end of a text that fits in `width` cells. Looked at cluster by cluster: one may be long.
fn tail(text: &str, width: usize) -> &str {
    let (mut from, mut left) = (text.len(), width);
    for (at, cluster) in text.grapheme_indices(true).rev() {
        let shown = cells(&Foreign::from(cluster).screen_text());
        if shown > left {
            break;
        }
        left -= shown;
        from = at;
    }
    &text[from..]
}

/// How many of `room` cells a part takes: none only when it is nothing.
pub fn share(part: Amount, whole: Amount, room: usize) -> usize {
    let cells =
        u128::from(part.hundredths()) * room as u128 / u128::from(whole.hundredths().max(1));
    let cells = usize::try_from(cells).unwrap_or(room).min(room);
    if part.is_zero() { 0 } else { cells.max(1) }
}

/// Which part of a longer list is seen: `1-16 of 64`; nothing where all of it is.
pub fn place(offset: usize, shown: usize, total: usize) -> String {
    if offset == 0 && total <= shown {
        return String::new();
    }
    format!("{}-{} of {total}", offset + 1, (offset + shown).min(total))
}

/// What an empty pane is for.
pub fn hint(paragraphs: &[&str], width: usize, theme: &Theme) -> Text<'static> {
    paragraphs
        .iter()
        .flat_map(|words| wrap(words, width.saturating_sub(1)))
        .map(|line| Line::styled(fit(&format!(" {line}"), width), theme.dim))
        .collect()
}

/// Keys and what they do, for the bottom of a popup: `enter send · tab next field`.
pub fn keys<'a>(pairs: &[(&'a str, &'a str)], theme: &Theme) -> Line<'a> {
    let mut line = Line::default();
    for (at, (key, words)) in pairs.iter().enumerate() {
        if at > 0 {
            line.push_span(Span::styled("  ", theme.dim));
        }
        line.push_span(Span::styled(*key, theme.key));
        line.push_span(Span::raw(" "));
        line.push_span(Span::styled(*words, theme.dim));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_with_an_ellipsis() {
        assert_eq!(fit("authorized", 10), "authorized");
        assert_eq!(fit("authorized", 6), "autho\u{2026}");
        assert_eq!(fit("authorized", 0), "");
        assert_eq!(fit("\u{4e2d}\u{6587}\u{5b57}", 4), "\u{4e2d}\u{2026}");
        let family = "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}";
        assert_eq!(fit(&family.repeat(2), 3), format!("{family}\u{2026}"));
        assert_eq!(fit("\u{6cc}\u{200c}\u{62e}", 1), "\u{2026}");
        assert_eq!(fit("\u{6cc}\u{200c}\u{62e}\u{62e}", 2), "\u{6cc}\u{2026}");
    }

    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("", 8), [""]);
    }

    #[test]
    fn long_spans_are_broken_into_rows() {
        let rows = broken(&[Span::raw("ab"), Span::raw("cdefg")], 4);
        let texts: Vec<Vec<_>> = rows
            .iter()
            .map(|row| row.iter().map(|span| span.content.to_string()).collect())
            .collect();
        assert_eq!(texts, [vec!["abcd"], vec!["efg"]]);
    }

    #[test]
    fn the_end_before_the_cursor_stays_visible() {
        assert_eq!(tail("abcdef", 3), "def");
        assert_eq!(tail("abc", 9), "abc");
        assert_eq!(tail("", 0), "");
    }
}

//! The list of test payers.

use ratatui::Frame;
use ratatui::layout::{Margin, Rect};
use ratatui::text::{Line, Span, Text};

use crate::console::app::picker::{Choice, Picker};
use crate::console::ui::paint;
use crate::console::ui::theme::Theme;
use crate::testpay::Step;

/// Keeps the corners of the border.
const MARGIN: Margin = Margin::new(1, 0);

pub fn paint(picker: &Picker, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let inner = paint::popup(
        "Who pays? The number decides what the operator answers",
        theme,
        frame,
        area,
    );
    let width = usize::from(inner.width);
    let choices = picker.choices();
    let rows = usize::from(inner.height).saturating_sub(4);

    let mut filter = Line::from(vec![Span::styled(" Find ", theme.label)]);
    filter.extend(paint::field(
        &picker.filter,
        true,
        width.saturating_sub(8),
        theme,
    ));
    let mut lines = vec![filter, headings(width, theme)];
    lines.extend(
        choices
            .iter()
            .enumerate()
            .skip(picker.cursor.offset)
            .take(rows)
            .map(|(at, choice)| row(*choice, at == picker.cursor.selected, width, theme)),
    );
    if choices.is_empty() {
        let words = match picker.typed_number() {
            Some(number) => format!(" {}: not in the list, everything succeeds", number.as_str()),
            None => " nobody like that; a whole number with country code can be used as it is"
                .to_owned(),
        };
        lines.push(Line::styled(paint::fit(&words, width), theme.dim));
    }
    lines.resize(rows + 3, Line::default());
    let bottom = paint::keys(
        &[
            (" \u{2191}\u{2193}", "choose"),
            ("enter", "take it"),
            ("type", "to find (try: pages, refund, usa)"),
            ("esc", "leave"),
        ],
        theme,
    );
    lines.push(bottom);
    frame.render_widget(Text::from(lines), inner);
    let place = paint::place(picker.cursor.offset, rows, choices.len());
    let place = Line::styled(place, theme.heading).right_aligned();
    frame.render_widget(
        place,
        area.rows().next_back().unwrap_or_default().inner(MARGIN),
    );
}

fn headings(width: usize, theme: &Theme) -> Line<'static> {
    let text = format!(
        "  {:<13}{:<28}{:<25}{}",
        "number", "what happens", "answer", "guide"
    );
    Line::styled(paint::fit(&text, width), theme.dim)
}

fn row(choice: Choice, selected: bool, width: usize, theme: &Theme) -> Line<'static> {
    let payer = choice.role.payer;
    let succeeds = [payer.start, payer.capture, payer.cancel, payer.refund]
        .iter()
        .all(|step| *step == Step::Succeeds);
    let outcome_style = match payer.start {
        _ if succeeds => theme.success,
        Step::Redirects => theme.waiting,
        _ => theme.refused,
    };
    let line = Line::from(vec![
        Span::styled(
            if selected { "\u{258c} " } else { "  " },
            theme.border_focused,
        ),
        Span::styled(format!("{:<13}", choice.role.msisdn().as_str()), theme.text),
        Span::styled(format!("{:<28}", payer.title), theme.text),
        Span::styled(format!("{:<25}", choice.outcome()), outcome_style),
        Span::styled(
            paint::fit(payer.section, width.saturating_sub(68)),
            theme.dim,
        ),
    ]);
    if selected {
        line.patch_style(theme.selected)
    } else {
        line
    }
}

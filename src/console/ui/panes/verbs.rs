//! The row of verbs for what is selected, and the money it is about.

use ratatui::Frame;
use ratatui::text::{Line, Span};

use crate::console::app::layout::Rect;
use crate::console::app::state::{Pane, State, Subject};
use crate::console::app::verbs::{self, Offer, Verb};
use crate::console::ui::paint;
use crate::console::ui::theme::Theme;
use crate::money::Taxed;
use crate::record::Transaction;
use crate::text::cells;

/// Cells of the money bar.
const BAR: usize = 12;

pub fn paint(state: &State, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    if area.is_empty() {
        return;
    }
    let focused = state.focus == Pane::Verbs;
    let title = Span::styled(
        "Act",
        if focused {
            theme.border_focused
        } else {
            theme.heading
        },
    );
    frame.render_widget(paint::block(title, focused, theme), paint::rect(area));
    let inner = area.inner();
    let width = usize::from(inner.width);
    let offers = verbs::offers(state);
    let next = verbs::next(&offers);
    let at = if focused {
        verbs::under_cursor(state, &offers)
    } else {
        next
    };
    let (buttons, below) = inner.split_top(1);
    frame.render_widget(
        row(&offers, focused.then_some(at), next, width, theme),
        paint::rect(buttons),
    );
    frame.render_widget(
        sentence(state, &offers[at], width, theme),
        paint::rect(below),
    );
}

fn row(
    offers: &[Offer],
    focused: Option<usize>,
    next: usize,
    width: usize,
    theme: &Theme,
) -> Line<'static> {
    let mut line = Line::raw(" ");
    let placed = verbs::placed(offers, width).len();
    for (at, offer) in offers.iter().enumerate().take(placed) {
        let label = offer.verb.label();
        let (text, style) = match focused {
            Some(focused) if focused == at => (format!("[{label}]"), theme.button_focused),
            None if at == next && offer.possible => (format!("[{label}]"), theme.button_next),
            _ if at == next && offer.possible => (format!(" {label} "), theme.button_next),
            _ if offer.possible => (format!(" {label} "), theme.button),
            _ => (format!(" {label} "), theme.button_disabled),
        };
        line.push_span(Span::styled(text, style));
    }
    if placed < offers.len() {
        line.push_span(Span::styled("\u{2026}", theme.dim));
    }
    line
}

/// What is good to know about the verb, and the money as a bar.
fn sentence(state: &State, offer: &Offer, width: usize, theme: &Theme) -> Line<'static> {
    let transaction = state
        .transactions
        .selected()
        .filter(|_| state.subject == Subject::Transaction);
    let bar = transaction
        .map(|transaction| bar(transaction, theme))
        .unwrap_or_default();
    let bar_width: usize = bar.iter().map(Span::width).sum();
    let room = width.saturating_sub(bar_width + 2);
    let style = match offer {
        Offer {
            verb: Verb::SendAgain,
            ..
        } => theme.unknown,
        Offer { possible: true, .. } => theme.text,
        Offer {
            possible: false, ..
        } => theme.dim,
    };
    let words = match transaction.and_then(verbs::differs) {
        Some(differs) if state.focus != Pane::Verbs => differs,
        _ => offer.sentence(),
    };
    let words = paint::fit(&words, room);
    let gap = " ".repeat(room.saturating_sub(cells(&words)));
    let mut line = Line::from(vec![
        Span::raw(" "),
        Span::styled(words, style),
        Span::raw(gap),
    ]);
    line.extend(bar);
    line
}

/// Captured and kept, refunded, and not captured, in proportion to what was asked for.
fn bar(transaction: &Transaction, theme: &Theme) -> Vec<Span<'static>> {
    let (whole, captured, refunded) = (
        transaction.price(),
        transaction.captured(),
        transaction.refunded(),
    );
    if whole.gross.is_zero() || transaction.authorized() == Taxed::ZERO {
        return Vec::new();
    }
    let share = |part| paint::share(part, whole.gross, BAR);
    let kept = share(captured.gross.saturating_sub(refunded.gross));
    let given_back = share(captured.gross).saturating_sub(kept);
    vec![
        Span::styled("\u{2587}".repeat(kept), theme.bar_filled),
        Span::styled("\u{2592}".repeat(given_back), theme.bar_refunded),
        Span::styled(
            "\u{2591}".repeat(BAR.saturating_sub(kept + given_back)),
            theme.bar_empty,
        ),
    ]
}

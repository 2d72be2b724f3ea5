//! The money: of the selected payment, and of all, exact and as a bar.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span, Text};

use crate::console::app::state::State;
use crate::console::ui::paint;
use crate::console::ui::theme::Theme;
use crate::money::{Amount, Taxed};
use crate::record::transaction::State as Payment;
use crate::record::{Totals, Transaction};

/// Cells of the names of the sums, and of each amount.
const NAMES: usize = 16;
const AMOUNT: usize = 14;

pub fn paint(state: &State, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let inner = paint::popup("Money", theme, frame, area);
    let width = usize::from(inner.width).saturating_sub(2);
    let mut lines = match state.transactions.selected() {
        Some(payment) => of_payment(payment, width, theme),
        None => vec![Line::styled(" No payment is selected.", theme.dim)],
    };
    lines.push(Line::default());
    lines.extend(of_all(state, theme));
    let rows = usize::from(inner.height).saturating_sub(1);
    lines.resize(rows, Line::default());
    lines.push(paint::keys(&[(" any key", "leave")], theme));
    frame.render_widget(Text::from(lines), inner);
}

fn of_payment(payment: &Transaction, width: usize, theme: &Theme) -> Vec<Line<'static>> {
    let name = payment.external().map_or("a payment", |id| id.as_str());
    let mut title = Line::raw(" ");
    title.extend(paint::foreign_within(name, 30, theme.heading, theme));
    let currency = payment
        .currency()
        .map_or(String::new(), |of| format!(", {of}"));
    let status = payment.status();
    title.push_span(Span::styled(
        format!(", {}{currency}", status.word()),
        theme.text,
    ));
    let sum = |name, of: Taxed, style| amounts(name, &[of.gross, of.tax], style, theme);
    let mut lines = vec![
        title,
        heading("", &["gross", "tax"], theme),
        sum("authorized", payment.authorized(), theme.text),
        sum("captured", payment.captured(), theme.text),
        sum("refunded", payment.refunded(), theme.text),
    ];
    match &payment.state {
        Payment::Captured(captured) => {
            lines.push(sum("left to refund", payment.refundable(), theme.heading));
            for refund in captured.refunds().iter().rev().take(5) {
                let id = refund.external.as_ref().map_or("", |id| id.as_str());
                let mut line = sum("  a refund", refund.booked, theme.dim);
                line.push_span("  ");
                line.extend(paint::foreign_within(id, 20, theme.dim, theme));
                lines.push(line);
            }
        }
        _ => lines.push(sum("left to capture", payment.capturable(), theme.heading)),
    }
    lines.push(bar(payment, width, theme));
    lines
}

/// Captured and kept, refunded, and not captured: shares of what was asked for.
fn bar(payment: &Transaction, width: usize, theme: &Theme) -> Line<'static> {
    let whole = payment.price().gross;
    if whole.is_zero() || payment.authorized() == Taxed::ZERO {
        return Line::styled(" nothing was granted", theme.dim);
    }
    let room = width.saturating_sub(2).min(60);
    let share = |part: Amount| paint::share(part, whole, room);
    let kept = share(
        payment
            .captured()
            .gross
            .saturating_sub(payment.refunded().gross),
    );
    let given_back = share(payment.captured().gross).saturating_sub(kept);
    let rest = room.saturating_sub(kept + given_back);
    Line::from(vec![
        Span::raw(" "),
        Span::styled("\u{2587}".repeat(kept), theme.bar_filled),
        Span::styled("\u{2592}".repeat(given_back), theme.bar_refunded),
        Span::styled("\u{2591}".repeat(rest), theme.bar_empty),
    ])
}

/// The sums of the present sandbox, a currency at a time.
fn of_all(state: &State, theme: &Theme) -> Vec<Line<'static>> {
    let totals: Vec<&Totals> = state.totals.values().collect();
    if totals.is_empty() {
        return vec![Line::styled(" All payments: none yet", theme.dim)];
    }
    let names = ["authorized", "captured", "refunded", "kept"];
    let mut lines = vec![heading("All payments", &names, theme)];
    for total in totals {
        let (authorized, captured, refunded) = (
            total.authorized.amount,
            total.captured.amount,
            total.refunded.amount,
        );
        let kept = captured.saturating_sub(refunded);
        let sums = [authorized, captured, refunded, kept];
        let name = format!("{} {}", total.payments, total.currency);
        lines.push(amounts(
            &name,
            &sums.map(|sum| sum.gross),
            theme.text,
            theme,
        ));
        lines.push(amounts(
            "  of it tax",
            &sums.map(|sum| sum.tax),
            theme.dim,
            theme,
        ));
        if total.unknown > 0 {
            let words = format!("   {} with an unknown outcome: not counted", total.unknown);
            lines.push(Line::styled(words, theme.unknown));
        }
    }
    lines
}

fn heading(name: &str, columns: &[&str], theme: &Theme) -> Line<'static> {
    let columns = columns.iter().map(|column| format!("{column:>AMOUNT$}"));
    let columns = columns.collect::<String>();
    Line::styled(format!(" {name:<NAMES$}{columns}"), theme.dim)
}

fn amounts(name: &str, amounts: &[Amount], style: Style, theme: &Theme) -> Line<'static> {
    let mut line = Line::from(Span::styled(format!(" {name:<NAMES$}"), theme.label));
    for amount in amounts {
        line.push_span(Span::styled(
            format!("{:>AMOUNT$}", amount.to_string()),
            style,
        ));
    }
    line
}

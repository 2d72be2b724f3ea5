//! Pane 2: the payments, newest first, with their money.

use ratatui::Frame;
use ratatui::style::Style;
use ratatui::text::{Line, Span, Text};

use crate::console::app::layout::Rect;
use crate::console::app::state::{Pane, State, Subject};
use crate::console::ui::paint;
use crate::console::ui::theme::Theme;
use crate::record::Transaction;
use crate::record::transaction::Status;

/// Cells of the columns that never change.
const OUTCOME: usize = 14;
const PAYER: usize = 6;
const TIME: usize = 6;
/// Bango's own id, where there is room for it.
const ID: usize = 18;

pub fn paint(state: &State, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    if area.is_empty() {
        return;
    }
    let focused = state.focus == Pane::Transactions;
    let name = ('2', "Transactions");
    let title = paint::list_title(name, &state.transactions, focused, area.width, theme);
    frame.render_widget(paint::block(title, focused, theme), paint::rect(area));
    let inner = area.inner();
    let width = usize::from(inner.width);
    if state.transactions.rows.is_empty() && !state.transactions.filter.is_empty() {
        frame.render_widget(paint::nothing_matches(width, theme), paint::rect(inner));
        return;
    }
    if state.transactions.rows.is_empty() {
        // Said too early it would flash up at every start.
        if state.transactions.known {
            frame.render_widget(welcome(state, width, theme), paint::rect(inner));
        }
        return;
    }
    let (heading, rows) = inner.split_top(1);
    let height = usize::from(rows.height);
    let visible = state.transactions.visible(height);
    let columns = Columns::of(visible.map(|(transaction, _)| transaction), width);
    frame.render_widget(headings(columns, width, theme), paint::rect(heading));
    let selected_style = if focused {
        theme.selected
    } else {
        theme.selected_elsewhere
    };
    let lines: Vec<_> = state
        .transactions
        .visible(height)
        .map(|(transaction, selected)| {
            let marked = selected && state.subject == Subject::Transaction;
            let line = row(state, transaction, marked, columns, theme);
            if marked {
                line.patch_style(selected_style)
            } else {
                line
            }
        })
        .collect();
    frame.render_widget(Text::from(lines), paint::rect(rows));
}

/// The way through a first payment, shown until there is one.
fn welcome(state: &State, width: usize, theme: &Theme) -> Text<'static> {
    let done = usize::from(
        state
            .sessions
            .rows
            .iter()
            .any(|session| session.user().is_some()),
    );
    let steps = [
        ("Identify a payer", "enter in Sessions, or +"),
        ("Authorize an amount", "enter on the payer"),
        ("Capture it", "enter on the payment"),
        ("Refund it, or a part", "enter on the payment"),
    ];
    let dim = |words: &str| Line::styled(paint::fit(words, width), theme.dim);
    if state.endpoint.read_only {
        return Text::from(dim(" No payment yet. Read-only: none can be begun here."));
    }
    let mut lines = vec![dim(" A payment in four steps:")];
    for (at, (what, how)) in steps.into_iter().enumerate() {
        let (glyph, style) = match at.cmp(&done) {
            std::cmp::Ordering::Less => ("\u{2713}", theme.success),
            std::cmp::Ordering::Equal => ("\u{25b8}", theme.button_next),
            std::cmp::Ordering::Greater => (" ", theme.dim),
        };
        lines.push(Line::from(vec![
            Span::styled(format!(" {glyph} {} {what:<27}", at + 1), style),
            Span::styled(paint::fit(how, width.saturating_sub(32)), theme.dim),
        ]));
    }
    Text::from(lines)
}

/// Cells of the columns that depend on what is shown; 0 leaves one out. The external id takes what is
/// left, and where that is too little the payer goes first, then the refunded sum.
#[derive(Clone, Copy)]
struct Columns {
    external: usize,
    id: usize,
    amount: usize,
    refunded: usize,
    payer: usize,
}

impl Columns {
    fn of<'t>(rows: impl Iterator<Item = &'t Transaction>, width: usize) -> Self {
        let (mut amount, mut refunded, mut external) = ("amount".len(), "refunded".len(), 9);
        for transaction in rows {
            amount = amount.max(amount_text(transaction).len());
            refunded = refunded.max(refunded_text(transaction).len());
            external = external.max(external_cells(transaction).min(24));
        }
        let mut columns = Self {
            external: 0,
            id: 0,
            amount: amount + 1,
            refunded: refunded + 1,
            payer: PAYER,
        };
        if columns.left(width) < external + 1 {
            columns.payer = 0;
        }
        if columns.left(width) < 8 {
            columns.refunded = 0;
        }
        if columns.left(width) > external + ID {
            columns.id = ID;
        }
        columns.external = columns.left(width);
        columns
    }

    fn left(self, width: usize) -> usize {
        width
            .saturating_sub(1 + OUTCOME + self.id + self.amount + self.refunded + self.payer + TIME)
    }
}

/// What was asked for; once captured, what the payer is charged, which may be less.
fn amount_text(transaction: &Transaction) -> String {
    let captured = transaction.captured().gross;
    let sum = if captured.is_zero() {
        transaction.price().gross
    } else {
        captured
    };
    let currency = transaction
        .currency()
        .map_or("   ".to_owned(), |currency| currency.to_string());
    format!("{sum} {currency}")
}

fn refunded_text(transaction: &Transaction) -> String {
    let refunded = transaction.refunded().gross;
    if refunded.is_zero() {
        String::new()
    } else {
        refunded.to_string()
    }
}

fn external_cells(transaction: &Transaction) -> usize {
    transaction.external().map_or(1, |id| id.as_str().len())
}

fn headings(columns: Columns, width: usize, theme: &Theme) -> Line<'static> {
    let Columns {
        external,
        id,
        amount,
        refunded,
        payer,
    } = columns;
    let text = format!(
        " {:<OUTCOME$}{:<external$}{:<id$}{:>amount$}{:>refunded$}{:>payer$}{:>TIME$}",
        "outcome",
        if external > 11 {
            "external id"
        } else {
            "external"
        },
        if id > 0 { "transaction id" } else { "" },
        "amount",
        if refunded > 0 { "refunded" } else { "" },
        if payer > 0 { "payer" } else { "" },
        "time",
    );
    Line::styled(paint::fit(&text, width), theme.dim)
}

fn row(
    state: &State,
    transaction: &Transaction,
    marked: bool,
    columns: Columns,
    theme: &Theme,
) -> Line<'static> {
    let status = transaction.status();
    let mut line = Line::from(vec![
        Span::styled(if marked { "\u{258c}" } else { " " }, theme.border_focused),
        Span::styled(
            format!("{:<OUTCOME$}", word(status)),
            status_style(status, theme),
        ),
    ]);
    let external = transaction.external().map_or("\u{2014}", |id| id.as_str());
    let external = paint::foreign_within(
        external,
        columns.external.saturating_sub(1),
        theme.text,
        theme,
    );
    pad(&mut line, external, columns.external);
    if columns.id > 0 {
        let id = transaction.id.as_ref().map_or("", |id| id.as_str());
        let id = paint::foreign_within(id, columns.id - 1, theme.text, theme);
        pad(&mut line, id, columns.id);
    }
    line.push_span(Span::styled(
        format!("{:>1$}", amount_text(transaction), columns.amount),
        theme.text,
    ));
    if columns.refunded > 0 {
        line.push_span(Span::styled(
            format!("{:>1$}", refunded_text(transaction), columns.refunded),
            theme.waiting,
        ));
    }
    if columns.payer > 0 {
        let payer = transaction.msisdn.as_ref().map_or(String::new(), |number| {
            format!("\u{2026}{}", number.last_three())
        });
        line.push_span(Span::styled(format!("{payer:>PAYER$}"), theme.dim));
    }
    let time = paint::time_of_day(state, transaction.created_at, false);
    line.push_span(Span::styled(format!("{time:>TIME$}"), theme.dim));
    line
}

/// The status with a sign of its own, so that it does not rest on colour.
fn word(status: Status) -> &'static str {
    match status {
        Status::Refused => "\u{2715} refused",
        Status::Starting => "\u{25cc} starting",
        Status::NotSent => "\u{2298} not sent",
        Status::Unknown => "? unknown",
        Status::Differs => "\u{2260} differs",
        Status::WaitingForPayer => "\u{25d4} waiting",
        Status::Authorized => "\u{25cb} authorized",
        Status::Captured => "\u{25cf} captured",
        Status::PartiallyRefunded => "\u{25d0} part refund",
        Status::Refunded => "\u{21a9} refunded",
        Status::Cancelled => "\u{2715} cancelled",
        Status::UserCancelled => "\u{2715} user cancel",
        Status::Unrecognised => "! strange",
    }
}

fn status_style(status: Status, theme: &Theme) -> Style {
    match status {
        Status::Starting => theme.dim,
        Status::NotSent | Status::Unrecognised => theme.error,
        Status::Unknown | Status::Differs => theme.unknown,
        Status::WaitingForPayer => theme.waiting,
        Status::Authorized | Status::Captured => theme.success,
        Status::PartiallyRefunded | Status::Refunded | Status::Cancelled => theme.text,
        Status::Refused | Status::UserCancelled => theme.refused,
    }
}

fn pad(line: &mut Line<'static>, spans: Vec<Span<'static>>, width: usize) {
    let used: usize = spans.iter().map(Span::width).sum();
    line.extend(spans);
    line.push_span(Span::raw(" ".repeat(width.saturating_sub(used))));
}

//! What lies over the panes.

mod code;
mod compare;
mod export;
mod form;
mod help;
mod menu;
mod money;
mod palette;
mod payer;
mod picker;
mod preview;
mod stake;
mod step;
mod stubs;
mod text;
mod themes;

use ratatui::Frame;
use ratatui::text::{Line, Text};

use crate::api::BangoUserId;
use crate::console::app::layout::Rect;
use crate::console::app::state::{Overlay, Question, State};
use crate::record::TransactionKey;
use crate::text::Foreign;

use super::paint;
use super::theme::Theme;

pub fn paint(state: &State, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    if area.is_empty() {
        return;
    }
    let area = paint::rect(area);
    match &state.overlay {
        None => {}
        Some(Overlay::Compare(shown)) => compare::paint(shown, theme, frame, area),
        Some(Overlay::Menu(menu)) => menu::paint(&state.endpoint, menu, theme, frame, area),
        Some(Overlay::Picker(picker)) => picker::paint(picker, theme, frame, area),
        Some(Overlay::Form(form)) => form::paint(state, form, theme, frame, area),
        Some(Overlay::Stubs(stubs)) => stubs::paint(stubs, theme, frame, area),
        Some(Overlay::Payer(payer)) => match &payer.code {
            Some(shown) => code::paint(payer, shown, state.look.ascii, theme, frame, area),
            None => payer::paint(payer, theme, frame, area),
        },
        Some(Overlay::Preview(preview)) => preview::paint(state, preview, theme, frame, area),
        Some(Overlay::Step(step)) => step::paint(state, *step, theme, frame, area),
        Some(Overlay::Export(export)) => export::paint(export, theme, frame, area),
        Some(Overlay::Help(help)) => help::paint(&state.keymap, help, theme, frame, area),
        Some(Overlay::Palette(palette)) => palette::paint(state, palette, theme, frame, area),
        Some(Overlay::Money) => money::paint(state, theme, frame, area),
        Some(Overlay::Copied(_)) => copied(state, theme, frame, area),
        Some(Overlay::Themes(themes)) => themes::paint(state, themes, theme, frame, area),
        Some(Overlay::Confirm(Question::Quit)) => confirm_quit(state, theme, frame, area),
        Some(Overlay::Confirm(Question::CloseAccount(user))) => {
            confirm_closing(user, theme, frame, area);
        }
        Some(Overlay::Confirm(Question::Delete(payment))) => {
            confirm_deleting(state, *payment, theme, frame, area);
        }
        Some(Overlay::Stake(open)) => stake::paint(state, open, theme, frame, area),
        Some(Overlay::Notices) => notices(state, theme, frame, area),
    }
}

/// The value alone, for the terminal's own selection.
fn copied(state: &State, theme: &Theme, frame: &mut Frame<'_>, area: ratatui::layout::Rect) {
    let Some(copied) = &state.copied else { return };
    let inner = paint::popup(
        &format!("The {}, to select by hand", copied.what),
        theme,
        frame,
        area,
    );
    let lines: Vec<_> = copied
        .lines()
        .flat_map(|line| {
            let spans = paint::foreign(&Foreign::new(line), theme.text, theme);
            paint::broken(&spans, usize::from(inner.width))
        })
        .take(usize::from(inner.height))
        .map(Line::from)
        .collect();
    frame.render_widget(Text::from(lines), inner);
}

/// Each whole, however long.
fn notices(state: &State, theme: &Theme, frame: &mut Frame<'_>, area: ratatui::layout::Rect) {
    let inner = paint::popup("To know before you begin", theme, frame, area);
    let width = usize::from(inner.width).saturating_sub(2);
    let mut lines = Vec::new();
    for words in state.notices.iter().flatten() {
        let spans = paint::foreign(&Foreign::from(words.as_str()), theme.text, theme);
        lines.extend(paint::broken(&spans, width).into_iter().map(|row| {
            let mut line = Line::raw(" ");
            line.extend(row);
            line
        }));
        lines.push(Line::default());
    }
    lines.truncate(usize::from(inner.height).saturating_sub(1));
    lines.push(paint::keys(&[(" any key", "go on")], theme));
    frame.render_widget(Text::from(lines), inner);
}

fn confirm_quit(state: &State, theme: &Theme, frame: &mut Frame<'_>, area: ratatui::layout::Rect) {
    let inner = paint::popup("Quit?", theme, frame, area);
    let count = state.calls.len();
    let calls = if count == 1 {
        "One call is".to_owned()
    } else {
        format!("{count} calls are")
    };
    let text = Text::from(vec![
        Line::raw(format!(" {calls} under way. Quitting stops waiting:")),
        Line::raw(" the outcome will be unknown."),
        Line::default(),
        paint::keys(&[(" y", "quit"), ("esc", "stay")], theme),
    ]);
    frame.render_widget(text, inner);
}

fn confirm_closing(
    user: &BangoUserId,
    theme: &Theme,
    frame: &mut Frame<'_>,
    area: ratatui::layout::Rect,
) {
    let inner = paint::popup("Close the payer's account?", theme, frame, area);
    let mut who = Line::raw(" The id ");
    who.extend(paint::foreign_within(
        user.as_str(),
        24,
        theme.heading,
        theme,
    ));
    who.push_span(" never comes back: payments");
    let text = Text::from(vec![
        who,
        Line::raw(" with it are refused (INVALID_BANGOUSERID)."),
        Line::default(),
        paint::keys(&[(" y", "close it"), ("esc", "keep it")], theme),
    ]);
    frame.render_widget(text, inner);
}

fn confirm_deleting(
    state: &State,
    payment: TransactionKey,
    theme: &Theme,
    frame: &mut Frame<'_>,
    area: ratatui::layout::Rect,
) {
    let inner = paint::popup("Delete from the journal?", theme, frame, area);
    let Some(payment) = state.transactions.get(&payment) else {
        return;
    };
    let mut which = Line::raw(" ");
    let external = payment.external().map_or("\u{2014}", |id| id.as_str());
    which.extend(paint::foreign_within(external, 30, theme.heading, theme));
    let price = payment.price().gross;
    let unit = payment
        .currency()
        .map_or_else(String::new, |currency| format!(" {currency}"));
    which.push_span(format!("  {price}{unit}  {}", payment.status().word()));
    let entries = match payment.entries {
        1 => "1 entry".to_owned(),
        count => format!("{count} entries"),
    };
    let lost = if payment.unresolved().is_some() {
        Line::styled(
            " Its outcome is unknown: the bytes that would tell it go, too.",
            theme.unknown,
        )
    } else {
        Line::raw(" The other side keeps its payment.")
    };
    let text = Text::from(vec![
        which,
        Line::raw(format!(
            " Its {entries}, with what was sent and answered, go for good."
        )),
        lost,
        Line::default(),
        paint::keys(&[(" y", "delete it"), ("esc", "keep it")], theme),
    ]);
    frame.render_widget(text, inner);
}

//! The amount of a call on a live endpoint, to be typed before it leaves.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span, Text};

use crate::console::app::stake::Stake;
use crate::console::app::state::State;
use crate::console::ui::paint;
use crate::console::ui::panes::header;
use crate::console::ui::theme::Theme;

pub fn paint(state: &State, open: &Stake, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let inner = paint::popup("Real money", theme, frame, area);
    let width = usize::from(inner.width).saturating_sub(2);
    let moves = &open.moves;
    let mut what = Line::from(vec![
        Span::styled(
            format!(" {} {} {}", moves.verb, moves.gross, moves.currency),
            theme.heading,
        ),
        Span::raw(if moves.id.is_some() { "  of " } else { "  as " }),
    ]);
    let external = moves.external.as_deref().unwrap_or("\u{2014}");
    what.extend(paint::foreign_within(external, 26, theme.heading, theme));
    if let Some(id) = &moves.id {
        what.push_span("  ");
        what.extend(paint::foreign_within(id, 14, theme.dim, theme));
    }
    let mut whose = Line::from(vec![
        Span::raw(" "),
        Span::styled(
            format!(" {} ", state.endpoint.badge()),
            header::badge(state, theme),
        ),
        Span::raw(" "),
    ]);
    let room = width.saturating_sub(whose.width());
    let address = state.endpoint.address.as_str();
    whose.extend(paint::foreign_within(address, room, theme.dim, theme));
    let mut amount = Line::from(Span::styled(
        format!(" Type the amount, {}, to send it: ", moves.gross),
        theme.label,
    ));
    amount.extend(paint::field(&open.editor, true, 16, theme));
    let note = match (open.problem, moves.note) {
        (Some(problem), _) => Line::styled(format!(" {problem}"), theme.refused),
        (None, Some(note)) => Line::styled(format!(" {note}"), theme.waiting),
        (None, None) => Line::default(),
    };
    let keys = paint::keys(&[(" enter", "send"), ("esc", "do not send")], theme);
    let text = vec![
        Line::default(),
        what,
        whose,
        Line::default(),
        amount,
        note,
        Line::default(),
        keys,
    ];
    frame.render_widget(Text::from(text), inner);
}

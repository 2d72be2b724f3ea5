//! A window of rows around a selection that follows its row, not its place.

use crate::record::Seq;
use crate::record::filter::Filter;

/// A row with a key of its own.
pub trait Keyed {
    type Key: Clone + PartialEq;
    fn key(&self) -> Self::Key;
    /// The entry that began it: lists are in this order, or in the opposite one.
    fn first(&self) -> Seq;
}

/// Whose choice the selection is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum By {
    /// Nobody's: it may move.
    #[default]
    Nobody,
    /// Somebody's, who counts on it: it stays on its row.
    Somebody,
}

/// Some of the journal's rows, held in memory in the order of the screen.
#[derive(Clone, Debug)]
pub struct List<T: Keyed> {
    pub rows: Vec<T>,
    /// Whether there are more rows before the window, in the order of the screen.
    pub before: bool,
    /// Whether there are more behind it.
    pub after: bool,
    /// What the list is narrowed to: the window is of what matches.
    pub filter: Filter,
    /// How many rows match in all, where there is a filter.
    pub total: u64,
    /// Whether it was read at all: until then nobody knows whether there are rows.
    pub known: bool,
    selected: Option<T::Key>,
    chosen: By,
    /// A row that is to be selected as soon as a window has it.
    sought: Option<T::Key>,
    /// The row at the top of the pane, counted within the window.
    pub offset: usize,
}

impl<T: Keyed> Default for List<T> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            before: false,
            after: false,
            filter: Filter::default(),
            total: 0,
            known: false,
            selected: None,
            chosen: By::Nobody,
            sought: None,
            offset: 0,
        }
    }
}

impl<T: Keyed> List<T> {
    /// Takes a window as it was read. The selection stays on its row where that is in it.
    pub fn replace(&mut self, rows: Vec<T>, before: bool, after: bool) {
        self.rows = rows;
        self.known = true;
        self.before = before;
        self.after = after;
        if let Some(key) = self.sought.take()
            && !self.select(&key)
        {
            self.sought = Some(key);
        }
        if self.position().is_none() {
            self.select_first();
        }
    }

    /// Lets a row go that is no more. The selection moves to its neighbour.
    pub fn remove(&mut self, key: &T::Key) {
        let Some(at) = self.rows.iter().position(|row| &row.key() == key) else {
            return;
        };
        let was_selected = self.position() == Some(at);
        self.rows.remove(at);
        if at < self.offset {
            self.offset -= 1;
        }
        if was_selected {
            self.select_at(at);
        }
    }

    /// Lets rows go until at most `limit` are left, at the end that the selection is further from: the
    /// journal has them, and they are read again when somebody comes near.
    pub fn trim(&mut self, limit: usize) {
        let surplus = self.rows.len().saturating_sub(limit);
        if surplus == 0 {
            return;
        }
        if self.position().unwrap_or(0) < self.rows.len() / 2 {
            self.rows.truncate(limit);
            self.after = true;
        } else {
            self.rows.drain(..surplus);
            self.offset = self.offset.saturating_sub(surplus);
            self.before = true;
        }
    }

    /// Whether there are, or may be, rows that are not at hand.
    pub fn is_part(&self) -> bool {
        !self.known || self.before || self.after || !self.filter.is_empty()
    }

    pub fn position(&self) -> Option<usize> {
        let key = self.selected.as_ref()?;
        self.rows.iter().position(|row| &row.key() == key)
    }

    pub fn selected(&self) -> Option<&T> {
        self.rows.get(self.position()?)
    }

    pub fn get(&self, key: &T::Key) -> Option<&T> {
        self.rows.iter().find(|row| &row.key() == key)
    }

    /// Selects a row of the window. Answers whether there is one.
    pub fn select(&mut self, key: &T::Key) -> bool {
        let found = self.get(key).is_some();
        if found {
            self.chosen = By::Somebody;
            self.selected = Some(key.clone());
        }
        found
    }

    /// Selects a row now or, where it is outside of the window, once it comes.
    pub fn seek(&mut self, key: T::Key) {
        self.sought = (!self.select(&key)).then_some(key);
    }

    /// From here on the selection stays on its row, whatever comes.
    pub fn choose(&mut self) {
        self.chosen = By::Somebody;
    }

    /// Selects the first row, unless a selection was chosen.
    pub fn rest_on_the_first(&mut self) {
        if self.chosen == By::Nobody && !self.before {
            self.select_first();
        }
    }

    /// Selects the first row, for want of a better one.
    pub fn select_first(&mut self) {
        self.selected = self.rows.first().map(Keyed::key);
        self.offset = 0;
    }

    pub fn select_at(&mut self, position: usize) {
        let position = position.min(self.rows.len().saturating_sub(1));
        self.sought = None;
        self.chosen = By::Somebody;
        self.selected = self.rows.get(position).map(Keyed::key);
    }

    /// Moves the selection within the window.
    pub fn step(&mut self, by: isize) {
        let position = self.position().unwrap_or(0);
        self.select_at(position.saturating_add_signed(by));
    }

    /// Scrolls as little as needed to show the selection in `height` rows.
    pub fn scroll_to_selection(&mut self, height: usize) {
        let position = self.position().unwrap_or(0);
        let height = height.max(1);
        self.offset = self
            .offset
            .clamp((position + 1).saturating_sub(height), position);
        // A pane that grew shows as many rows as it can.
        self.offset = self.offset.min(self.rows.len().saturating_sub(height));
    }

    /// Scrolls by some rows. The selection is taken along only where it would leave the `height` rows seen.
    pub fn scroll(&mut self, by: isize, height: usize) {
        let last = self.rows.len().saturating_sub(height);
        self.offset = self.offset.saturating_add_signed(by).min(last);
        if let Some(position) = self.position() {
            let end = (self.offset + height.max(1)).saturating_sub(1);
            self.select_at(position.clamp(self.offset, end));
        }
    }

    /// The rows that `height` cells show, with whether each is the selected one.
    pub fn visible(&self, height: usize) -> impl Iterator<Item = (&T, bool)> {
        let selected = self.position();
        self.rows
            .iter()
            .enumerate()
            .skip(self.offset)
            .take(height)
            .map(move |(position, row)| (row, Some(position) == selected))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Debug, PartialEq)]
    struct Row(u32);

    impl Keyed for Row {
        type Key = u32;
        fn key(&self) -> u32 {
            self.0
        }
        fn first(&self) -> Seq {
            Seq(self.0.into())
        }
    }

    fn list(keys: &[u32]) -> List<Row> {
        let mut list = List::default();
        list.replace(keys.iter().copied().map(Row).collect(), false, false);
        list
    }

    #[test]
    fn the_selection_follows_its_row_when_others_arrive() {
        let mut list = list(&[3, 2, 1]);
        list.select(&2);
        list.replace(vec![Row(5), Row(4), Row(3), Row(2), Row(1)], false, false);
        assert_eq!(list.selected(), Some(&Row(2)));
    }

    #[test]
    fn a_selection_rests_on_the_first_row_until_it_is_chosen() {
        let arrived = || vec![Row(5), Row(4), Row(3), Row(2), Row(1)];
        let selected_after = |choose: fn(&mut List<Row>)| {
            let mut list = list(&[3, 2, 1]);
            choose(&mut list);
            list.replace(arrived(), false, false);
            list.rest_on_the_first();
            list.selected().map(|row| row.0)
        };
        assert_eq!(selected_after(|_| {}), Some(5));
        assert_eq!(selected_after(List::choose), Some(3));
        assert_eq!(selected_after(|list| list.step(1)), Some(2));
        assert_eq!(selected_after(|list| list.seek(1)), Some(1));
    }

    #[test]
    fn a_selection_that_is_gone_falls_to_the_first() {
        let mut list = list(&[3, 2, 1]);
        list.select(&1);
        list.replace(vec![Row(9), Row(8)], false, false);
        assert_eq!(list.selected(), Some(&Row(9)));
    }

    #[test]
    fn a_row_that_is_sought_is_selected_when_it_comes_unless_somebody_moves() {
        let mut list = list(&[3, 2, 1]);
        list.seek(7);
        list.replace(vec![Row(3), Row(2)], true, false);
        assert_eq!(list.selected(), Some(&Row(3)));
        list.replace(vec![Row(8), Row(7), Row(3)], false, false);
        assert_eq!(list.selected(), Some(&Row(7)));
        list.seek(9);
        list.step(1);
        list.replace(vec![Row(9), Row(8), Row(7), Row(3)], false, false);
        assert_eq!(list.selected(), Some(&Row(3)));
    }

    #[test]
    fn scrolling_moves_as_little_as_needed() {
        let mut list = list(&[9, 8, 7, 6, 5, 4, 3, 2, 1]);
        list.step(4);
        list.scroll_to_selection(3);
        assert_eq!(list.offset, 2);
        list.step(-1);
        list.scroll_to_selection(3);
        assert_eq!(list.offset, 2);
        assert_eq!(
            list.visible(3)
                .map(|(row, selected)| (row.0, selected))
                .collect::<Vec<_>>(),
            [(7, false), (6, true), (5, false)]
        );
    }

    #[test]
    fn scrolling_takes_the_selection_along_only_where_it_must() {
        let mut list = list(&[9, 8, 7, 6, 5, 4, 3, 2, 1]);
        list.select(&7);
        let place = |list: &List<Row>| (list.offset, list.selected().map(|row| row.0));
        list.scroll(2, 3);
        assert_eq!(place(&list), (2, Some(7)));
        list.scroll(3, 3);
        assert_eq!(place(&list), (5, Some(4)));
        list.scroll(9, 3);
        assert_eq!(place(&list), (6, Some(3)));
        list.scroll(-9, 3);
        assert_eq!(place(&list), (0, Some(7)));
    }

    #[test]
    fn an_empty_list_has_no_selection() {
        let mut list = list(&[]);
        list.step(1);
        list.scroll_to_selection(0);
        assert_eq!(list.selected(), None);
    }
}

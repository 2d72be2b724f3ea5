//! The last row as a line to type into: a filter, or an id to go to.

use super::editor::Editor;
use super::state::Pane;

#[derive(Clone, Debug)]
pub struct Prompt {
    pub purpose: Purpose,
    pub editor: Editor,
    /// Which of the filters used before is shown, from 1; 0 is what was typed.
    recalled: usize,
    /// What was typed before others were recalled.
    typed: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Narrows this list while it is typed.
    Filter(Pane),
    /// Leads to the payment or payer that the id belongs to.
    GoTo,
}

impl Prompt {
    pub fn new(purpose: Purpose, text: &str) -> Self {
        Self {
            purpose,
            editor: Editor::new(text),
            recalled: 0,
            typed: String::new(),
        }
    }

    /// Shows the filter used `by` steps before the one that is shown; what was typed comes last.
    pub fn recall(&mut self, by: isize, used: &[String]) {
        if self.recalled == 0 {
            self.editor.value().clone_into(&mut self.typed);
        }
        self.recalled = self.recalled.saturating_add_signed(by).min(used.len());
        let text = match self.recalled.checked_sub(1) {
            Some(at) => &used[at],
            None => &self.typed,
        };
        self.editor.set(text);
    }

    /// Somebody types on: what is shown is what was typed.
    pub fn typed(&mut self) {
        self.recalled = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_comes_back_after_the_filters_used_before() {
        let used = ["state:captured".to_owned(), "amount>10".to_owned()];
        let mut prompt = Prompt::new(Purpose::GoTo, "t-7");
        let mut recalled = |by| {
            prompt.recall(by, &used);
            prompt.editor.value().to_owned()
        };
        let shown = [1, 1, 1, -1, -1, -1].map(&mut recalled);
        let all = [
            "state:captured",
            "amount>10",
            "amount>10",
            "state:captured",
            "t-7",
            "t-7",
        ];
        assert_eq!(shown, all);
    }
}

//! How the console looks and feels: what the user decided, and may change while it runs.

use super::layout::Rect;

/// The decisions, apart from the colours: which are the painter's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// The theme that is painted with, by its name.
    pub theme: Choice<String>,
    /// Every theme that there is.
    pub themes: Vec<String>,
    /// Whether only ASCII is painted of our own words and lines.
    pub ascii: bool,
    /// Whether nothing moves by itself.
    pub still: bool,
    /// Whether the mouse is ours, and not the terminal's.
    pub mouse: Choice<bool>,
    /// Cells of the left column, where that is not as usual.
    pub left: Option<u16>,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            theme: Choice::of("terminal".to_owned()),
            themes: Vec::new(),
            ascii: false,
            still: false,
            mouse: Choice::of(true),
            left: None,
        }
    }
}

/// A setting that was changed in the console. That is kept for later starts, until the setting itself is
/// changed: then that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice<T> {
    pub now: T,
    set: T,
}

impl<T: Clone + PartialEq + ToString + std::str::FromStr> Choice<T> {
    /// What the settings say.
    pub fn of(set: T) -> Self {
        Self {
            now: set.clone(),
            set,
        }
    }

    /// With what was kept by an earlier start.
    #[must_use]
    pub fn after(self, kept: Option<&str>) -> Self {
        let earlier = kept.and_then(|kept| kept.split_once(BESIDE));
        match earlier {
            Some((chosen, set)) if set == self.set.to_string() => Self {
                now: chosen.parse().unwrap_or_else(|_| self.set.clone()),
                set: self.set,
            },
            _ => self,
        }
    }

    /// As it is kept.
    pub fn kept(&self) -> String {
        format!("{}{BESIDE}{}", self.now.to_string(), self.set.to_string())
    }
}

const BESIDE: &str = " instead of ";

/// The open list of themes. What is selected is painted with at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Themes {
    pub selected: usize,
    pub offset: usize,
    /// To go back to.
    pub before: String,
}

impl Themes {
    pub fn open(look: &Look) -> Self {
        let before = look.theme.now.clone();
        let selected = look.themes.iter().position(|name| *name == before);
        Self {
            selected: selected.unwrap_or(0),
            offset: 0,
            before,
        }
    }

    pub fn select(&mut self, at: usize, count: usize, height: usize) {
        self.selected = at.min(count.saturating_sub(1));
        let least = (self.selected + 1).saturating_sub(height.max(1));
        self.offset = self.offset.clamp(least, self.selected);
    }

    /// How many names an open list has room for: less a gap and the keys.
    pub fn rows(inside: Rect) -> usize {
        usize::from(inside.height).saturating_sub(2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_chosen_counts_until_the_setting_is_another() {
        let mut chosen = Choice::of("terminal".to_owned());
        chosen.now = "light".to_owned();
        let kept = chosen.kept();
        let again = Choice::of("terminal".to_owned()).after(Some(&kept));
        assert_eq!(again, chosen);
        let changed = Choice::of("dark".to_owned()).after(Some(&kept));
        assert_eq!(changed.now, "dark");
        let unreadable = Choice::of(true).after(Some("light instead of true"));
        assert_eq!(unreadable, Choice::of(true));
        let off = Choice::of(true).after(Some("false instead of true"));
        assert_eq!(off.kept(), "false instead of true");
    }
}

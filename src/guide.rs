//! Bango's testing guide as data: what a merchant has to try before going live, step by step, and what must
//! be answered.
//!
//! The scenarios are files, one a chapter, in the program; users write others in the same form.

pub mod runner;
pub mod scenario;

pub use scenario::{Chapter, Scenario, Step};

use std::path::Path;
use std::sync::LazyLock;

/// The chapters of the guide, in its order: name of the file and text.
const FILES: [(&str, &str); 5] = [
    (
        "1-success.toml",
        include_str!("guide/scenarios/1-success.toml"),
    ),
    (
        "2-redirect.toml",
        include_str!("guide/scenarios/2-redirect.toml"),
    ),
    (
        "3-failures.toml",
        include_str!("guide/scenarios/3-failures.toml"),
    ),
    (
        "4-redirect-failures.toml",
        include_str!("guide/scenarios/4-redirect-failures.toml"),
    ),
    (
        "5-idempotency.toml",
        include_str!("guide/scenarios/5-idempotency.toml"),
    ),
];

/// The chapters of the guide.
pub fn chapters() -> &'static [Chapter] {
    static CHAPTERS: LazyLock<Vec<Chapter>> = LazyLock::new(|| {
        let read = |(name, text)| scenario::read(Path::new(name), text);
        let chapters = FILES.map(read).into_iter();
        chapters
            .collect::<Result<_, _>>()
            .unwrap_or_else(|problems| {
                unreachable!("the program's own scenarios are read by its tests: {problems:?}")
            })
    });
    &CHAPTERS
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The guide has nine, four, thirty-two, three and four.
    #[test]
    fn every_scenario_of_the_guide_is_there_once_and_in_order() {
        let count = [9, 4, 32, 3, 4];
        let sections: Vec<String> = chapters()
            .iter()
            .flat_map(|chapter| chapter.scenarios.iter())
            .map(|scenario| scenario.section.clone())
            .collect();
        let expected: Vec<String> = count
            .into_iter()
            .enumerate()
            .flat_map(|(at, count)| (1..=count).map(move |of| format!("{}.{of}", at + 1)))
            .collect();
        assert_eq!(sections, expected);
        assert_eq!(sections.iter().collect::<BTreeSet<_>>().len(), 52);
    }

    #[test]
    fn every_file_is_read_without_a_complaint() {
        for (name, text) in FILES {
            let read = scenario::read(Path::new(name), text);
            assert!(read.is_ok(), "{name}: {:?}", read.err());
        }
    }
}

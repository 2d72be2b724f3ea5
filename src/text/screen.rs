//! Foreign text for a terminal: every character either safe or replaced by a mark that names it.
//!
//! Makes runs of one line; a newline is a mark like any other control. Which colour a mark has is the
//! theme's, and where a line breaks is the widget's.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::characters::{CLOSE, OPEN, byte_mark, code_point_mark, control_picture};
use super::cluster::{Cluster, Settled, clusters, settle};
use super::scripts::{Scripts, is_in_word};
use super::{Foreign, Run, RunKind, elide};

impl Foreign {
    /// One line of runs. Neighbours of a kind are one run; a mark in `‹›` is a run of its own.
    pub fn for_screen(&self) -> Vec<Run> {
        runs(clusters(self.raw_bytes()))
    }

    /// Like [`Foreign::for_screen`], in at most `width` cells: of a longer text the beginning and the end
    /// remain, and between them stands how many bytes it has.
    pub fn for_screen_within(&self, width: usize) -> Vec<Run> {
        elide::within(self.raw_bytes(), width)
    }

    /// The text of [`Foreign::for_screen`], for where there are no runs: a window title, a toast.
    pub fn screen_text(&self) -> String {
        self.for_screen().into_iter().map(|run| run.text).collect()
    }

    /// The text of [`Foreign::for_screen_within`].
    pub fn screen_text_within(&self, width: usize) -> String {
        let runs = self.for_screen_within(width);
        runs.into_iter().map(|run| run.text).collect()
    }
}

/// How many cells a safe text takes on the screen.
pub fn cells(text: &str) -> usize {
    // By cluster, as ratatui fills its cells: some scripts are narrower when measured as a whole.
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// The runs of a text that is given in clusters.
pub(super) fn runs<'t>(clusters: impl Iterator<Item = Cluster<'t>>) -> Vec<Run> {
    let mut line = Line::default();
    let mut clusters = clusters.peekable();
    while let Some(cluster) = clusters.next() {
        match cluster {
            Cluster::Byte(byte) => line.mark(byte_mark(byte)),
            Cluster::Text(text) if text.starts_with(|first: char| first.is_ascii_control()) => {
                // A carriage return and a newline are one cluster.
                line.end_word();
                text.chars()
                    .filter_map(control_picture)
                    .for_each(|picture| line.push(RunKind::Mark, &picture));
            }
            Cluster::Text(text) if text.len() == 1 => line.plain(text),
            Cluster::Text(text) => {
                let next = clusters.peek().and_then(|next| next.first());
                line.settled(&settle(text, next));
            }
        }
    }
    line.end_word();
    line.runs
}

/// A line in the making. The last word waits until it is known whether it mixes scripts.
#[derive(Default)]
struct Line {
    runs: Vec<Run>,
    word: String,
    scripts: Scripts,
}

impl Line {
    fn settled(&mut self, settled: &Settled) {
        if !settled.kept.is_empty() {
            self.plain(&settled.kept);
        }
        for &character in &settled.named {
            self.mark(code_point_mark(character));
        }
        for (count, what) in [
            (settled.more_marks, "marks"),
            (settled.more_joined, "joined"),
        ] {
            if count > 0 {
                self.mark(format!("{OPEN}+{count} {what}{CLOSE}"));
            }
        }
    }

    fn plain(&mut self, kept: &str) {
        if !kept.starts_with(is_in_word) {
            self.end_word();
        }
        self.word.push_str(kept);
        if kept.starts_with(is_in_word) {
            kept.chars()
                .for_each(|character| self.scripts.add(character));
        } else {
            self.end_word();
        }
    }

    fn mark(&mut self, mark: String) {
        self.end_word();
        self.runs.push(Run {
            text: mark,
            kind: RunKind::Mark,
        });
    }

    fn end_word(&mut self) {
        let word = std::mem::take(&mut self.word);
        match std::mem::take(&mut self.scripts).mixture() {
            _ if word.is_empty() => {}
            None => self.push(RunKind::Plain, &word),
            Some(mixture) => self.runs.push(Run {
                text: format!("{word}{OPEN}{mixture}{CLOSE}"),
                kind: RunKind::Warning,
            }),
        }
    }

    /// Lengthens the last run where it is of the same kind and no mark in `‹›`.
    fn push(&mut self, kind: RunKind, text: &str) {
        match self.runs.last_mut() {
            Some(last) if last.kind == kind && !elide::is_whole(last) => last.text.push_str(text),
            _ => self.runs.push(Run {
                text: text.to_owned(),
                kind,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::inspection::{corpus, forbidden};
    use super::*;

    fn show(bytes: impl Into<Vec<u8>>) -> String {
        Foreign::new(bytes).screen_text()
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(show(text), expected, "{}", text.escape_unicode());
    }

    /// Takes the marks back: how many code points and stray bytes a shown text stands for.
    fn stands_for(runs: &[Run]) -> usize {
        runs.iter()
            .map(|run| match run.kind {
                RunKind::Plain => run.text.chars().count(),
                RunKind::Warning => {
                    let (word, _) = run.text.rsplit_once(OPEN).unwrap();
                    word.chars().count()
                }
                RunKind::Mark => match run.text.strip_prefix("\u{2039}+") {
                    Some(rest) => rest.split(' ').next().unwrap().parse().unwrap(),
                    None if run.text.starts_with(OPEN) => 1,
                    None => run.text.chars().filter(|&picture| picture != ' ').count(),
                },
            })
            .sum()
    }

    fn length(bytes: &[u8]) -> usize {
        bytes
            .utf8_chunks()
            .map(|chunk| chunk.valid().chars().count() + chunk.invalid().len())
            .sum()
    }

    /// What every shown text must be. An error says which rule is broken.
    fn inspect(bytes: &[u8], runs: &[Run]) -> Result<(), String> {
        let text: String = runs.iter().map(|run| run.text.as_str()).collect();
        if let Some(cluster) = forbidden(&text) {
            return Err(format!("{cluster} gets through"));
        }
        if let Some(unseen) = text.graphemes(true).find(|cluster| cells(cluster) == 0) {
            return Err(format!("{} takes no cell", unseen.escape_unicode()));
        }
        if stands_for(runs) != length(bytes) {
            return Err(format!("{} of {} shown", stands_for(runs), length(bytes)));
        }
        Ok(())
    }

    #[test]
    fn nothing_of_the_corpus_gets_through_and_nothing_is_lost() {
        for text in corpus() {
            let runs = Foreign::from(text.as_str()).for_screen();
            assert_eq!(
                inspect(text.as_bytes(), &runs),
                Ok(()),
                "{}",
                text.escape_unicode()
            );
        }
    }

    /// A stand-in that looks right at first sight: it drops C0 controls, as widgets do.
    #[test]
    fn control_dropping_c0_is_caught() {
        let naive = |text: &str| Run {
            text: text.replace(|character| character < ' ', ""),
            kind: RunKind::Plain,
        };
        let caught = |text: &str| inspect(text.as_bytes(), &[naive(text)]).is_err();
        assert!(caught("DECLINED\rAPPROVED"), "a loss without a mark");
        assert!(
            caught("amount \u{202e}00.001\u{202c} USD"),
            "a direction control"
        );
        assert!(caught("\u{9b}2J"), "C1");
        assert!(caught("OK\u{200b}"), "an invisible space");
        assert!(
            caught(&format!("a{}", "\u{301}".repeat(100))),
            "a flood of marks"
        );
        assert!(!caught("OK"));
    }

    #[test]
    fn controls_become_pictures() {
        check("DECLINED\rAPPROVED", "DECLINED␍APPROVED");
        check("\x1b[2J\x07\x7f", "␛[2J␇␡");
        check("first\r\nsecond\n", "first␍␊second␊");
        check("a\tb", "a⇥   b");
        check("\u{9b}2J", "‹U+009B›2J");
    }

    #[test]
    fn what_cannot_be_seen_is_named() {
        check(
            "amount \u{202e}00.001\u{202c} USD",
            "amount ‹U+202E›00.001‹U+202C› USD",
        );
        check("OK\u{200b}", "OK‹U+200B›");
        check("\u{feff}OK", "‹U+FEFF›OK");
        check("0.99\u{a0}", "0.99‹U+00A0›");
        check("pay\u{e0069}\u{e0067}", "pay‹U+E0069›‹U+E0067›");
        check("OK\u{fe0f}\u{200d}", "OK‹U+FE0F›‹U+200D›");
        check("\u{e0b0}\u{10ffff}\u{378}", "‹U+E0B0›‹U+10FFFF›‹U+0378›");
        check("\u{1160}\u{3164}", "‹U+1160›‹U+3164›");
    }

    #[test]
    fn bytes_that_are_not_utf8_are_named() {
        let cases: [(&[u8], &str); 10] = [
            (&[0xed, 0xa0, 0x80], "‹0xED›‹0xA0›‹0x80›"),
            (
                &[0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80],
                "‹0xED›‹0xA0›‹0xBD›‹0xED›‹0xB8›‹0x80›",
            ),
            (&[0xc0, 0x80], "‹0xC0›‹0x80›"),
            (&[0xc0, 0xaf], "‹0xC0›‹0xAF›"),
            (&[0xf4, 0x90, 0x80, 0x80], "‹0xF4›‹0x90›‹0x80›‹0x80›"),
            (
                &[0xf8, 0x88, 0x80, 0x80, 0x80],
                "‹0xF8›‹0x88›‹0x80›‹0x80›‹0x80›",
            ),
            (&[b'a', 0xe2, 0x82], "a‹0xE2›‹0x82›"),
            (&[0x80, 0xfe, 0xff], "‹0x80›‹0xFE›‹0xFF›"),
            (&[0x9b, b'2', b'J'], "‹0x9B›2J"),
            (&[0xff, 0xfe, b'{', 0], "‹0xFF›‹0xFE›{␀"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(show(bytes), expected);
        }
    }

    #[test]
    fn writing_and_emoji_stay_whole() {
        for text in [
            "Größe 0.99 €",
            "漢字テスト\u{3000}ﾊﾟ",
            "שלום 0.99 مرحبا",
            "می\u{200c}خواهم",
            "क्षि क्\u{200d}ष श\u{94d}\u{200c}र",
            "👍🏽 👨\u{200d}👩\u{200d}👧 ❤\u{fe0f} 1\u{fe0f}\u{20e3} 🇩🇪",
            "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            "e\u{301} ก\u{e49}",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn a_cell_holds_eight_marks_and_64_bytes() {
        check(
            &format!("a{}b", "\u{301}".repeat(65)),
            &format!("a{}‹+57 marks›b", "\u{301}".repeat(8)),
        );
        let family = show(vec!["👨"; 50_000].join("\u{200d}"));
        assert_eq!(
            family,
            format!("{}‹+99982 joined›", ["👨"; 9].join("\u{200d}"))
        );
    }

    #[test]
    fn marks_without_a_base_are_named() {
        check("\u{301}\u{301}x", "‹U+0301›‹U+0301›x");
        check("\n\u{301}", "␊‹U+0301›");
    }

    #[test]
    fn a_word_of_two_scripts_is_a_warning() {
        let runs = Foreign::from("a REFUND\u{415}D b").for_screen();
        let kinds: Vec<_> = runs.iter().map(|run| run.kind).collect();
        assert_eq!(kinds, [RunKind::Plain, RunKind::Warning, RunKind::Plain]);
        assert_eq!(runs[1].text, "REFUND\u{415}D‹Latin+Cyrillic›");
        check(
            "api.b\u{430}ngo.example",
            "api.b\u{430}ngo‹Latin+Cyrillic›.example",
        );
    }

    #[test]
    fn a_picture_that_was_sent_is_no_mark() {
        let runs = Foreign::from("␛\x1b‹U+202E›").for_screen();
        let kinds: Vec<_> = runs
            .iter()
            .map(|run| (run.kind, run.text.as_str()))
            .collect();
        assert_eq!(
            kinds,
            [
                (RunKind::Plain, "␛"),
                (RunKind::Mark, "␛"),
                (RunKind::Plain, "‹U+202E›")
            ]
        );
    }

    #[test]
    fn what_is_split_over_two_texts_is_as_harmless_as_whole() {
        assert_eq!(show("\x1b") + &show("[2J"), show("\x1b[2J"));
    }

    #[test]
    fn large_texts_are_shown_as_small_ones() {
        check(&"9".repeat(1 << 20), &"9".repeat(1 << 20));
        check(
            &format!("a{}", "\u{301}".repeat(100_000)),
            &format!("a{}‹+99992 marks›", "\u{301}".repeat(8)),
        );
        check(&"\n".repeat(1_000_000), &"␊".repeat(1_000_000));
    }

    proptest! {
        #[test]
        fn any_bytes_become_safe_and_whole(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert_eq!(inspect(&bytes, &Foreign::new(bytes.as_slice()).for_screen()), Ok(()));
        }

        #[test]
        fn any_mixture_of_hostile_parts_becomes_safe_and_whole(
            parts in prop::collection::vec(prop::sample::select(corpus_and_pieces()), 0..12),
        ) {
            let text = parts.concat();
            prop_assert_eq!(inspect(text.as_bytes(), &Foreign::from(text.as_str()).for_screen()), Ok(()));
        }

        #[test]
        fn any_text_becomes_safe_and_whole(text in any::<String>()) {
            prop_assert_eq!(inspect(text.as_bytes(), &Foreign::from(text.as_str()).for_screen()), Ok(()));
        }

        #[test]
        fn what_was_shown_has_nothing_left_to_mark(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let again = Foreign::from(show(bytes).as_str()).for_screen();
            prop_assert!(again.iter().all(|run| run.kind != RunKind::Mark), "{again:?}");
        }
    }

    /// Short corpus texts and the characters that do the most harm next to others.
    fn corpus_and_pieces() -> Vec<String> {
        let mut parts: Vec<String> = corpus()
            .into_iter()
            .filter(|text| text.len() < 40)
            .collect();
        parts.extend(
            "\u{200d}\u{200c}\u{fe0f}\u{fe0e}\u{301}\u{34f}\u{1f468}\u{1f3fd}\u{1f3f4}\u{e0067}\u{94d}\u{915}\u{1161}\u{1100}\u{644}\u{1f1e9}\u{20e3}1a\u{600}\u{d4e}\u{17d2}\u{1780}"
                .chars()
                .map(String::from),
        );
        parts
    }
}

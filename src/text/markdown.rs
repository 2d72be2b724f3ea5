//! Foreign text in a Markdown document (`CommonMark` with GitHub's tables).

use std::fmt::Write as _;

use super::Foreign;

impl Foreign {
    /// Text within a line, also in a cell of a table: nothing in it is markup, and no address a link.
    pub fn for_markdown(&self) -> String {
        let mut markdown = String::new();
        let text = self.screen_text();
        for (at, character) in text.char_indices() {
            match character {
                // A backslash before these would not hold in a cell, or not keep a link from being made.
                '|' | '@' => {
                    let _ = write!(markdown, "&#{};", u32::from(character));
                }
                ':' if text[at..].starts_with("://") => markdown.push_str("&#58;"),
                '_' if is_within_a_word(&text, at) => markdown.push('_'),
                '.' if text[..at].ends_with(['w', 'W']) => markdown.push_str("&#46;"),
                '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '#' | '~' | '!' | '$' => {
                    markdown.extend(['\\', character]);
                }
                other => markdown.push(other),
            }
        }
        markdown
    }

    /// A fenced block of the text's lines, which cannot end it. `language` is for the highlighter.
    pub fn for_markdown_block(&self, language: &str) -> String {
        let lines: Vec<_> = self
            .raw_bytes()
            .split(|byte| *byte == b'\n')
            .map(|line| Self::new(line.strip_suffix(b"\r").unwrap_or(line)).screen_text())
            .collect();
        let longest = lines.iter().map(|line| longest_run(line)).max();
        let fence = "`".repeat(longest.unwrap_or(0).max(2) + 1);
        format!("{fence}{language}\n{}\n{fence}\n", lines.join("\n"))
    }
}

/// There an underscore emphasises nothing.
fn is_within_a_word(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    let after = text[at + 1..].chars().next();
    [before, after]
        .into_iter()
        .all(|beside| beside.is_some_and(char::is_alphanumeric))
}

fn longest_run(line: &str) -> usize {
    let runs = line.split(|character| character != '`').map(str::len);
    runs.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::super::inspection::{corpus, forbidden};
    use super::*;

    /// The lines of a document within its only fenced block, read as `CommonMark` has it: the block is over
    /// at a line of as many backticks or more. `None` where something follows that end.
    fn fenced(document: &str) -> Option<Vec<&str>> {
        let mut lines = document.lines();
        let opening = lines.next()?;
        let fence = longest_run(opening);
        let mut within = Vec::new();
        for line in lines.by_ref() {
            let trimmed = line.trim();
            if trimmed.len() >= fence && trimmed.chars().all(|character| character == '`') {
                return lines.next().is_none().then_some(within);
            }
            within.push(line);
        }
        None
    }

    fn is_fenced(fence: impl Fn(&str) -> String, text: &str) -> bool {
        fenced(&fence(text)).is_some_and(|lines| lines.len() == text.split('\n').count())
    }

    fn texts() -> Vec<String> {
        let breaking = [
            "```",
            "`",
            "````\n```\n",
            "  ``````  \n# title",
            "```json\n",
        ];
        let mut texts: Vec<_> = breaking.map(str::to_owned).to_vec();
        texts.extend(corpus());
        texts
    }

    #[test]
    fn no_text_ends_its_block() {
        for text in texts() {
            let block = Foreign::from(text.as_str()).for_markdown_block("json");
            assert!(is_fenced(|_| block.clone(), &text), "{block}");
            assert_eq!(block.lines().find_map(forbidden), None, "{block}");
        }
    }

    #[test]
    fn control_a_fence_of_three_is_broken() {
        let naive = |text: &str| format!("```\n{text}\n```\n");
        let broken = texts()
            .iter()
            .filter(|text| !is_fenced(naive, text))
            .count();
        assert!(broken >= 3, "{broken}");
    }

    #[test]
    fn nothing_within_a_line_is_markup() {
        let text = "a|b `c` *d* _e_ f_g: [h](http://i) <j> \\| www.k @l\n";
        assert_eq!(
            Foreign::from(text).for_markdown(),
            "a&#124;b \\`c\\` \\*d\\* \\_e\\_ f_g: \\[h\\](http&#58;//i) \\<j\\> \\\\&#124; www&#46;k &#64;l\u{240a}"
        );
        for text in corpus() {
            let line = Foreign::from(text.as_str()).for_markdown();
            assert_eq!(forbidden(&line), None, "{line}");
            assert!(
                !line.contains(['|', '\n']) && !line.contains("://"),
                "{line}"
            );
        }
    }
}

//! Foreign text for a page, in an element or a quoted attribute.

use super::Foreign;

impl Foreign {
    /// The text of [`Foreign::for_screen`] with HTML's own characters escaped: to be put into a page as
    /// it is.
    pub fn for_html(&self) -> String {
        let mut html = String::new();
        for character in self.screen_text().chars() {
            match character {
                '&' => html.push_str("&amp;"),
                '<' => html.push_str("&lt;"),
                '>' => html.push_str("&gt;"),
                '"' => html.push_str("&quot;"),
                '\'' => html.push_str("&#39;"),
                other => html.push(other),
            }
        }
        html
    }
}

#[cfg(test)]
mod tests {
    use super::super::inspection::{corpus, forbidden};
    use super::*;

    #[test]
    fn markup_is_text_and_what_is_invisible_is_seen() {
        let html = Foreign::from("\"><img src=x onerror='alert(1)'>&\u{202e}").for_html();
        assert_eq!(
            html,
            "&quot;&gt;&lt;img src=x onerror=&#39;alert(1)&#39;&gt;&amp;‹U+202E›"
        );
    }

    #[test]
    fn nothing_of_the_corpus_gets_through() {
        for text in corpus() {
            let html = Foreign::from(text.as_str()).for_html();
            assert_eq!(forbidden(&html), None, "{}", text.escape_unicode());
            assert!(!html.contains(['<', '>', '"', '\'']), "{html}");
        }
    }
}

//! What is told on stderr, to people.

use std::io::{self, Write as _};

use crate::text::Foreign;

/// Tells a line. It may quote what a file or the system says, so it is escaped as a whole.
pub fn tell(line: &str) {
    // A stderr that is closed is no reason to stop.
    let _ = writeln!(io::stderr(), "{}", safe(line));
}

fn safe(line: &str) -> String {
    Foreign::from(line).screen_text()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_line_quotes_cannot_write_to_the_terminal() {
        let line =
            safe("bango: sandbox.db cannot be opened: malformed schema (\u{1b}[2J\n\u{202e})");
        assert_eq!(
            line,
            "bango: sandbox.db cannot be opened: malformed schema (\u{241b}[2J\u{240a}\u{2039}U+202E\u{203a})"
        );
    }

    #[test]
    fn our_own_sentences_stay_as_they_are() {
        let line = "bango: it cannot listen on 127.0.0.1:2646: the port is in use";
        assert_eq!(safe(line), line);
    }
}

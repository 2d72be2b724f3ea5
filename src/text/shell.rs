//! Foreign text as one word of a POSIX shell.

use super::Foreign;

impl Foreign {
    /// One word in single quotes that stands for exactly these bytes; nothing where they contain NUL,
    /// which no argument can carry. It may hold control characters, so it is for the clipboard or a file:
    /// to show it, make it [`Foreign`] again.
    pub fn for_shell(&self) -> Option<Vec<u8>> {
        let bytes = self.raw_bytes();
        if bytes.contains(&0) {
            return None;
        }
        let mut word = vec![b'\''];
        for &byte in bytes {
            match byte {
                b'\'' => word.extend_from_slice(br"'\''"),
                other => word.push(other),
            }
        }
        word.push(b'\'');
        Some(word)
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::process::Command;

    use super::super::inspection::corpus;
    use super::*;

    /// What a real shell makes of a word, as the bytes of its only argument.
    fn read_by_a_shell(word: &[u8]) -> Vec<u8> {
        let script = [b"printf '%s|' ", word].concat();
        let output = Command::new("sh")
            .arg("-c")
            .arg(OsStr::from_bytes(&script))
            .output()
            .unwrap();
        output.stdout
    }

    fn survives(quote: impl Fn(&[u8]) -> Vec<u8>, bytes: &[u8]) -> bool {
        read_by_a_shell(&quote(bytes)) == [bytes, b"|"].concat()
    }

    fn quoted(bytes: &[u8]) -> Vec<u8> {
        Foreign::new(bytes).for_shell().unwrap()
    }

    #[test]
    fn a_shell_reads_the_same_bytes_back() {
        let all_bytes: Vec<_> = (1..=255).collect();
        assert!(survives(quoted, &all_bytes));
        assert!(survives(quoted, b""));
        for text in corpus().iter().filter(|text| !text.contains('\0')) {
            assert!(survives(quoted, text.as_bytes()), "{text:?}");
        }
    }

    #[test]
    fn control_quotes_that_do_not_mind_quotes_are_caught() {
        let naive = |bytes: &[u8]| [b"'", bytes, b"'"].concat();
        assert!(!survives(naive, b"it's' ok"));
    }

    #[test]
    fn no_argument_can_carry_nul() {
        assert_eq!(Foreign::new(*b"a\0b").for_shell(), None);
    }
}

//! The form's body as a text: looked at, written by hand, and taken back into the fields.

use super::{Editor, Form, Name, Place, Problem, TextEditor, Written, body};

impl Form {
    /// Whether the body is seen as a text.
    pub fn is_text(&self) -> bool {
        self.written.as_ref().is_some_and(|written| written.open)
    }

    /// The text that is seen.
    pub fn text(&self) -> Option<&TextEditor> {
        let open = self.written.as_ref().filter(|written| written.open);
        open.map(|written| &written.editor)
    }

    /// Puts this text in the place of the body.
    pub fn write_anew(&mut self, text: &str) {
        self.written = Some(Written {
            editor: TextEditor::new(text),
            open: true,
            counts: true,
        });
    }

    /// From the fields to the text, or back. A text that the fields cannot show stays where it is, and
    /// says why.
    pub fn turn(&mut self) -> Result<(), Problem> {
        let Some(written) = &mut self.written else {
            let text = String::from_utf8(body::render(self).unwrap_or_default());
            self.written = Some(Written {
                editor: TextEditor::new(&text.expect("made of texts")),
                open: true,
                counts: false,
            });
            return Ok(());
        };
        if !written.open {
            written.open = true;
            return Ok(());
        }
        if self.fields.is_empty() {
            return Err(Problem {
                at: Place::Text { line: 1, column: 1 },
                words: "this call has none".to_owned(),
            });
        }
        match self.as_fields() {
            Ok(None) => self.written = None,
            Ok(Some(read)) => {
                self.fields = read.fields;
                let selected = &mut self.fields[self.selected];
                selected.editor.enter();
                if let Some(written) = &mut self.written {
                    written.open = false;
                }
            }
            Err(problem) => {
                self.go_to_problem(problem.at);
                return Err(problem);
            }
        }
        Ok(())
    }

    /// Takes the body into the fields and gives it another `externalTransactionId`.
    pub fn set_external(&mut self, external: &str) -> Result<(), Problem> {
        self.turn()?;
        let fields = &mut self.fields;
        if let Some(field) = fields.iter_mut().find(|field| field.name == Name::External) {
            field.editor.set(external);
            field.touched = true;
            self.fields_count();
        }
        Ok(())
    }

    /// The bytes that will leave.
    pub(super) fn body(&self) -> Option<Vec<u8>> {
        match self.counting() {
            Some(text) => Some(text.into_bytes()).filter(|bytes| !bytes.is_empty()),
            None => body::render(self),
        }
    }

    /// The form that the written body stands for, where that counts.
    pub(super) fn as_fields(&self) -> Result<Option<Self>, Problem> {
        let Some(text) = self.counting() else {
            return Ok(None);
        };
        let read = body::read(self, &text)?;
        let mut form = Self {
            document: read.document,
            ..self.clone()
        };
        for (name, value) in read.values {
            for field in form.fields.iter_mut().filter(|field| field.name == name) {
                if field.editor.value() != value {
                    field.editor = Editor::new(&value);
                    field.touched = true;
                }
            }
        }
        form.written = None;
        Ok(Some(form))
    }

    fn counting(&self) -> Option<String> {
        let written = self.written.as_ref().filter(|written| written.counts)?;
        Some(written.editor.text())
    }

    /// A field was edited: from now on the fields count, and what they do not know stays.
    pub(super) fn fields_count(&mut self) {
        if let Some(written) = self.written.take()
            && let Ok(read) = body::read(self, &written.editor.text())
        {
            self.document = read.document;
        }
    }

    pub(super) fn write(&mut self, change: impl FnOnce(&mut TextEditor)) {
        if let Some(written) = &mut self.written {
            let before = written.editor.lines().to_vec();
            change(&mut written.editor);
            written.counts |= written.editor.lines() != before;
        }
    }

    pub fn undo(&mut self) {
        self.write(TextEditor::undo);
    }

    pub fn redo(&mut self) {
        self.write(TextEditor::redo);
    }

    /// Keeps the cursor among the `height` lines that are seen.
    pub fn scroll_to_cursor(&mut self, height: usize) {
        if let Some(written) = &mut self.written {
            written.editor.scroll_to_cursor(height);
        }
    }

    /// Line and column from 1.
    pub(super) fn put_cursor(&mut self, line: usize, column: usize) {
        if let Some(written) = &mut self.written {
            let from_zero = |number: usize| number.saturating_sub(1);
            written.editor.go_to(from_zero(line), from_zero(column));
        }
    }
}

//! The desktop's clipboard, at arm's length: it may hang when opened and when used.

use std::sync::mpsc;
use std::thread;

use super::{CopyError, Route, SYSTEM_LIMIT};

/// Sets the clipboard's text. Dropped, it lets go of the clipboard.
pub(super) type SetText = Box<dyn FnMut(String) -> Result<(), String>>;
/// Finds the clipboard.
pub(super) type Open = Box<dyn FnOnce() -> Result<SetText, String> + Send>;

/// The clipboard, kept open until the end of the session: on X11 and Wayland its text goes with it.
pub(super) enum System {
    Unopened(Open),
    Open(mpsc::Sender<Text>),
    /// Why it is not tried again.
    Dead(String),
}

pub(super) struct Text {
    text: String,
    done: mpsc::Sender<Result<(), String>>,
}

pub(super) fn open() -> Result<SetText, String> {
    let mut clipboard = arboard::Clipboard::new().map_err(|error| error.to_string())?;
    Ok(Box::new(move |text| {
        clipboard.set_text(text).map_err(|error| error.to_string())
    }))
}

impl System {
    /// Copies within the limit, or is dead from then on; a thread that hangs is left behind.
    pub(super) fn copy(&mut self, text: &str) -> Result<Route, CopyError> {
        let before = std::mem::replace(self, Self::Dead(String::new()));
        let texts = match before {
            Self::Unopened(open) => start(open),
            Self::Open(texts) => Ok(texts),
            Self::Dead(why) => Err(why),
        };
        let copied = texts.and_then(|texts| {
            hand_over(&texts, text)?;
            Ok(texts)
        });
        match copied {
            Ok(texts) => {
                *self = Self::Open(texts);
                Ok(Route::System)
            }
            Err(why) => {
                *self = Self::Dead(why.clone());
                Err(CopyError::NoSystem(why))
            }
        }
    }
}

fn start(open: Open) -> Result<mpsc::Sender<Text>, String> {
    let (texts, queue) = mpsc::channel::<Text>();
    let (opened, is_open) = mpsc::channel();
    thread::spawn(move || match open() {
        Ok(mut set_text) => {
            let _ = opened.send(Ok(()));
            for Text { text, done } in queue {
                let _ = done.send(set_text(text));
            }
        }
        Err(error) => {
            let _ = opened.send(Err(error));
        }
    });
    within_limit(&is_open)?;
    Ok(texts)
}

fn hand_over(texts: &mpsc::Sender<Text>, text: &str) -> Result<(), String> {
    let (done, is_done) = mpsc::channel();
    let text = text.to_owned();
    texts
        .send(Text { text, done })
        .map_err(|_| "its thread has ended".to_owned())?;
    within_limit(&is_done)
}

fn within_limit(answer: &mpsc::Receiver<Result<(), String>>) -> Result<(), String> {
    answer
        .recv_timeout(SYSTEM_LIMIT)
        .map_err(|_| "it did not answer".to_owned())?
}

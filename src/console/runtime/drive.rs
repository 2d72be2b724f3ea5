//! The loop: events in, frames out.

use std::path::PathBuf;
use std::time::Duration;

use crossterm::event::EventStream;
use futures_util::{FutureExt as _, StreamExt as _};
use jiff::Timestamp;
use tokio::sync::mpsc::UnboundedReceiver;

use super::effects::{ForLoop, Outside};
use super::keymap_file;
use super::keys;
use super::late::Late;
use super::opening::Opened;
use super::terminal::{Signal, Signals, Terminal};
use super::themes::{AUTO, Themes};
use super::turn::{begin, turn};
use crate::clock::Clock;
use crate::config::{Colors, Warning};
use crate::console::app::event::{Done, What};
use crate::console::app::input::Input;
use crate::console::app::state::State;
use crate::console::ui::{self, theme::Theme};

/// The shortest time between two frames: a burst of events is one frame.
const FRAME: Duration = Duration::from_millis(16);

/// How long the ends of calls under way are waited for after the decision to quit.
const FAREWELL: Duration = Duration::from_millis(500);

/// How the loop ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The process's exit code.
    Code(u8),
    /// The console is wanted on the endpoint of this profile.
    Switch { profile: String },
}

/// What a turn of the loop has decided.
enum Next {
    GoOn,
    End(End),
}

struct Loop {
    state: State,
    outside: Outside,
    events: UnboundedReceiver<What>,
    theme: Theme,
    themes: Themes,
    /// Where the user's keys are.
    keymap: PathBuf,
    /// The terminal's answer that has not come yet.
    late: Late,
    terminal: Terminal,
    input: Option<EventStream>,
    clock: Clock,
    /// When the console wants to be woken.
    wake: Option<Timestamp>,
    /// Whether something on the screen may have changed.
    changed: bool,
}

/// Runs the console until it ends.
pub async fn drive(
    opened: Opened,
    terminal: Terminal,
    signals: &mut Signals,
) -> anyhow::Result<End> {
    let Opened {
        state,
        outside,
        events,
        themes,
        keymap,
        clock,
        ..
    } = opened;
    // The library looks at NO_COLOR by itself, and would overrule the flag.
    crossterm::style::force_color_output(themes.colors != Colors::None);
    let mut console = Loop {
        state,
        outside,
        events,
        theme: Theme::terminal(themes.colors != Colors::None),
        themes,
        keymap,
        late: Late::default(),
        terminal,
        input: None,
        clock,
        wake: None,
        changed: true,
    };
    let (width, height) = crossterm::terminal::size()?;
    console.take(What::Input(Input::Resize { width, height }))?;
    console.first_theme()?;
    console.take_mouse()?;
    console.input = Some(EventStream::new());
    for effect in begin(&mut console.outside) {
        console.perform(effect)?;
    }
    let end = console.run(signals).await?;
    console.farewell().await;
    Ok(end)
}

impl Loop {
    async fn run(&mut self, signals: &mut Signals) -> anyhow::Result<End> {
        let mut frame = tokio::time::interval(FRAME);
        frame.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let wake = until(self.wake, self.clock.clone());
            let next = tokio::select! {
                biased;
                signal = signals.next() => self.signal(signal)?,
                Some(what) = self.events.recv() => self.take(what)?,
                input = next_input(&mut self.input) => match input {
                    Some(Ok(event)) if self.late.takes(&event) => Next::GoOn,
                    Some(Ok(event)) => match keys::input(event) {
                        Some(input) => self.take(What::Input(input))?,
                        None => Next::GoOn,
                    },
                    // The terminal cannot be read any more: there is nobody to talk to.
                    Some(Err(_)) | None => Next::End(End::Code(129)),
                },
                () = wake => {
                    self.wake = None;
                    self.take(What::Input(Input::Wake))?
                }
                _ = frame.tick(), if self.changed => {
                    self.paint()?;
                    Next::GoOn
                }
            };
            if let Next::End(end) = next {
                return Ok(end);
            }
        }
    }

    /// Takes one event and does what follows from it.
    fn take(&mut self, what: What) -> anyhow::Result<Next> {
        self.changed = true;
        let now = self.clock.now();
        for effect in turn(&mut self.state, &mut self.outside, now, what) {
            if let Next::End(end) = self.perform(effect)? {
                return Ok(Next::End(end));
            }
        }
        Ok(Next::GoOn)
    }

    fn perform(&mut self, effect: ForLoop) -> anyhow::Result<Next> {
        match effect {
            ForLoop::Quit => return Ok(Next::End(End::Code(0))),
            ForLoop::Switch { profile } => return Ok(Next::End(End::Switch { profile })),
            ForLoop::Redraw => self.terminal.clear()?,
            ForLoop::Theme { name } => self.show(&name)?,
            ForLoop::Mouse { ours } => self.terminal.take_mouse(ours)?,
            ForLoop::Reread => self.reread()?,
            ForLoop::Suspend => self.suspend()?,
            ForLoop::WakeAt(at) => {
                self.wake = Some(self.wake.map_or(at, |earlier| earlier.min(at)));
            }
            ForLoop::ToTerminal { escape } => self.terminal.send(&escape)?,
        }
        Ok(Next::GoOn)
    }

    fn signal(&mut self, signal: Signal) -> anyhow::Result<Next> {
        match signal {
            Signal::End { code } => return Ok(Next::End(End::Code(code))),
            Signal::Suspend => self.suspend()?,
            Signal::Continued => self.resume()?,
        }
        Ok(Next::GoOn)
    }

    /// The key reader must not take keys from the shell while the program is stopped.
    fn suspend(&mut self) -> anyhow::Result<()> {
        self.input = None;
        self.terminal.suspend()?;
        Ok(())
    }

    fn resume(&mut self) -> anyhow::Result<()> {
        self.terminal.resume()?;
        self.take_mouse()?;
        self.input = Some(EventStream::new());
        let (width, height) = crossterm::terminal::size()?;
        self.take(What::Input(Input::Resize { width, height }))?;
        Ok(())
    }

    /// The mouse, unless the user wants it left to the terminal.
    fn take_mouse(&mut self) -> anyhow::Result<()> {
        if self.state.look.mouse.now {
            self.terminal.take_mouse(true)?;
        }
        Ok(())
    }

    /// The theme of the start. Which it is may depend on the terminal, which is asked before its keys are
    /// read: what was typed meanwhile counts.
    fn first_theme(&mut self) -> anyhow::Result<()> {
        let name = self.state.look.theme.now.clone();
        let mut typed = Vec::new();
        if name == AUTO && self.themes.colors != Colors::None {
            let answered = self.terminal.ask_for_background()?;
            self.themes.background = answered.background;
            self.late = Late::after(&answered);
            typed = answered.typed;
        }
        match self.themes.read(&name) {
            Ok((theme, warnings)) => {
                self.theme = theme;
                for warning in warnings {
                    self.tell(warning.to_string())?;
                }
            }
            Err(problem) => self.tell(problem)?,
        }
        for input in typed {
            self.take(What::Input(input))?;
        }
        Ok(())
    }

    /// Another theme. One that cannot be had leaves the present one.
    fn show(&mut self, name: &str) -> anyhow::Result<()> {
        match self.themes.read(name) {
            Ok((theme, warnings)) => {
                self.theme = theme;
                match warnings.first() {
                    Some(warning) => self.tell(warning.to_string()),
                    None => Ok(()),
                }
            }
            Err(problem) => self.tell(problem),
        }
    }

    /// The files of theme and keys once more. While something is wrong with one, what it says does not
    /// change.
    fn reread(&mut self) -> anyhow::Result<()> {
        let names = self.themes.names();
        self.take(What::Done(Done::Themes(names)))?;
        match sound(self.themes.read(&self.state.look.theme.now)) {
            Ok(theme) => self.theme = theme,
            Err(problem) => self.tell(format!("the theme stays as it was: {problem}"))?,
        }
        match sound(keymap_file::read(&self.keymap)) {
            Ok(keymap) => {
                self.take(What::Done(Done::Keymap(keymap)))?;
            }
            Err(problem) => self.tell(format!("the keys stay as they were: {problem}"))?,
        }
        Ok(())
    }

    fn tell(&mut self, words: String) -> anyhow::Result<()> {
        self.take(What::Done(Done::Notice(words)))?;
        Ok(())
    }

    fn paint(&mut self) -> anyhow::Result<()> {
        let (state, theme) = (&self.state, &self.theme);
        self.terminal.draw(|frame| ui::view(state, theme, frame))?;
        self.changed = false;
        Ok(())
    }

    /// Calls under way are cancelled and their ends recorded, as long as that is quick.
    async fn farewell(&mut self) {
        self.outside.cancel_all();
        let ends = async {
            while self.outside.is_waiting() {
                let Some(what) = self.events.recv().await else {
                    break;
                };
                self.outside.notice(&what);
            }
        };
        // What takes longer is found by the next start: its outcome is unknown.
        let _ = tokio::time::timeout(FAREWELL, ends).await;
        while let Some(Some(what)) = self.events.recv().now_or_never() {
            self.outside.notice(&what);
        }
    }
}

/// What a file says, if nothing is wrong with it.
fn sound<T>(read: Result<(T, Vec<Warning>), String>) -> Result<T, String> {
    let (found, warnings) = read?;
    match warnings.first() {
        None => Ok(found),
        Some(warning) => Err(warning.to_string()),
    }
}

async fn next_input(
    input: &mut Option<EventStream>,
) -> Option<std::io::Result<crossterm::event::Event>> {
    match input {
        Some(input) => input.next().await,
        None => std::future::pending().await,
    }
}

/// Ready at this time; never where there is none.
async fn until(time: Option<Timestamp>, clock: Clock) {
    let Some(time) = time else {
        return std::future::pending().await;
    };
    let left = time.duration_since(clock.now());
    tokio::time::sleep(Duration::try_from(left).unwrap_or_default()).await;
}

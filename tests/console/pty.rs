//! The program in a terminal of its own: keys are typed, the screen is read, and what is left of the
//! terminal afterwards is looked at.

use std::num::NonZero;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use bango_console::clock::Stopwatch;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use portable_pty::{
    Child, CommandBuilder, ExitStatus, MasterPty, PtyPair, PtySize, native_pty_system,
};
use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};
use tempfile::TempDir;

use crate::camera::Cell;

/// How long anything may take before a test gives up on it.
pub const DEADLINE: Duration = Duration::from_secs(30);

const SIZE: PtySize = PtySize {
    rows: 24,
    cols: 80,
    pixel_width: 0,
    pixel_height: 0,
};

/// Where a console keeps its things, for as long as a test lasts.
pub struct Home(TempDir);

impl Home {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// The variables of a console that lives here, and of nobody else.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let folder = |name: &str| self.path().join(name).display().to_string();
        vec![
            ("HOME", folder("")),
            ("BANGO_CONFIG_DIR", folder("config")),
            ("BANGO_DATA_DIR", folder("data")),
            ("BANGO_STATE_DIR", folder("state")),
            ("TERM", "xterm-256color".into()),
            // As over SSH: the only way to the clipboard is through the terminal.
            ("SSH_TTY", "/dev/pts/0".into()),
            ("TZ", "UTC".into()),
            ("LANG", "C.UTF-8".into()),
        ]
    }

    /// `bango`, as it is started from a shell.
    pub fn bango(&self) -> CommandBuilder {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_bango"));
        command.env_clear();
        for (name, value) in self.environment() {
            command.env(name, value);
        }
        command
    }

    /// A console in a terminal, ready for keys.
    pub fn console(&self) -> Seat {
        let seat = Seat::run(self.bango());
        seat.wait_for("? help");
        seat
    }
}

/// What the terminal has shown so far, and how the program has ended.
struct Seen {
    screen: vt100::Parser,
    raw: Vec<u8>,
    ended: Option<ExitStatus>,
}

type Watched = Arc<(Mutex<Seen>, Condvar)>;

/// Somebody at a terminal in which a program runs.
pub struct Seat {
    pair: PtyPair,
    pid: Pid,
    seen: Watched,
    keyboard: Mutex<Box<dyn std::io::Write + Send>>,
    modes: String,
}

impl Seat {
    pub fn run(command: CommandBuilder) -> Self {
        let pair = native_pty_system().openpty(SIZE).unwrap();
        let modes = modes(&*pair.master);
        let screen = vt100::Parser::new(side(SIZE.rows), side(SIZE.cols), 0);
        let seen = Seen {
            screen,
            raw: Vec::new(),
            ended: None,
        };
        let seen = Arc::new((Mutex::new(seen), Condvar::new()));
        watch(pair.master.try_clone_reader().unwrap(), seen.clone());
        let keyboard = Mutex::new(pair.master.take_writer().unwrap());
        let child = pair.slave.spawn_command(command).unwrap();
        let pid = i32::try_from(child.process_id().unwrap()).unwrap();
        wait_for_end(child, seen.clone());
        Self {
            pair,
            pid: Pid::from_raw(pid).unwrap(),
            seen,
            keyboard,
            modes,
        }
    }

    /// Waits until the program has so many processes of its own.
    #[track_caller]
    pub fn wait_for_children(&self, count: usize) {
        let watch = Stopwatch::start();
        while self.children() != count {
            let waited = Duration::from_micros(watch.micros());
            assert!(waited < DEADLINE, "{} processes", self.children());
        }
    }

    /// What everybody on the machine can see of the program and of those that it has started: the arguments.
    pub fn arguments(&self) -> Vec<(i32, Vec<u8>)> {
        let own = self.pid.as_raw_nonzero().get();
        let all = std::fs::read_dir("/proc").unwrap().flatten();
        let pids = all.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
        let is_ours = |pid: &i32| {
            let status = std::fs::read_to_string(format!("/proc/{pid}/status"));
            let parent = format!("PPid:\t{own}\n");
            *pid == own || status.is_ok_and(|status| status.contains(&parent))
        };
        pids.filter(is_ours)
            .map(|pid| {
                (
                    pid,
                    std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default(),
                )
            })
            .collect()
    }

    fn children(&self) -> usize {
        let listed = std::process::Command::new("ps")
            .args(["-A", "-o", "ppid="])
            .output()
            .unwrap();
        let parent = self.pid.as_raw_nonzero().to_string();
        let parents = String::from_utf8(listed.stdout).unwrap();
        let ours = parents.lines().filter(|line| line.trim() == parent);
        ours.count()
    }

    /// Types keys: `<enter>` and the like by name, everything else as it stands.
    pub fn keys(&self, keys: &str) -> &Self {
        let mut keyboard = self.keyboard.lock().unwrap();
        keyboard.write_all(&bytes_of(keys)).unwrap();
        keyboard.flush().unwrap();
        drop(keyboard);
        self
    }

    #[track_caller]
    pub fn wait_for(&self, text: &str) -> &Self {
        self.wait_until(text, |screen| screen.contains(text))
    }

    #[track_caller]
    pub fn wait_until_gone(&self, text: &str) -> &Self {
        self.wait_until(text, |screen| !screen.contains(text))
    }

    /// Waits until the screen holds; where it does not in time it is part of the complaint.
    #[track_caller]
    pub fn wait_until(&self, what: &str, holds: impl Fn(&str) -> bool) -> &Self {
        let seen = self.wait(|seen| holds(&seen.screen.screen().contents()));
        let screen = seen.screen.screen().contents();
        drop(seen);
        assert!(
            holds(&screen),
            "waited for {what:?} on this screen:\n{screen}"
        );
        self
    }

    fn wait(&self, holds: impl Fn(&Seen) -> bool) -> MutexGuard<'_, Seen> {
        let (seen, changed) = &*self.seen;
        let seen = seen.lock().unwrap();
        let (seen, _) = changed
            .wait_timeout_while(seen, DEADLINE, |seen| !holds(seen))
            .unwrap();
        seen
    }

    /// What stands on the screen, without blanks around it.
    pub fn said(&self) -> String {
        self.screen().trim().to_owned()
    }

    pub fn screen(&self) -> String {
        self.seen.0.lock().unwrap().screen.screen().contents()
    }

    /// Rows and columns.
    pub fn size(&self) -> (usize, usize) {
        let (rows, columns) = self.seen.0.lock().unwrap().screen.screen().size();
        (rows.get().into(), columns.get().into())
    }

    /// A cell as it is painted.
    pub fn cell(&self, x: usize, y: usize) -> Cell {
        let seen = self.seen.0.lock().unwrap();
        let place = |cells| u16::try_from(cells).unwrap();
        let cell = seen.screen.screen().cell(place(y), place(x)).unwrap();
        let dark = |color, otherwise| match color {
            vt100::Color::Idx(0) => true,
            vt100::Color::Idx(15) => false,
            _ => otherwise,
        };
        Cell {
            symbol: cell.contents().chars().next().unwrap_or(' '),
            dark_text: dark(cell.fgcolor(), false),
            dark_ground: dark(cell.bgcolor(), true),
        }
    }

    /// One row of the screen.
    pub fn row(&self, y: usize) -> String {
        let screen = self.screen();
        screen.lines().nth(y).unwrap_or_default().to_owned()
    }

    /// Everything the program wrote, sequence by sequence.
    pub fn raw(&self) -> Vec<u8> {
        self.seen.0.lock().unwrap().raw.clone()
    }

    /// Waits until the program has written this, seen or not.
    #[track_caller]
    pub fn wait_for_raw(&self, text: &str) -> &Self {
        let holds = |seen: &Seen| String::from_utf8_lossy(&seen.raw).contains(text);
        let seen = self.wait(holds);
        assert!(holds(&seen), "waited for {text:?} to be written");
        drop(seen);
        self
    }

    /// What the terminal was last told to put on the clipboard.
    #[track_caller]
    pub fn clipboard(&self) -> String {
        let copied = |seen: &Seen| copied(&seen.raw);
        let seen = self.wait(|seen| copied(seen).is_some());
        copied(&seen).expect("something was copied")
    }

    /// Forgets what was written so far.
    pub fn forget(&self) {
        self.seen.0.lock().unwrap().raw.clear();
    }

    pub fn send(&self, signal: Signal) -> &Self {
        kill_process(self.pid, signal).unwrap();
        self
    }

    pub fn resize(&self, rows: u16, cols: u16) {
        self.seen
            .0
            .lock()
            .unwrap()
            .screen
            .screen_mut()
            .set_size(side(rows), side(cols));
        self.pair
            .master
            .resize(PtySize { rows, cols, ..SIZE })
            .unwrap();
    }

    /// Waits until the program has stopped itself.
    #[track_caller]
    pub fn wait_for_stop(&self) {
        let options = WaitOptions::UNTRACED | WaitOptions::NOHANG;
        let watch = Stopwatch::start();
        let stopped = || {
            let told = waitpid(Some(self.pid), options).unwrap();
            told.is_some_and(|(_, status)| status.stopped())
        };
        while !stopped() {
            assert!(
                u128::from(watch.micros()) < DEADLINE.as_micros(),
                "it has not stopped"
            );
            thread::yield_now();
        }
    }

    /// Waits for the end of the program.
    #[track_caller]
    pub fn end(&self) -> ExitStatus {
        let seen = self.wait(|seen| seen.ended.is_some());
        let screen = seen.screen.screen().contents();
        seen.ended
            .clone()
            .unwrap_or_else(|| panic!("it has not ended:\n{screen}"))
    }

    /// The terminal's modes now, and as they were before the program.
    pub fn modes(&self) -> (String, String) {
        (modes(&*self.pair.master), self.modes.clone())
    }

    /// The terminal is as it was before the program.
    #[track_caller]
    pub fn check_as_found(&self) {
        drop(self.wait(|seen| !seen.screen.screen().alternate_screen()));
        self.check_now();
    }

    /// The same, without waiting for the last bytes.
    #[track_caller]
    pub fn check_now(&self) {
        let seen = self.seen.0.lock().unwrap();
        let screen = seen.screen.screen();
        assert!(!screen.alternate_screen(), "on the alternate screen");
        assert!(!screen.hide_cursor(), "the cursor is hidden");
        assert!(!screen.bracketed_paste(), "pastes are bracketed");
        assert!(!screen.application_cursor() && !screen.application_keypad());
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
        assert_eq!(screen.fgcolor(), vt100::Color::Default);
        drop(seen);
        let (now, before) = self.modes();
        assert_eq!(now, before);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let ended = self.seen.0.lock().is_ok_and(|seen| seen.ended.is_some());
        if !ended {
            let _ = kill_process(self.pid, Signal::KILL);
        }
    }
}

fn side(cells: u16) -> NonZero<u16> {
    NonZero::new(cells).unwrap()
}

/// Keeps what the program writes.
fn watch(mut terminal: Box<dyn std::io::Read + Send>, seen: Watched) {
    thread::spawn(move || {
        let mut part = [0; 4096];
        while let Ok(count @ 1..) = terminal.read(&mut part) {
            let mut now = seen.0.lock().unwrap();
            now.raw.extend_from_slice(&part[..count]);
            now.screen.process(&part[..count]);
            drop(now);
            seen.1.notify_all();
        }
    });
}

fn wait_for_end(mut child: Box<dyn Child + Send + Sync>, seen: Watched) {
    thread::spawn(move || {
        let status = child.wait().unwrap();
        seen.0.lock().unwrap().ended = Some(status);
        seen.1.notify_all();
    });
}

fn modes(master: &(dyn MasterPty + Send)) -> String {
    format!("{:?}", master.get_termios().unwrap())
}

/// What the last OSC 52 sequence holds.
fn copied(raw: &[u8]) -> Option<String> {
    let raw = String::from_utf8_lossy(raw);
    let (_, after) = raw.rsplit_once("\x1b]52;c;")?;
    let (encoded, _) = after.split_once("\x1b\\")?;
    let bytes = BASE64_STANDARD.decode(encoded).ok()?;
    String::from_utf8(bytes).ok()
}

fn bytes_of(keys: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = keys;
    while let Some(first) = rest.chars().next() {
        let named = rest
            .strip_prefix('<')
            .and_then(|after| after.split_once('>'));
        if let Some((name, after)) = named {
            bytes.extend_from_slice(named_key(name));
            rest = after;
        } else {
            bytes.extend_from_slice(&rest.as_bytes()[..first.len_utf8()]);
            rest = &rest[first.len_utf8()..];
        }
    }
    bytes
}

fn named_key(name: &str) -> &'static [u8] {
    match name {
        "enter" => b"\r",
        "esc" => b"\x1b",
        "tab" => b"\t",
        "up" => b"\x1b[A",
        "down" => b"\x1b[B",
        "right" => b"\x1b[C",
        "left" => b"\x1b[D",
        "ctrl+c" => b"\x03",
        "ctrl+g" => b"\x07",
        "ctrl+u" => b"\x15",
        "ctrl+l" => b"\x0c",
        "ctrl+p" => b"\x10",
        "ctrl+r" => b"\x12",
        "ctrl+w" => b"\x17",
        "ctrl+x" => b"\x18",
        "ctrl+y" => b"\x19",
        "ctrl+z" => b"\x1a",
        _ => panic!("no key is called {name}"),
    }
}

//! Each test runs itself again in a terminal of its own, as the program; then it is the user and looks at
//! what is left.

use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use portable_pty::{Child, CommandBuilder, MasterPty, PtyPair, PtySize, native_pty_system};
use rustix::process::{Pid, Signal as Number, WaitOptions, kill_process, waitpid};

use super::*;
use crate::clock::{Clock, Stopwatch};

const ENTERED: &str = "\x1b[?1049h\x1b[?25l\x1b[?2004h";
const MOUSE: &str = "\x1b[?1000h\x1b[?1002h\x1b[?1006h\x1b[?1004h";
/// The mouse is left to the terminal also where it was not taken, or where nobody knows any more.
const LEFT: &str =
    "\x1b[0m\x1b[?1004l\x1b[?1006l\x1b[?1002l\x1b[?1000l\x1b[?2004l\x1b[?25h\x1b[?1049l";
const DEADLINE: u64 = 30_000_000;

/// Set for the second run: where it may write.
const INSIDE: &str = "BANGO_TEST_TERMINAL";

fn inside() -> Option<std::path::PathBuf> {
    std::env::var_os(INSIDE).map(Into::into)
}

fn in_runtime<T>(loop_of_the_program: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(loop_of_the_program)
}

/// With the mouse, as the console has it unless the user decides otherwise.
fn enter() -> Terminal {
    let mut terminal = Terminal::enter(&Environment::of_this_process()).unwrap();
    terminal.take_mouse(true).unwrap();
    terminal
}

/// The whole of a program that only obeys signals.
fn obey_signals() -> ! {
    let code = in_runtime(async {
        let mut signals = Signals::listen().unwrap();
        let mut terminal = enter();
        loop {
            terminal
                .draw(|frame| frame.render_widget("painted", frame.area()))
                .unwrap();
            match signals.next().await {
                Signal::End { code } => return code,
                Signal::Suspend => terminal.suspend().unwrap(),
                Signal::Continued => terminal.resume().unwrap(),
            }
        }
    });
    std::process::exit(code.into());
}

fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let watch = Stopwatch::start();
    while !holds() {
        assert!(watch.micros() < DEADLINE, "waited for {what}");
        std::thread::yield_now();
    }
}

fn open_pty() -> PtyPair {
    let size = PtySize {
        rows: 24,
        cols: 80,
        pixel_width: 0,
        pixel_height: 0,
    };
    native_pty_system().openpty(size).unwrap()
}

/// The named test of this module, to be run inside.
fn program(test: &str, folder: &Path) -> CommandBuilder {
    let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
    let module = module_path!().split_once("::").unwrap().1;
    command.args(["--exact", "--nocapture", &format!("{module}::{test}")]);
    command.env(INSIDE, folder);
    command.env("TERM", "xterm-256color");
    command
}

/// The terminal that the user sits at.
struct Seat {
    pair: PtyPair,
    child: Box<dyn Child + Send + Sync>,
    folder: tempfile::TempDir,
    output: Arc<Mutex<Vec<u8>>>,
    modes: String,
}

impl Seat {
    fn run(test: &str) -> Self {
        let pair = open_pty();
        let modes = modes(&*pair.master);
        let output = Arc::new(Mutex::new(Vec::new()));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let read = output.clone();
        std::thread::spawn(move || {
            let mut part = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut part) {
                read.lock().unwrap().extend_from_slice(&part[..count]);
            }
        });
        let folder = tempfile::tempdir().unwrap();
        let child = pair
            .slave
            .spawn_command(program(test, folder.path()))
            .unwrap();
        Self {
            pair,
            child,
            folder,
            output,
            modes,
        }
    }

    fn output(&self) -> String {
        String::from_utf8_lossy(&self.output.lock().unwrap()).into_owned()
    }

    fn wait_for(&self, text: &str) {
        self.wait_for_count(text, 1);
    }

    fn wait_for_count(&self, text: &str, count: usize) {
        wait_until(&format!("{text:?} in {:?}", self.output()), || {
            self.output().matches(text).count() >= count
        });
    }

    fn pid(&self) -> Pid {
        let pid = i32::try_from(self.child.process_id().unwrap()).unwrap();
        Pid::from_raw(pid).unwrap()
    }

    fn send(&self, number: Number) {
        kill_process(self.pid(), number).unwrap();
    }

    fn wait_for_stop(&self) {
        let options = WaitOptions::UNTRACED | WaitOptions::NOHANG;
        wait_until("the stop", || {
            waitpid(Some(self.pid()), options)
                .unwrap()
                .is_some_and(|(_, status)| status.stopped())
        });
    }

    fn modes(&self) -> String {
        modes(&*self.pair.master)
    }

    fn wait_for_end(&mut self) -> u32 {
        let mut code = None;
        wait_until("the end", || {
            code = self.child.try_wait().unwrap();
            code.is_some()
        });
        code.unwrap().exit_code()
    }

    #[track_caller]
    fn check_as_found(&self) {
        self.wait_for(LEFT);
        assert_eq!(self.modes(), self.modes);
        let output = self.output();
        let after = output.rsplit(LEFT).next().unwrap();
        assert!(
            !after.contains("\x1b["),
            "painted after it was left: {after:?}"
        );
    }
}

fn modes(master: &(dyn MasterPty + Send)) -> String {
    format!("{:?}", master.get_termios().unwrap())
}

#[test]
fn leaving_gives_the_terminal_back_as_it_was_found() {
    if inside().is_some() {
        let mut terminal = enter();
        terminal
            .draw(|frame| frame.render_widget("painted", frame.area()))
            .unwrap();
        terminal.send("\x1b]52;c;aWQ=\x1b\\").unwrap();
        drop(terminal);
        restore();
        std::process::exit(0);
    }
    let mut seat = Seat::run("leaving_gives_the_terminal_back_as_it_was_found");
    assert_eq!(seat.wait_for_end(), 0);
    seat.check_as_found();
    let output = seat.output();
    assert_eq!(output.matches(ENTERED).count(), 1);
    assert_eq!(output.matches(MOUSE).count(), 1);
    assert_eq!(output.matches(LEFT).count(), 1);
    assert!(output.contains("painted") && output.contains("\x1b]52;c;aWQ=\x1b\\"));
}

/// The control of the checks above: a program that just ends.
#[test]
fn a_terminal_that_is_not_given_back_is_noticed() {
    if inside().is_some() {
        std::mem::forget(enter());
        std::process::exit(0);
    }
    let mut seat = Seat::run("a_terminal_that_is_not_given_back_is_noticed");
    assert_eq!(seat.wait_for_end(), 0);
    seat.wait_for(ENTERED);
    assert_ne!(seat.modes(), seat.modes);
    assert!(!seat.output().contains(LEFT));
}

#[test]
fn every_signal_that_ends_a_program_gives_the_terminal_back() {
    if inside().is_some() {
        obey_signals();
    }
    for (number, code) in [
        (Number::TERM, 143),
        (Number::HUP, 129),
        (Number::INT, 130),
        (Number::QUIT, 131),
    ] {
        let mut seat = Seat::run("every_signal_that_ends_a_program_gives_the_terminal_back");
        seat.wait_for("painted");
        assert_ne!(seat.modes(), seat.modes, "the mode is raw");
        seat.send(number);
        assert_eq!(seat.wait_for_end(), code);
        seat.check_as_found();
    }
}

#[test]
fn a_stop_gives_the_terminal_back_and_going_on_takes_it_again() {
    if inside().is_some() {
        obey_signals();
    }
    let mut seat = Seat::run("a_stop_gives_the_terminal_back_and_going_on_takes_it_again");
    seat.wait_for("painted");
    seat.send(Number::TSTP);
    seat.wait_for_stop();
    seat.check_as_found();
    seat.send(Number::CONT);
    seat.wait_for_count(ENTERED, 2);
    seat.wait_for_count("painted", 2);
    seat.send(Number::TERM);
    assert_eq!(seat.wait_for_end(), 143);
    seat.wait_for_count(LEFT, 2);
    seat.check_as_found();
}

#[test]
fn a_terminal_that_vanishes_is_noticed_without_a_hang_up_signal() {
    if let Some(folder) = inside() {
        let code = in_runtime(async {
            let mut signals = Signals::listen().unwrap();
            let _terminal = enter();
            std::fs::write(folder.join("entered"), "").unwrap();
            signals.next().await
        });
        assert_eq!(code, Signal::End { code: 129 });
        std::fs::write(folder.join("ended"), "").unwrap();
        std::process::exit(0);
    }
    let folder = tempfile::tempdir().unwrap();
    let mut program = program(
        "a_terminal_that_vanishes_is_noticed_without_a_hang_up_signal",
        folder.path(),
    );
    // No HUP is sent by a terminal that controls nobody: only the watch can notice.
    program.set_controlling_tty(false);
    let pair = open_pty();
    let mut child = pair.slave.spawn_command(program).unwrap();
    wait_until("the program", || folder.path().join("entered").exists());
    assert!(child.try_wait().unwrap().is_none());
    drop(pair);
    wait_until("the end", || folder.path().join("ended").exists());
    child.wait().unwrap();
}

#[test]
fn a_panic_of_the_painter_restores_first_and_names_its_report() {
    if let Some(folder) = inside() {
        report_panics(folder, Clock::System, |_| {});
        let mut terminal = enter();
        let _ = terminal.draw(|_| panic!("on \u{1b}[2J purpose"));
    }
    let mut seat = Seat::run("a_panic_of_the_painter_restores_first_and_names_its_report");
    seat.wait_for_end();
    seat.check_as_found();
    let report = only_report(seat.folder.path());
    seat.wait_for(report.to_str().unwrap());
    let output = seat.output();
    assert!(output.rfind(LEFT) < output.rfind(report.to_str().unwrap()));
    let mode = std::fs::metadata(&report).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = std::fs::read_to_string(report).unwrap();
    assert!(text.contains("words: on \\u{1b}[2J purpose\n"), "{text}");
}

#[test]
fn a_panic_elsewhere_is_reported_and_the_screen_stays() {
    if let Some(folder) = inside() {
        let (sender, reports) = std::sync::mpsc::channel();
        report_panics(folder, Clock::System, move |path: &Path| {
            let _ = sender.send(path.to_owned());
        });
        let mut terminal = enter();
        assert!(std::thread::spawn(|| panic!("elsewhere")).join().is_err());
        let report = reports.recv_timeout(Duration::from_secs(30)).unwrap();
        assert!(report.exists());
        terminal
            .draw(|frame| frame.render_widget("painted", frame.area()))
            .unwrap();
        drop(terminal);
        std::process::exit(0);
    }
    let mut seat = Seat::run("a_panic_elsewhere_is_reported_and_the_screen_stays");
    assert_eq!(seat.wait_for_end(), 0);
    seat.check_as_found();
    let output = seat.output();
    assert!(output.find("painted") < output.find(LEFT));
    assert!(!output.contains("elsewhere"), "{output:?}");
    only_report(seat.folder.path());
}

fn only_report(folder: &Path) -> std::path::PathBuf {
    let mut reports = std::fs::read_dir(folder).unwrap();
    let report = reports.next().unwrap().unwrap().path();
    assert!(reports.next().is_none());
    report
}

#[test]
fn without_a_terminal_one_sentence_names_the_sandbox() {
    if inside().is_some() {
        let error = Terminal::enter(&Environment::of_this_process()).err();
        let error = error.expect("there is no terminal");
        assert!(matches!(error, NoTerminal::NotATerminal));
        assert!(error.to_string().contains("bango sandbox"));
        return;
    }
    let module = module_path!().split_once("::").unwrap().1;
    let name = format!("{module}::without_a_terminal_one_sentence_names_the_sandbox");
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &name])
        .env(INSIDE, "/nonexistent")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(
        child.status.success() && said.contains("1 passed"),
        "{said}"
    );
}

#[test]
fn a_dumb_terminal_is_refused_and_left_alone() {
    if inside().is_some() {
        let refused = Terminal::enter(&Environment::from([("TERM", "dumb")])).err();
        std::process::exit(i32::from(!matches!(refused, Some(NoTerminal::Dumb))));
    }
    let mut seat = Seat::run("a_dumb_terminal_is_refused_and_left_alone");
    assert_eq!(seat.wait_for_end(), 0);
    assert!(!seat.output().contains("\x1b["));
}

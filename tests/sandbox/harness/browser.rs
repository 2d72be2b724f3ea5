//! A real browser: headless Chromium, driven by the few `WebDriver` commands that the tests need.
//!
//! They are spoken over [`Request`], so nothing has to be built for it.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;

use bango_console::clock::Stopwatch;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{DEADLINE, Request};

/// What `apt-get install chromium chromium-driver` brings.
const PROGRAMS: [&str; 2] = ["chromium", "chromedriver"];

/// Under which an answer names an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser with nothing in it, closed when the test ends.
pub struct Browser {
    driver: Child,
    /// Of the driver.
    authority: String,
    session: String,
    profile: TempDir,
}

/// Something on a page.
pub struct Element(String);

impl Browser {
    /// `None`, and a word about it, where there is no Chromium. With `CI=true` that is a failure.
    pub fn start() -> Option<Self> {
        let [chromium, chromedriver] = PROGRAMS.map(found);
        let (Some(chromium), Some(chromedriver)) = (chromium, chromedriver) else {
            let missing = "chromium and chromedriver are not installed";
            assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "{missing}");
            // Past the test's own stderr, which is shown of failures only.
            let _ = writeln!(io::stderr(), "skipped: {missing}");
            return None;
        };
        let profile = tempfile::tempdir().expect("a folder");
        let told = File::create(profile.path().join("told")).expect("a file");
        let mut driver = Command::new(chromedriver)
            .arg("--port=0")
            .env("HOME", profile.path())
            .env("TMPDIR", profile.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(told)
            .spawn()
            .expect("chromedriver starts");
        let port = port(driver.stdout.take().expect("a piped stdout"));
        let mut browser = Self {
            driver,
            authority: format!("127.0.0.1:{port}"),
            session: String::new(),
            profile,
        };
        let folder = browser.profile.path().join("profile");
        let options = json!({"binary": chromium, "args": [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--no-proxy-server",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            format!("--user-data-dir={}", folder.display()),
        ]});
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "unhandledPromptBehavior": "ignore",
            "goog:chromeOptions": options,
        }}});
        let session = browser.command("POST", "/session", &wanted);
        browser.session = text(&session["sessionId"]);
        Some(browser)
    }

    #[track_caller]
    pub fn opens(&self, url: &str) {
        if let Err(told) = self.tries_to_open(url) {
            panic!("{url}: {told}");
        }
    }

    /// A page that asks something at once does not open.
    pub fn tries_to_open(&self, url: &str) -> Result<(), String> {
        let path = format!("/session/{}/url", self.session);
        self.try_command("POST", &path, &json!({"url": url}))?;
        Ok(())
    }

    #[track_caller]
    pub fn url(&self) -> String {
        text(&self.get("url"))
    }

    #[track_caller]
    pub fn title(&self) -> String {
        text(&self.get("title"))
    }

    /// The first element of this CSS selector.
    #[track_caller]
    pub fn finds(&self, selector: &str) -> Element {
        let found = self.post(
            "element",
            &json!({"using": "css selector", "value": selector}),
        );
        Element(text(&found[ELEMENT]))
    }

    /// What a reader sees of an element.
    #[track_caller]
    pub fn reads(&self, selector: &str) -> String {
        let Element(id) = self.finds(selector);
        text(&self.get(&format!("element/{id}/text")))
    }

    #[track_caller]
    pub fn types(&self, selector: &str, typed: &str) {
        let Element(id) = self.finds(selector);
        self.post(&format!("element/{id}/clear"), &json!({}));
        self.post(&format!("element/{id}/value"), &json!({"text": typed}));
    }

    #[track_caller]
    pub fn clicks(&self, selector: &str) {
        let Element(id) = self.finds(selector);
        self.post(&format!("element/{id}/click"), &json!({}));
    }

    /// What a script of ours gives back: the pages' own policy does not hold for it. It cannot run while a
    /// dialog is open, or on the way from page to page.
    pub fn runs(&self, script: &str) -> Result<Value, String> {
        let path = format!("/session/{}/execute/sync", self.session);
        let body = json!({"script": script, "args": []});
        self.try_command("POST", &path, &body)
    }

    /// Waits until the page shows these words.
    #[track_caller]
    pub fn waits_for(&self, words: &str) {
        let script = format!("return document.body.innerText.includes({})", json!(words));
        self.waits_until(words, |browser| browser.runs(&script) == Ok(json!(true)));
    }

    /// Whether a dialog is open.
    pub fn asks(&self) -> bool {
        let path = format!("/session/{}/alert/text", self.session);
        self.try_command("GET", &path, &Value::Null).is_ok()
    }

    /// Closes the dialog, if one is open.
    pub fn dismisses(&self) {
        let path = format!("/session/{}/alert/dismiss", self.session);
        let _ = self.try_command("POST", &path, &json!({}));
    }

    /// Waits until this is so of the browser.
    #[track_caller]
    pub fn waits_until(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let stopwatch = Stopwatch::start();
        while !is_so(self) {
            let late = u128::from(stopwatch.micros()) > DEADLINE.as_micros();
            assert!(!late, "not {what}, but {}", self.url());
        }
    }

    #[track_caller]
    fn get(&self, what: &str) -> Value {
        let path = format!("/session/{}/{what}", self.session);
        self.command("GET", &path, &Value::Null)
    }

    #[track_caller]
    fn post(&self, what: &str, body: &Value) -> Value {
        let path = format!("/session/{}/{what}", self.session);
        self.command("POST", &path, body)
    }

    #[track_caller]
    fn command(&self, method: &str, path: &str, body: &Value) -> Value {
        match self.try_command(method, path, body) {
            Ok(value) => value,
            Err(told) => panic!("{method} {path}: {told}"),
        }
    }

    fn try_command(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        let mut request = Request::new(method, path);
        if !body.is_null() {
            request = request
                .header("Content-Type", "application/json")
                .body(body.to_string());
        }
        let answer = request
            .send_to_a_stayer(&self.authority)
            .map_err(|error| error.to_string())?;
        let value = answer.json()["value"].clone();
        if answer.status == 200 {
            Ok(value)
        } else {
            Err(value.to_string())
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Closes the browser; without it the driver would leave it behind.
        let path = format!("/session/{}", self.session);
        let _ = self.try_command("DELETE", &path, &Value::Null);
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn found(program: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// From "`ChromeDriver` was started successfully on port 40001."
fn port(stdout: ChildStdout) -> u16 {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut stdout = BufReader::new(stdout);
        let mut line = String::new();
        while stdout.read_line(&mut line).is_ok_and(|read| read > 0) {
            let port = line
                .trim_end()
                .trim_end_matches('.')
                .rsplit_once("successfully on port ")
                .and_then(|(_, port)| port.parse().ok());
            if let Some(port) = port {
                let _ = sender.send(port);
                break;
            }
            line.clear();
        }
        // Kept open, so that it can never fail on a closed pipe.
        let _ = stdout.read_to_end(&mut Vec::new());
    });
    receiver
        .recv_timeout(DEADLINE)
        .expect("chromedriver's port")
}

#[track_caller]
fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("no text: {value}"))
        .to_owned()
}

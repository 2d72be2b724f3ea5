//! A console that is killed while its call is under way, and the next start on the same folder.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use bango_console::clock::Clock;
use bango_console::console::app::verbs::Verb;
use bango_console::exchange::Cut;
use bango_console::record::journal::{Journal, Place};
use bango_console::record::transaction::{Doubt, Status};
use bango_console::record::window;
use bango_console::record::{Transaction, TransactionKey};
use uuid::Uuid;

use crate::books::audit;
use crate::desk::{self, Desk};
use crate::line::{Line, Play};
use crate::merchant::Merchant;

const FOLDER: &str = "BANGO_TEST_FOLDER";
const THROUGH: &str = "BANGO_TEST_THROUGH";
const ADDRESS: &str = "sandbox at ";

/// The other process: a console that authorizes and captures until somebody kills it. Without the
/// variables of [`start_console`] there is nothing to do.
#[tokio::test]
#[ignore = "is started by the tests that kill it"]
async fn console_to_be_killed() {
    let (Ok(folder), Ok(through)) = (std::env::var(FOLDER), std::env::var(THROUGH)) else {
        return;
    };
    let mut desk = desk::open(Path::new(&folder), through).await.unwrap();
    // Around the test harness, which keeps what is printed.
    writeln!(std::io::stdout(), "{ADDRESS}{}", desk.sandbox()).unwrap();
    desk.identify("447710900120").await;
    desk.keys("aa10.99<tab>1.00<enter>");
    desk.status(Status::Authorized).await;
    desk.keys("2ac<enter>");
    desk.status(Status::Captured).await;
}

/// Killed when dropped.
struct Console(Child);

impl Console {
    fn start(folder: &Path, line: &Line) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "killed::console_to_be_killed",
                "--exact",
                "--ignored",
                "--nocapture",
            ])
            .env(FOLDER, folder)
            .env(THROUGH, line.base_url())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let address = stdout
            .lines()
            .map_while(Result::ok)
            .find_map(|words| words.split_once(ADDRESS)?.1.parse().ok());
        line.lead_to(address.unwrap());
        Self(child)
    }

    fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The next start, on what a console left that was killed at this request.
async fn opened_after_a_kill(
    folder: &Path,
    line: &Line,
    request: &'static str,
    loss: Play,
) -> Desk {
    line.play_at(request, loss);
    let console = Console::start(folder, line);
    line.asked(request, 1).await;
    if loss == Play::KeepTheAnswer {
        line.answered(request, 1).await;
    }
    console.kill();

    line.play(Play::HandOn);
    let mut desk = desk::open(folder, line.base_url()).await.unwrap();
    line.lead_to(desk.sandbox());
    let payment = desk.status(Status::Unknown).await;
    let doubt = &payment.unresolved().unwrap().because;
    assert_eq!(doubt, &Doubt::Cut(Cut::ProcessDied));
    desk
}

async fn is_resolved_by_sending_the_same_again(request: &'static str, loss: Play, status: Status) {
    let folder = tempfile::tempdir().unwrap();
    let line = Line::new().await;
    let mut desk = opened_after_a_kill(folder.path(), &line, request, loss).await;
    desk.keys("2");
    desk.shows("? unknown").await;
    desk.shows("The console ended while it waited for the answer.")
        .await;
    let first = &desk.offers()[0];
    assert_eq!((first.verb, first.possible), (Verb::SendAgain, true));

    desk.keys("as");
    let payment = desk.status(status).await;
    let sent = line.exchanges(request);
    assert_eq!(sent.len(), 2);
    assert_eq!(
        sent[0].request.without_call_id(),
        sent[1].request.without_call_id()
    );
    let merchant = Merchant::new(&desk.base_url());
    assert_eq!(audit(&line, &merchant, &payment).await, Ok(()));
}

#[tokio::test]
async fn a_start_that_was_committed_before_the_kill_is_unknown_and_sent_again_begins_nothing_new() {
    let start = "POST /v5/transaction ";
    is_resolved_by_sending_the_same_again(start, Play::KeepTheAnswer, Status::Authorized).await;
}

#[tokio::test]
async fn a_capture_that_was_committed_before_the_kill_is_unknown_and_sent_again_captures_once() {
    is_resolved_by_sending_the_same_again("PUT", Play::KeepTheAnswer, Status::Captured).await;
}

#[tokio::test]
async fn a_capture_that_never_arrived_before_the_kill_is_unknown_and_sent_again_captures_once() {
    is_resolved_by_sending_the_same_again("PUT", Play::TakeAndSayNothing, Status::Captured).await;
}

#[tokio::test]
async fn a_call_under_way_in_a_console_that_lives_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let line = Line::new().await;
    line.play_at("PUT", Play::KeepTheAnswer);
    let console = Console::start(folder.path(), &line);
    line.answered("PUT", 1).await;

    let mut second = desk::open(folder.path(), line.base_url()).await.unwrap();
    let payment = second
        .until("the capture under way", |state| {
            let payment = state.transactions.selected()?;
            (payment.in_flight.len() == 1).then(|| payment.clone())
        })
        .await;
    assert_eq!(payment.status(), Status::Authorized);
    assert_eq!(only_payment(folder.path(), 1), payment);

    // Once the console is dead, the same call is unknown: to the second by itself, to others by a look.
    console.kill();
    second.status(Status::Unknown).await;
    let payment = only_payment(folder.path(), 2);
    assert_eq!(payment.believed(), Status::Unknown);
}

/// The payment as a run of its own that opens the journal now finds it.
fn only_payment(folder: &Path, run: u128) -> Transaction {
    let place = Place::File(folder.join("data/journal-sandbox.db"));
    let journal = Journal::open(place, Uuid::from_u128(run), &Clock::System).unwrap();
    let newest: window::Window<TransactionKey> = window::Window {
        place: window::Place::Newest,
        limit: 10,
    };
    let mut rows = journal.reader().unwrap().transactions(newest).unwrap().rows;
    assert_eq!(rows.len(), 1);
    rows.remove(0)
}

//! A whole life of payments on somebody else's API, reached through a profile over TLS: with test and with
//! live credentials, well and badly answered.

use bango_console::api::{Call, Operation};
use bango_console::config::{Kind, Profile, profile};
use bango_console::console::app::payer::Step;
use bango_console::console::app::state::Overlay;
use bango_console::console::app::verbs::Verb;
use bango_console::exchange::{CallId, Outcome};
use bango_console::record::transaction::Status;
use bango_console::wire::client::{Client, Credentials, Peer, Proxy, Timeouts, Trust, Way};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use tokio_util::sync::CancellationToken;

use crate::browser::Browser;
use crate::desk::{self, Desk};
use crate::front::{Front, Mood};
use crate::line::Line;

const NUMBER: &str = "447710900120";

/// A console of its own on a front of its own.
struct Shop {
    desk: Desk,
    front: Front,
    kind: Kind,
    folder: tempfile::TempDir,
}

impl Shop {
    async fn open(kind: Kind) -> Self {
        Self::open_with(kind, "").await
    }

    async fn open_with(kind: Kind, more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let front = Front::start().await;
        Self {
            desk: desk::remote(folder.path(), kind, &front, more).await,
            front,
            kind,
            folder,
        }
    }

    /// Types keys that order a call which moves this much; where it is real money, the amount too.
    fn orders(&mut self, keys: &str, amount: &str) {
        self.desk.keys(keys);
        let asked = matches!(self.desk.state().overlay, Some(Overlay::Stake(_)));
        assert_eq!(asked, self.kind == Kind::Live, "{}", self.desk.screen());
        if asked {
            self.desk.keys(&format!("{amount}<enter>"));
        }
    }

    /// The address that waits for the payer, whose popup is open.
    async fn page(&mut self) -> String {
        self.desk
            .until("the payer's page elsewhere", |state| match &state.overlay {
                Some(Overlay::Payer(payer)) if matches!(payer.step, Step::Elsewhere) => {
                    Some(payer.url.clone())
                }
                _ => None,
            })
            .await
    }

    /// Identifies a payer, who has a browser of their own and comes back by it, or not.
    async fn identify(&mut self, number: &str, comes_back: bool) {
        match self.kind {
            Kind::Live => self.desk.keys("+<enter>"),
            _ => self.desk.keys(&format!("+{number}<enter><enter>")),
        }
        let url = self.page().await;
        let browser = Browser::new();
        let back = browser.identify(&url, number).await;
        if comes_back {
            assert_eq!(browser.get(&back).await.status, 200);
        } else {
            self.desk.keys("<enter>");
        }
        self.desk
            .until("a payer who is identified", |state| {
                state.sessions.selected()?.user().map(|_| ())
            })
            .await;
        self.desk.keys("<esc>");
    }

    async fn authorize(&mut self) {
        self.orders("1aa10.99<tab>1.00<enter>", "10.99");
        self.desk.status(Status::Authorized).await;
    }

    /// What a recorder must never have seen on an API of somebody else's.
    fn nothing_of_ours_left(&self) {
        for request in self.front.requests() {
            let head = request.head.to_ascii_lowercase();
            assert!(head.contains("\r\nauthorization: basic "), "{head}");
            for ours in ["bango-console-call", "prefer", "preference-extension"] {
                assert!(!head.contains(&format!("\r\n{ours}:")), "{head}");
            }
        }
    }
}

async fn lives(kind: Kind, badge: &str) {
    let mut shop = Shop::open(kind).await;
    shop.desk.shows(badge).await;
    shop.identify(NUMBER, kind == Kind::Test).await;
    shop.authorize().await;
    shop.orders("2ac<enter>", "10.99");
    shop.desk.status(Status::Captured).await;
    shop.orders("af1.59<enter>", "1.59");
    let payment = shop.desk.status(Status::PartiallyRefunded).await;
    assert_eq!(payment.refunded().gross.to_string(), "1.59");
    shop.orders("af<enter>", "9.40");
    shop.desk.status(Status::Refunded).await;

    shop.authorize().await;
    shop.orders("2gax", "10.99");
    shop.desk.status(Status::Cancelled).await;
    shop.desk.keys("ar");
    shop.desk.shows("retrieve: OK").await;
    shop.nothing_of_ours_left();
}

#[tokio::test]
async fn a_whole_life_with_test_credentials() {
    lives(Kind::Test, "test shop").await;
}

#[tokio::test]
async fn a_whole_life_with_live_credentials() {
    lives(Kind::Live, "live shop").await;
}

#[tokio::test]
async fn a_payment_that_the_payer_approves_elsewhere_comes_back_by_its_callback() {
    let mut shop = Shop::open(Kind::Test).await;
    shop.identify("447710900180", true).await;
    shop.desk.keys("1aa10.99<enter>");
    let url = shop.page().await;
    let browser = Browser::new();
    let back = browser.approve(&url).await;
    browser.get(&back).await;
    shop.desk.keys("<esc>2");
    let payment = shop.desk.status(Status::Authorized).await;
    assert!(payment.id.is_some());
}

/// A tunnel from somewhere that the API reaches to this machine.
#[tokio::test]
async fn what_comes_through_a_tunnel_is_heard() {
    let tunnel = Line::new().await;
    let base = tunnel.base_url();
    let base = base.trim_end_matches("/v5");
    let mut shop = Shop::open_with(Kind::Test, &format!("callback_base = \"{base}\"")).await;
    tunnel.lead_to(shop.desk.listener());
    shop.identify("447710900180", true).await;
    shop.desk.keys("1aa10.99<enter>");
    let url = shop.page().await;
    let asked = shop.front.requests().pop().unwrap().json();
    for (name, path) in [
        ("callbackUrl", "callback"),
        ("notificationUrl", "notification"),
    ] {
        let told = asked["extensionData"][name].as_str().unwrap();
        assert!(told.starts_with(&format!("{base}/{path}/")), "{told}");
    }
    let browser = Browser::new();
    let back = browser.approve(&url).await;
    // Nobody follows the callback: the notification alone tells.
    shop.desk.keys("<esc>2");
    shop.desk.status(Status::Authorized).await;
    // One of the identification, one of the payment.
    assert_eq!(tunnel.exchanges("POST /notification/").len(), 2);
    assert_eq!(browser.get(&back).await.status, 200);
    assert_eq!(tunnel.exchanges("GET /callback/").len(), 2);
}

fn said(status: &str, kind: &str, body: &str) -> Mood {
    Mood::Say(format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    ))
}

/// Bad answers to a capture, and what the console believes of the payment then.
fn bad_answers() -> Vec<(&'static str, Mood, Status)> {
    let json = "application/json";
    let refused = r#"{"responseCode":"UNAUTHORIZED","responseMessage":"No."}"#;
    let busy = r#"{"responseCode":"SERVICE_UNAVAILABLE","responseMessage":"Later."}"#;
    let html = "<html><body><h1>502 Bad Gateway</h1></body></html>";
    vec![
        (
            "401",
            said("401 Unauthorized", json, refused),
            Status::Authorized,
        ),
        (
            "401 without a body",
            said("401 Unauthorized", json, ""),
            Status::Unknown,
        ),
        (
            "503",
            said("503 Service Unavailable", json, busy),
            Status::Authorized,
        ),
        (
            "503 of a gateway",
            said("503 Service Unavailable", "text/html", html),
            Status::Unknown,
        ),
        (
            "HTML with 200",
            said("200 OK", "text/html", html),
            Status::Unknown,
        ),
        ("an empty body", said("200 OK", json, ""), Status::Unknown),
        ("never", Mood::BeSilent, Status::Unknown),
    ]
}

async fn survives_bad_answers(kind: Kind) {
    let mut shop = Shop::open(kind).await;
    shop.identify(NUMBER, true).await;
    for (name, mood, believed) in bad_answers() {
        shop.authorize().await;
        shop.front.be(mood.clone());
        let before = shop.front.requests().len();
        shop.orders("2gac<enter>", "10.99");
        if matches!(mood, Mood::BeSilent) {
            while shop.front.requests().len() == before {
                tokio::task::yield_now().await;
            }
            shop.desk.keys("<esc>");
        }
        shop.desk.status(believed).await;
        assert_eq!(
            shop.front.requests().len(),
            before + 1,
            "{name}: nothing is sent again by itself"
        );
        if name.starts_with("401") {
            shop.desk.shows("check profile shop").await;
        }
        shop.front.be(Mood::Answer);
        let keys = if believed == Status::Unknown {
            "as"
        } else {
            "ac<enter>"
        };
        shop.orders(keys, "10.99");
        shop.desk.status(Status::Captured).await;
    }
    shop.nothing_of_ours_left();
}

#[tokio::test]
async fn bad_answers_with_test_credentials_are_resolved_by_the_same_bytes() {
    survives_bad_answers(Kind::Test).await;
}

#[tokio::test]
async fn bad_answers_with_live_credentials_are_resolved_by_the_same_bytes() {
    survives_bad_answers(Kind::Live).await;
}

/// The capture happened, however little of its answer came: the same bytes tell, and move nothing.
async fn survives_cuts(kind: Kind) {
    let mut shop = Shop::open(kind).await;
    shop.identify(NUMBER, true).await;
    let mut after = 0;
    loop {
        shop.authorize().await;
        shop.front.be(Mood::Cut { after });
        shop.orders("2gac<enter>", "10.99");
        let cut = shop
            .desk
            .until("the end of the capture", |state| {
                let payment = state.transactions.selected()?;
                let idle = state.calls.is_empty() && payment.in_flight.is_empty();
                idle.then(|| payment.status())
            })
            .await;
        shop.front.be(Mood::Answer);
        if cut == Status::Captured {
            assert!(after > 100, "an answer of {after} bytes is whole?");
            break;
        }
        assert_eq!(cut, Status::Unknown, "after {after} bytes");
        assert_eq!(shop.desk.offers_verb(Verb::Cancel), Some(false));
        shop.orders("as", "10.99");
        let payment = shop.desk.status(Status::Captured).await;
        assert_eq!(payment.captured().gross.to_string(), "10.99");
        after += 10;
    }
}

#[tokio::test]
async fn an_answer_cut_after_every_tenth_byte_with_test_credentials() {
    survives_cuts(Kind::Test).await;
}

#[tokio::test]
async fn an_answer_cut_after_every_tenth_byte_with_live_credentials() {
    survives_cuts(Kind::Live).await;
}

#[tokio::test]
async fn the_payers_of_somebody_elses_api_are_masked_in_files() {
    let mut shop = Shop::open(Kind::Test).await;
    shop.identify(NUMBER, true).await;
    shop.authorize().await;
    let folder = tempfile::tempdir().unwrap();
    shop.desk.export_to(folder.path());
    shop.desk.keys("2Eh");
    shop.desk.shows("wrote ").await;
    let file = std::fs::read_dir(folder.path())
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let har = std::fs::read_to_string(file.path()).unwrap();
    let user = shop
        .desk
        .state()
        .transactions
        .selected()
        .unwrap()
        .user()
        .unwrap();
    assert!(har.contains("\"entries\""));
    assert!(!har.contains(user.as_str()), "{har}");
}

#[tokio::test]
async fn read_only_only_reads() {
    let mut shop = Shop::open_with(Kind::Live, "read_only = true").await;
    shop.desk.shows("read-only").await;
    let call = Call::new(Operation::CloseAccount, Some("472156480"), None);
    let id = CallId(uuid::Uuid::from_u128(7));
    // Past everything that the screen would stop.
    shop.desk.send(id, call);
    shop.desk.shows("not sent: the profile is read-only").await;
    assert!(shop.front.requests().is_empty());
}

/// A panic may print whatever was at hand.
#[tokio::test]
async fn what_holds_a_secret_does_not_show_it_and_neither_does_an_error() {
    const CANARY: &str = "canary-4410";
    // Nobody listens at a port that was just given back.
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = gone.local_addr().unwrap();
    drop(gone);
    let way = Way {
        proxy: Proxy::At(format!("http://kim:{CANARY}@{address}").into()),
        trust: Trust::Nobody,
        ..Way::default()
    };
    let credentials = Credentials {
        username: "kim".into(),
        password: CANARY.into(),
    };
    let mut profile = Profile::new("shop", Kind::Live);
    profile.proxy.value = profile::Proxy::At(format!("http://kim:{CANARY}@{address}").into());
    let shown = format!("{way:?} {credentials:?} {profile:?}");
    let base = "http://api.example/v5";
    let client = Client::over(base, credentials, Peer::Remote, &way, Timeouts::default()).unwrap();
    let called = format!("{client:?}");
    let call = Call::retrieve(&"2006721250".into());
    let id = CallId(uuid::Uuid::from_u128(7));
    let outcome = client.send(&call, id, CancellationToken::new()).await;
    assert!(matches!(outcome, Outcome::NotSent { .. }), "{outcome:?}");
    let ended = format!("{outcome:?}");
    let wrong = Way {
        proxy: Proxy::At(format!("::{CANARY}::").into()),
        ..Way::default()
    };
    let credentials = Credentials {
        username: "kim".into(),
        password: CANARY.into(),
    };
    let refused = Client::over(base, credentials, Peer::Remote, &wrong, Timeouts::default());
    let said = format!("{shown} {called} {ended} {:?}", refused.map(drop));
    for form in [
        CANARY.to_owned(),
        BASE64_STANDARD.encode(format!("kim:{CANARY}")),
    ] {
        assert!(!said.contains(&form), "{said}");
    }
}

/// `bango doctor --profile shop`, beside a console that may be open.
async fn doctor(folder: &std::path::Path) -> (i32, String) {
    let place = |name: &str| folder.join(name).into_os_string();
    let output = tokio::process::Command::new(env!("CARGO_BIN_EXE_bango"))
        .args(["doctor", "--profile", "shop"])
        .env_clear()
        .env("BANGO_CONFIG_DIR", place("config"))
        .env("BANGO_DATA_DIR", place("data"))
        .env("BANGO_STATE_DIR", place("state"))
        .output()
        .await
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    (output.status.code().unwrap(), said)
}

#[tokio::test]
async fn the_doctor_finds_out_whether_the_body_of_a_delete_arrives_and_the_form_says_so() {
    for (mood, code, said, in_form) in [
        (Mood::Answer, 0, "its body arrives", "gives back 1.5"),
        (
            Mood::DropBodyOfDelete,
            1,
            "its body is dropped",
            "all would be refunded",
        ),
    ] {
        let mut shop = Shop::open(Kind::Live).await;
        shop.identify(NUMBER, true).await;
        shop.authorize().await;
        shop.orders("2ac<enter>", "10.99");
        shop.desk.status(Status::Captured).await;
        shop.desk.keys("af1.5");
        shop.desk.shows("never checked").await;

        shop.front.be(mood);
        let before = shop.front.requests().len();
        let (ended, report) = doctor(shop.folder.path()).await;
        assert!(report.contains(said), "{report}");
        assert_eq!(ended, code, "{report}");
        let asked = shop.front.requests().split_off(before);
        for request in &asked {
            assert!(
                request.head.contains(" /v5/transaction/0 "),
                "{}",
                request.head
            );
        }
        assert_eq!(asked.len(), 2);

        let mut again = desk::remote(shop.folder.path(), Kind::Live, &shop.front, "").await;
        again.shows("captured").await;
        again.keys("2af1.5");
        again.shows(in_form).await;
    }
}

#[tokio::test]
async fn what_a_doctor_cannot_find_out_it_says() {
    let refused = r#"{"responseCode":"UNAUTHORIZED","responseMessage":"No."}"#;
    for (mood, said) in [
        (
            said("401 Unauthorized", "application/json", refused),
            "check profile shop",
        ),
        (
            said("404 Not Found", "text/html", "<h1>Not found</h1>"),
            "cannot be told",
        ),
        (Mood::Cut { after: 9 }, "the connection broke"),
    ] {
        let shop = Shop::open(Kind::Test).await;
        shop.front.be(mood);
        let (code, report) = doctor(shop.folder.path()).await;
        assert!(report.contains(said), "{said}: {report}");
        assert_eq!(code, 1);
        assert!(!report.contains("password = "), "{report}");
    }
}

//! Every pane and popup, each filled with one and the same foreign text wherever it takes any.

use bango_console::api::{Action, Operation, ResponseCode};
use bango_console::console::app::event::{Done, Told, Visited};
use bango_console::console::app::export::Written;
use bango_console::console::app::input::Input;
use bango_console::console::app::inspector::{Queried, Shown};
use bango_console::exchange::page::{self, Field, Page};
use bango_console::exchange::{Body, Cut, Header, NotSent, Outcome, Phases, Request, Response};
use bango_console::record::compare::Comparison;
use bango_console::record::exchanged::Exchanged;
use bango_console::record::line::{End, Marks, What};
use bango_console::record::session::State as Identification;
use bango_console::record::transaction::State as Payment;
use bango_console::record::{Seq, Session};

use bango_console::text::Foreign;

use crate::cast::{
    PAGE, answered, authorize, call, came_back, identified, line, payment, session, waiting, with,
};
use crate::stage::{EPOCH, Stage, noon};

/// A console in which `text` is seen in one place or more.
pub struct Scene {
    pub name: &'static str,
    set: fn(&mut Stage, &str),
}

impl Scene {
    pub fn with(&self, text: &str) -> Stage {
        self.at(80, 24, text)
    }

    pub fn at(&self, width: u16, height: u16, text: &str) -> Stage {
        let mut stage = Stage::new(width, height);
        (self.set)(&mut stage, text);
        stage
    }
}

const fn scene(name: &'static str, set: fn(&mut Stage, &str)) -> Scene {
    Scene { name, set }
}

pub const ALL: &[Scene] = &[
    scene("address", |stage, text| {
        stage.state.endpoint.address = text.into();
    }),
    scene("payer's id and status", |stage, text| {
        let mut known = payer_with(text);
        known.user_status = Some(text.into());
        stage.sessions(vec![known]);
    }),
    scene("external id", |stage, text| {
        payments(stage, text);
    }),
    scene("actions of a payment", |stage, text| {
        payments(stage, text).keys("a");
    }),
    scene("copy menu of a payment", |stage, text| {
        payments(stage, text).shows(exchange(text)).keys("y");
    }),
    scene("what to write to a file", |stage, text| {
        payments(stage, text).shows(exchange(text)).keys("E");
    }),
    scene("a file that was written", |stage, text| {
        let written = Written {
            name: text.into(),
            folder: text.into(),
            bytes: 1,
        };
        stage.done(Done::Exported { file: Ok(written) });
    }),
    scene("copy menu of a payer", |stage, text| {
        stage.sessions(vec![payer_with(text)]).keys("y");
    }),
    scene("copy menu of a payer on the way", |stage, text| {
        let url = text.to_owned();
        let action = Action::Redirect { url };
        let mut waiting = session(1, "120", Identification::Waiting { action });
        waiting.id = Some(text.into());
        stage.sessions(vec![waiting]).keys("y");
    }),
    scene("payer in the authorize form", |stage, text| {
        stage.sessions(vec![payer_with(text)]).keys("aa");
    }),
    scene("payer in the JSON of a form", |stage, text| {
        stage.sessions(vec![payer_with(text)]).keys("aa<ctrl+r>");
    }),
    scene("what an edited call says", |stage, text| {
        payments(stage, text).shows(exchange(text)).keys("e");
    }),
    scene("money of a payment", |stage, text| {
        payments(stage, text).keys("m");
    }),
    scene("name of a theme's file", |stage, text| {
        stage.done(Done::Themes(vec![text.to_owned()])).keys("t");
    }),
    scene("text to be sent by SMS", |stage, text| {
        let action = Action::SendSms {
            text: text.into(),
            shortcode: text.into(),
        };
        asks(stage, action).keys("<enter>");
    }),
    scene("unknown action", |stage, text| {
        asks(stage, Action::Unknown(text.into())).keys("<enter>");
    }),
    scene("question before real money moves", |stage, text| {
        payments(stage.live(), text).keys("ac<enter>").keys("1");
    }),
    scene("page of the payer elsewhere", |stage, text| {
        let url = text.to_owned();
        asks(stage.test(), Action::Redirect { url }).keys("p");
    }),
    scene("question before an account is closed", |stage, text| {
        stage.sessions(vec![payer_with(text)]).keys("ad");
    }),
    scene(
        "payer in the authorize form, being edited",
        |stage, text| {
            let keys = "aa<tab><tab><tab><tab><tab><tab><tab><tab>";
            stage.sessions(vec![payer_with(text)]).keys(keys);
        },
    ),
    scene("item in the capture form", |stage, text| {
        payments(stage, text).keys("ac");
    }),
    scene("pasted into a form", |stage, text| {
        stage.keys("<enter><enter><tab>").input(paste(text));
    }),
    scene(
        "pasted into a form, the cursor at its start",
        |stage, text| {
            stage
                .keys("<enter><enter><tab>")
                .input(paste(text))
                .keys("<home>");
        },
    ),
    scene("pasted into a form, the cursor in it", |stage, text| {
        stage
            .keys("<enter><enter><tab>")
            .input(paste(text))
            .keys("<left><left>");
    }),
    scene(
        "pasted into the number, which says what is wrong",
        |stage, text| {
            stage
                .keys("<enter><enter>")
                .input(paste(text))
                .keys("<enter>");
        },
    ),
    scene("pasted into the picker", |stage, text| {
        stage.keys("<enter>").input(paste(text));
    }),
    scene("pasted into a filter, and its hint", |stage, text| {
        payments(stage, "x").keys("/stat:").input(paste(text));
    }),
    scene("filter in a title", |stage, text| {
        let quoted = format!("\"{text}\"");
        payments(stage, "x")
            .keys("/")
            .input(paste(&quoted))
            .keys("<enter>");
    }),
    scene("filter in a narrow title", |stage, text| {
        stage.keys("1/").input(paste(text)).keys("<enter>");
    }),
    scene("id to go to", |stage, text| {
        stage.keys("i").input(paste(text));
    }),
    scene("id in the palette", |stage, text| {
        stage.keys(":").input(paste(text));
    }),
    scene("pasted into the help", |stage, text| {
        stage.keys("?").input(paste(text));
    }),
    scene("id of nobody", |stage, text| {
        let (id, landing) = (text.to_owned(), None);
        stage.done(Done::Whose { id, landing });
    }),
    scene("timeline", |stage, text| {
        timeline(stage, text);
    }),
    scene("method of another program's call", |stage, text| {
        let exchange = What::Exchange {
            operation: None,
            method: text.into(),
            status: 405,
            code: None,
            marks: Marks::default(),
        };
        stage.lines(vec![line(1, exchange)]);
    }),
    scene("answer's body and code", |stage, text| {
        payments(stage, text).shows(exchange(text));
    }),
    scene("answer that is text", |stage, text| {
        let shown = answered(&authorize(3), 502, text.as_bytes().to_vec());
        payments(stage, "x").shows(shown);
    }),
    scene("answer that is broken JSON", |stage, text| {
        let shown = answered(&authorize(3), 200, format!("{{\"{text}\": [\"{text}"));
        payments(stage, "x").shows(shown);
    }),
    scene("request", |stage, text| {
        payments(stage, text).shows(exchange(text)).keys("<left>");
    }),
    scene("headers", |stage, text| {
        payments(stage, text).shows(exchange(text)).keys("<right>");
    }),
    scene("curl", |stage, text| {
        let keys = "<right><right><right>";
        payments(stage, text).shows(exchange(text)).keys(keys);
    }),
    scene("explained", |stage, text| {
        let keys = "<right><right><right><right>";
        payments(stage, text).shows(exchange(text)).keys(keys);
    }),
    scene("explained as cut", |stage, text| {
        let why = Cut::Broken {
            received: 1,
            expected: None,
            error: text.into(),
        };
        let phases = Phases::default();
        payments(stage, "x")
            .shows(with(&authorize(3), Outcome::Cut { why, phases }))
            .keys("<left><left>");
    }),
    scene("body as it came", |stage, text| {
        payments(stage, text).shows(exchange(text)).keys("3p");
    }),
    scene("body with its rows folded", |stage, text| {
        payments(stage, text).shows(exchange(text)).keys("3#_w");
    }),
    scene("search, being typed", |stage, text| {
        payments(stage, "x").shows(exchange("x")).keys("3/");
        stage.input(paste(text));
    }),
    scene("search in a body", |stage, text| {
        payments(stage, "x").shows(exchange(text)).keys("3/");
        stage.input(paste(text)).keys("<enter>n");
    }),
    scene("search in headers", |stage, text| {
        payments(stage, "x").shows(exchange(text)).keys("3<right>/");
        stage.input(paste(text)).keys("<enter>");
    }),
    scene("filter, being typed", |stage, text| {
        payments(stage, "x").shows(exchange("x")).keys("3|");
        stage.input(paste(text));
    }),
    scene("filter that fails", |stage, text| {
        filtered(stage, Queried::Failed(text.into()));
    }),
    scene("result of a filter", |stage, text| {
        let bytes = format!("{}\n[1]\n", serde_json::to_string(text).unwrap()).into_bytes();
        filtered(stage, Queried::Results { bytes, cut: true });
    }),
    scene("copy menu of a row", |stage, text| {
        payments(stage, "x").shows(exchange(text)).keys("3jjjy");
    }),
    scene("two exchanges compared", |stage, text| {
        stage.done(Done::Compared(Some(Box::new(compared(text, "x")))));
    }),
    scene("two exchanges compared, ids too", |stage, text| {
        stage.done(Done::Compared(Some(Box::new(compared("x", text)))));
        stage.keys("m");
    }),
    scene("why it was refused", |stage, text| {
        let mut shown = answered(&authorize(3), 400, "");
        shown.why = Some(text.into());
        payments(stage, "x").shows(shown);
    }),
    scene("why it was cut", |stage, text| {
        let why = Cut::Broken {
            received: 1,
            expected: None,
            error: text.into(),
        };
        let phases = Phases::default();
        payments(stage, "x").shows(with(&authorize(3), Outcome::Cut { why, phases }));
    }),
    scene("why it was not sent", |stage, text| {
        let error = text.to_owned();
        let why = NotSent::Unbuildable { error };
        payments(stage, "x").shows(with(&authorize(3), Outcome::NotSent { why }));
    }),
    scene("what came to us", |stage, text| {
        let mut shown = exchange(text);
        shown.arrived = true;
        shown.outcome = None;
        payments(stage, text).shows(shown).keys("<left>");
    }),
    scene("page", |stage, text| {
        visited(stage, Visited::Page(page(text)));
    }),
    scene("page, typed into", |stage, text| {
        visited(stage, Visited::Page(page(""))).input(paste(text));
    }),
    scene("page, on its button", |stage, text| {
        visited(stage, Visited::Page(page(text))).keys("<tab>");
    }),
    scene("page that cannot be had", |stage, text| {
        visited(stage, Visited::Failed(text.into()));
    }),
    scene("code in the toast", |stage, text| {
        let code = Some(ResponseCode::parse(text));
        let (status, micros) = (200, 1);
        told(
            stage,
            End::Answered {
                status,
                code,
                micros,
            },
        );
    }),
    scene("error in the toast", |stage, text| {
        let error = text.to_owned();
        let why = NotSent::Unbuildable { error };
        told(stage, End::NotSent { why });
    }),
    scene("notice", |stage, text| {
        stage.done(Done::Notice(text.into()));
    }),
    scene("notices at the start", |stage, text| {
        stage.done(Done::Notice(text.into()));
        stage.done(Done::Notice(text.into()));
    }),
    scene("browser's error", |stage, text| {
        let error = Some(text.to_owned());
        stage.done(Done::Opened { error });
    }),
    scene("journal's error", |stage, text| {
        let (call, why) = (call(1), text.to_owned());
        let shown = Box::new(answered(&authorize(3), 200, ""));
        stage.done(Done::Unrecorded { call, shown, why });
    }),
    scene("why a call was not made", |stage, text| {
        let why = text.to_owned();
        stage.done(Done::NotSent { call: call(1), why });
    }),
    scene("why it was not copied", |stage, text| {
        stage.done(copied(text, Told::Failed { why: text.into() }));
    }),
    scene("by which way it was copied", |stage, text| {
        stage.done(copied("x", Told::Copied { route: text.into() }));
    }),
    scene("what was copied", |stage, text| {
        let escape = String::new();
        stage
            .done(copied(text, Told::SentToTerminal { escape }))
            .keys("c");
    }),
];

/// A console in which every pane has something to show.
pub fn busy(width: u16, height: u16) -> Stage {
    let mut stage = Stage::new(width, height);
    timeline(&mut stage, "Zq7");
    payments(&mut stage, "Zq7").shows(exchange("Zq7"));
    stage
}

/// An identification that asks for this.
fn asks(stage: &mut Stage, action: Action) -> &mut Stage {
    let mut asking = session(1, "120", Identification::Waiting { action });
    asking.id = Some("8322c4adc6ad4046b58ecb4a9f0b1551".into());
    stage.sessions(vec![asking])
}

fn payer_with(text: &str) -> Session {
    let user = text.into();
    session(1, "120", Identification::Identified { user })
}

/// A payment whose every name is `text`.
fn payments<'s>(stage: &'s mut Stage, text: &str) -> &'s mut Stage {
    let mut hostile = payment(3, 1099, Payment::Authorized);
    hostile.asked.external = Some(text.into());
    hostile.asked.user = Some(text.into());
    hostile.asked.item.name = Some(text.into());
    hostile.asked.item.external_payment_item_id = Some(text.into());
    hostile.id = Some(text.into());
    stage.sessions(vec![identified(1, "120")]);
    stage.transactions(vec![hostile]).keys("2")
}

fn timeline(stage: &mut Stage, text: &str) {
    let code = Some(ResponseCode::parse(text));
    let told = |what| line(1, what);
    let (title, name) = (text.to_owned(), text.to_owned());
    let action = Some(text.to_owned());
    let (status, micros) = (200, 1);
    let end = End::Answered {
        status,
        code: code.clone(),
        micros,
    };
    stage.lines(vec![
        came_back(1, call(1), Operation::Capture, end),
        told(What::Page { title, action }),
        told(What::Finished {
            code: ResponseCode::parse(text),
        }),
        told(What::Callback { code: code.clone() }),
        told(What::Notification { code }),
        told(What::Inbox { name }),
        told(What::Remark { text: text.into() }),
        told(What::Unknown { name: text.into() }),
    ]);
}

/// An exchange that has `text` in every place of both its halves.
fn exchange(text: &str) -> Shown {
    let json = serde_json::to_string(text).unwrap();
    let headers = vec![Header::new(text, text), Header::new("x", text)];
    let body = format!("{{\"responseCode\":{json},{json}:[{json}]}}");
    let response = Response {
        status: 200,
        headers: headers.clone(),
        body: Body::whole(body.clone()),
    };
    let request = Request {
        method: text.into(),
        url: format!("http://127.0.0.1/v5/{text}"),
        headers,
        body: Body::whole(body),
    };
    let phases = Phases::default();
    let outcome = Outcome::Answered { response, phases };
    Shown {
        operation: Some(Operation::Authorize),
        why: Some(text.into()),
        ..Shown::new(request, Some(outcome))
    }
}

/// A filter was run over a body.
fn filtered(stage: &mut Stage, queried: Queried) {
    payments(stage, "x").shows(exchange("x")).keys("3|.<enter>");
    stage.done(Done::Queried { number: 1, queried });
}

pub fn compared(left: &str, right: &str) -> Comparison {
    let exchanged = |text| {
        let shown = exchange(text);
        Exchanged {
            seq: Seq(1),
            at: noon(),
            epoch: EPOCH,
            request: shown.request,
            outcome: shown.outcome,
            call: Some(call(1)),
            operation: shown.operation,
            why: shown.why,
            standing: shown.standing,
            step: None,
        }
    };
    Comparison::of(&exchanged(left), &exchanged(right))
}

fn page(text: &str) -> Page {
    let (foreign, name) = (Foreign::from(text), text.to_owned());
    Page {
        url: PAGE.into(),
        title: foreign.clone(),
        text: foreign.clone(),
        error: Some(foreign.clone()),
        fields: vec![Field {
            name: name.clone(),
            label: foreign.clone(),
            value: name.clone(),
        }],
        actions: vec![page::Action {
            name,
            label: foreign,
        }],
        done: false,
    }
}

fn visited(stage: &mut Stage, visited: Visited) -> &mut Stage {
    stage.sessions(vec![waiting(1)]).keys("p");
    let url = PAGE.to_owned();
    stage.done(Done::Visited { url, visited })
}

/// A call made here has ended.
fn told(stage: &mut Stage, end: End) {
    let mut payment = payment(3, 1099, Payment::Authorized);
    payment.id = Some("2006721253".into());
    stage.transactions(vec![payment]).keys("2r");
    let call = *stage.state.calls.keys().next().unwrap();
    stage.ends(call, Operation::Retrieve, end);
}

fn copied(text: &str, told: Told) -> Done {
    Done::Copied {
        what: "request body",
        bytes: text.into(),
        told,
    }
}

fn paste(text: &str) -> Input {
    Input::Paste(text.to_owned())
}

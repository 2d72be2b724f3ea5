//! Scenarios run against an endpoint: each stops at its first failure.
//!
//! What is on the other side, and how it is reached, is the [`World`]'s: the console's own, so a guide's calls
//! stand in the journal like any others.

use std::future::Future;

use super::scenario::{Ask, Payer, Scenario, Walk, What};
use crate::api::call::Identify;
use crate::api::{
    Action, Adjust, Answer, BangoUserId, Call, Item, Operation, ResponseCode, SessionId, Start,
    TransactionId,
};
use crate::exchange::{CallId, Cut, NotSent, Outcome, Response};
use crate::money::{Amount, Currency, Taxed};
use crate::record::entry::Step;

/// What the guide starts with where a scenario says nothing else.
const USUAL: Taxed = Taxed::new(Amount::from_hundredths(99), Amount::ZERO);
/// No endpoint gives ids as short.
const STRANGER: &str = "1";

/// What a run needs of the world.
pub trait World {
    fn new_call(&mut self) -> CallId;

    /// Whether the other side is a sandbox of ours.
    fn is_ours(&self) -> bool;

    /// An id of the merchant's own that was never used.
    fn new_external(&mut self) -> String;

    /// Where the payer's browser comes back to after this call.
    fn callback_url(&self, call: CallId) -> Option<String>;

    /// Where its outcome is told.
    fn notification_url(&self, call: CallId) -> Option<String>;

    /// Makes a call. The error says why it could not be recorded, and so was not made.
    fn call(
        &mut self,
        id: CallId,
        call: Call,
        step: Step,
    ) -> impl Future<Output = Result<Outcome, String>>;

    /// Has the payer walk the pages at this address.
    fn walk(&mut self, url: &str, walk: &Walk) -> impl Future<Output = Walked>;

    /// Waits for what comes to the address of this call.
    fn told(&mut self, call: CallId, how: Told) -> impl Future<Output = Option<Tidings>>;
}

/// How an outcome is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// By the payer's browser.
    Back,
    ByNotification,
}

/// What a callback or a notification says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tidings {
    pub code: ResponseCode,
    pub transaction: Option<TransactionId>,
}

/// How a walk ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Walked {
    /// The pages are over.
    Over,
    /// A person has been asked to.
    ByHand,
    Failed(String),
}

/// What became of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Passed,
    /// Something else was answered than had to be. The step counts from 1.
    Failed {
        step: usize,
        expected: String,
        actual: String,
    },
    /// It could not be tried to its end.
    Errored {
        step: usize,
        why: String,
    },
    /// It is for another endpoint.
    NotApplicable {
        why: &'static str,
    },
}

/// Why a scenario stopped.
enum Stop {
    Failed { expected: String, actual: String },
    Errored(String),
    NotApplicable(&'static str),
}

/// Runs one scenario.
pub async fn run(scenario: &Scenario, world: &mut impl World) -> Verdict {
    let mut run = Run {
        world,
        section: &scenario.section,
        step: 0,
        user: None,
        session: None,
        transaction: None,
        last: None,
        page: None,
    };
    let stopped = run.all(scenario).await.err();
    let step = run.step;
    match stopped {
        None => Verdict::Passed,
        Some(Stop::Failed { expected, actual }) => Verdict::Failed {
            step,
            expected,
            actual,
        },
        Some(Stop::Errored(why)) => Verdict::Errored { step, why },
        Some(Stop::NotApplicable(why)) => Verdict::NotApplicable { why },
    }
}

struct Run<'r, W> {
    world: &'r mut W,
    section: &'r str,
    /// 0 while the payer is identified.
    step: usize,
    user: Option<BangoUserId>,
    session: Option<SessionId>,
    transaction: Option<TransactionId>,
    /// The last call, and its answer.
    last: Option<(CallId, Call, Response)>,
    /// Where a page waits, and the call that leads back from it.
    page: Option<(String, CallId)>,
}

impl<W: World> Run<'_, W> {
    async fn all(&mut self, scenario: &Scenario) -> Result<(), Stop> {
        if let Some(payer) = &scenario.payer {
            self.identify(payer).await?;
        }
        for (at, step) in scenario.steps.iter().enumerate() {
            self.step = at + 1;
            match &step.what {
                What::Call(ask) => self.ask(ask).await?,
                What::Repeat { times } => self.repeat(*times).await?,
                What::Walk { walk, back } => self.walk(walk, back).await?,
                What::Notified { code } => self.notified(code).await?,
            }
        }
        Ok(())
    }

    /// What has to be settled before the first step. Its failure is no failure of the scenario.
    async fn identify(&mut self, payer: &Payer) -> Result<(), Stop> {
        let members = [("identificationMethodKey", payer.key.as_str())];
        let members = members.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let ask = |operation, code| Ask {
            operation,
            amount: None,
            stub: None,
            fault: None,
            members: members.to_vec(),
            stranger: false,
            status: 200,
            code,
        };
        let first = ask(Operation::Identify, ResponseCode::ClientActionRequired);
        let walk = Walk::Identifies(payer.number.clone());
        let settled = async {
            self.ask(&first).await?;
            self.walk(&walk, &ResponseCode::Ok).await?;
            self.ask(&ask(Operation::Continue, ResponseCode::Ok)).await
        };
        settled.await.map_err(|stop| match stop {
            Stop::Failed { expected, actual } => Stop::Errored(format!(
                "the payer could not be identified: {expected} was due, and {actual} came"
            )),
            other => other,
        })
    }

    async fn ask(&mut self, ask: &Ask) -> Result<(), Stop> {
        if ask.fault.is_some() && !self.world.is_ours() {
            return Err(Stop::NotApplicable(
                "only a sandbox of ours shuffles its answers",
            ));
        }
        let id = self.world.new_call();
        let call = self
            .build(ask, id)?
            .answered_by(ask.stub.clone())
            .with_fault(ask.fault);
        let response = self.send(id, &call).await?;
        let due = format!("{} {}", ask.status, ask.code.as_str());
        let answer = Answer::parse(&response.body.kept).map_err(|error| Stop::Failed {
            expected: due.clone(),
            actual: format!("{}, and {error}", response.status),
        })?;
        let actual = format!("{} {}", response.status, answer.code.as_str());
        if actual != due {
            let message = answer.message.unwrap_or_default();
            return Err(Stop::Failed {
                expected: due,
                actual: format!("{actual} {message:?}"),
            });
        }
        if ask.stub.is_none() {
            self.learn(ask, id, answer)?;
        }
        self.last = Some((id, call, response));
        Ok(())
    }

    /// What the answer names is what the next steps are about; an answer without it is none.
    fn learn(&mut self, ask: &Ask, id: CallId, answer: Answer) -> Result<(), Stop> {
        let due = |what: &str| Stop::Failed {
            expected: format!("an answer with {what}"),
            actual: "none in it".to_owned(),
        };
        if ask.code == ResponseCode::ClientActionRequired {
            let Some(Action::Redirect { url }) = answer.action else {
                return Err(due("the address of a page"));
            };
            self.page = Some((url, id));
        }
        match (ask.operation, &ask.code) {
            (Operation::Identify, _) => {
                self.session = Some(answer.session.ok_or_else(|| due("a sessionId"))?);
            }
            (Operation::Continue, ResponseCode::Ok) => {
                self.user = Some(answer.user.ok_or_else(|| due("a bangoUserId"))?);
            }
            (Operation::Authorize, ResponseCode::Ok) => {
                let transaction = answer.transaction.ok_or_else(|| due("a transactionId"))?;
                self.transaction = Some(transaction);
            }
            (Operation::Authorize, ResponseCode::ClientActionRequired)
                if answer.transaction.is_some() =>
            {
                return Err(Stop::Failed {
                    expected: "no transactionId before the payer has approved".to_owned(),
                    actual: "one in the answer".to_owned(),
                });
            }
            _ => {}
        }
        Ok(())
    }

    async fn send(&mut self, id: CallId, call: &Call) -> Result<Response, Stop> {
        let step = Step {
            scenario: self.section.to_owned(),
            step: self.step.to_string(),
        };
        match self.world.call(id, call.clone(), step).await {
            Ok(Outcome::Answered { response, .. }) => Ok(response),
            Ok(Outcome::Cut { why, .. }) => Err(Stop::Errored(match why {
                Cut::TimedOut => "no answer came in time".to_owned(),
                Cut::Cancelled => "it was given up".to_owned(),
                Cut::Broken { error, .. } => format!("the answer broke off: {error}"),
                Cut::ProcessDied => "no whole answer came".to_owned(),
            })),
            Ok(Outcome::NotSent { why }) => Err(Stop::Errored(match why {
                NotSent::Cancelled => "it was given up".to_owned(),
                NotSent::NoConnection { error }
                | NotSent::Tls { error }
                | NotSent::Unbuildable { error } => format!("not sent: {error}"),
            })),
            Err(why) => Err(Stop::Errored(format!("not sent: {why}"))),
        }
    }

    fn build(&mut self, ask: &Ask, id: CallId) -> Result<Call, Stop> {
        let missing = |what: &str| Stop::Errored(format!("no step has brought a {what}"));
        let user = if ask.stranger {
            Some(BangoUserId::from(STRANGER))
        } else {
            self.user.clone()
        };
        let user = user.ok_or_else(|| missing("payer"));
        let transaction = self
            .transaction
            .clone()
            .ok_or_else(|| missing("transaction"));
        let amounts = ask
            .amount
            .map(|part| (part.gross, Some(part.tax), Currency::USD));
        let part = Adjust {
            external: None,
            amounts,
            item: item(),
        };
        let part = part.amounts.is_some().then_some(part);
        Ok(match ask.operation {
            Operation::Identify => Call::identify(&self.identity(ask, id)),
            Operation::Continue => {
                let session = self.session.as_ref();
                Call::go_on(session.ok_or_else(|| missing("session"))?)
            }
            Operation::Status => Call::status(&user?),
            Operation::CloseAccount => Call::close_account(&user?),
            Operation::Methods => Call::methods(&self.start(ask, user?, None)),
            Operation::Authorize => Call::authorize(&self.start(ask, user?, Some(id))),
            Operation::Retrieve => Call::retrieve(&transaction?),
            Operation::Capture => Call::capture(&transaction?, part.as_ref()),
            Operation::Cancel => Call::cancel(&transaction?),
            Operation::Refund => Call::refund(&transaction?, part.as_ref()),
        })
    }

    fn identity(&self, ask: &Ask, id: CallId) -> Identify {
        let member = |name: &str| {
            let mut members = ask.members.iter();
            let found = members.find(|(known, _)| known == name);
            found.map(|(_, value)| value.clone())
        };
        Identify {
            identification_method_key: member("identificationMethodKey"),
            third_party_user_id: member("thirdPartyUserId"),
            device_capability_send_sms: member("deviceCapabilitySendSms"),
            merchant_reference_key: member("merchantReferenceKey"),
            mcc: member("mcc"),
            mnc: member("mnc"),
            callback_url: self.world.callback_url(id),
            notification_url: self.world.notification_url(id),
        }
    }

    /// A question about methods starts nothing, so it needs neither an id nor addresses.
    fn start(&mut self, ask: &Ask, user: BangoUserId, id: Option<CallId>) -> Start {
        let amount = ask.amount.unwrap_or(USUAL);
        Start {
            user,
            external: id.map(|_| self.world.new_external().as_str().into()),
            gross: amount.gross,
            tax: Some(amount.tax),
            currency: Currency::USD,
            item: item(),
            callback_url: id.and_then(|id| self.world.callback_url(id)),
            notification_url: id.and_then(|id| self.world.notification_url(id)),
        }
    }

    async fn repeat(&mut self, times: u32) -> Result<(), Stop> {
        let Some((_, call, first)) = self.last.clone() else {
            return Err(Stop::Errored("there is no call to be repeated".to_owned()));
        };
        for _ in 0..times {
            let id = self.world.new_call();
            let again = self.send(id, &call).await?;
            if (again.status, &again.body) != (first.status, &first.body) {
                let shown = |response: &Response| {
                    let body = String::from_utf8_lossy(&response.body.kept).into_owned();
                    format!("{} {body}", response.status)
                };
                return Err(Stop::Failed {
                    expected: format!("the same answer again: {}", shown(&first)),
                    actual: shown(&again),
                });
            }
        }
        Ok(())
    }

    async fn walk(&mut self, walk: &Walk, back: &ResponseCode) -> Result<(), Stop> {
        let Some((url, call)) = self.page.clone() else {
            return Err(Stop::Errored("no page waits for the payer".to_owned()));
        };
        let walked = self.world.walk(&url, walk).await;
        if let Walked::Failed(why) = walked {
            return Err(Stop::Errored(why));
        }
        let told = self.world.told(call, Told::Back).await;
        if told.is_none() && walked == Walked::ByHand {
            let why = "nobody came back from the payer's pages in time";
            return Err(Stop::Errored(why.to_owned()));
        }
        let tidings = same(back, told, "the payer's browser comes back with")?;
        if *walk == Walk::Approves {
            // The answer to the start had none yet.
            let transaction = tidings.transaction.ok_or_else(|| Stop::Failed {
                expected: "a callback with the transactionId".to_owned(),
                actual: "none in it".to_owned(),
            });
            self.transaction = Some(transaction?);
        }
        Ok(())
    }

    async fn notified(&mut self, code: &ResponseCode) -> Result<(), Stop> {
        let Some((_, call)) = self.page else {
            return Err(Stop::Errored(
                "there is nothing to be told about".to_owned(),
            ));
        };
        if self.world.notification_url(call).is_none() {
            return Err(Stop::NotApplicable(
                "no notification gets here: callback_base can name a tunnel",
            ));
        }
        let told = self.world.told(call, Told::ByNotification).await;
        same(code, told, "a notification of").map(drop)
    }
}

fn same(due: &ResponseCode, told: Option<Tidings>, what: &str) -> Result<Tidings, Stop> {
    match told {
        Some(told) if told.code == *due => Ok(told),
        other => Err(Stop::Failed {
            expected: format!("{what} {}", due.as_str()),
            actual: other.map_or_else(|| "none".to_owned(), |told| told.code.as_str().to_owned()),
        }),
    }
}

fn item() -> Item {
    let text = |text: &str| Some(text.to_owned());
    Item {
        name: text("Item title"),
        description: text("Item description"),
        category: text("1"),
        ..Item::default()
    }
}

//! One payment under comparison: what is expected of each call, and what its answer proves.

use bango_console::api::{
    Adjust, Call, Class, Item, Operation, ResponseCode, Start, TransactionId,
};
use bango_console::exchange::What;
use bango_console::money::{Amount, Currency, Taxed};
use bango_console::record::fact::Reply;
use bango_console::record::lifecycle::Verb;
use bango_console::record::transaction::State;
use bango_console::record::{Origin, Transaction, TransactionKey};
use jiff::SignedDuration;
use serde_json::Value;

use super::Reading;
use super::life::{Cast, Part, Step};
use super::world::{NOWHERE, World};

/// Which way something moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moved {
    Captured,
    Cancelled,
    Refunded,
}

impl Moved {
    /// Between two looks at the sandbox's state of a payment.
    fn between(before: &Value, after: &Value) -> Result<Option<Self>, String> {
        let changed = |name: &str| before[name] != after[name];
        match ["captured", "refunded", "state"].map(changed) {
            _ if before == after => Ok(None),
            [true, false, _] => Ok(Some(Self::Captured)),
            [false, true, _] => Ok(Some(Self::Refunded)),
            [false, false, true] if after["state"] == "CANCELLED" => Ok(Some(Self::Cancelled)),
            _ => Err(format!("{before} became {after}")),
        }
    }
}

/// A payment under comparison.
pub struct Payment<'w> {
    world: &'w mut World,
    reading: Reading,
    cast: Cast,
    key: TransactionKey,
    /// The sandbox has forgotten it.
    is_gone: bool,
}

impl<'w> Payment<'w> {
    pub fn start(world: &'w mut World, reading: Reading, cast: Cast) -> Result<Self, String> {
        let call = Self::authorize(world, cast);
        let (id, reply) = world.send(&call, false);
        check_start(cast, &reply)?;
        Ok(Self {
            world,
            reading,
            cast,
            key: TransactionKey(Origin::Call(id)),
            is_gone: false,
        })
    }

    fn authorize(world: &mut World, cast: Cast) -> Call {
        let user = match cast {
            Cast::Plain => &world.users[0],
            Cast::Redirected => &world.users[1],
        };
        Call::authorize(&Start {
            user: user.clone(),
            external: Some(world.fresh().into()),
            gross: Amount::from_hundredths(1099),
            tax: Some(Amount::from_hundredths(100)),
            currency: Currency::USD,
            item: Item::default(),
            callback_url: Some(NOWHERE.to_owned()),
            notification_url: None,
        })
    }

    fn now(&self) -> Transaction {
        self.world.payment(self.key)
    }

    fn is_possible(&self, verb: Verb) -> bool {
        (self.reading.possible)(&self.now(), verb, self.world.sandbox.epoch())
    }

    pub fn live(&mut self, step: Step, lost: bool) -> Result<(), String> {
        self.step(step, lost)?;
        self.force()
    }

    /// After a reset the same seed gives the same ids again: this one is another payment's then.
    pub fn lose_id(&mut self) -> Result<(), String> {
        let id = self.now().id.ok_or("the payment has no id")?;
        self.reset()?;
        let call = Self::authorize(self.world, Cast::Plain);
        self.world.send(&call, false);
        if self.world.state(&id) == Value::Null {
            return Err("its id was not given again".to_owned());
        }
        self.force()
    }

    /// What is not possible and can be forced is refused, and harms nothing.
    fn force(&mut self) -> Result<(), String> {
        let Some(id) = self.now().id else {
            return Ok(());
        };
        for verb in [Verb::Capture, Verb::Refund, Verb::Cancel] {
            let before = self.now();
            if !(self.reading.forced)(&before, verb, self.world.sandbox.epoch()) {
                continue;
            }
            let call = match verb {
                Verb::Capture => Call::capture(&id, None),
                Verb::Refund => Call::refund(&id, Some(&self.adjust(None))),
                _ => Call::cancel(&id),
            };
            let there = self.world.state(&id);
            let (_, reply) = self.world.send(&call, false);
            let unharmed = self.world.state(&id) == there && self.now().state == before.state;
            let again = reply.replayed
                || (before.state == State::Cancelled && *reply.code() == ResponseCode::Cancelled);
            if !unharmed || !(again || reply.code().class() != Class::Success) {
                return Err(format!(
                    "the forced {} when {:?} was answered {}, and {there} became {}",
                    call.operation.name(),
                    before.state,
                    reply.code().as_str(),
                    self.world.state(&id)
                ));
            }
        }
        Ok(())
    }

    fn step(&mut self, step: Step, lost: bool) -> Result<(), String> {
        let id = self.now().id;
        match (step, id) {
            (Step::Reset, _) => self.reset(),
            // Its pages are gone, too, and nobody will say that they are over.
            (Step::Press(_) | Step::Wait | Step::LongWait, _) if self.is_gone => Ok(()),
            (Step::Press(action), _) => self.press(action),
            (Step::Wait, _) => self.wait(SignedDuration::from_mins(31)),
            (Step::LongWait, _) => self.wait_long(),
            (Step::Another, _) => self.another(),
            (Step::Retrieve, Some(id)) => self.retrieve(&id),
            (Step::Capture(part), Some(id)) => {
                let amounts = self.amounts(part, self.now().capturable());
                let adjust = self.adjust(amounts);
                self.write(&Call::capture(&id, Some(&adjust)), amounts, lost)
            }
            (Step::Refund(part), Some(id)) => {
                let amounts = self.amounts(part, (self.reading.left)(&self.now()));
                let adjust = self.adjust(amounts);
                self.write(&Call::refund(&id, Some(&adjust)), amounts, lost)
            }
            (Step::Cancel, Some(id)) => self.write(&Call::cancel(&id), None, lost),
            (_, None) => Err("the payment has no id".to_owned()),
        }
    }

    /// Gross, and tax where it is named. Where nothing is left, of what was asked for at first.
    fn amounts(&self, part: Part, left: Taxed) -> Option<(Amount, Option<Amount>)> {
        let base = if left.gross.is_zero() {
            self.now().price()
        } else {
            left
        };
        let hundredths = Amount::from_hundredths;
        let share =
            |amount: Amount, thousandths| hundredths(amount.hundredths() * thousandths / 1_000);
        let cent = hundredths(1);
        let more = |amount: Amount| amount.checked_add(cent).unwrap();
        match part {
            Part::Rest => None,
            Part::Of { gross, tax } => {
                let tax = tax.map(|tax| share(base.tax, tax));
                Some((share(base.gross, gross).max(cent), tax))
            }
            Part::CentMore => Some((more(base.gross), None)),
            Part::CentMoreTax => Some((base.gross, Some(more(base.tax)))),
            Part::Cent => Some((cent, Some(Amount::ZERO))),
        }
    }

    fn adjust(&mut self, amounts: Option<(Amount, Option<Amount>)>) -> Adjust {
        Adjust {
            external: Some(self.world.fresh().into()),
            amounts: amounts.map(|(gross, tax)| (gross, tax, Currency::USD)),
            item: Item::default(),
        }
    }

    /// What the console's reading expects of a write.
    fn expected(
        &self,
        call: &Call,
        amounts: Option<(Amount, Option<Amount>)>,
    ) -> Result<Option<Moved>, String> {
        let payment = self.now();
        let fits = |left: Taxed| {
            amounts.is_none_or(|(gross, tax)| {
                Taxed::new(gross, tax.unwrap_or(Amount::ZERO)).fits_in(left)
            })
        };
        if call.operation == Operation::Capture {
            let moves = self.is_possible(Verb::Capture) && fits(payment.price());
            return Ok(moves.then_some(Moved::Captured));
        }
        let price = payment.price();
        let is_whole = amounts.is_none_or(|(gross, tax)| {
            gross == price.gross && tax.is_none_or(|tax| tax == price.tax)
        });
        match [Verb::Cancel, Verb::Refund].map(|verb| self.is_possible(verb)) {
            [true, true] => Err("a cancel and a refund are the same request".to_owned()),
            [true, false] => Ok(is_whole.then_some(Moved::Cancelled)),
            [false, true] => Ok(fits((self.reading.left)(&payment)).then_some(Moved::Refunded)),
            [false, false] => Ok(None),
        }
    }

    /// Sends a write. What moved is seen in the sandbox's state; the answer has to say the same.
    fn send(&mut self, call: &Call, lost: bool) -> Result<(Option<Moved>, Reply), String> {
        let id = self.now().id.ok_or("the payment has no id")?;
        let before = self.world.state(&id);
        let (_, reply) = self.world.send(call, lost);
        let after = self.world.state(&id);
        let moved = Moved::between(&before, &after)?;
        let told = match (call.operation, reply.code()) {
            _ if reply.replayed => None,
            (Operation::Capture, ResponseCode::Ok) => Some(Moved::Captured),
            (_, ResponseCode::Refunded) => Some(Moved::Refunded),
            // What is cancelled is told so again and again.
            (_, ResponseCode::Cancelled) if before["state"] == "CANCELLED" => None,
            (_, ResponseCode::Cancelled) => Some(Moved::Cancelled),
            _ => None,
        };
        if told == moved {
            Ok((moved, reply))
        } else {
            Err(format!(
                "the {} was answered {}, and {before} became {after}",
                call.operation.name(),
                reply.code().as_str()
            ))
        }
    }

    fn write(
        &mut self,
        call: &Call,
        amounts: Option<(Amount, Option<Amount>)>,
        lost: bool,
    ) -> Result<(), String> {
        let expected = self.expected(call, amounts)?;
        let before = self.now();
        let (moved, reply) = self.send(call, lost)?;
        let name = call.operation.name();
        if moved != expected {
            return Err(format!(
                "{name} of {amounts:?} when {:?}: expected {expected:?}, and the sandbox said {}",
                before.state,
                reply.code().as_str()
            ));
        }
        if call.operation != Operation::Capture && moved.is_none() {
            self.check_refusal(&before, &reply)?;
        }
        if lost {
            self.send_again(call)?;
        }
        Ok(())
    }

    /// A refund that is refused is refused for the reason that the console would give.
    fn check_refusal(&self, before: &Transaction, reply: &Reply) -> Result<(), String> {
        let expected = match &before.state {
            _ if self.is_gone => ResponseCode::NotFound,
            State::Captured(_) if before.refundable().gross.is_zero() => {
                ResponseCode::AlreadyRefunded
            }
            State::Captured(_) => ResponseCode::CantRefund,
            _ => return Ok(()),
        };
        if *reply.code() == expected || reply.replayed {
            Ok(())
        } else {
            Err(format!("{:?} in the place of {expected:?}", reply.code()))
        }
    }

    /// While an outcome is unknown nothing else is offered; the same bytes tell it, and move nothing.
    fn send_again(&mut self, call: &Call) -> Result<(), String> {
        if self.now().unresolved().is_none() {
            return Ok(());
        }
        let gambles = [Verb::Capture, Verb::Cancel, Verb::Refund];
        if gambles.into_iter().any(|verb| self.is_possible(verb)) {
            return Err("another write is offered while an outcome is unknown".to_owned());
        }
        if !self.is_possible(Verb::SendAgain) {
            return Err("sending it again is not offered".to_owned());
        }
        if let (Some(moved), _) = self.send(call, false)? {
            return Err(format!(
                "the same {} again {moved:?}",
                call.operation.name()
            ));
        }
        match self.now().unresolved() {
            Some(open) => Err(format!("still unknown: {open:?}")),
            None => Ok(()),
        }
    }

    fn retrieve(&mut self, id: &TransactionId) -> Result<(), String> {
        let before = self.now();
        if self.is_possible(Verb::Retrieve) == self.is_gone {
            return Err(format!("a retrieve is possible: {}", self.is_gone));
        }
        self.world.send(&Call::retrieve(id), false);
        let after = self.now();
        if (&before.state, before.price()) == (&after.state, after.price()) {
            Ok(())
        } else {
            Err(format!("a retrieve moved it to {:?}", after.state))
        }
    }

    fn another(&mut self) -> Result<(), String> {
        if self.is_possible(Verb::Authorize) == self.is_gone {
            return Err(format!(
                "another payment like it is possible: {}",
                self.is_gone
            ));
        }
        let call = Self::authorize(self.world, self.cast);
        let (_, reply) = self.world.send(&call, false);
        check_start(self.cast, &reply)
    }

    fn reset(&mut self) -> Result<(), String> {
        self.world.reset();
        self.is_gone = true;
        let possible = Verb::ALL.into_iter().find(|verb| self.is_possible(*verb));
        match possible {
            Some(verb) => Err(format!("of before a reset, and possible: {verb:?}")),
            None => Ok(()),
        }
    }

    fn press(&mut self, action: &str) -> Result<(), String> {
        let State::WaitingForPayer { url: Some(url) } = self.now().state else {
            return Ok(());
        };
        if self.world.press(&url, action, &[("zip", "90210")]) {
            self.finished()?;
        }
        Ok(())
    }

    fn wait(&mut self, how_long: SignedDuration) -> Result<(), String> {
        let was_waiting = matches!(self.now().state, State::WaitingForPayer { .. });
        self.world.hand.advance(how_long);
        // Whatever is asked next has the sandbox look at its clock.
        let user = Call::status(&self.world.users[0]);
        self.world.send(&user, false);
        if was_waiting && matches!(self.now().state, State::WaitingForPayer { .. }) {
            self.finished()?;
        }
        Ok(())
    }

    /// What nobody captured in time is cancelled, and both know why.
    fn wait_long(&mut self) -> Result<(), String> {
        let before = self.now();
        self.wait(SignedDuration::from_hours(7 * 24 + 1))?;
        let (State::Authorized, Some(id)) = (before.state, before.id) else {
            return Ok(());
        };
        let there = self.world.state(&id);
        if there["state"] != "CANCELLED" {
            return Err(format!(
                "an authorization is over, and the payment is {there}"
            ));
        }
        if self.now().state == State::Authorized {
            self.world.follow(|report| {
                matches!(&report.what, What::Expired { transaction, .. } if *transaction == id)
            });
        }
        let after = self.now();
        if after.expired && after.state == State::Cancelled {
            Ok(())
        } else {
            Err(format!(
                "its authorization is over, and it is {:?}",
                after.state
            ))
        }
    }

    /// Waits until the sandbox has said that the pages are over.
    fn finished(&mut self) -> Result<(), String> {
        let id = self.now().id;
        self.world.follow(|report| {
            matches!(&report.what, What::Finished { transaction, .. }
                if Some(transaction) == id.as_ref())
        });
        match self.now().state {
            State::WaitingForPayer { .. } => Err("the pages are over, and it waits".to_owned()),
            _ => Ok(()),
        }
    }
}

fn check_start(cast: Cast, reply: &Reply) -> Result<(), String> {
    let expected = match cast {
        Cast::Plain => ResponseCode::Ok,
        Cast::Redirected => ResponseCode::ClientActionRequired,
    };
    if *reply.code() == expected && !reply.replayed {
        Ok(())
    } else {
        Err(format!("a fresh start was answered {:?}", reply.code()))
    }
}

//! The payer's pages of a redirect payment: confirm it, then give a ZIP code and confirm again. Every
//! page can cancel; left alone they expire as cancelled.

#[cfg(test)]
mod tests;

use jiff::Timestamp;

use super::answer::Members;
use super::form::{
    self, CANCEL, CONFIRM, Finished, Form, Input, Keyboard, Notification, Submission,
};
use super::payment::{Payment, State};
use super::{Rules, deadline};
use crate::api::{ExternalTransactionId, ResponseCode};

/// What a submission comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visited {
    /// The payment from now on.
    pub payment: Payment,
    /// The page to show next.
    pub form: Form,
    pub finished: Option<Finished>,
}

/// The page that the payer is on.
pub fn form(payment: &Payment) -> Form {
    match payment.state {
        State::AsksApproval => {
            let text = format!(
                "{} The price includes {} of tax and goes on the bill of {}.",
                purchase(payment),
                payment.authorized.tax,
                payment.payer.msisdn.as_str()
            );
            Form::ask("Confirm your payment", text, Vec::new(), CONFIRM)
        }
        State::AsksZip => {
            let text = format!(
                "{} To confirm it, enter the ZIP or postal code of your billing address. This is a \
                 sandbox: any code will do.",
                purchase(payment)
            );
            let zip = Input {
                name: "zip",
                label: "ZIP or postal code",
                value: String::new(),
                keyboard: Keyboard::Text,
            };
            Form::ask("Your ZIP code", text, vec![zip], CONFIRM)
        }
        State::PayerCancelled => closing(
            payment,
            "Payment cancelled",
            "The payment was cancelled. Nothing was charged.",
        ),
        State::Authorized
        | State::Captured
        | State::PartiallyRefunded
        | State::Refunded
        | State::Cancelled
        | State::Refused => closing(
            payment,
            "Payment approved",
            "You approved the payment. Nothing is left to do here.",
        ),
    }
}

fn closing(payment: &Payment, title: &'static str, text: &str) -> Form {
    Form::closing(title, text.to_owned(), browser(payment))
}

fn purchase(payment: &Payment) -> String {
    let price = format!("{} {}", payment.authorized.gross, payment.currency);
    match &payment.details.name {
        Some(name) => format!("You are paying {price} for {name}."),
        None => format!("You are paying {price}."),
    }
}

/// Takes what the payer sent. A payment that is decided stays as it is.
pub fn submit(
    payment: &Payment,
    submission: &Submission,
    rules: &Rules,
    now: Timestamp,
) -> Visited {
    if !payment.state.is_pending() {
        return stays(payment, form(payment));
    }
    if submission.chose(CANCEL) {
        return finish(with_state(payment, State::PayerCancelled));
    }
    if !submission.chose(CONFIRM) {
        return stays(payment, form(payment).refusing(form::OTHER_BUTTON, ""));
    }
    if payment.state == State::AsksApproval {
        let payment = with_state(payment, State::AsksZip);
        return stays(&payment, form(&payment));
    }
    let zip = submission.field("zip");
    if let Err(rule) = check_zip(zip) {
        return stays(payment, form(payment).refusing(rule, zip));
    }
    let mut payment = with_state(payment, State::Authorized);
    payment.expires_at = deadline(now, rules.authorization);
    finish(payment)
}

/// The end of pages that were left alone for too long: as if the payer had cancelled.
pub fn left_alone(payment: &Payment) -> Visited {
    finish(with_state(payment, State::PayerCancelled))
}

/// The payment after its authorization expired, if it did: what was held is released.
pub fn release(payment: &Payment, now: Timestamp) -> Option<Payment> {
    let expired = payment.state == State::Authorized && now >= payment.expires_at;
    expired.then(|| with_state(payment, State::Cancelled))
}

fn check_zip(zip: &str) -> Result<(), &'static str> {
    if zip.is_empty() {
        return Err("the ZIP code is missing");
    }
    let plain = |c: char| c.is_alphanumeric() || c == ' ' || c == '-';
    if zip.chars().count() > 12 || !zip.chars().all(plain) {
        return Err("a ZIP code has up to 12 letters, digits, spaces or hyphens");
    }
    Ok(())
}

fn with_state(payment: &Payment, state: State) -> Payment {
    Payment {
        state,
        ..payment.clone()
    }
}

fn stays(payment: &Payment, form: Form) -> Visited {
    Visited {
        payment: payment.clone(),
        form,
        finished: None,
    }
}

fn finish(payment: Payment) -> Visited {
    let notification = payment.details.notification_url.clone().map(|url| {
        let body = Members::new()
            .optional("externalTransactionId", external(&payment))
            .text("transactionId", told_id(&payment))
            .text("responseCode", outcome(&payment).as_str())
            .close()
            .into_bytes();
        Notification { url, body }
    });
    Visited {
        form: form(&payment),
        finished: Some(Finished {
            code: outcome(&payment),
            browser: browser(&payment),
            notification,
        }),
        payment,
    }
}

fn outcome(payment: &Payment) -> ResponseCode {
    if payment.state == State::PayerCancelled {
        ResponseCode::UserCancelled
    } else {
        ResponseCode::Ok
    }
}

/// The merchant's address with the outcome, in the documented order.
fn browser(payment: &Payment) -> Option<String> {
    let outcome = outcome(payment);
    let url = payment.details.callback_url.as_ref()?;
    Some(url.with(&[
        (
            "externalTransactionId",
            external(payment).unwrap_or_default(),
        ),
        ("transactionId", told_id(payment)),
        ("responseCode", outcome.as_str()),
    ]))
}

/// After a cancel the id is the text `null`, in the address and in the notification alike.
fn told_id(payment: &Payment) -> &str {
    if payment.state == State::PayerCancelled {
        "null"
    } else {
        payment.id.as_str()
    }
}

fn external(payment: &Payment) -> Option<&str> {
    payment.external.as_ref().map(ExternalTransactionId::as_str)
}

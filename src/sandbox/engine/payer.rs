//! A payer whom the sandbox has identified, and what the TestPay table makes of them.

use super::answer::{Answer, Members};
use super::reason::Reason;
use super::request::Start;
use crate::api::{BangoUserId, Msisdn, ResponseCode};
use crate::money::Currency;
use crate::testpay::{self, NetworkKey, Step};

/// A number proven under a network key, with the id that stands for it from then on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payer {
    pub id: BangoUserId,
    pub key: NetworkKey,
    pub msisdn: Msisdn,
}

impl Payer {
    /// The payer's row of the TestPay table.
    pub fn role(&self) -> &'static testpay::Payer {
        testpay::payer(self.key, &self.msisdn)
    }

    /// The payer's standing.
    pub fn status(&self) -> ResponseCode {
        let role = self.role();
        match role.start {
            Step::Fails(failure) if matches!(role.suffix, "122" | "123" | "124") => failure.code(),
            _ => ResponseCode::Ok,
        }
    }

    /// The currency preferred when a price list offers several.
    pub(super) fn home(&self) -> Currency {
        match self.key {
            NetworkKey::GbrBango | NetworkKey::GbrBangoRedirect => Currency::GBP,
            NetworkKey::UsaBango => Currency::USD,
        }
    }

    /// Refuses where the payer's row fails at this step.
    pub(super) fn allows(&self, step: Step) -> Result<(), Reason> {
        match step {
            Step::Fails(failure) => Err(Reason::TestPay {
                payer: self.role(),
                failure,
            }),
            Step::Succeeds | Step::Redirects => Ok(()),
        }
    }
}

/// `GET identity/{bangoUserId}`.
pub fn status(payer: Option<&Payer>) -> Answer {
    let Some(payer) = payer else {
        return Answer::refusal(&Reason::UnknownAccount);
    };
    // This answer alone comes without the full stop.
    Answer::success(200, &ResponseCode::Ok, "Success", |members| {
        members
            .text("bangoUserId", payer.id.as_str())
            .text("identificationMethodKey", payer.key.as_str())
            .text("status", payer.status().as_str())
    })
}

/// `DELETE identity/{bangoUserId}`.
pub fn close(payer: Option<&Payer>) -> Answer {
    match payer {
        Some(_) => Answer::done(),
        None => Answer::refusal(&Reason::UnknownAccount),
    }
}

/// `OPTIONS transaction`: nothing is created and no key used up.
pub fn methods(request: &Start, payer: Option<&Payer>) -> Answer {
    let answer = payer.ok_or(Reason::UnknownPayer).and_then(|payer| {
        if !request.operator_billing {
            return Err(Reason::OnlyOperatorBilling);
        }
        let role = payer.role();
        if matches!(role.suffix, "121" | "122" | "123" | "124" | "125" | "127") {
            payer.allows(role.start)?;
        }
        Ok(available(payer))
    });
    answer.unwrap_or_else(|reason| Answer::refusal(&reason))
}

pub(super) fn available(payer: &Payer) -> Answer {
    Answer::success(200, &ResponseCode::Ok, "Success.", |members| {
        members.raw(
            "availablePaymentMethods",
            &format!("[{}]", method(payer).close()),
        )
    })
}

/// The one method that TestPay has, for this payer.
pub(super) fn method(payer: &Payer) -> Members {
    Members::new()
        .text("type", "OPERATORBILLING")
        .text("key", payer.key.as_str())
        .text("description", "Direct operator billing")
        .object("parameters", Members::new())
}

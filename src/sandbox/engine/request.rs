//! What a body asks for, by operation. Section 4 of the API's documentation is enforced here.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::items::{self, PricedItem};
use super::read::{Field, Object, Rule};
use super::reason::Reason;
use super::url::MerchantUrl;
use crate::api::{BangoUserId, ExternalTransactionId, Msisdn};
use crate::json::Value;
use crate::testpay::NetworkKey;

/// What makes two bodies equal: SHA-256 of the canonical JSON, in which member order, white space and
/// escape forms do not count. An absent body has a value of its own.
pub type Digest = [u8; 32];

pub(super) fn digest(body: Option<&Value>) -> Digest {
    match body {
        Some(value) => Sha256::digest(value.canonical()).into(),
        None => Sha256::digest(b"").into(),
    }
}

/// The body of `POST identity` and of its follow-ups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identify {
    pub network: Option<String>,
    pub callback_url: Option<MerchantUrl>,
    pub notification_url: Option<MerchantUrl>,
    /// Whether the payer's device can send an SMS, where this is said.
    pub sends_sms: Option<bool>,
    /// The client cannot do what it was asked for.
    pub cancels: bool,
}

impl Identify {
    /// No body at all is `{}`.
    pub fn read(body: Option<&Value>) -> Result<Self, Reason> {
        const KNOWN: &[&str] = &[
            "identificationMethodKey",
            "thirdPartyUserId",
            "deviceCapabilitySendSms",
            "merchantReferenceKey",
            "mcc",
            "mnc",
            "callbackUrl",
            "notificationUrl",
            "action",
        ];
        let Some(body) = body else {
            return Ok(Self::default());
        };
        let body = Object::read(body, Field::body(), KNOWN)?;
        for name in ["thirdPartyUserId", "merchantReferenceKey", "mcc", "mnc"] {
            body.text(name)?;
        }
        let sends_sms = match body.text("deviceCapabilitySendSms")? {
            None => None,
            Some("true") => Some(true),
            Some("false") => Some(false),
            Some(_) => return Err(body.field("deviceCapabilitySendSms").breaks(Rule::Flag)),
        };
        let cancels = match body.text("action")? {
            None => false,
            Some("cancel") => true,
            Some(_) => return Err(body.field("action").breaks(Rule::Cancel)),
        };
        Ok(Self {
            network: body.owned("identificationMethodKey")?,
            callback_url: url(&body, "callbackUrl")?,
            notification_url: url(&body, "notificationUrl")?,
            sends_sms,
            cancels,
        })
    }

    /// The body of a first call, where there is nothing yet to cancel.
    pub fn read_first(body: Option<&Value>) -> Result<Self, Reason> {
        let request = Self::read(body)?;
        if request.cancels {
            return Err(Field::body().member("action").breaks(Rule::NeedsSession));
        }
        Ok(request)
    }
}

/// The body that makes a payer without the pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPayer {
    pub msisdn: Msisdn,
    pub key: NetworkKey,
}

impl NewPayer {
    /// Without a key the number decides, as on the pages.
    pub fn read(body: Option<&Value>) -> Result<Self, Reason> {
        let body = body.ok_or(Reason::BodyMissing)?;
        let body = Object::read(body, Field::body(), &["msisdn", "key"])?;
        let msisdn = msisdn(&body)?.ok_or_else(|| body.field("msisdn").breaks(Rule::Missing))?;
        let key = match body.text("key")? {
            None => NetworkKey::of_number(&msisdn),
            Some(key) => {
                NetworkKey::parse(key).ok_or_else(|| body.field("key").breaks(Rule::Network))?
            }
        };
        Ok(Self { msisdn, key })
    }
}

/// The body that has the SMS of an identification arrive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sms {
    /// Who sends it, where this is said.
    pub msisdn: Option<Msisdn>,
}

impl Sms {
    /// No body at all is `{}`.
    pub fn read(body: Option<&Value>) -> Result<Self, Reason> {
        let Some(body) = body else {
            return Ok(Self::default());
        };
        let body = Object::read(body, Field::body(), &["msisdn"])?;
        Ok(Self {
            msisdn: msisdn(&body)?,
        })
    }
}

/// The body of `POST transaction` and `OPTIONS transaction`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    pub user: BangoUserId,
    /// An empty one is none: it names nothing.
    pub external: Option<ExternalTransactionId>,
    /// Is operator billing among the methods to consider?
    pub operator_billing: bool,
    pub item: PricedItem,
    pub callback_url: Option<MerchantUrl>,
    pub notification_url: Option<MerchantUrl>,
    /// The merchant's own members of `extensionData`, as a JSON object.
    pub custom: String,
    pub digest: Digest,
}

impl Start {
    pub fn read(body: Option<&Value>) -> Result<Self, Reason> {
        let value = body.ok_or(Reason::BodyMissing)?;
        let body = transaction_body(value)?;
        let missing = |name| body.field(name).breaks(Rule::Missing);
        let user = body
            .text("bangoUserId")?
            .ok_or_else(|| missing("bangoUserId"))?;
        let item = items::read(&body)?.ok_or_else(|| missing("paymentItems"))?;
        let extension = body.object("extensionData", EXTENSION)?;
        let (mut callback_url, mut notification_url) = (None, None);
        if let Some(extension) = &extension {
            extension.text("subscriptionFrequency")?;
            callback_url = url(extension, "callbackUrl")?;
            notification_url = url(extension, "notificationUrl")?;
        }
        Ok(Self {
            user: BangoUserId::from(user),
            external: external(&body)?,
            operator_billing: operator_billing(&body)?,
            item,
            callback_url,
            notification_url,
            custom: extension.map_or_else(|| "{}".to_owned(), |extension| custom(&extension)),
            digest: digest(Some(value)),
        })
    }
}

/// The body of `PUT` and `DELETE transaction/{transactionId}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjust {
    pub external: Option<ExternalTransactionId>,
    /// `None` speaks of everything there is.
    pub item: Option<PricedItem>,
    pub digest: Digest,
}

impl Adjust {
    pub fn read(body: Option<&Value>) -> Result<Self, Reason> {
        let digest = digest(body);
        let Some(value) = body else {
            return Ok(Self {
                external: None,
                item: None,
                digest,
            });
        };
        let body = transaction_body(value)?;
        body.text("bangoUserId")?;
        methods(&body)?;
        // The addresses have no effect here, so only their type counts.
        if let Some(extension) = body.object("extensionData", EXTENSION)? {
            for name in EXTENSION {
                extension.text(name)?;
            }
        }
        Ok(Self {
            external: external(&body)?,
            item: items::read(&body)?,
            digest,
        })
    }
}

const EXTENSION: &[&str] = &["callbackUrl", "notificationUrl", "subscriptionFrequency"];

fn transaction_body(value: &Value) -> Result<Object<'_>, Reason> {
    const KNOWN: &[&str] = &[
        "bangoUserId",
        "externalTransactionId",
        "paymentMethods",
        "paymentItems",
        "extensionData",
    ];
    Object::read(value, Field::body(), KNOWN)
}

fn external(body: &Object<'_>) -> Result<Option<ExternalTransactionId>, Reason> {
    Ok(body
        .text("externalTransactionId")?
        .filter(|id| !id.is_empty())
        .map(ExternalTransactionId::from))
}

fn url(object: &Object<'_>, name: &str) -> Result<Option<MerchantUrl>, Reason> {
    object
        .text(name)?
        .map(|text| MerchantUrl::parse(text).map_err(|error| object.field(name).breaks(error)))
        .transpose()
}

fn msisdn(body: &Object<'_>) -> Result<Option<Msisdn>, Reason> {
    body.text("msisdn")?
        .map(|text| Msisdn::parse(text).map_err(|error| body.field("msisdn").breaks(error)))
        .transpose()
}

/// The entries of `paymentMethods`, which have to be texts.
fn methods<'v>(body: &Object<'v>) -> Result<Vec<&'v str>, Reason> {
    let entries = body.list("paymentMethods")?.unwrap_or(&[]);
    let field = body.field("paymentMethods");
    entries
        .iter()
        .enumerate()
        .map(|(position, entry)| match entry {
            Value::Text(text) => Ok(text.as_str()),
            _ => Err(field.entry(position).breaks(Rule::Text)),
        })
        .collect()
}

/// An absent or empty list means every method.
fn operator_billing(body: &Object<'_>) -> Result<bool, Reason> {
    let methods = methods(body)?;
    for (position, method) in methods.iter().enumerate() {
        if !matches!(*method, "OPERATORBILLING" | "INTERNET") {
            let field = body.field("paymentMethods").entry(position);
            return Err(field.breaks(Rule::PaymentMethod));
        }
    }
    Ok(methods.is_empty() || methods.contains(&"OPERATORBILLING"))
}

/// What retrieve gives back of `extensionData`: all but the addresses; of a repeated member the last.
fn custom(extension: &Object<'_>) -> String {
    let kept: BTreeMap<_, _> = extension
        .members()
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "callbackUrl" | "notificationUrl"))
        .cloned()
        .collect();
    let kept = Value::Object(kept.into_iter().collect());
    String::from_utf8(kept.canonical()).expect("canonical JSON is UTF-8")
}

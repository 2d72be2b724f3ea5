//! What was wrong with the other side's TLS: which check failed, for which name, until when.
//!
//! A handshake that fails is a connection that was never made, so nothing of the request has left.

use std::error::Error;
use std::io;

use jiff::Timestamp;
use rustls::CertificateError as Certificate;
use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, Error as Tls};

/// Names of a certificate that a sentence lists.
const NAMES: usize = 3;

/// The sentence, where it was TLS that failed on the way to `host`.
pub(super) fn sentence(error: &(dyn Error + 'static), host: &str) -> Option<String> {
    let cause = cause(error)?;
    Some(match cause {
        Tls::InvalidCertificate(certificate) => {
            format!(
                "the certificate of {host} {}",
                certificate_words(certificate)
            )
        }
        Tls::NoCertificatesPresented => format!("{host} presented no certificate"),
        Tls::InvalidMessage(_) => {
            format!("{host} does not speak TLS at this port: is the address http, or another port?")
        }
        Tls::PeerIncompatible(why) => {
            format!("{host} speaks no version or cipher of TLS that is safe ({why:?})")
        }
        Tls::AlertReceived(AlertDescription::ProtocolVersion) => {
            format!("{host} speaks no version of TLS that is safe (1.2 or 1.3)")
        }
        Tls::AlertReceived(AlertDescription::UnrecognisedName) => {
            format!("{host} has no certificate for this name")
        }
        Tls::AlertReceived(alert) => format!("{host} refused the handshake ({alert:?})"),
        Tls::PeerMisbehaved(why) => format!("{host} broke the rules of TLS ({why:?})"),
        other => format!("the handshake with {host} failed ({other})"),
    })
}

fn certificate_words(error: &Certificate) -> String {
    match error {
        Certificate::ExpiredContext { not_after, .. } => {
            format!("was valid until {}", date(*not_after))
        }
        Certificate::Expired => "has expired".to_owned(),
        Certificate::NotValidYetContext { not_before, .. } => {
            format!("is not valid before {}", date(*not_before))
        }
        Certificate::NotValidYet => "is not valid yet".to_owned(),
        Certificate::NotValidForNameContext { presented, .. } => {
            format!("is for {}", names(presented))
        }
        Certificate::NotValidForName => "is for another name".to_owned(),
        Certificate::UnknownIssuer => {
            "is signed by nobody who is trusted here (a private CA is named with ca_file)"
                .to_owned()
        }
        Certificate::BadSignature => "has a signature that does not fit: it was altered".to_owned(),
        Certificate::BadEncoding => "cannot be read".to_owned(),
        Certificate::Revoked => "was revoked".to_owned(),
        Certificate::InvalidPurpose | Certificate::InvalidPurposeContext { .. } => {
            "is not made for servers".to_owned()
        }
        Certificate::UnhandledCriticalExtension => {
            "has a condition that is not understood here".to_owned()
        }
        Certificate::UnsupportedSignatureAlgorithmContext { .. }
        | Certificate::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            "is signed in a way that is not safe".to_owned()
        }
        Certificate::Other(other) => other_words(&format!("{other:?}")),
        other => format!("was not accepted ({other})"),
    }
}

/// What the verifier names by no variant of the library's.
fn other_words(name: &str) -> String {
    match name {
        _ if name.contains("EkuError") => "is not made for servers".to_owned(),
        _ if name.contains("CaUsedAsEndEntity") => "is that of a CA, not of a server".to_owned(),
        _ => format!("was not accepted ({name})"),
    }
}

/// Their own words: whatever is in a certificate was written by whoever made it.
fn names(presented: &[String]) -> String {
    let shown = presented.iter().take(NAMES).map(|name| {
        // `DnsName("example.org")` is how the library names them.
        let name = name.strip_prefix("DnsName(").unwrap_or(name);
        name.trim_end_matches(')').trim_matches('"')
    });
    let shown = shown.collect::<Vec<_>>().join(", ");
    match presented.len() {
        0 => "no name".to_owned(),
        count if count > NAMES => format!("{shown} and {} more", count - NAMES),
        _ => shown,
    }
}

fn date(at: UnixTime) -> String {
    let seconds = i64::try_from(at.as_secs()).unwrap_or(i64::MAX);
    match Timestamp::from_second(seconds) {
        Ok(at) => at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        Err(_) => "the end of time".to_owned(),
    }
}

/// The library's error among the causes. An I/O error keeps its cause to itself.
fn cause<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e Tls> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(tls) = error.downcast_ref::<Tls>() {
            return Some(tls);
        }
        next = match error.downcast_ref::<io::Error>() {
            Some(io) => io.get_ref().map(|inner| inner as &(dyn Error + 'static)),
            None => error.source(),
        };
    }
    None
}

//! Payers and identifications as rows.

use rusqlite::{OptionalExtension as _, Row, named_params};

use super::ids::PublicIds;
use super::ledger::{Ledger, loaded, stored};
use super::payments::damaged;
use super::{Merchant, StoreError};
use crate::api::{BangoUserId, Msisdn, SessionId};
use crate::sandbox::engine::session::Step;
use crate::sandbox::engine::{MerchantUrl, Payer, Session};
use crate::testpay::NetworkKey;

/// A session with what is kept beside it.
pub struct SessionRow {
    pub number: i64,
    pub merchant: Merchant,
    pub session: Session,
    /// The token of the payer's pages.
    pub token: String,
}

impl Ledger {
    /// A payer whose account is open.
    pub fn payer(
        &self,
        merchant: &Merchant,
        id: &BangoUserId,
    ) -> Result<Option<Payer>, StoreError> {
        let Some(number) = self.ids().user_row(id) else {
            return Ok(None);
        };
        let mut statement = self.connection.prepare_cached(
            "SELECT * FROM payer WHERE number = ?1 AND merchant = ?2 AND closed_at IS NULL",
        )?;
        statement
            .query_row((number, &merchant.0), |row| {
                read_payer(self.ids(), row, "number")
            })
            .optional()?
            .map(|payer| payer.ok_or_else(|| damaged("payer", number)))
            .transpose()
    }

    /// The payer behind a number under a key: the one known already, or a new one.
    pub fn payer_of_number(
        &self,
        merchant: &Merchant,
        key: NetworkKey,
        msisdn: &Msisdn,
    ) -> Result<Payer, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT number FROM payer WHERE merchant = ?1 AND network = ?2 AND msisdn = ?3
                AND closed_at IS NULL",
        )?;
        let names = (&merchant.0, key.as_str(), msisdn.as_str());
        let known: Option<i64> = statement.query_row(names, |row| row.get(0)).optional()?;
        let number = if let Some(number) = known {
            number
        } else {
            let number = self.next_number("payer")?;
            let mut statement = self.connection.prepare_cached(
                "INSERT INTO payer (number, merchant, network, msisdn, identified_at)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?;
            let at = stored(self.now());
            statement.execute((number, &merchant.0, key.as_str(), msisdn.as_str(), at))?;
            number
        };
        Ok(Payer {
            id: self.ids().user(number),
            key,
            msisdn: msisdn.clone(),
        })
    }

    /// The payer's id is no more, also for the sessions that led to it. What was paid under it stays.
    pub fn close_payer(&self, payer: &Payer) -> Result<(), StoreError> {
        let number = self.ids().user_row(&payer.id);
        let mut sessions = self
            .connection
            .prepare_cached("UPDATE session SET step = 'closed', payer = NULL WHERE payer = ?1")?;
        sessions.execute((number,))?;
        let mut payers = self
            .connection
            .prepare_cached("UPDATE payer SET closed_at = ?2 WHERE number = ?1")?;
        payers.execute((number, stored(self.now())))?;
        Ok(())
    }

    pub fn session(
        &self,
        merchant: &Merchant,
        id: &SessionId,
    ) -> Result<Option<SessionRow>, StoreError> {
        match self.ids().session_row(id) {
            None => Ok(None),
            Some(number) => self.one_session(
                "WHERE session.number = ?1 AND session.merchant = ?2",
                (number, &merchant.0),
            ),
        }
    }

    pub fn session_of_page(&self, token: &str) -> Result<Option<SessionRow>, StoreError> {
        self.one_session("WHERE session.token = ?1", (token,))
    }

    fn one_session(
        &self,
        condition: &str,
        parameters: impl rusqlite::Params,
    ) -> Result<Option<SessionRow>, StoreError> {
        Ok(self.many_sessions(condition, parameters)?.pop())
    }

    fn many_sessions(
        &self,
        condition: &str,
        parameters: impl rusqlite::Params,
    ) -> Result<Vec<SessionRow>, StoreError> {
        let sql = format!("SELECT * FROM session {condition}");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut found = statement.query(parameters)?;
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            let (number, payer) = (row.get("number")?, row.get::<_, Option<i64>>("payer")?);
            let damaged = || damaged("session", number);
            let mut row = self.read_session(row)?.ok_or_else(damaged)?;
            if let Some(payer) = payer {
                let payer = self.payer(&row.merchant, &self.ids().user(payer))?;
                row.session.step = Step::Identified(payer.ok_or_else(damaged)?);
            }
            rows.push(row);
        }
        Ok(rows)
    }

    /// A merchant's sessions behind a row, oldest first.
    pub fn sessions(
        &self,
        merchant: &Merchant,
        after: i64,
        limit: u32,
    ) -> Result<Vec<SessionRow>, StoreError> {
        self.many_sessions(
            "WHERE merchant = ?1 AND number > ?2 ORDER BY number LIMIT ?3",
            (&merchant.0, after, limit),
        )
    }

    /// A merchant's payers behind a row, oldest first; with their numbers, and whether they are closed.
    pub fn payers(
        &self,
        merchant: &Merchant,
        after: i64,
        limit: u32,
    ) -> Result<Vec<(i64, Payer, bool)>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT * FROM payer WHERE merchant = ?1 AND number > ?2 ORDER BY number LIMIT ?3",
        )?;
        let mut found = statement.query((&merchant.0, after, limit))?;
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            let number = row.get("number")?;
            let payer = read_payer(self.ids(), row, "number")?;
            let payer = payer.ok_or_else(|| damaged("payer", number))?;
            rows.push((
                number,
                payer,
                row.get::<_, Option<i64>>("closed_at")?.is_some(),
            ));
        }
        Ok(rows)
    }

    /// All but the payer. `None` where a column holds what no program of ours wrote.
    fn read_session(&self, row: &Row<'_>) -> rusqlite::Result<Option<SessionRow>> {
        let number = row.get("number")?;
        let network: Option<String> = row.get("network")?;
        let msisdn: Option<String> = row.get("msisdn")?;
        let msisdn = msisdn.and_then(|msisdn| Msisdn::parse(&msisdn).ok());
        let wrong = row.get("wrong_pins")?;
        let step = match (row.get_ref("step")?.as_str()?, msisdn) {
            ("asks-pin", Some(msisdn)) => Step::AsksPin { msisdn, wrong },
            ("asks-sms", _) => Step::AsksSms,
            ("awaits-sms", _) => match row.get::<_, Option<i64>>("arrives_at")? {
                Some(at) => Step::AwaitsSms {
                    arrives_at: loaded(at),
                },
                None => return Ok(None),
            },
            ("closed", _) => Step::Closed,
            ("payer-cancelled", _) => Step::PayerCancelled,
            ("no-way-left", _) => Step::NoWayLeft,
            // The caller puts the payer in.
            ("asks-number" | "identified", _) => Step::AsksNumber,
            _ => return Ok(None),
        };
        Ok(Some(SessionRow {
            number,
            merchant: Merchant(row.get("merchant")?),
            session: Session {
                id: self.ids().session(number),
                network: network.as_deref().and_then(NetworkKey::parse),
                step,
                sends_sms: row.get("sends_sms")?,
                callback_url: url(row, "callback_url")?,
                notification_url: url(row, "notification_url")?,
                started_at: loaded(row.get("started_at")?),
                expires_at: loaded(row.get("expires_at")?),
            },
            token: row.get("token")?,
        }))
    }

    /// Keeps a session: a new one, or the step of one that is there.
    pub fn keep_session(&self, row: &SessionRow) -> Result<(), StoreError> {
        let session = &row.session;
        let (step, msisdn, wrong, payer) = match &session.step {
            Step::AsksNumber => ("asks-number", None, 0, None),
            Step::AsksPin { msisdn, wrong } => ("asks-pin", Some(msisdn), *wrong, None),
            Step::Identified(payer) => {
                let number = self.ids().user_row(&payer.id);
                ("identified", Some(&payer.msisdn), 0, number)
            }
            Step::AsksSms => ("asks-sms", None, 0, None),
            Step::AwaitsSms { .. } => ("awaits-sms", None, 0, None),
            Step::Closed => ("closed", None, 0, None),
            Step::PayerCancelled => ("payer-cancelled", None, 0, None),
            Step::NoWayLeft => ("no-way-left", None, 0, None),
        };
        let arrives_at = match session.step {
            Step::AwaitsSms { arrives_at } => Some(stored(arrives_at)),
            _ => None,
        };
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO session (number, merchant, network, step, msisdn, wrong_pins, payer,
                sends_sms, arrives_at, callback_url, notification_url, token, started_at, expires_at)
             VALUES (:number, :merchant, :network, :step, :msisdn, :wrong, :payer,
                :sends_sms, :arrives_at, :callback_url, :notification_url, :token, :started_at, :expires_at)
             ON CONFLICT (number) DO UPDATE SET
                step = :step, msisdn = :msisdn, wrong_pins = :wrong, payer = :payer,
                sends_sms = :sends_sms, arrives_at = :arrives_at",
        )?;
        statement.execute(named_params! {
            ":number": row.number,
            ":merchant": row.merchant.0,
            ":network": session.network.map(NetworkKey::as_str),
            ":step": step,
            ":msisdn": msisdn.map(Msisdn::as_str),
            ":wrong": wrong,
            ":payer": payer,
            ":sends_sms": session.sends_sms,
            ":arrives_at": arrives_at,
            ":callback_url": session.callback_url.as_ref().map(MerchantUrl::as_str),
            ":notification_url": session.notification_url.as_ref().map(MerchantUrl::as_str),
            ":token": row.token,
            ":started_at": stored(session.started_at),
            ":expires_at": stored(session.expires_at),
        })?;
        Ok(())
    }
}

/// A payer from the columns `network` and `msisdn`, and the one that numbers it.
pub fn read_payer(ids: PublicIds, row: &Row<'_>, number: &str) -> rusqlite::Result<Option<Payer>> {
    let key = NetworkKey::parse(row.get_ref("network")?.as_str()?);
    let msisdn = Msisdn::parse(row.get_ref("msisdn")?.as_str()?).ok();
    let id = ids.user(row.get(number)?);
    Ok(key
        .zip(msisdn)
        .map(|(key, msisdn)| Payer { id, key, msisdn }))
}

fn url(row: &Row<'_>, name: &str) -> rusqlite::Result<Option<MerchantUrl>> {
    let text: Option<String> = row.get(name)?;
    Ok(text.and_then(|text| MerchantUrl::parse(&text).ok()))
}

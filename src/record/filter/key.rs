//! The keys and operators of a filter: the one table that help and README are made from.

use std::cmp::Ordering;

/// What a term can look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    State,
    Code,
    Msisdn,
    User,
    Method,
    Amount,
    Currency,
    Ext,
    Id,
    Since,
}

impl Key {
    pub const ALL: [Self; 10] = [
        Self::State,
        Self::Code,
        Self::Msisdn,
        Self::User,
        Self::Method,
        Self::Amount,
        Self::Currency,
        Self::Ext,
        Self::Id,
        Self::Since,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Code => "code",
            Self::Msisdn => "msisdn",
            Self::User => "user",
            Self::Method => "method",
            Self::Amount => "amount",
            Self::Currency => "currency",
            Self::Ext => "ext",
            Self::Id => "id",
            Self::Since => "since",
        }
    }

    /// What it looks at, for the README.
    pub const fn words(self) -> &'static str {
        match self {
            Self::State => "how it stands, in the list's word or the start of it",
            Self::Code => "the last `responseCode`, or the start of it",
            Self::Msisdn => "the payer's number, or a part of it",
            Self::User => "the `bangoUserId`, or a part of it",
            Self::Method => "the `identificationMethodKey`, or a part of it",
            Self::Amount => "the gross amount that was asked for",
            Self::Currency => "the currency",
            Self::Ext => "the `externalTransactionId` of a payment or refund, or a part of it",
            Self::Id => "any id, or a part of it",
            Self::Since => "when it began: this long ago, a time of day, or a date",
        }
    }

    pub const fn examples(self) -> &'static [&'static str] {
        match self {
            Self::State => &["state:captured", "state:part"],
            Self::Code => &["code:DECLINED", "!code:OK"],
            Self::Msisdn => &["msisdn:120"],
            Self::User => &["user:472156480"],
            Self::Method => &["method:GBR_BANGO"],
            Self::Amount => &["amount:10.99", "amount>10", "amount<=0.99"],
            Self::Currency => &["currency:GBP"],
            Self::Ext => &["ext:t-7f3k"],
            Self::Id => &["id:2006721253"],
            Self::Since => &["since:10m", "since:12:00", "since<2026-11-20"],
        }
    }

    /// What its value has to be, where not any text will do.
    pub const fn takes(self) -> &'static str {
        match self {
            Self::Amount => "an amount like 10 or 10.99",
            Self::Since => "10m, 2h, 12:00 or 2026-11-20",
            _ => "a text behind a colon",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|key| key.name().eq_ignore_ascii_case(name))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    Is,
    Above,
    Below,
    AtLeast,
    AtMost,
}

impl Op {
    /// The longer ones first: one begins like another.
    pub const ALL: [Self; 5] = [
        Self::AtLeast,
        Self::AtMost,
        Self::Is,
        Self::Above,
        Self::Below,
    ];

    pub const fn sign(self) -> &'static str {
        match self {
            Self::Is => ":",
            Self::Above => ">",
            Self::Below => "<",
            Self::AtLeast => ">=",
            Self::AtMost => "<=",
        }
    }

    pub const fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Is => order.is_eq(),
            Self::Above => order.is_gt(),
            Self::Below => order.is_lt(),
            Self::AtLeast => order.is_ge(),
            Self::AtMost => order.is_le(),
        }
    }
}

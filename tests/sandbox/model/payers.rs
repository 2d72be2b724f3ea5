//! The test payers of the model, and what each of their steps comes to.

/// A test payer, with the code that each of the four steps comes to.
#[derive(Clone, Copy, Debug)]
pub struct Payer {
    pub key: &'static str,
    pub number: &'static str,
    pub start: &'static str,
    pub capture: &'static str,
    pub cancel: &'static str,
    pub refund: &'static str,
}

impl Payer {
    const GOOD: Self = Self {
        key: "GBR_BANGO",
        number: "447710900120",
        start: "OK",
        capture: "OK",
        cancel: "CANCELLED",
        refund: "REFUNDED",
    };
    const REDIRECTED: Self = Self {
        key: "GBR_BANGOREDIRECT",
        number: "447710900180",
        start: "CLIENT_ACTION_REQUIRED",
        ..Self::GOOD
    };

    /// The first two go well; the others fail, each in its own way.
    #[rustfmt::skip]
    pub const ALL: [Self; 15] = [
        Self::GOOD,
        Self::REDIRECTED,
        Self { number: "447710900121", start: "USER_INSUFFICIENT_CREDIT", ..Self::GOOD },
        Self { number: "447710900129", start: "DECLINED", ..Self::GOOD },
        Self { number: "447710900130", capture: "DECLINED", cancel: "DECLINED", ..Self::GOOD },
        Self { number: "447710900131", cancel: "DECLINED", ..Self::GOOD },
        Self { number: "447710900132", refund: "DECLINED", ..Self::GOOD },
        Self { number: "447710900133", start: "CONNECT_ERROR", ..Self::GOOD },
        Self { number: "447710900134", capture: "CONNECT_ERROR", ..Self::GOOD },
        Self { number: "447710900139", cancel: "CONNECT_TIMEOUT", ..Self::GOOD },
        Self { number: "447710900144", refund: "FAILURE", ..Self::GOOD },
        Self { number: "447710900145", start: "INVALID_BANGOUSERID", ..Self::GOOD },
        Self { number: "447710900147", cancel: "INVALID_BANGOUSERID", ..Self::GOOD },
        Self { number: "447710900149", refund: "CANT_REFUND", ..Self::GOOD },
        Self { number: "12025550120", key: "USA_BANGO", ..Self::GOOD },
    ];

    /// The currency that is charged where it is offered.
    pub fn home(&self) -> &'static str {
        if self.key.starts_with("USA") {
            "USD"
        } else {
            "GBP"
        }
    }
}

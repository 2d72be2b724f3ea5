//! The question before real money moves: on a live endpoint the amount of a call is typed before it leaves.

use crate::api::{Call, TransactionId};
use crate::exchange::CallId;
use crate::money::Amount;
use crate::record::TransactionKey;
use crate::record::moves::Moves;

use super::editor::Editor;
use super::state::Overlay;

/// A call whose amount is to be typed.
#[derive(Clone, Debug)]
pub struct Stake {
    pub moves: Moves,
    pub order: Order,
    /// What is typed.
    pub editor: Editor,
    /// What was wrong with it when it was to be sent.
    pub problem: Option<&'static str>,
    /// The form that the call was made in: it comes back when the question is left.
    pub under: Option<Box<Overlay>>,
}

/// What leaves once the amount is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    Send {
        id: CallId,
        call: Call,
        /// The payment whose money it moves.
        transaction: Option<TransactionId>,
    },
    /// The bytes of the unresolved call of this payment, once more.
    Again(TransactionKey),
}

impl Stake {
    pub fn new(moves: Moves, order: Order) -> Self {
        Self {
            moves,
            order,
            editor: Editor::default(),
            problem: None,
            under: None,
        }
    }

    /// Whether what is typed is the amount.
    pub fn is_typed(&self) -> bool {
        Amount::parse(self.editor.value().trim()) == Ok(self.moves.gross)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::money::Currency;
    use crate::record::Origin;

    #[test]
    fn only_the_amount_itself_is_the_amount() {
        let moves = Moves {
            verb: "refund",
            gross: Amount::from_hundredths(1099),
            currency: Currency::USD,
            external: None,
            id: None,
            note: None,
        };
        let payment = TransactionKey(Origin::Call(CallId(Uuid::nil())));
        let mut stake = Stake::new(moves, Order::Again(payment));
        for (typed, is_it) in [
            ("10.99", true),
            (" 10.99 ", true),
            ("10.9", false),
            ("10,99", false),
            ("y", false),
            ("", false),
            ("1099", false),
        ] {
            stake.editor.set(typed);
            assert_eq!(stake.is_typed(), is_it, "{typed:?}");
        }
    }
}

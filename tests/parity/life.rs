//! Lives of payments: who pays, and what is asked of the payment, one thing after the other.

use proptest::prelude::*;

/// A payer without mishaps.
#[derive(Clone, Copy, Debug)]
pub enum Cast {
    /// 120: authorized at once.
    Plain,
    /// 180: approves on the pages.
    Redirected,
}

/// One thing that happens to a payment.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    Capture(Part),
    Cancel,
    Refund(Part),
    Retrieve,
    /// A new payment like it.
    Another,
    /// The payer presses a button of the page that is open.
    Press(&'static str),
    /// Longer than a page waits.
    Wait,
    /// Longer than an authorization holds.
    LongWait,
    /// The sandbox forgets everything.
    Reset,
}

/// How much of what is left.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// Everything, without saying how much.
    Rest,
    /// So many thousandths, and so many of the tax where it is named.
    Of {
        gross: u64,
        tax: Option<u64>,
    },
    CentMore,
    CentMoreTax,
    Cent,
}

/// Steps, and whether the first answer to each is lost on its way.
pub type Life = (Cast, Vec<(Step, bool)>);

fn part() -> impl Strategy<Value = Part> {
    let thousandths = || prop_oneof![Just(1_000_u64), 0..1_000_u64];
    prop_oneof![
        3 => Just(Part::Rest),
        5 => (thousandths(), proptest::option::of(thousandths()))
            .prop_map(|(gross, tax)| Part::Of { gross, tax }),
        1 => Just(Part::CentMore),
        1 => Just(Part::CentMoreTax),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => part().prop_map(Step::Capture),
        1 => Just(Step::Cancel),
        5 => part().prop_map(Step::Refund),
        1 => Just(Step::Retrieve),
        1 => Just(Step::Another),
        2 => Just(Step::Press("confirm")),
        1 => Just(Step::Press("cancel")),
        1 => Just(Step::Wait),
        1 => Just(Step::LongWait),
        1 => Just(Step::Reset),
    ]
}

pub fn life() -> impl Strategy<Value = Life> {
    let cast = prop_oneof![3 => Just(Cast::Plain), 2 => Just(Cast::Redirected)];
    let approved = proptest::bool::weighted(0.7);
    let captured = proptest::option::weighted(0.5, part());
    let expired = proptest::bool::weighted(0.1);
    let steps = proptest::collection::vec((step(), proptest::bool::weighted(0.2)), 0..8);
    let all = (cast, approved, expired, captured, steps);
    all.prop_map(|(cast, approved, expired, captured, steps)| {
        let approve = if approved { 2 } else { 0 };
        let first = std::iter::repeat_n(Step::Press("confirm"), approve)
            .chain(expired.then_some(Step::LongWait))
            .chain(captured.map(Step::Capture))
            .map(|step| (step, false));
        (cast, first.chain(steps).chain(proof()).collect())
    })
}

/// What a payment is asked at the end of its life.
fn proof() -> impl Iterator<Item = (Step, bool)> {
    let exactly = Part::Of {
        gross: 1_000,
        tax: Some(1_000),
    };
    [
        Step::Capture(Part::CentMore),
        Step::Capture(Part::CentMoreTax),
        Step::Capture(exactly),
        // What is left is less than what was captured, then.
        Step::Refund(Part::Cent),
        Step::Refund(Part::CentMore),
        Step::Refund(Part::CentMoreTax),
        Step::Refund(exactly),
        Step::Refund(Part::Cent),
        Step::Refund(Part::Rest),
        Step::Cancel,
    ]
    .into_iter()
    .map(|step| (step, false))
}

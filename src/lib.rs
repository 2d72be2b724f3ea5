//! A terminal console for the Bango Payment API v5, and a sandbox of that API, in one program.
//!
//! # The screen
//!
//! ```text
//!  bango  sandbox  127.0.0.1:2646/v5                                       ? help     header
//! ┌1 Sessions──────────┐┌2 Transactions──────────────────────────────────────────┐
//! │ who pays: one line ││ one line a payment: outcome, ids, amounts              │    lists: windows on
//! │ an identification  ││                                                        │    the journal's rows
//! └────────────────────┘└────────────────────────────────────────────────────────┘
//! ┌4 Timeline──────────┐┌Act─────────────────────────────────────────────────────┐
//! │ everything that    ││ the verbs of what is selected, and why not             │    record::lifecycle
//! │ crossed the wire,  │└────────────────────────────────────────────────────────┘
//! │ in order           │┌3 PUT /transaction/2006721250 · 200 OK · 3 ms───────────┐
//! │                    ││ one exchange: Request │ Response │ … │ Explain         │    inspector
//! └────────────────────┘└────────────────────────────────────────────────────────┘
//!  what just happened                                          the keys that help now  footer
//! ```
//!
//! # The flow
//!
//! ```text
//!  terminal ── key, paste, resize, wake-up ──────────────────────────┐ Input
//!  client    Sent, Ended ─┐                                          ▼
//!  listener  Arrived ─────┼─► journal ─► Recorded ─► app::update(&mut State, Event) ─► Vec<Effect>
//!  sandbox   Seen ────────┘                                          ▲        │            │
//!                                                                    │   ui::view      runtime
//!                                                                    └──────── Done ◄──────┘
//! ```
//!
//! A second console on the same folder attaches to the first one's sandbox and appends to the same journal:
//! each is told what the other appended, too.
//!
//! There is one way in for facts ([`record::Recorded`], after they are in the journal) and one way out
//! for deeds ([`console::app::effect::Effect`]). Everything shown is a fold of the journal's entries.
//!
//! # The rooms, in reading order
//!
//! A room uses what stands above it, never what stands below; `tests/architecture.rs` holds the list.
//!
//! | room | what it is | what it never does |
//! |---|---|---|
//! | [`money`], [`text`], [`json`], [`clock`], [`config`] | tools | know of payment APIs |
//! | [`api`] | the API as types: calls as bytes, answers read tolerantly | input or output |
//! | [`testpay`] | the cast of test payers: one table | decide |
//! | [`exchange`] | a call on the wire and what became of it | hold a secret |
//! | [`sandbox`] | the other side: engine, store, pages, notifications | know who calls it |
//! | [`wire`] | our side of sockets: client, listener, the payer's browser | resend, follow, decompress |
//! | [`record`] | what happened and what it means: journal, folds, lifecycle | read the whole journal |
//! | [`guide`] | Bango's testing guide as data: scenarios, steps, what must be answered | know the sandbox |
//! | [`console`] | the screen: pure `app` and `ui`, and the `runtime` that joins them to the world | change state outside `update` |
//! | [`cli`] | the command line | anything that the console could not |
//!
//! `sandbox`, `wire` and `record` do not know each other. What is legal next is written twice on
//! purpose: in [`record::lifecycle`] from the API's rules, and in the sandbox's engine.
//!
//! # Words
//!
//! * **payer**: the phone user who is billed; Bango's token for one is a `bangoUserId`.
//! * **session**: one identification of a payer, which ends with a `bangoUserId`.
//! * **transaction**: one payment: authorize (the guide says start), then capture (commit) or cancel,
//!   then refunds.
//! * **external id**: the merchant's own id of a start or refund; it makes a repeat recognisable.
//! * **redirect**: the payer goes through Bango's pages; a **callback** brings the browser back, a
//!   **notification** tells the merchant's server.
//! * **exchange**: a request and what became of it: answered, *cut* (outcome unknown) or *not sent*.
//! * **entry**: one fact in the **journal**; a **fold** makes rows of entries.
//! * **profile**: an endpoint that the user has named; its **kind** (sandbox, test, live) says whose money
//!   its credentials move.
//! * **epoch**: the life of a sandbox's database from its making to its reset; ids belong to one.
//! * **replay**: the stored answer of a repeated request; it moves nothing. As a badge: a file that is
//!   shown again, with nobody to call.
//! * **bundle**: entries in a file, to be shown again elsewhere; secrets left out, payers masked.

pub mod api;
pub mod cli;
pub mod clock;
pub mod config;
pub mod console;
pub mod exchange;
pub mod guide;
pub mod json;
pub mod money;
pub mod record;
pub mod sandbox;
pub mod testpay;
pub mod text;
pub mod wire;

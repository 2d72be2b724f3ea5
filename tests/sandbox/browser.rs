//! The payer's pages in a real browser. Without Chromium these tests say so and pass.

mod hostile;
mod walks;

//! The console: what is shown ([`app`]), how it is painted ([`ui`]), and what ties both to a terminal.

pub mod app;
pub mod clipboard;
pub mod runtime;
pub mod ui;

//! What leaves the record for other programs.

pub mod curl;

//! Who the payer is: the conversation, the pages, and the status afterwards.

mod closing;
mod conversation;
mod pages;
mod sms;
mod status;

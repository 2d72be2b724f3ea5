//! Stretches of long lists: what to read, and what was read.

/// Which stretch of a list to read. A key stays where it is when others arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window<Key> {
    pub place: Place<Key>,
    pub limit: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place<Key> {
    /// The newest.
    Newest,
    /// What is older than this one.
    OlderThan(Key),
    /// What is newer than this one, the nearest.
    NewerThan(Key),
    /// This one, with as many newer as older ones. The newest where it does not exist.
    Around(Key),
}

/// A stretch of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows<Row> {
    pub rows: Vec<Row>,
    /// Whether there is more on either side.
    pub newer: bool,
    pub older: bool,
    /// How long the whole list is.
    pub total: u64,
}

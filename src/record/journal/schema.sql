-- What happened, in order. Bodies stand apart, so that lists never touch them.
CREATE TABLE entry (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    at INTEGER NOT NULL,
    epoch TEXT NOT NULL,
    kind TEXT NOT NULL,
    call TEXT,
    transaction_key TEXT,
    session_key TEXT,
    session TEXT,
    tx TEXT,
    external TEXT,
    user TEXT,
    code TEXT,
    payload TEXT NOT NULL
) STRICT;
CREATE INDEX entry_call ON entry (call, kind) WHERE call IS NOT NULL;
-- A callback address ends in the random half of its call's id.
CREATE INDEX entry_address ON entry (substr(call, -16)) WHERE kind = 'sent';
CREATE INDEX entry_transaction ON entry (transaction_key, seq) WHERE transaction_key IS NOT NULL;
CREATE INDEX entry_session_key ON entry (session_key, seq) WHERE session_key IS NOT NULL;
CREATE INDEX entry_session ON entry (session, seq) WHERE session IS NOT NULL;
CREATE INDEX entry_tx ON entry (tx, seq) WHERE tx IS NOT NULL;
CREATE INDEX entry_external ON entry (external, seq) WHERE external IS NOT NULL;
CREATE INDEX entry_user ON entry (user, seq) WHERE user IS NOT NULL;
-- What goes first when there is too much, and what keeps others from going.
CREATE INDEX entry_reported ON entry (kind) WHERE kind = 'seen' AND call IS NULL;
CREATE INDEX entry_remark ON entry (kind) WHERE kind = 'remark';

CREATE TABLE body (
    entry INTEGER NOT NULL REFERENCES entry (seq),
    part TEXT NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (entry, part)
) STRICT;

-- Calls that have left and not ended, and the process that waits for them.
CREATE TABLE flight (
    call TEXT PRIMARY KEY,
    run TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The fold's results.
CREATE TABLE transaction_row (
    key TEXT PRIMARY KEY,
    first INTEGER NOT NULL UNIQUE,
    epoch TEXT NOT NULL,
    tx TEXT,
    external TEXT,
    start TEXT,
    user TEXT,
    msisdn TEXT,
    state TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX transaction_tx ON transaction_row (tx, epoch) WHERE tx IS NOT NULL;
CREATE INDEX transaction_external ON transaction_row (external, epoch, first) WHERE external IS NOT NULL;
CREATE INDEX transaction_start ON transaction_row (start, epoch) WHERE start IS NOT NULL;
CREATE INDEX transaction_user ON transaction_row (user, epoch, msisdn) WHERE user IS NOT NULL;

CREATE TABLE session_row (
    key TEXT PRIMARY KEY,
    first INTEGER NOT NULL UNIQUE,
    epoch TEXT NOT NULL,
    session TEXT,
    user TEXT,
    state TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_session ON session_row (session, epoch) WHERE session IS NOT NULL;
CREATE INDEX session_user ON session_row (user, epoch, first) WHERE user IS NOT NULL;

CREATE TABLE total (
    epoch TEXT NOT NULL,
    currency TEXT NOT NULL,
    sums TEXT NOT NULL,
    PRIMARY KEY (epoch, currency)
) STRICT, WITHOUT ROWID;

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

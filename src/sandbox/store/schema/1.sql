CREATE TABLE meta (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    seed INTEGER NOT NULL,
    seed_given INTEGER NOT NULL,
    epoch TEXT NOT NULL,
    port INTEGER
) STRICT;

CREATE TABLE payer (
    number INTEGER PRIMARY KEY,
    merchant TEXT NOT NULL,
    network TEXT NOT NULL,
    msisdn TEXT NOT NULL,
    identified_at INTEGER NOT NULL,
    UNIQUE (merchant, network, msisdn)
) STRICT;

CREATE TABLE session (
    number INTEGER PRIMARY KEY,
    merchant TEXT NOT NULL,
    network TEXT,
    step TEXT NOT NULL,
    msisdn TEXT,
    wrong_pins INTEGER NOT NULL,
    payer INTEGER REFERENCES payer,
    callback_url TEXT,
    notification_url TEXT,
    token TEXT NOT NULL UNIQUE,
    started_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    CHECK ((step = 'identified') = (payer IS NOT NULL)),
    CHECK (step <> 'asks-pin' OR msisdn IS NOT NULL)
) STRICT;

-- The request (its digest), the stored answer and the sums are one row. Amounts are hundredths.
CREATE TABLE payment (
    number INTEGER PRIMARY KEY,
    merchant TEXT NOT NULL,
    external TEXT,
    payer INTEGER NOT NULL REFERENCES payer,
    state TEXT NOT NULL,
    currency TEXT NOT NULL,
    authorized_gross INTEGER NOT NULL,
    authorized_tax INTEGER NOT NULL,
    captured_gross INTEGER NOT NULL,
    captured_tax INTEGER NOT NULL,
    refunded_gross INTEGER NOT NULL,
    refunded_tax INTEGER NOT NULL,
    digest BLOB NOT NULL,
    status INTEGER,
    answer BLOB,
    why TEXT,
    details TEXT NOT NULL,
    token TEXT UNIQUE,
    started_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    UNIQUE (merchant, external),
    CHECK (authorized_gross > 0 AND authorized_tax >= 0),
    CHECK (captured_gross BETWEEN 0 AND authorized_gross),
    CHECK (captured_tax BETWEEN 0 AND authorized_tax),
    CHECK (refunded_gross BETWEEN 0 AND captured_gross),
    CHECK (refunded_tax BETWEEN 0 AND captured_tax),
    CHECK (captured_gross = 0 OR state IN ('captured', 'partially-refunded', 'refunded')),
    CHECK ((status IS NULL) = (answer IS NULL))
) STRICT;

CREATE INDEX payment_on_pages ON payment (expires_at) WHERE state IN ('asks-approval', 'asks-zip');

-- One capture, cancel or refund, with the answer that an equal request gets again.
CREATE TABLE movement (
    number INTEGER PRIMARY KEY,
    payment INTEGER NOT NULL REFERENCES payment,
    kind TEXT NOT NULL CHECK (kind IN ('capture', 'cancel', 'refund')),
    gross INTEGER NOT NULL CHECK (gross >= 0),
    tax INTEGER NOT NULL CHECK (tax >= 0),
    external TEXT,
    key BLOB,
    status INTEGER NOT NULL,
    answer BLOB NOT NULL,
    why TEXT,
    at INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    UNIQUE (payment, kind, key)
) STRICT;

-- At most one capture, and never a capture and a cancel.
CREATE UNIQUE INDEX movement_decides_once ON movement (payment)
    WHERE kind IN ('capture', 'cancel') AND gross > 0;

CREATE TABLE outbox (
    number INTEGER PRIMARY KEY,
    payment INTEGER REFERENCES payment,
    session INTEGER REFERENCES session,
    url TEXT NOT NULL,
    body BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed', 'held')),
    tries INTEGER NOT NULL,
    CHECK ((payment IS NULL) <> (session IS NULL))
) STRICT;

CREATE INDEX outbox_waiting ON outbox (number) WHERE state = 'waiting';

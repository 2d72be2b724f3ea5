-- An account can be closed. Its number may then be identified anew, under another id.
CREATE TABLE payer_with_end (
    number INTEGER PRIMARY KEY,
    merchant TEXT NOT NULL,
    network TEXT NOT NULL,
    msisdn TEXT NOT NULL,
    identified_at INTEGER NOT NULL,
    closed_at INTEGER
) STRICT;

INSERT INTO payer_with_end SELECT number, merchant, network, msisdn, identified_at, NULL FROM payer;
DROP TABLE payer;
ALTER TABLE payer_with_end RENAME TO payer;

CREATE UNIQUE INDEX payer_of_number ON payer (merchant, network, msisdn) WHERE closed_at IS NULL;
CREATE INDEX session_of_payer ON session (payer) WHERE payer IS NOT NULL;

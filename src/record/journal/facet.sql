-- What rows and lines can be found by, apart from them and short: list 1 are payments, 2 identifications,
-- 3 the timeline's lines. `place` is where one stands in its list, `owner` the row that it is or belongs to.
CREATE TABLE facet (
    list INTEGER NOT NULL,
    place INTEGER NOT NULL,
    owner TEXT,
    facts TEXT NOT NULL,
    PRIMARY KEY (list, place)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX facet_row ON facet (owner) WHERE list < 3;

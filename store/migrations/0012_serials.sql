-- Serials: what is subscribed to, and each number of it, expected before it
-- comes. Both follow from events, as loans do.
CREATE TABLE subscription (
  id         TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id    TEXT NOT NULL REFERENCES site (id),
  title_id   TEXT NOT NULL REFERENCES title (id),
  code       TEXT NOT NULL,
  frequency  TEXT NOT NULL CHECK (frequency IN ('weekly', 'fortnightly', 'monthly', 'quarterly')),
  per_period INTEGER NOT NULL CHECK (per_period BETWEEN 1 AND 7),
  begins     TEXT NOT NULL CHECK (begins GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  ends       TEXT NOT NULL CHECK (ends GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]' AND ends >= begins),
  first      INTEGER NOT NULL CHECK (first > 0),
  copies     INTEGER NOT NULL CHECK (copies > 0),
  price      INTEGER NOT NULL CHECK (price >= 0),
  supplier   TEXT NOT NULL,
  place_id   TEXT REFERENCES place (id),
  lend       INTEGER NOT NULL CHECK (lend IN (0, 1)),
  route      TEXT NOT NULL CHECK (json_valid(route)),
  note       TEXT NOT NULL,
  removed    INTEGER NOT NULL CHECK (removed IN (0, 1))
) STRICT;
CREATE INDEX subscription_title ON subscription (title_id);

CREATE TABLE issue (
  id              TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id         TEXT NOT NULL REFERENCES site (id),
  subscription_id TEXT NOT NULL REFERENCES subscription (id),
  number          INTEGER NOT NULL CHECK (number > 0),
  expected        TEXT NOT NULL CHECK (expected GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  status          TEXT NOT NULL CHECK (status IN ('expected', 'received', 'given_up', 'bound', 'withdrawn', 'dropped')),
  received        TEXT NOT NULL CHECK (received = '' OR received GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  count           INTEGER NOT NULL CHECK (count >= 0),
  copies          TEXT NOT NULL CHECK (json_valid(copies)),
  claimed         TEXT NOT NULL CHECK (claimed = '' OR claimed GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  claim_note      TEXT NOT NULL,
  moves           TEXT NOT NULL CHECK (json_valid(moves)),
  -- What has not come has no copies, and what came has a day and a copy.
  CHECK (CASE WHEN status IN ('received', 'bound', 'withdrawn') THEN received <> '' AND count > 0 ELSE received = '' AND count = 0 END),
  UNIQUE (subscription_id, number)
) STRICT;
CREATE INDEX issue_expected ON issue (site_id, expected);

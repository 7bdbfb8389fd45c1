-- Accounts know whose they are; who is signed in outlives a power cut; guessing
-- is counted across a restart.

ALTER TABLE account ADD COLUMN pin_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN must_change INTEGER NOT NULL DEFAULT 0 CHECK (must_change IN (0, 1));
-- A child's data may be erased: the account stays, the person is cut off.
ALTER TABLE account ADD COLUMN patron_id TEXT REFERENCES patron (id) ON DELETE SET NULL;
CREATE INDEX account_patron ON account (patron_id) WHERE patron_id IS NOT NULL;

CREATE TABLE account_class (
  account_id TEXT NOT NULL REFERENCES account (id),
  class_id   TEXT NOT NULL REFERENCES class (id) ON DELETE CASCADE,
  site_id    TEXT NOT NULL REFERENCES site (id),
  PRIMARY KEY (account_id, class_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX account_class_class ON account_class (class_id);

-- Only the hash of each token: whoever reads this file or a copy of it can sign
-- in as nobody.
CREATE TABLE sign_in (
  hash       TEXT NOT NULL PRIMARY KEY CHECK (length(hash) = 64),
  site_id    TEXT NOT NULL REFERENCES site (id),
  account_id TEXT NOT NULL REFERENCES account (id),
  since      TEXT NOT NULL CHECK (length(since) = 24),
  seen       TEXT NOT NULL CHECK (length(seen) = 24)
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_account ON sign_in (account_id);

CREATE TABLE browser (
  id          TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  site_id     TEXT NOT NULL REFERENCES site (id),
  name        TEXT NOT NULL CHECK (name <> ''),
  hash        TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
  enrolled_at TEXT NOT NULL CHECK (length(enrolled_at) = 24),
  enrolled_by TEXT NOT NULL REFERENCES account (id),
  removed     INTEGER NOT NULL CHECK (removed IN (0, 1))
) STRICT;
CREATE INDEX browser_by ON browser (enrolled_by);

CREATE TABLE guess (
  site_id TEXT NOT NULL REFERENCES site (id),
  key     TEXT NOT NULL CHECK (length(key) = 64),
  fails   INTEGER NOT NULL CHECK (fails >= 0),
  at      TEXT NOT NULL CHECK (length(at) = 24),
  PRIMARY KEY (site_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX guess_at ON guess (site_id, at);

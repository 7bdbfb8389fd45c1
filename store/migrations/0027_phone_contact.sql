-- When a phone was last heard of, and how many acts it said it still holds: what
-- it may not have sent is told on the desk. What phones sent is found by its day.

ALTER TABLE browser ADD COLUMN contact_at TEXT NOT NULL DEFAULT '';
ALTER TABLE browser ADD COLUMN unsent INTEGER NOT NULL DEFAULT 0 CHECK (unsent >= 0);
CREATE INDEX corner_act_at ON corner_act (json_extract(record, '$.at'));

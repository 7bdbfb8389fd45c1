-- A teacher's phone is an enrolled browser of its own kind; a sign-in made there
-- ends with it and lives by other limits.

ALTER TABLE browser ADD COLUMN phone INTEGER NOT NULL DEFAULT 0 CHECK (phone IN (0, 1));
ALTER TABLE sign_in ADD COLUMN phone_id TEXT REFERENCES browser (id);
CREATE INDEX sign_in_phone ON sign_in (phone_id) WHERE phone_id IS NOT NULL;

-- How many pieces a copy consists of: a game, a box of pictures, a book with a
-- disc. They are counted when it comes back; 0 is one thing alone.
ALTER TABLE copy ADD COLUMN pieces INTEGER NOT NULL DEFAULT 0 CHECK (pieces >= 0);

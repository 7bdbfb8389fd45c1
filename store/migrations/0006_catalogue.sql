-- The title record in full, its history, and search with marks and by likeness.

ALTER TABLE title ADD COLUMN edition      TEXT NOT NULL DEFAULT '';
ALTER TABLE title ADD COLUMN series       TEXT NOT NULL DEFAULT '';
ALTER TABLE title ADD COLUMN class_scheme TEXT NOT NULL DEFAULT '' CHECK (class_scheme IN ('', 'ddc', '19'));
ALTER TABLE title ADD COLUMN size         TEXT NOT NULL DEFAULT '';
ALTER TABLE title ADD COLUMN link         TEXT NOT NULL DEFAULT '';
ALTER TABLE title ADD COLUMN summary      TEXT NOT NULL DEFAULT '';
-- The title that this one was merged into: it stays, as a pointer.
ALTER TABLE title ADD COLUMN merged_into  TEXT REFERENCES title (id) CHECK (merged_into <> id);
CREATE INDEX title_merged ON title (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX title_level ON title (site_id, level, nr) WHERE level <> '';
CREATE INDEX title_grade ON title (site_id, grade, nr) WHERE grade > 0;
CREATE INDEX title_subject_name ON title_subject (site_id, name, title_id);

-- MARC's relator code; the empty text is the author.
ALTER TABLE title_author ADD COLUMN role TEXT NOT NULL DEFAULT '';

ALTER TABLE copy ADD COLUMN note TEXT NOT NULL DEFAULT '';
CREATE INDEX copy_kind ON copy (site_id, kind, title_id);
CREATE INDEX copy_received ON copy (site_id, received, title_id) WHERE received <> '';
CREATE INDEX copy_state_todo ON copy_state (site_id, status, condition) WHERE status <> 'available' OR condition <> 'good';

-- A record's history.
CREATE INDEX event_copy ON event (copy_id, seq) WHERE copy_id <> '';
CREATE INDEX event_title ON event (json_extract(payload, '$.edited.title'), seq) WHERE type IN ('title_changed', 'titles_merged');
CREATE INDEX event_title_other ON event (json_extract(payload, '$.edited.other'), seq) WHERE type = 'titles_merged';

-- title_search has every word of a title's record. A word that is in the title
-- is looked for in a table of the titles alone: in one with other columns, a
-- publisher's name would be read in every record before a title with it is
-- found. title_marked has the titles as they are written.
CREATE VIRTUAL TABLE title_words USING fts5 (title, tokenize = 'unicode61 remove_diacritics 0', prefix = '1 2 3');
CREATE VIRTUAL TABLE title_marked USING fts5 (title, tokenize = 'unicode61 remove_diacritics 0', prefix = '1 2 3');
INSERT INTO title_words (rowid, title) SELECT rowid, title FROM title_search;
INSERT INTO title_marked (rowid, title) SELECT nr, title || ' ' || remainder FROM title;

-- The words that there are, for queries with a slip of the finger.
CREATE VIRTUAL TABLE title_vocabulary USING fts5vocab (title_search, row);

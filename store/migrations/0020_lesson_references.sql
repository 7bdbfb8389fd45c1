-- A title or line that is changed asks every table that names one: each has an
-- index.
CREATE INDEX lesson_title ON lesson (title_id) WHERE title_id IS NOT NULL;
CREATE INDEX lesson_line ON lesson (line_id) WHERE line_id IS NOT NULL;
CREATE INDEX lesson_class ON lesson (class_id);
CREATE INDEX lesson_ref ON lesson (patron_ref);
CREATE INDEX lesson_handout ON lesson (handout_id) WHERE handout_id IS NOT NULL;
CREATE INDEX handout_class ON handout (class_id) WHERE class_id IS NOT NULL;

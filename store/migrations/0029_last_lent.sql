-- When each copy was last lent: what is proposed for withdrawal because nobody
-- takes it asks for all copies at once, and read every loan there ever was. With
-- its instant in the index, the last loan of a copy is its first entry from behind.
DROP INDEX loan_copy;
CREATE INDEX loan_copy ON loan (copy_id, checked_out_at);

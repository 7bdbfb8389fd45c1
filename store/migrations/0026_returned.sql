-- The returns of a time: the journal and each report ask for them, and would read
-- all loans of all years. A return ends a row that no index of open loans has
-- any more; the new entry is written at this index's end. The ID orders returns
-- of one moment and is not kept here a second time: the rows are few.
CREATE INDEX loan_returned ON loan (returned_at) WHERE ended = 'returned';

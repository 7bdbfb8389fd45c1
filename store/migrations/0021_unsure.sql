-- Loans that were lent by a clock that could not be right are few, and asked for
-- on each first page of the desk.
CREATE INDEX event_unsure ON event (site_id, copy_id) WHERE clock_ok = 0;

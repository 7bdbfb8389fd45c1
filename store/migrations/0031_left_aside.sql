-- Of the copies that were set aside, the few whose hold ended without a loan are
-- asked for each time the day page is opened.
CREATE INDEX event_hold_ended ON event (site_id, seq)
  WHERE type IN ('hold_over', 'hold_cancelled') AND copy_id <> '';

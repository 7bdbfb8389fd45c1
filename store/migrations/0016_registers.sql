-- What came, went and was changed of the stock is read without the loans of all
-- years; who came to the library, by the time. The first list is kiosk.Circulating.
CREATE INDEX event_stock ON event (site_id, seq)
  WHERE type NOT IN ('session_opened', 'checked_out', 'returned', 'renewed', 'used_on_site', 'refused', 'help', 'call_answered', 'loan_added', 'hold_placed');
CREATE INDEX event_visit ON event (site_id, occurred_at, seq) WHERE type IN ('session_opened', 'used_on_site');

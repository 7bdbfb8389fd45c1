-- Putting a returned book from the trolley onto its shelf is everyday circulation
-- too: as many events as there are returns, none of which changes the stock. The
-- list is kiosk.Circulating, as in 0016.
DROP INDEX event_stock;
CREATE INDEX event_stock ON event (site_id, seq)
  WHERE type NOT IN ('session_opened', 'checked_out', 'returned', 'renewed', 'used_on_site', 'refused', 'help', 'call_answered', 'loan_added', 'hold_placed', 'shelved');

-- An account's history is read on its page; the events of loans are many more.
CREATE INDEX event_account ON event (site_id, seq) WHERE type = 'account_changed';

-- A set's history is read on its page. Its events are of no single copy, so the
-- index costs a checkout of one book nothing.
CREATE INDEX event_set ON event (json_extract(payload, '$.set'), seq)
  WHERE copy_id = '' AND type IN ('checked_out', 'returned', 'used_on_site', 'undone', 'refused', 'set_changed');

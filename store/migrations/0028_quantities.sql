-- The numbers of a stocktake's quantity lines. They follow from events.
CREATE TABLE stocktake_quantity (
  stocktake_id TEXT NOT NULL REFERENCES stocktake (id),
  line_id      TEXT NOT NULL REFERENCES textbook_line (id),
  record       TEXT NOT NULL CHECK (json_valid(record)),
  PRIMARY KEY (stocktake_id, line_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX stocktake_quantity_line ON stocktake_quantity (line_id);

-- Stations whose scans are sightings of a stocktake. They follow from events, as
-- loans do.
CREATE TABLE stocktake_station (
  site_id      TEXT NOT NULL REFERENCES site (id),
  station      TEXT NOT NULL CHECK (station <> ''),
  stocktake_id TEXT REFERENCES stocktake (id),
  place_id     TEXT REFERENCES place (id),
  by           TEXT NOT NULL,
  since        TEXT NOT NULL CHECK (length(since) = 24),
  PRIMARY KEY (site_id, station)
) STRICT, WITHOUT ROWID;
CREATE INDEX stocktake_station_place ON stocktake_station (place_id) WHERE place_id IS NOT NULL;

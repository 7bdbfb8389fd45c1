-- A place that is changed asks every table that names one: each has an index.
CREATE INDEX subscription_place ON subscription (place_id) WHERE place_id IS NOT NULL;

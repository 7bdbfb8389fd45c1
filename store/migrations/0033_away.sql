-- Whether a copy that was met belongs to a place that its stocktake does not count:
-- where no place was named while scanning, nothing else on the line says so. What
-- was met before is what it was.
ALTER TABLE stocktake_line ADD COLUMN away INTEGER NOT NULL DEFAULT 0 CHECK (away = 0 OR away = 1);

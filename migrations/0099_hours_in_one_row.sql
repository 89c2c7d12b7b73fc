-- An hour of detections is one row, not one of each band: a month of all customers is read in a third of the time.
-- What one hour or day counts is an int, whose sums are made without numeric.

CREATE TABLE detection_hour_whole (
    tenant_id uuid NOT NULL REFERENCES tenant (id),
    hour      timestamptz NOT NULL,
    low       int NOT NULL DEFAULT 0,
    warning   int NOT NULL DEFAULT 0,
    threat    int NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, hour)
);
INSERT INTO detection_hour_whole (tenant_id, hour, low, warning, threat)
SELECT tenant_id, hour, coalesce(sum(detections) FILTER (WHERE band = 'low'), 0),
       coalesce(sum(detections) FILTER (WHERE band = 'warning'), 0),
       coalesce(sum(detections) FILTER (WHERE band = 'threat'), 0)
  FROM detection_hour GROUP BY 1, 2;

-- drops the rows that were just carried over
DROP TABLE detection_hour;
ALTER TABLE detection_hour_whole RENAME TO detection_hour;
ALTER INDEX detection_hour_whole_pkey RENAME TO detection_hour_pkey;
ALTER TABLE detection_hour RENAME CONSTRAINT detection_hour_whole_tenant_id_fkey TO detection_hour_tenant_id_fkey;

ALTER TABLE detection_rule_day ALTER COLUMN detections TYPE int;

ALTER TABLE detection_hour ENABLE ROW LEVEL SECURITY;
ALTER TABLE detection_hour FORCE ROW LEVEL SECURITY;
REVOKE ALL ON detection_hour FROM PUBLIC;
CREATE POLICY detection_hour_owner ON detection_hour TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY detection_hour_tenant ON detection_hour TO yagura_api, yagura_jobs
    USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]));
GRANT SELECT, INSERT, UPDATE, DELETE ON detection_hour TO yagura_jobs;
GRANT SELECT ON detection_hour TO yagura_api;

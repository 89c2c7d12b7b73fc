-- Lists and figures over all customers, with a million detections in a month: each is read in the order of an index, or
-- counted from one alone.

-- Open detections are counted without looking at them; the list asks for their status.
-- drops indexes that better ones replace
DROP INDEX detection_open_recent_of;
CREATE INDEX detection_open_recent_of ON detection (tenant_id, last_at, id) INCLUDE (status)
    WHERE status <> 'resolved';

-- The worst first. Lists give numbers as bigint, so that is what they are sorted by.
DROP INDEX detection_by_score;
CREATE INDEX detection_by_score ON detection ((score::bigint), id) WHERE status <> 'resolved';

CREATE INDEX incident_newest ON incident (last_at, id);
CREATE INDEX incident_opened ON incident (tenant_id, opened_at);
CREATE INDEX incident_closed ON incident (tenant_id, closed_at) WHERE status = 'closed';

-- Of the computers with open detections, the worst.
CREATE INDEX computer_worst ON computer (worst_score DESC NULLS LAST, open_detections DESC, id)
    WHERE open_detections > 0;

-- The newest programs of all customers.
CREATE INDEX executable_newest ON executable (first_seen_at, id);

-- How many files there are of each kind: counted ahead for customers with very many, for others when somebody looks.
CREATE TABLE file_figure (
    tenant_id  uuid NOT NULL REFERENCES tenant (id),
    band       int NOT NULL, -- on one computer, 2 to 5, 6 to 20, 21 to 100, more
    verdict    text NOT NULL,
    files      bigint NOT NULL,
    counted_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, band, verdict)
);
ALTER TABLE file_figure ENABLE ROW LEVEL SECURITY;
ALTER TABLE file_figure FORCE ROW LEVEL SECURITY;
REVOKE ALL ON file_figure FROM PUBLIC;
CREATE POLICY file_figure_owner ON file_figure TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY file_figure_tenant ON file_figure TO yagura_api, yagura_jobs
    USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]));
GRANT SELECT ON file_figure TO yagura_api;
GRANT SELECT, INSERT, DELETE ON file_figure TO yagura_jobs;

-- The first of a chain: each adds the next.
INSERT INTO job (id, kind, args, unique_key, run_at, created_at)
VALUES (gen_random_uuid(), 'file_figures', '{}', 'file_figures', now(), now());

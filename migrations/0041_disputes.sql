-- disputes: a customer says that a pause of a clock was not theirs. The ledger is never changed: an accepted dispute
-- adds an entry by which the pause counts as time that ran.

ALTER TABLE promise_entry ADD COLUMN corrects int; -- the entry of the pause it is about
ALTER TABLE promise_entry DROP CONSTRAINT promise_entry_event_check;
ALTER TABLE promise_entry ADD CONSTRAINT promise_entry_event_check
    CHECK (event IN ('started', 'paused', 'resumed', 'retargeted', 'stopped', 'disputed', 'corrected'));

CREATE TABLE promise_dispute (
    tenant_id       uuid NOT NULL,
    id              uuid NOT NULL,
    ticket_id       uuid NOT NULL,
    promise_id      uuid NOT NULL,
    seq             int NOT NULL, -- the entry of the pause
    state           text NOT NULL CONSTRAINT promise_dispute_state_check
                    CHECK (state IN ('open', 'accepted', 'declined')),
    reason          text NOT NULL,
    opened_by_id    uuid NOT NULL,
    opened_by_name  text NOT NULL,
    opened_at       timestamptz NOT NULL,
    decision        text,
    decided_by_name text,
    decided_at      timestamptz,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT promise_dispute_seq_key UNIQUE (tenant_id, promise_id, seq),
    CONSTRAINT promise_dispute_ticket_id_fkey FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket (tenant_id, id),
    CONSTRAINT promise_dispute_seq_fkey FOREIGN KEY (tenant_id, promise_id, seq)
        REFERENCES promise_entry (tenant_id, promise_id, seq)
);
CREATE INDEX promise_dispute_by_id ON promise_dispute (id);
CREATE INDEX promise_dispute_of_ticket ON promise_dispute (tenant_id, ticket_id);
CREATE INDEX promise_dispute_open ON promise_dispute (opened_at) WHERE state = 'open';
ALTER TABLE promise_dispute ENABLE ROW LEVEL SECURITY;
ALTER TABLE promise_dispute FORCE ROW LEVEL SECURITY;
REVOKE ALL ON promise_dispute FROM PUBLIC;
CREATE POLICY promise_dispute_owner ON promise_dispute TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY promise_dispute_tenant ON promise_dispute TO yagura_api
    USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]));
GRANT SELECT, INSERT, UPDATE ON promise_dispute TO yagura_api;

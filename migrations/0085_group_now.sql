-- computer_group_now: who is in the dynamic groups that exclusions name.
--
-- A dynamic group is asked, never filled. The engine cannot ask for every event, so a job asks each minute and keeps
-- the answer here; when it differs the rules are compiled anew, as they are when somebody joins a static group.

CREATE TABLE computer_group_now (
    tenant_id   uuid NOT NULL, -- whose computers: the group itself may be everybody's
    group_id    uuid NOT NULL,
    computer_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, group_id, computer_id),
    CONSTRAINT computer_group_now_computer_id_fkey FOREIGN KEY (tenant_id, computer_id)
        REFERENCES computer (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX computer_group_now_of_computer ON computer_group_now (tenant_id, computer_id);

ALTER TABLE computer_group_now ENABLE ROW LEVEL SECURITY;
ALTER TABLE computer_group_now FORCE ROW LEVEL SECURITY;
REVOKE ALL ON computer_group_now FROM PUBLIC;
CREATE POLICY computer_group_now_owner ON computer_group_now TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY computer_group_now_tenant ON computer_group_now TO yagura_api, yagura_jobs, yagura_ingest
    USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]));
GRANT SELECT, INSERT, DELETE ON computer_group_now TO yagura_api, yagura_jobs;
GRANT SELECT ON computer_group_now TO yagura_ingest;

-- Only when somebody came or left: each time the rules are compiled anew.
CREATE FUNCTION computer_group_now_moved() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM moved) THEN
        UPDATE rule_generation SET number = number + 1;
        PERFORM pg_notify('yagura_rules', '');
    END IF;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION computer_group_now_moved() FROM PUBLIC;
CREATE TRIGGER computer_group_now_came AFTER INSERT ON computer_group_now REFERENCING NEW TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION computer_group_now_moved();
CREATE TRIGGER computer_group_now_left AFTER DELETE ON computer_group_now REFERENCING OLD TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION computer_group_now_moved();

-- The first of a chain: each adds the next.
INSERT INTO job (id, kind, args, unique_key, run_at, created_at)
VALUES (gen_random_uuid(), 'exclusion_groups', '{}', 'exclusion_groups', now(), now());

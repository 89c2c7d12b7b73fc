-- detection_upkeep: exclusions end and are proposed by a job, and a group that an exclusion names is compiled anew when
-- somebody joins or leaves it.

CREATE TRIGGER computer_group_member_changed AFTER INSERT OR DELETE ON computer_group_member
    FOR EACH STATEMENT EXECUTE FUNCTION rule_generation_next();

-- The first of a chain: each adds the next.
INSERT INTO job (id, kind, args, unique_key, run_at, created_at)
VALUES (gen_random_uuid(), 'exclusion_upkeep', '{}', 'exclusions', now(), now());

-- A batch holds a job that waits already instead of adding another: to hold a row is to be allowed to change something.
GRANT UPDATE (last_error) ON job TO yagura_ingest;

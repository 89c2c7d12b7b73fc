-- detection_upkeep: exclusions end and are proposed by a job, and a group that an exclusion names is compiled anew when
-- somebody joins or leaves it.

CREATE TRIGGER computer_group_member_changed AFTER INSERT OR DELETE ON computer_group_member
    FOR EACH STATEMENT EXECUTE FUNCTION rule_generation_next();

-- The first of a chain: each adds the next.
INSERT INTO job (id, kind, args, unique_key, run_at, created_at)
VALUES (gen_random_uuid(), 'exclusion_upkeep', '{}', 'exclusions', now(), now());

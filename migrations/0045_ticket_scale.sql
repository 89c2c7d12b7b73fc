-- ticket_scale: the queue and the search at a million cases.

-- The queue in the order in which it is worked, and the list as it last moved. Who works the queue looks at open cases
-- alone, so the closed ones do not lie between.
DROP INDEX ticket_queue; -- of those with a deadline alone
CREATE INDEX ticket_open_by_rank ON ticket (priority DESC, due_at, id)
    WHERE status NOT IN ('resolved', 'closed', 'declined');
CREATE INDEX ticket_updated ON ticket (updated_at, id);

-- Which cases say all of it. Row-level security asks an operator that could tell of hidden rows (as any but a leakproof
-- one might) only after its own question, which keeps @@ out of every index. So the owner asks, for the tenants and the
-- side of whoever calls, and answers with nothing but ids; the rows are read under row-level security as ever.
CREATE FUNCTION ticket_found(asked text, most bigint DEFAULT NULL) RETURNS SETOF uuid LANGUAGE plpgsql STABLE
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp ROWS 500 AS $$
DECLARE
    question tsquery := ticket_question(asked);
    tenants uuid[] := yagura_tenants();
BEGIN
    -- IS TRUE: the words find the rows, no index on the tenant helps.
    IF question IS NULL THEN
        RETURN;
    ELSIF yagura_side() = 'provider' THEN
        RETURN QUERY SELECT t.id FROM ticket t
            WHERE t.words_all @@ question AND (t.tenant_id = ANY (tenants)) IS TRUE LIMIT most;
    ELSE
        RETURN QUERY SELECT t.id FROM ticket t
            WHERE t.words @@ question AND (t.tenant_id = ANY (tenants)) IS TRUE LIMIT most;
    END IF;
END $$;

-- Whether there are more than `most` of them. Then a list is read in its order, asking each row, instead of collecting
-- all that say it.
CREATE FUNCTION ticket_found_often(asked text, most bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT count(*) > most FROM (SELECT FROM ticket_found(asked, most + 1)) f
$$;

REVOKE ALL ON FUNCTION ticket_found(text, bigint), ticket_found_often(text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ticket_found(text, bigint), ticket_found_often(text, bigint) TO yagura_api, yagura_jobs;

-- phrases: exact words and parts of a subject are found by an index, too, and not by reading every case.

-- Each pair of neighbouring characters: whatever contains a text has all pairs of that text.
CREATE FUNCTION ticket_pairs(body text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ARRAY(SELECT substr(b, i, 2) FROM lower(body) b, generate_series(1, length(b) - 1) i)
$$;
CREATE INDEX ticket_by_subject ON ticket USING gin (ticket_pairs(subject));

-- As ticket_found (0045), and each phrase stands in the subject, the description or one message the caller may
-- read. The words of a phrase are among those asked for, so that few cases are looked into.
--
-- IS TRUE hides from the planner what it must not begin with. Whoever sees few cases: these are looked through,
-- however many cases of others say it. Whoever sees many: the index of words finds them. Planned anew each time, never
-- by reading everything, and with room enough for the index to name rows: of a page each row must be looked into.
CREATE FUNCTION ticket_few(tenants uuid[]) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(last), 0) < 10000 FROM ticket_counter WHERE tenant_id = ANY (tenants)
$$;
REVOKE ALL ON FUNCTION ticket_few(uuid[]) FROM PUBLIC;

CREATE FUNCTION ticket_said(asked text, phrases text[], most bigint DEFAULT NULL) RETURNS SETOF uuid LANGUAGE plpgsql
    STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET work_mem = '64MB'
    SET enable_seqscan = off ROWS 500 AS $$
DECLARE
    question tsquery := ticket_question(asked);
    staff boolean := yagura_side() = 'provider';
    tenants uuid[] := yagura_tenants();
    exact text[] := (SELECT array_agg(lower(p)) FROM unnest(phrases) p);
BEGIN
    IF question IS NOT NULL THEN
        RETURN QUERY EXECUTE 'SELECT t.id FROM ticket t WHERE ('
            || CASE WHEN staff THEN 't.words_all' ELSE 't.words' END
            || CASE WHEN ticket_few(tenants) THEN ' @@ $1) IS TRUE AND t.tenant_id = ANY ($2)'
                    ELSE ' @@ $1) AND (t.tenant_id = ANY ($2)) IS TRUE' END
            || CASE WHEN exact IS NULL THEN '' ELSE
               ' AND (SELECT bool_and(strpos(lower(t.subject), p) > 0 OR strpos(lower(t.description), p) > 0'
               '     OR EXISTS (SELECT FROM ticket_post x WHERE x.tenant_id = t.tenant_id AND x.ticket_id = t.id'
               '         AND ($3 OR x.visibility = ''customer'') AND strpos(lower(x.body), p) > 0))'
               ' FROM unnest($4) p)' END
            || ' LIMIT $5'
        USING question, tenants, staff, exact, most;
    END IF;
END $$;

-- Cases whose subject contains any of these. One character alone has no pair: such a part is never asked here.
CREATE FUNCTION ticket_titled(parts text[], most bigint DEFAULT NULL) RETURNS SETOF uuid LANGUAGE plpgsql
    STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET work_mem = '64MB'
    SET enable_seqscan = off ROWS 500 AS $$
DECLARE
    part text;
    tenants uuid[] := yagura_tenants();
BEGIN
    FOREACH part IN ARRAY parts LOOP
        RETURN QUERY EXECUTE 'SELECT t.id FROM ticket t WHERE '
            || CASE WHEN ticket_few(tenants) THEN 't.tenant_id = ANY ($2)'
                    ELSE 'ticket_pairs(t.subject) @> $1 AND (t.tenant_id = ANY ($2)) IS TRUE' END
            || ' AND strpos(lower(t.subject), $3) > 0 LIMIT $4'
        USING ticket_pairs(part), tenants, lower(part), most;
    END LOOP;
END $$;

-- How many of them there are, up to `most`: with so many a list is better read in its order, asking each row.
CREATE FUNCTION ticket_said_count(asked text, phrases text[], most bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT count(*) FROM (SELECT FROM ticket_said(asked, phrases, most)) f
$$;
CREATE FUNCTION ticket_titled_count(parts text[], most bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN EXISTS (SELECT FROM unnest(parts) p WHERE length(p) < 2) THEN most
                ELSE (SELECT count(*) FROM (SELECT FROM ticket_titled(parts, most)) f) END
$$;

REVOKE ALL ON FUNCTION ticket_said(text, text[], bigint), ticket_titled(text[], bigint),
    ticket_said_count(text, text[], bigint), ticket_titled_count(text[], bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ticket_said(text, text[], bigint), ticket_titled(text[], bigint),
    ticket_said_count(text, text[], bigint), ticket_titled_count(text[], bigint) TO yagura_api, yagura_jobs;

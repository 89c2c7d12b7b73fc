-- first_pages: what the newest cases say already fills a first page, whatever the rest say; then no index need be asked
-- how many there are. And one customer's open cases are read in the order of the queue.
CREATE INDEX ticket_open_by_rank_of ON ticket (tenant_id, priority DESC, due_at, id)
    WHERE status <> ALL (ARRAY['resolved', 'closed', 'declined']);

-- How many of the newest 2,000 cases say this and have one of these parts in their subject, up to `most`. 0 where so
-- few cases are looked through or counted to the end as well.
CREATE FUNCTION ticket_newest(asked text, phrases text[], parts text[], most bigint) RETURNS bigint LANGUAGE plpgsql
    STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    question tsquery := ticket_question(asked);
    staff boolean := yagura_side() = 'provider';
    tenants uuid[] := yagura_tenants();
    exact text[] := (SELECT array_agg(lower(p)) FROM unnest(phrases) p);
    likely text[] := (SELECT array_agg(lower(p)) FROM unnest(parts) p);
    found bigint;
BEGIN
    IF ticket_few(tenants) OR (SELECT reltuples < 200000 FROM pg_class WHERE oid = 'ticket'::regclass) THEN
        RETURN 0;
    END IF;
    SELECT count(*) INTO found FROM (
        SELECT FROM (SELECT * FROM ticket WHERE (tenant_id = ANY (tenants)) IS TRUE
                      ORDER BY updated_at DESC, id DESC LIMIT 2000) t
         WHERE (question IS NULL OR CASE WHEN staff THEN t.words_all ELSE t.words END @@ question)
           AND (likely IS NULL OR (SELECT bool_or(strpos(lower(t.subject), p) > 0) FROM unnest(likely) p))
           AND (exact IS NULL OR (SELECT bool_and(
                strpos(lower(t.subject), p) > 0 OR strpos(lower(t.description), p) > 0
                OR EXISTS (SELECT FROM ticket_post x WHERE x.tenant_id = t.tenant_id AND x.ticket_id = t.id
                              AND (staff OR x.visibility = 'customer') AND strpos(lower(x.body), p) > 0))
                FROM unnest(exact) p))
         LIMIT most) f;
    RETURN found;
END $$;

-- The cases whose subject contains any of these parts, up to `most`; nothing where a part is too short for the index.
CREATE FUNCTION ticket_titled_few(parts text[], most bigint) RETURNS uuid[] LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN NOT EXISTS (SELECT FROM unnest(parts) p WHERE length(p) < 2)
                THEN ARRAY(SELECT ticket_titled(parts, most)) END
$$;
-- drops no data: counts that were asked for before the same cases were looked up once more.
DROP FUNCTION ticket_said_count(text, text[], bigint);
DROP FUNCTION ticket_titled_count(text[], bigint);

REVOKE ALL ON FUNCTION ticket_newest(text, text[], text[], bigint), ticket_titled_few(text[], bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ticket_newest(text, text[], text[], bigint), ticket_titled_few(text[], bigint)
    TO yagura_api, yagura_jobs;

-- kept_with_incidents: a detection that an incident tells of stays as long as the incident is worked on, and a year and
-- a month after it was closed: a story whose beginning went after 31 days could be neither judged nor reported.

-- Which rows of a day stay behind when it goes, by whose time; NULL: none.
ALTER TABLE day_table ADD COLUMN stays text;
UPDATE day_table SET stays =
    'x.incident_id IN (SELECT i.id FROM public.incident i WHERE i.tenant_id = x.tenant_id'
    ' AND (i.status <> ''closed'' OR i.closed_at > $2 - interval ''400 days''))'
 WHERE name = 'detection';
UPDATE day_table SET stays =
    'x.detection_id IN (SELECT d.id FROM public.detection d JOIN public.incident i ON i.tenant_id = d.tenant_id'
    ' AND i.id = d.incident_id WHERE d.tenant_id = x.tenant_id AND d.id = x.detection_id'
    ' AND (i.status <> ''closed'' OR i.closed_at > $2 - interval ''400 days''))'
 WHERE name = 'detection_occurrence';

-- Makes a day's table anew with the rows that stay.
CREATE FUNCTION day_rewrite(p_name text, p_part text, p_day date, p_stays text, p_keepers uuid[], p_at timestamptz)
    RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    EXECUTE format('CREATE TABLE public.%I (LIKE public.%I INCLUDING ALL)', p_part || '_kept', p_name);
    EXECUTE format('INSERT INTO public.%I SELECT x.* FROM public.%I x WHERE x.tenant_id = ANY ($1) OR %s',
                   p_part || '_kept', p_part, p_stays) USING p_keepers, p_at;
    EXECUTE format('DROP TABLE public.%I', p_part);
    EXECUTE format('ALTER TABLE public.%I RENAME TO %I', p_part || '_kept', p_part);
    PERFORM day_attach(p_name, p_day);
END $$;
REVOKE EXECUTE ON FUNCTION day_rewrite(text, text, date, text, uuid[], timestamptz) FROM PUBLIC;

-- drops days of telemetry: only those older than what was agreed, and evidence of them was copied before.
-- As in 0070, but for the rows that stay. Occurrences go before the detections they belong to.
CREATE OR REPLACE FUNCTION days_expire(p_at timestamptz) RETURNS TABLE (part text, kept boolean)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '5s' AS $$
DECLARE
    today date := (p_at AT TIME ZONE 'UTC')::date;
    d record;
    p record;
    t record;
    keepers uuid[];
    has_kept boolean;
    has_gone boolean;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('yagura.day_begin'));
    FOR d IN SELECT y.name, y.keep, y.keep_days, coalesce(y.stays, 'false') AS stays FROM day_table y
              ORDER BY y.name = 'detection', y.name LOOP
        FOR p IN SELECT c.relname AS name, to_date(right(c.relname, 8), 'YYYYMMDD') AS day
                   FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                  WHERE i.inhparent = format('public.%I', d.name)::regclass AND right(c.relname, 8) ~ '^[0-9]{8}$'
                    AND to_date(right(c.relname, 8), 'YYYYMMDD') < today - d.keep_days ORDER BY 2 LOOP
            keepers := ARRAY(SELECT x.id FROM tenant x
                              WHERE p.day >= today - CASE d.keep WHEN 'raw' THEN x.raw_days ELSE x.detection_days END);
            EXECUTE format('SELECT EXISTS (SELECT FROM public.%I x WHERE x.tenant_id = ANY ($1) OR %s),'
                           ' EXISTS (SELECT FROM public.%I x'
                           ' WHERE NOT (x.tenant_id = ANY ($1) OR coalesce(%s, false)))',
                           p.name, d.stays, p.name, d.stays)
               INTO has_kept, has_gone USING keepers, p_at;
            CONTINUE WHEN has_kept AND NOT has_gone;
            IF has_kept THEN
                PERFORM day_rewrite(d.name, p.name, p.day, d.stays, keepers, p_at);
            ELSE
                EXECUTE format('DROP TABLE public.%I', p.name);
            END IF;
            part := p.name;
            kept := has_kept;
            RETURN NEXT;
        END LOOP;
        FOR t IN SELECT x.id, CASE d.keep WHEN 'raw' THEN x.raw_days ELSE x.detection_days END AS days FROM tenant x
                  WHERE CASE d.keep WHEN 'raw' THEN x.raw_days ELSE x.detection_days END < d.keep_days LOOP
            EXECUTE format('DELETE FROM public.%I x WHERE x.tenant_id = $1 AND x.id < $3'
                           ' AND NOT coalesce(%s, false)', d.name, d.stays)
              USING t.id, p_at, uuid_from_time((today - t.days)::timestamp AT TIME ZONE 'UTC');
        END LOOP;
    END LOOP;
END $$;

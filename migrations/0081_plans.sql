-- plans: what is asked alike every time is planned once. A person is told something at every mark of every promise, and
-- planning cost more than telling.
ALTER FUNCTION notice_tell(uuid, uuid, uuid[], uuid, text, boolean, text, text, boolean, text, text, text, text,
    timestamptz) SET plan_cache_mode = force_generic_plan;

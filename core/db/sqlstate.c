#include "core/db/sqlstate.h"

#include "core/base/log.h"

enum { RETRY_SECONDS = 2 };

struct mapping {
    const char *prefix;
    const struct problem *problem;
    const char *detail; /* NULL: the server's own words, which only the log sees when it is a 5xx */
};

/* First match wins: single states before their classes. */
static const struct mapping mappings[] = {
    { "40001", &problem_busy, "serialization failure" },
    { "40P01", &problem_busy, "deadlock" },
    { "55P03", &problem_busy, "lock not available" },
    { "57014", &problem_unavailable, "the statement took too long" },
    { "53100", &problem_storage_full, "the database's disk is full" },
    { "08", &problem_unavailable, NULL },
    { "53", &problem_unavailable, NULL },
    { "57", &problem_unavailable, NULL },
    { "25006", &problem_unavailable, "the database is read-only at the moment" },
    { "42501", &problem_forbidden, "not within the tenants or rights of the caller" },
    { "YG403", &problem_forbidden, NULL },
    { "YG404", &problem_not_found, NULL },
    { "YG409", &problem_conflict, NULL },
    { "YG422", &problem_invalid, NULL },
    { "22", &problem_invalid, "a value is outside of what can be stored" },
};

struct detail {
    struct str state, table, column, constraint, message;
};

static struct str
part(const PGresult *r, int code)
{
    return str_of(PQresultErrorField(r, code));
}

/* person_email_key, person_tenant_id_email_key: email. Every unique constraint of a tenant's table carries the
 * tenant, which is not what the caller got wrong. */
static struct str
field_of_constraint(const struct detail *d, struct str suffix)
{
    struct str name = d->constraint, table = d->table;
    while (name.len && name.at[name.len - 1] >= '0' && name.at[name.len - 1] <= '9')
        name.len--;
    if (!table.len) /* raised by a function, which names only the constraint */
        table = str_head(name, str_find(name, STR("_")));
    if (!str_ends(name, suffix) || !str_starts(name, table) || name.len <= table.len + suffix.len + 1)
        return STR_NONE;
    struct str field = str_skip(str_head(name, name.len - suffix.len), table.len + 1);
    const struct str tenant = STR("tenant_id_");
    return str_starts(field, tenant) ? str_skip(field, tenant.len) : field;
}

static void
note(struct scope *s, struct str field, enum fault fault)
{
    if (field.len)
        note_violation(s, str_printf(s->arena, "/" STR_FMT, STR_ARG(field)), fault, STR_NONE);
}

static bool
fail_unique(struct scope *s, const struct detail *d)
{
    fail(s, &problem_conflict, "already there (" STR_FMT ")", STR_ARG(d->constraint));
    note(s, field_of_constraint(d, STR("_key")), FAULT_TAKEN);
    return false;
}

/* Deleting what others point at is a conflict; pointing at nothing is the caller's mistake in that field. */
static bool
fail_reference(struct scope *s, const struct detail *d)
{
    if (str_starts(d->message, STR("update or delete")))
        return fail(s, &problem_conflict, "still in use (" STR_FMT ")", STR_ARG(d->constraint));
    fail(s, &problem_invalid, "points at something that does not exist (" STR_FMT ")", STR_ARG(d->constraint));
    note(s, field_of_constraint(d, STR("_fkey")), FAULT_NOT_FOUND);
    return false;
}

static bool
fail_check(struct scope *s, const struct detail *d)
{
    fail(s, &problem_invalid, "outside of what is allowed (" STR_FMT ")", STR_ARG(d->constraint));
    note(s, field_of_constraint(d, STR("_check")), FAULT_NOT_IN_DOMAIN);
    return false;
}

static bool
fail_missing(struct scope *s, const struct detail *d)
{
    fail(s, &problem_invalid, STR_FMT "." STR_FMT " is required", STR_ARG(d->table), STR_ARG(d->column));
    note(s, d->column, FAULT_REQUIRED);
    return false;
}

static bool
fail_otherwise(struct scope *s, const struct detail *d, const char *label)
{
    for (size_t i = 0; i < COUNT_OF(mappings); i++) {
        const struct mapping *m = &mappings[i];
        if (!str_starts(d->state, str_of(m->prefix)))
            continue;
        bool first = !scope_has_failed(s);
        fail(s, m->problem, STR_FMT, STR_ARG(m->detail ? str_of(m->detail) : d->message));
        if (first && m->problem->status == 503)
            s->failure.retry_after_s = RETRY_SECONDS;
        return false;
    }
    return fail(s, &problem_internal, "%s: " STR_FMT " " STR_FMT, label, STR_ARG(d->state), STR_ARG(d->message));
}

bool
sqlstate_fail(struct scope *s, const PGresult *r, const char *label)
{
    const struct detail d = {
        .state = part(r, PG_DIAG_SQLSTATE), .table = part(r, PG_DIAG_TABLE_NAME),
        .column = part(r, PG_DIAG_COLUMN_NAME), .constraint = part(r, PG_DIAG_CONSTRAINT_NAME),
        .message = part(r, PG_DIAG_MESSAGE_PRIMARY) };
    log_event(s, str_starts(d.state, STR("23")) || str_starts(d.state, STR("YG")) ? LOG_DEBUG : LOG_WARN, "db.refused",
              "%s: " STR_FMT " " STR_FMT, label, STR_ARG(d.state), STR_ARG(d.message));
    if (!d.state.at)
        return connection_fail(s, PQresultErrorMessage(r));
    if (str_is(d.state, "23505"))
        return fail_unique(s, &d);
    if (str_is(d.state, "23503"))
        return fail_reference(s, &d);
    if (str_is(d.state, "23514"))
        return fail_check(s, &d);
    return str_is(d.state, "23502") ? fail_missing(s, &d) : fail_otherwise(s, &d, label);
}

bool
connection_fail(struct scope *s, const char *why)
{
    bool first = !scope_has_failed(s);
    fail(s, &problem_unavailable, "database: " STR_FMT, STR_ARG(str_trim(str_of(why))));
    if (first)
        s->failure.retry_after_s = RETRY_SECONDS;
    return false;
}

bool
sqlstate_is_stale_plan(const PGresult *r)
{
    struct str state = part(r, PG_DIAG_SQLSTATE);
    return str_is(state, "0A000") && str_contains(part(r, PG_DIAG_MESSAGE_PRIMARY), STR("cached plan"));
}

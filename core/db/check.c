/* Every query against the database as it stands: prepared, described, compared with its shapes. All that is wrong is
 * logged; the failure names the first. */
#include "core/base/log.h"
#include "core/db/connection.h"
#include "core/db/listing.h"

static bool
every_member_has_a_column(struct scope *s, const struct statement *st)
{
    for (size_t i = 0; i < st->row->count; i++) {
        const struct field *f = &st->row->fields[i];
        size_t c = 0;
        while (c < st->column_count && st->columns[c].field != f)
            c++;
        if (c == st->column_count)
            return fail(s, &problem_internal, "query %s: no column for %s.%s", st->label, st->row->name, f->name);
    }
    return true;
}

static bool
check_statement(struct scope *s, struct db *db, struct statement *st, bool with_row)
{
    if (!st)
        return false;
    int call = connection_send_describe(db, st);
    if (!connection_finish(s, db))
        return false;
    PGresult *r = connection_take(s, db, call);
    return !with_row || !st->row || (statement_map(s, st, db->session, r) && every_member_has_a_column(s, st));
}

static bool
check_listing(struct scope *s, struct db *db, const struct listing *l, const struct listing_ask *ask)
{
    struct listing_sql sql;
    if (!listing_compose(s, l, ask, &sql))
        return false;
    struct statements *known = &db->statements;
    return check_statement(s, db, statement_of_listing(s, known, db->session, l, sql.rows, sql.rows_extra.count), true)
        && (!ask->total || check_statement(s, db, statement_of_listing(s, known, db->session, l, sql.total,
                                                                       sql.total_extra.count), false));
}

static bool
check_sorts(struct scope *s, struct db *db, const struct listing *l)
{
    for (size_t i = 0; i < l->row->count; i++) {
        struct listing_ask ask;
        if (!l->row->fields[i].sort)
            continue;
        if (!listing_plain(s, l, &ask) || !listing_sort(s, l, str_of(l->row->fields[i].name), &ask))
            return false;
        ask.continues = true;
        for (size_t k = 0; k < ask.sort_count; k++)
            ask.after[k] = STR("");
        if (!check_listing(s, db, l, &ask))
            return false;
    }
    return true;
}

/* All filters a listing offers, as many at a time as one ask may have. */
static bool
check_filters(struct scope *s, struct db *db, const struct listing *l)
{
    struct str none = STR("");
    struct listing_ask ask;
    if (!listing_plain(s, l, &ask))
        return false;
    ask.total = true;
    ask.words[ask.word_count++] = none;
    for (size_t i = 0; i < l->row->count; i++)
        if (l->row->fields[i].filter && ask.filter_count < FILTERS_MAX)
            ask.filters[ask.filter_count++] = (struct filter){ .field = &l->row->fields[i], .values = { &none, 1 } };
    return check_listing(s, db, l, &ask);
}

static bool
has_key(struct scope *s, const struct listing *l)
{
    return (l->key && l->sort && shape_field(l->row, str_of(l->key)))
        || fail(s, &problem_internal, "listing %s: names no key of its row, or no sort", l->name);
}

static void
tell(struct scope *s, const struct scope *trial, const char *name, size_t *wrong)
{
    if (!scope_has_failed(trial))
        return;
    struct str detail = trial->failure.detail;
    log_error(s, "check.query", "%s: " STR_FMT, name, STR_ARG(detail));
    fail(s, trial->failure.problem, "%s: " STR_FMT, name, STR_ARG(detail));
    ++*wrong;
}

bool
db_check(struct scope *s, struct db *db, const struct db_catalogue *c)
{
    size_t wrong = 0;
    if (!connection_ready(s, db))
        return false;
    for (size_t i = 0; i < c->query_count && db->conn; i++) {
        struct scope trial = scope_new(s->arena, s->now);
        const struct query *q = c->queries[i];
        if (!check_statement(&trial, db, statement_of_query(&trial, &db->statements, db->session, q), true))
            tell(s, &trial, q->name, &wrong);
    }
    for (size_t i = 0; i < c->listing_count && db->conn; i++) {
        struct scope trial = scope_new(s->arena, s->now);
        const struct listing *l = c->listings[i];
        if (!has_key(&trial, l) || !check_sorts(&trial, db, l) || !check_filters(&trial, db, l))
            tell(s, &trial, l->name, &wrong);
    }
    connection_lose(db); /* with the many statements that only the check asked for */
    return wrong == 0;
}

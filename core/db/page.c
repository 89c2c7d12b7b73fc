/* Pages, and the opening of a request: statements of several kinds in one pipeline. */
#include "core/db/connection.h"
#include "core/db/listing.h"
#include "core/db/transaction.h"

#include <endian.h>

struct page_calls {
    struct statement *rows_statement;
    int rows, total;
    bool counts;
};

static bool
send_page(struct scope *s, struct db *db, const struct listing *l, const void *args, const struct listing_ask *ask,
          struct page_calls *out)
{
    struct listing_sql sql;
    struct statement *total = NULL;
    if (!listing_compose(s, l, ask, &sql))
        return false;
    out->counts = sql.total.at != NULL;
    out->rows_statement = statement_of_listing(s, &db->statements, db->session, l, sql.rows, sql.rows_extra.count);
    if (out->counts)
        total = statement_of_listing(s, &db->statements, db->session, l, sql.total, sql.total_extra.count);
    if (!out->rows_statement || (out->counts && !total))
        return false;
    out->rows = connection_send(s, db, out->rows_statement, args, &sql.rows_extra);
    if (out->counts)
        out->total = connection_send(s, db, total, args, &sql.total_extra);
    return true;
}

static int64_t
read_total(const PGresult *r)
{
    uint64_t value;
    memcpy(&value, PQgetvalue(r, 0, 0), sizeof value);
    return (int64_t)be64toh(value);
}

static bool
take_page(struct scope *s, struct db *db, const struct listing *l, const struct listing_ask *ask,
          const struct page_calls *c, struct page *out)
{
    PGresult *r = connection_take(s, db, c->rows);
    out->total = c->counts ? read_total(connection_take(s, db, c->total)) : INT_NONE;
    if (!statement_map(s, c->rows_statement, db->session, r) || !statement_rows(s, c->rows_statement, r, &out->rows))
        return false;
    listing_finish(s, ask, out, l->row->size);
    return true;
}

static const struct listing_ask *
or_plain(struct scope *s, const struct listing *l, const struct listing_ask *ask)
{
    struct listing_ask *plain = ask ? NULL : arena_new_of(s->arena, struct listing_ask);
    return ask ? ask : listing_plain(s, l, plain) ? plain : NULL;
}

/* Row-level security lets nothing else through anyway; but only said so can an index follow. A job may see more than it
 * began with. */
static bool
name_the_only_tenant(struct scope *s, const struct listing *l, struct listing_ask *ask)
{
    const struct principal *who = s->who;
    if (!who || who->kind == PRINCIPAL_SYSTEM || who->all_tenants || who->tenants.count != 1
        || ask->filter_count == FILTERS_MAX)
        return true;
    struct str id = uuid_format(s->arena, who->tenants.items[0]);
    return listing_add(s, l, ask, &(struct listing_term){
        .column = "tenant_id", .op = FILTER_IS, .values = { &id, 1 } });
}

/* The terms that weighing adds belong to this one reading. */
static bool
weigh(struct scope *s, const struct listing *l, const void *args, const struct listing_ask **ask)
{
    struct listing_ask *weighed;
    if (!l->weigh && !l->owned)
        return true;
    weighed = arena_new_of(s->arena, struct listing_ask);
    *weighed = **ask;
    *ask = weighed;
    return (!l->owned || name_the_only_tenant(s, l, weighed)) && (!l->weigh || l->weigh(s, l, args, weighed));
}

bool
db_page(struct scope *s, const struct listing *l, const void *args, const struct listing_ask *ask, struct page *out)
{
    struct page_calls calls = { 0 };
    ask = or_plain(s, l, ask);
    if (!ask || !transaction_is_open(s) || !weigh(s, l, args, &ask))
        return false;
    connection_send_pending(s, s->db);
    return send_page(s, s->db, l, args, ask, &calls) && connection_finish(s, s->db)
        && take_page(s, s->db, l, ask, &calls, out);
}

/* ---- a whole request in one round trip ---- */

struct opening_calls {
    struct statement *opening_statement, *then_statement;
    int opening, then, commit;
    struct page_calls page;
};

static bool
send_opening(struct scope *s, struct db *db, struct db_opening *o, struct opening_calls *c)
{
    c->opening_statement = statement_of_query(s, &db->statements, db->session, o->opening);
    c->then_statement = o->then ? statement_of_query(s, &db->statements, db->session, o->then) : NULL;
    if (!c->opening_statement || (o->then && !c->then_statement))
        return false;
    connection_send_pending(s, db);
    c->opening = connection_send(s, db, c->opening_statement, o->opening_args, NULL);
    if (o->then)
        c->then = connection_send(s, db, c->then_statement, o->then_args, NULL);
    if (o->page && !send_page(s, db, o->page, o->page_args, o->ask, &c->page))
        return false;
    if (o->commit)
        c->commit = connection_send_sql(db, "COMMIT");
    return connection_finish(s, db);
}

/* An opening that finds nobody, or says in its member `refused` why not, gives nothing of what came behind it. */
static bool
take_opening(struct scope *s, struct db *db, struct db_opening *o, const struct opening_calls *c)
{
    PGresult *r = connection_take(s, db, c->opening);
    const struct field *refused = shape_field(o->opening->row, STR("refused"));
    if (!statement_map(s, c->opening_statement, db->session, r))
        return false;
    if (PQntuples(r) != 1)
        return fail(s, &problem_unauthorized, "%s", o->opening->name);
    if (!statement_row(s, c->opening_statement, r, 0, o->opening_row))
        return false;
    const struct str *why = refused ? shape_at_const(refused, o->opening_row) : NULL;
    return !why || !why->at || fail(s, &problem_unauthorized, STR_FMT, STR_ARG(*why));
}

static bool
take_behind(struct scope *s, struct db *db, struct db_opening *o, const struct opening_calls *c)
{
    if (o->then) {
        PGresult *r = connection_take(s, db, c->then);
        if (!statement_map(s, c->then_statement, db->session, r)
            || !statement_rows(s, c->then_statement, r, &o->then_rows))
            return false;
    }
    return !o->page || take_page(s, db, o->page, o->ask, &c->page, &o->page_rows);
}

bool
db_begin_with(struct scope *s, struct db *db, struct db_opening *o)
{
    struct opening_calls calls = { 0 };
    if (o->page)
        o->ask = or_plain(s, o->page, o->ask);
    if ((o->page && !o->ask) || !transaction_start(s, db) || !send_opening(s, db, o, &calls))
        return false;
    if (o->commit && !transaction_committed(s, connection_take(s, db, calls.commit)))
        return false;
    return take_opening(s, db, o, &calls) && take_behind(s, db, o, &calls);
}

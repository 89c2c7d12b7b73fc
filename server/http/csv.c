#include "server/http/csv.h"

#include "core/base/log.h"
#include "core/base/shape_value.h"
#include "server/http/arenas.h"
#include "server/http/flow.h"
#include "server/http/parts.h"
#include "server/http/reply.h"
#include "server/http/url.h"

enum { SLICE_BYTES = 32 * 1024, PAGE_MAX = 16 * 1024 * 1024, PAGE_ROWS = 200 };

struct export {
    struct task task; /* first: the worker's way back to it */
    struct exchange *x;
    struct flow *flow;
    struct arena *page_arena;
    struct str pending; /* of the page, what the reader has not yet taken */
    struct str cursor;  /* of the next page; absent: this was the last */
    struct str query;   /* without cursor and limit */
};

bool
csv_is_wanted(const struct exchange *x)
{
    return str_starts(exchange_header(x, "Accept"), STR("text/csv"));
}

static bool
looks_like_formula(struct str value)
{
    return value.len && strchr("=+-@\t\r", value.at[0]) != NULL;
}

void
csv_write_cell(struct text *t, struct str value)
{
    text_add_char(t, '"');
    if (looks_like_formula(value))
        text_add_char(t, '\'');
    struct str rest = value, part;
    for (bool first = true; str_cut(&rest, '"', &part); first = false) {
        text_add(t, first ? STR("") : STR("\"\""));
        text_add(t, part);
    }
    text_add_char(t, '"');
}

static struct str
joined(struct arena *a, const struct field *f, const struct rows *list)
{
    struct text t = text_new(a, PAGE_MAX);
    for (size_t i = 0; i < list->count; i++) {
        text_add(&t, i ? STR("; ") : STR(""));
        if (f->kind == KIND_TEXTS)
            text_add(&t, ((const struct str *)list->items)[i]);
        else
            text_add(&t, uuid_format(a, ((const struct uuid *)list->items)[i]));
    }
    return text_str(&t);
}

static void
write_field(struct text *t, const struct field *f, const void *record)
{
    const void *at = shape_at_const(f, record);
    struct text value = text_new(t->arena, PAGE_MAX);
    if (field_is_absent(f, record))
        return;
    switch (f->kind) {
    case KIND_TEXT:
        csv_write_cell(t, *(const struct str *)at);
        return;
    case KIND_DOMAIN:
        csv_write_cell(t, domain_label(f->of, *(const int *)at));
        return;
    case KIND_UUID:
        text_add(t, uuid_format(t->arena, *(const struct uuid *)at));
        return;
    case KIND_INSTANT:
        text_add(t, instant_format(t->arena, *(const struct instant *)at));
        return;
    case KIND_TEXTS:
    case KIND_UUIDS:
        csv_write_cell(t, joined(t->arena, f, at));
        return;
    case KIND_BOOL:
    case KIND_INT:
    case KIND_REAL:
        shape_write_value(t, f, record);
        return;
    case KIND_JSON:
    case KIND_BYTES:
    case KIND_ROWS:
        shape_write_value(&value, f, record);
        csv_write_cell(t, text_str(&value));
    }
}

static void
write_rows(struct text *t, const struct shape *sh, const struct rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        const char *record = (const char *)rows->items + i * sh->size;
        bool first = true;
        for (size_t k = 0; k < sh->count; k++) {
            if (sh->fields[k].secret)
                continue;
            if (!first)
                text_add_char(t, ',');
            first = false;
            write_field(t, &sh->fields[k], record);
        }
        text_add(t, STR("\r\n"));
    }
}

static void
write_head(struct text *t, const struct shape *sh)
{
    text_add(t, STR("\xEF\xBB\xBF"));
    bool first = true;
    for (size_t k = 0; k < sh->count; k++) {
        if (sh->fields[k].secret)
            continue;
        text_addf(t, "%s%s", first ? "" : ",", sh->fields[k].name);
        first = false;
    }
    text_add(t, STR("\r\n"));
}

static struct str
query_without_page(struct arena *a, struct str query)
{
    struct text t = text_new(a, query.len + 64);
    struct str part;
    while (str_cut(&query, '&', &part))
        if (part.len && !str_starts(part, STR("cursor=")) && !str_starts(part, STR("limit="))
            && !str_starts(part, STR("total=")))
            text_addf(&t, STR_FMT "&", STR_ARG(part));
    text_addf(&t, "limit=%d", PAGE_ROWS);
    return text_str(&t);
}

static void
take_page(struct export *e, const struct page *page, bool first)
{
    const struct shape *sh = e->x->match.route->list->row;
    struct text t = text_new(e->page_arena, PAGE_MAX);
    if (first)
        write_head(&t, sh);
    write_rows(&t, sh, &page->rows);
    e->pending = text_str(&t);
    e->cursor = page->next_cursor.len ? str_copy(e->x->arena, page->next_cursor) : STR_NONE;
    if (t.full)
        flow_end(e->flow, true);
}

static void
fetch_page(struct worker *w, struct task *t)
{
    struct export *e = (struct export *)t;
    struct exchange *x = e->x;
    struct str cursor;
    struct page page;
    arena_reset(e->page_arena);
    url_encode(e->page_arena, e->cursor, &cursor);
    x->query = str_printf(e->page_arena, STR_FMT "&cursor=" STR_FMT, STR_ARG(e->query), STR_ARG(cursor));
    exchange_scope(x, e->page_arena);
    bool fetched = answer_page(x, w, &page);
    db_end(&x->scope);
    if (fetched) {
        take_page(e, &page, false);
        struct str slice = str_head(e->pending, SLICE_BYTES);
        e->pending = str_skip(e->pending, slice.len);
        flow_add(e->flow, slice); /* it was empty: a slice fits */
    } else {
        log_warn(&x->scope, "http.export_cut", "%s", x->scope.failure.problem->slug);
        flow_end(e->flow, true);
    }
}

/* The reader has taken everything: give it the next slice, or send for the next page. */
static void
feed(void *maker)
{
    struct export *e = maker;
    struct str slice = str_head(e->pending, SLICE_BYTES);
    if (atomic_load(&e->x->http->draining)) {
        flow_end(e->flow, true);
    } else if (slice.len) {
        e->pending = str_skip(e->pending, slice.len);
        flow_add(e->flow, slice);
    } else if (e->cursor.at) {
        workers_push_more(e->x->http->workers, &e->task);
    } else {
        flow_end(e->flow, false);
    }
}

static void
give_back(void *export)
{
    struct export *e = export;
    arenas_give(e->x->http->arenas, e->page_arena);
}

void
csv_begin(struct exchange *x, const struct page *first)
{
    struct export *e = arena_new_of(x->arena, struct export);
    *e = (struct export){ .task.run = fetch_page, .x = x, .page_arena = arenas_take(x->http->arenas) };
    arena_defer(x->arena, give_back, e);
    e->flow = flow_new(x->arena, x->connection, SLICE_BYTES, feed, e);
    e->query = query_without_page(x->arena, x->query);
    take_page(e, first, true);
    struct str path = x->path, name = STR("list"), part;
    while (str_cut(&path, '/', &part))
        name = part.len ? part : name;
    x->reply.flow = e->flow;
    x->reply.content_type = "text/csv; charset=utf-8; header=present";
    reply_attachment(&x->scope, str_printf(x->arena, STR_FMT ".csv", STR_ARG(name)));
}

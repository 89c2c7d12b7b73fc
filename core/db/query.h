/* query: SQL between two shapes.
 *
 * A query names its SQL once; `:name` stands for the member of that name in the args shape (`::cast` is left
 * alone), each column of the result fills the member of that name in the row shape. It is prepared once per
 * connection. `yagura check`, also run at every start, prepares every query of the program's catalogue and
 * compares arguments and columns with the shapes; a column without a member, or a member without a column, is
 * refused there and not in production.
 *
 * Arguments travel with the type of their kind: bool, bigint, double precision, text (also domains), uuid, timestamptz,
 * text[], uuid[], jsonb, bytea. Where SQL wants another one it says so: `:address::inet`. Columns may be of these
 * types, and smallint, integer, real, varchar, date (as text) and enums besides; numeric or inet are cast in SQL.
 *
 * A listing is a read with filters, sort and pages: the engine composes WHERE, ORDER BY and LIMIT around `from`
 * out of the row shape's field names, never out of the caller's text, and prepares each composition it meets.
 */
#ifndef YAGURA_CORE_DB_QUERY_H
#define YAGURA_CORE_DB_QUERY_H

#include "core/base/shape.h"

struct query {
    const char *name;
    const char *sql;
    const struct shape *args; /* NULL: takes nothing */
    const struct shape *row;  /* NULL: returns nothing */
};

struct id_args { /* what many queries take */
    struct uuid id;
};
extern const struct shape id_args_shape;

struct listing_ask;

struct listing {
    const char *name;
    const char *from;         /* a SELECT without ORDER BY; may use :names of `args` */
    const struct shape *args; /* path and special query parameters; NULL when there are none */
    const struct shape *row;
    const char *key;          /* unique last sort column, usually "id" */
    const char *sort;         /* default order: "-created_at" is descending */
    int limit_default, limit_max; /* 0: 50 and 200 */
    /* Called when everything was read: turns a text in `args` that people write ("status:open due<2h") into terms, by
     * listing_add. Whatever it does not understand it notes as a violation. */
    void (*understand)(struct scope *s, const struct listing *l, void *args, struct listing_ask *ask);
    /* Called inside the transaction, before the rows are asked for: may look how much there is and choose the term that
     * is quick, by listing_add. A listing that weighs takes a round trip more. */
    bool (*weigh)(struct scope *s, const struct listing *l, const void *args, struct listing_ask *ask);
    /* No row is shared: each belongs to a tenant whom the caller sees. Who sees one alone is answered by an index of
     * that tenant, in its order; that takes the same round trip more. */
    bool owned;
};

enum filter_operator { FILTER_IS, FILTER_IS_NOT, FILTER_GTE, FILTER_GT, FILTER_LTE, FILTER_LT, FILTER_CONTAINS,
                       FILTER_ABSENT, FILTER_PRESENT, FILTER_WHERE };

/* One condition that rows must meet, or one of a chain of which any will do. Either a column of the row shape with
 * values as they stand in a query string, or (FILTER_WHERE) SQL of ours about `page`, in which each ? stands for the
 * values as text[]. No text of a caller ever becomes SQL. */
struct listing_term {
    const char *column;
    enum filter_operator op;
    const char *where;
    bool parts; /* the values are looked for within texts: each becomes a pattern for ILIKE ANY (?) */
    struct strs values;
    bool negated;
    const struct listing_term *or_else; /* its `negated` is not looked at */
};
must_check bool listing_add(struct scope *s, const struct listing *l, struct listing_ask *ask,
                            const struct listing_term *term);
/* How many rows the first page takes, when nothing but `terms` terms was asked for and the order is the listing's own;
 * else 0. */
int64_t listing_first_page(struct scope *s, const struct listing *l, const struct listing_ask *ask, size_t terms);
bool listing_counts(const struct listing_ask *ask); /* `total` was asked for */
void listing_uncounted(struct listing_ask *ask); /* too many to count: `total` is absent although it was asked for */
void listing_count_to(struct listing_ask *ask, int64_t most); /* `total` says so many at most */

/* What a caller asks of a listing, read from the query string:
 *   limit, cursor, sort=-opened_at, total=true, q=text (over the .search fields),
 *   field=value (repeated: any of), field.ne= .gte= .gt= .lte= .lt= .contains= .absent=true (only .filter fields),
 *   key=value (repeated), whatever the key is called: these rows */

/* The same ask, from another page on: for answers that follow the pages to their end. limit 0 keeps it. */
must_check bool listing_continue(struct scope *s, const struct listing *l, struct listing_ask *ask, struct str cursor,
                                 int64_t limit);

must_check bool listing_read(struct scope *s, const struct listing *l, struct str query_string, void *args,
                             struct listing_ask **out);

struct page {
    struct rows rows;
    struct str next_cursor; /* absent on the last page */
    int64_t total;          /* INT_NONE unless asked for */
};

must_check bool db_one(struct scope *s, const struct query *q, const void *args, void *row); /* none: 404 */
must_check bool db_maybe(struct scope *s, const struct query *q, const void *args, void *row, bool *found);
must_check bool db_list(struct scope *s, const struct query *q, const void *args, struct rows *out);
must_check bool db_run(struct scope *s, const struct query *q, const void *args, int64_t *affected); /* may be NULL */
must_check bool db_page(struct scope *s, const struct listing *l, const void *args, const struct listing_ask *ask,
                        struct page *out);

/* An update whose WHERE names `version`: no row is 404 when `exists` (id_args) finds none either, else 412. */
must_check bool db_update(struct scope *s, const struct query *q, const void *args, void *row,
                          const struct query *exists, struct uuid id);

#endif

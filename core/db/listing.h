/* listing: what was asked of a listing, and the SQL that answers it. Inside core/db alone.
 *
 * Only field names of the row shape and values as parameters enter the SQL, so any ask is safe; how many different
 * statements there can be is bounded by the ways to combine them, and the connection forgets when there are many.
 */
#ifndef YAGURA_CORE_DB_LISTING_H
#define YAGURA_CORE_DB_LISTING_H

#include "core/db/query.h"

enum { FILTERS_MAX = 32, FILTER_VALUES_MAX = 200, SORT_MAX = 4, WORDS_MAX = 5, LISTING_LIMIT = 50,
       LISTING_LIMIT_MAX = 200 };

struct filter {
    const struct field *field; /* NULL of a FILTER_WHERE */
    enum filter_operator op;
    struct strs values; /* as PostgreSQL reads them */
    const char *where;
    bool parts, negated;
    const struct filter *or_else;
};

struct sort_column {
    const struct field *field;
    bool descending;
};

struct listing_ask {
    struct filter filters[FILTERS_MAX];
    size_t filter_count;
    struct sort_column sort[SORT_MAX];
    size_t sort_count;
    struct str words[WORDS_MAX]; /* each must occur in some .search field */
    size_t word_count;
    int64_t limit;
    bool total;
    int64_t total_most;          /* counts no further; 0: to the end */
    bool continues;              /* after the row with these sort values: */
    struct str after[SORT_MAX];  /* absent: NULL */
};

/* The last column must be the key, so that the order is total. */
must_check bool listing_sort(struct scope *s, const struct listing *l, struct str sort, struct listing_ask *ask);
struct str listing_sort_text(struct arena *a, const struct listing_ask *ask);
must_check bool listing_cursor_read(struct scope *s, const struct listing *l, struct str cursor,
                                    struct listing_ask *ask);
/* The ask when nothing is asked. */
must_check bool listing_plain(struct scope *s, const struct listing *l, struct listing_ask *out);
/* A value as it stands in a query string, checked against the field's kind, as PostgreSQL reads it. */
must_check bool listing_value(struct scope *s, const struct field *f, struct str name, struct str value,
                              struct str *out);

struct listing_sql {
    struct str rows, total; /* total: absent unless asked for */
    struct strs rows_extra, total_extra;
};
must_check bool listing_compose(struct scope *s, const struct listing *l, const struct listing_ask *ask,
                                struct listing_sql *out);
/* Of one row more than asked: cuts it and makes the cursor. */
void listing_finish(struct scope *s, const struct listing_ask *ask, struct page *page, size_t row_bytes);

#endif

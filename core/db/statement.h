/* statement: a query as one connection knows it: its SQL with $1 for :name, the fields behind the numbers, and
 * which column of the result fills which member. */
#ifndef YAGURA_CORE_DB_STATEMENT_H
#define YAGURA_CORE_DB_STATEMENT_H

#include <libpq-fe.h>

#include "core/db/query.h"

enum { PARAMETERS_MAX = 64, STATEMENT_BUCKETS = 256, STATEMENTS_MAX = 1500 };

struct column {
    const struct field *field;
    Oid type;
};

struct statement {
    struct statement *next;
    const void *owner;   /* the query or listing */
    struct str composed; /* a listing's SQL as composed; absent for a query */
    char name[16];
    const char *label, *sql;
    const struct field *fields[PARAMETERS_MAX];
    size_t field_count, extra_count; /* extra: a composition's own values, behind the fields */
    const struct shape *row;
    bool prepared;
    struct column *columns; /* NULL until the first result */
    size_t column_count;
    bool partial;           /* some members have no column */
};

struct statements {
    struct statement *buckets[STATEMENT_BUCKETS];
    size_t count;
};

/* NULL when the SQL names what its args do not have; the scope says so. */
struct statement *statement_of_query(struct scope *s, struct statements *known, struct arena *a, const struct query *q);
struct statement *statement_of_listing(struct scope *s, struct statements *known, struct arena *a,
                                       const struct listing *l, struct str sql, size_t extra_count);

/* :name becomes $n; the fields in the order of their numbers. */
must_check bool sql_translate(struct scope *s, const char *label, struct str sql, const struct shape *args,
                              struct text *out, const struct field **fields, size_t *count);

Oid field_type(const struct field *f); /* as which an argument is declared */
bool field_takes(const struct field *f, Oid column_type);

/* Argument values as libpq wants them. */
struct values {
    const char *at[PARAMETERS_MAX];
    int lengths[PARAMETERS_MAX], formats[PARAMETERS_MAX];
};
void statement_values(struct arena *a, const struct statement *st, const void *args, const struct strs *extra,
                      struct values *out);
/* One field's value as PostgreSQL reads it in text; absent for NULL. */
struct str field_sql_text(struct arena *a, const struct field *f, const void *record);

/* Rows out of a result; the members point into it, so it must live as long as the scope. */
must_check bool statement_rows(struct scope *s, struct statement *st, const PGresult *r, struct rows *out);
must_check bool statement_row(struct scope *s, struct statement *st, const PGresult *r, int index, void *row);
/* Compares a described or executed result with the row shape, once. */
must_check bool statement_map(struct scope *s, struct statement *st, struct arena *a, const PGresult *r);

#endif

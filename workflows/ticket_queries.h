/* ticket_queries: the language of the list of cases, told to people and checked while they write. */
#ifndef YAGURA_WORKFLOWS_TICKET_QUERIES_H
#define YAGURA_WORKFLOWS_TICKET_QUERIES_H

#include "model/ticket_query.h"

struct query_word_told {
    struct str word, ja;
};

struct query_field_told {
    struct str name, ja, hint, example;
    enum query_kind kind;
    struct rows words; /* struct query_word_told */
};

struct query_fields_told {
    struct rows items;
};
extern const struct shape query_fields_told_shape;
must_check bool ticket_query_fields(struct scope *s, struct query_fields_told *out);

struct query_ask {
    struct str text;
};

struct query_fault_told {
    int64_t at, length; /* in characters */
    struct str message, suggestion;
};

struct query_checked {
    bool understood;
    int64_t terms;
    struct rows fault; /* struct query_fault_told: one, or none */
};
extern const struct shape query_ask_shape, query_checked_shape;
must_check bool ticket_query_check(struct scope *s, const struct query_ask *in, struct query_checked *out);

#endif

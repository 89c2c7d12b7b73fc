/* ticket_query: what can be asked of cases in the language of query_text, as a table. A new field is one row. */
#ifndef YAGURA_MODEL_TICKET_QUERY_H
#define YAGURA_MODEL_TICKET_QUERY_H

#include "model/query_text.h"
#include "model/ticket.h"

extern const struct query_language ticket_query_language;

/* The listing's: `query` of a struct ticket_list_args becomes terms and words. */
void ticket_query_understand(struct scope *s, const struct listing *l, void *args, struct listing_ask *ask);

#endif

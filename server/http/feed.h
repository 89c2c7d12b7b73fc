/* feed: the change feed as the outside reads it. A change is a row of `change`, written in the transaction of the
 * write it tells of. Rows become readable when no older transaction is still open, so that nobody reads past one that
 * commits late; the order is (transaction, id), and that pair is the token from which a reader goes on.
 */
#ifndef YAGURA_SERVER_HTTP_FEED_H
#define YAGURA_SERVER_HTTP_FEED_H

#include "core/db/query.h"
#include "core/base/text.h"

enum { FEED_ROWS = 500 };

struct feed_token {
    int64_t txid, id;
};

struct feed_ask {
    int64_t txid, id, count;
};

struct change {
    int64_t txid, id;
    struct uuid tenant_id, object_id;
    struct str noun, verb;
    struct instant at;
};

extern const struct shape feed_ask_shape, change_shape, feed_token_shape;
extern const struct query feed_rows; /* behind a token, at most `count` */
extern const struct query feed_head; /* the token behind which everything is yet to come */

/* Which permission one needs to hear of a noun; the program lists them in plain sight. */
struct change_noun {
    const char *noun;
    struct permission permission;
};

struct change_nouns {
    const struct change_noun *items;
    size_t count;
};

bool change_is_for(const struct change *c, const struct principal *who, const struct change_nouns *nouns);

bool feed_token_before(struct feed_token a, struct feed_token b);
must_check bool feed_token_parse(struct str text, struct feed_token *out); /* "812-44" */
struct str feed_token_format(struct arena *a, struct feed_token t);

/* One server-sent event: id, event noun.verb, data as JSON. */
void change_write_event(struct text *t, const struct change *c);
void change_write_json(struct text *t, const struct change *c);

#endif

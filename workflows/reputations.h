/* reputations: asking others what they know of a file, an address or a name.
 *
 * Who wants to know gets what is kept; of sources without an answer that holds, a job asks each. A source is asked so
 * often a minute and a day as its contract allows: whatever is beyond waits its turn. One that says "too many" is left
 * alone until it is ready again. Private addresses are nobody's business outside, and are never sent.
 */
#ifndef YAGURA_WORKFLOWS_REPUTATIONS_H
#define YAGURA_WORKFLOWS_REPUTATIONS_H

#include "core/db/job.h"
#include "core/net/fetch.h"
#include "model/reputation.h"

must_check bool reputation_source_create(struct scope *s, const struct reputation_source_write *in,
                                         struct reputation_source *out);
must_check bool reputation_source_change(struct scope *s, const struct reputation_source_write *in,
                                         struct reputation_source *out);
must_check bool reputation_source_remove(struct scope *s, struct uuid id);
/* Asks it of the EICAR test file, which every service knows and nobody minds: what comes of it stands on the source. */
must_check bool reputation_source_test(struct scope *s, struct uuid id, struct reputation_source *out);
must_check bool reputation_link_create(struct scope *s, const struct reputation_link_write *in,
                                       struct reputation_link *out);
must_check bool reputation_link_change(struct scope *s, const struct reputation_link_write *in,
                                       struct reputation_link *out);
must_check bool reputation_link_remove(struct scope *s, struct uuid id);

struct reputation_ask {
    struct uuid tenant_id;
    enum reputation_thing kind;
    struct str value;
};
struct reputation_asked {
    int64_t sources; /* that are asked now */
};
extern const struct shape reputation_ask_shape, reputation_asked_shape;
must_check bool reputation_ask(struct scope *s, const struct reputation_ask *in, struct reputation_asked *out);

extern const struct job_kind reputation_ask_job;

/* What a source's answer says: pure, over what came back. False: it is no answer of its kind. */
struct reputation_reading {
    bool known;
    enum reputation verdict;
    int64_t malicious, suspicious, harmless;
    struct strs labels;
};
must_check bool reputation_read_virustotal(struct scope *s, struct str body, struct reputation_reading *out);
must_check bool reputation_read_misp(struct scope *s, struct str body, struct reputation_reading *out);

extern const struct problem reputation_source_off; /* 409 */
struct str reputation_key_context(struct arena *a, struct uuid id);

#endif

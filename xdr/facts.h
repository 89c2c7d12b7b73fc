/* facts: what an event says about itself, whichever sender wrote it.
 *
 * They are read once, from the parse that the rules are asked with. An absent text is one the event does not tell.
 * Every text lives until the matcher's next event.
 */
#ifndef YAGURA_XDR_FACTS_H
#define YAGURA_XDR_FACTS_H

#include "xdr/engine.h"

struct event_facts {
    const char *problem; /* why the line is no event; NULL when it is one */
    int64_t time_ms;     /* of the event itself */
    int64_t process_id;
    bool has_time;
    struct str host, kind; /* process_creation ..., service:security, or "other" */
    struct str user, image, process_guid, command_line, parent_guid, parent_image;
    struct str sha256, sha1, md5, original_name, company, product, description, signer;
    struct str destination_ip, destination_host, query_name;
    struct str target; /* file, key or pipe it is about */
    struct str script_text, os, agent;
};

/* About the event last run. */
void facts_read(struct matcher *m, struct event_facts *out);

#endif

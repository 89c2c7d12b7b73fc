/* facts: what an event says about itself, in the words of the house.
 *
 * Rules ask for what they need; the house itself wants the same few things of every event: whose it is, when it was,
 * which process, user and file it is about. They are read behind a run of the matcher, from the same parse, through
 * places that were compiled with the engine: no name is looked up for an event.
 *
 *     kind    what rules call its category (process_creation), "service:security" where it has only a log, or "other"
 *     host    as the event spells it; the sender's own name never stands in for it
 *     user    DOMAIN\name where the event has both
 *
 * Texts are absent where the event does not say, and live until the next event of that matcher.
 */
#ifndef YAGURA_XDR_FACTS_H
#define YAGURA_XDR_FACTS_H

#include "xdr/engine.h"

struct event_facts {
    const char *problem; /* why this is no event; then nothing else stands here */
    int64_t time_ms;     /* since 1970, as the event tells it */
    bool has_time;
    struct str host, kind, os, agent, agent_version, channel; /* os: windows, linux, macos */
    int64_t event_id;                                         /* 0: none */
    struct str user, image, command_line, process_guid, parent_guid, parent_image, parent_command_line;
    int64_t process_id, parent_id;                            /* 0: none */
    struct str sha256, sha1, md5;                             /* hexadecimal, as the event spells them */
    struct str original_name, company, product, description, signer;
    struct str is_signed;                                     /* true, false */
    struct str source_ip, destination_ip, destination_host, query_name;
    struct str target;                                        /* a file, or a registry key */
    struct str script_text;
    struct str image_loaded;
    struct matcher *told_by; /* for computer_facts_read, until its next event */
};

/* About the event that the matcher ran last. `problem` is what that run said. */
void facts_read(struct matcher *m, const char *problem, struct event_facts *out);

/* What an event says about the computer that it is of: its own addresses as they are spelled, and its system. Senders
 * repeat it with every event, so it is read only when somebody wants it. What a collector says of itself (host.name is
 * another one than the event's) is left out. */
enum { COMPUTER_ADDRESSES_MAX = 16 };
struct computer_facts {
    struct str addresses[COMPUTER_ADDRESSES_MAX];
    size_t address_count;
    struct str os_name, os_version, os_build, os_type;
};
void computer_facts_read(const struct event_facts *of, struct computer_facts *out);

/* What a computer is known by: its name folded and without the domain behind it; an address stays as it is. Writes at
 * most FACTS_HOST_MAX bytes into `out`, which holds FOLD_SLACK more. The absent text where there is no name. */
enum { FACTS_HOST_MAX = 255 };
struct str facts_host_key(struct str host, char *out);

#endif

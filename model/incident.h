/* incident: what belongs together, told as one story, and worked on until it is over.
 *
 *     OPEN --> IN_PROGRESS <--> WAITING --> CLOSED --> OPEN (again)
 *
 * Detections gather in it by what they share: a process and its parents, a file, a computer, an address. What they
 * have in common stands in incident_object with the times at which it was seen. Its entries are the story as people and
 * the platform wrote it: only added to, never changed; the internal ones do not exist for the customer's side.
 *
 * `severity` is what its rule and score propose for a case; `level` (0..4) is what an engineer found out: 4 several
 * targets, 3 one, 2 the customer must be asked, 1 watch, 0 normal. A merged incident is closed and names the one in
 * which it goes on.
 */
#ifndef YAGURA_MODEL_INCIDENT_H
#define YAGURA_MODEL_INCIDENT_H

#include "model/ticket.h"

enum incident_status { INCIDENT_STATUS_NONE, INCIDENT_OPEN, INCIDENT_IN_PROGRESS, INCIDENT_WAITING, INCIDENT_CLOSED };
enum incident_verdict { INCIDENT_VERDICT_NONE, INCIDENT_TRUE_POSITIVE, INCIDENT_FALSE_POSITIVE, INCIDENT_EXPECTED,
                        INCIDENT_TEST };
extern const struct domain incident_status_domain, incident_verdict_domain;

struct incident {
    struct uuid id, tenant_id;
    struct str tenant_name;
    struct str reference; /* AOBA-I12, as people say it on the phone */
    int64_t number;
    struct str title, summary; /* the title in the caller's language */
    enum incident_status status;
    int64_t level; /* INT_NONE: nobody has decided */
    int64_t score;
    enum severity severity;
    enum incident_verdict verdict;
    struct str close_reason;
    struct uuid assignee_id;
    struct str assignee_name;
    struct strs tags;
    struct uuid rule_id;
    struct str rule_name, opened_by_name; /* the rule's in the caller's language */
    int64_t detections, open_detections, computers;
    struct strs computer_names; /* the first of them */
    struct strs tactics, techniques;
    struct instant first_at, last_at, opened_at, taken_at, told_at, closed_at;
    struct uuid merged_into_id;
    struct str merged_into;
    struct uuid ticket_id;
    struct str ticket_reference;
    struct instant updated_at;
    int64_t version;
    struct strs can;
};
extern const struct shape incident_shape;

struct incident_list_args {
    struct uuid computer_id; /* only those that touch it */
};
extern const struct shape incident_list_shape;
extern const struct listing incident_listing;
extern const struct query incident_by_id, incident_lock;
extern const struct query incident_save; /* what verbs change; model/incident_gather.h has what gathering changes */

/* ---- what its detections share ---- */

struct incident_object {
    struct uuid id, tenant_id, incident_id, object_id;
    struct str kind, value, label;
    int64_t detections;
    struct instant first_at, last_at;
};
extern const struct shape incident_object_shape;
extern const struct listing incident_object_listing;

/* ---- its story ---- */

struct incident_entry {
    struct uuid id, tenant_id, incident_id;
    struct str kind;
    bool internal, by_staff;
    struct uuid author_id;
    struct str author_name, body;
    struct json sections, detail;
    struct instant at;
};
extern const struct shape incident_entry_shape;
extern const struct listing incident_entry_listing;
extern const struct query incident_entry_insert, incident_entry_by_id;

#endif

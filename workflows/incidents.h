/* incidents: what people do with an incident. Each verb holds it, asks whether it may, changes it, writes the entry of
 * its story and the audit log, and tells who must hear of it; all in the caller's transaction.
 *
 *     start   open, waiting -> in_progress        wait    open, in_progress -> waiting
 *     close   any but closed -> closed            reopen  closed -> in_progress, unless it goes on in another
 *
 * The first engineer who starts, assigns or decides takes it. A level of which customers are told (incident_level)
 * tells them, and asks for a call where the level says so and there is a case to write it down in.
 */
#ifndef YAGURA_WORKFLOWS_INCIDENTS_H
#define YAGURA_WORKFLOWS_INCIDENTS_H

#include "model/incident.h"

extern const struct problem incident_cannot; /* 409 */

struct incident_open {
    struct uuid tenant_id;
    struct str title, summary;
    enum severity severity;
    struct uuids detection_ids;
};
struct incident_edit {
    struct uuid id;
    int64_t version;
    struct str title, summary;
    struct strs tags;
};
struct incident_assign {
    struct uuid id, assignee_id;
};
struct incident_decide {
    struct uuid id;
    int64_t level;
    struct str reason;
};
struct incident_verb {
    struct uuid id;
    struct str reason;
};
struct incident_close {
    struct uuid id;
    enum incident_verdict verdict;
    struct str reason;
    bool resolve_detections;
};
struct incident_section {
    struct str heading, body;
};
struct incident_comment {
    struct uuid id;
    struct str body;
    struct rows sections; /* struct incident_section */
    bool internal;
};
struct incident_merge {
    struct uuid id;
    struct str into, reason; /* into: AOBA-I12 */
};
struct incident_split {
    struct uuid id;
    struct uuids detection_ids;
    struct str title;
};
struct incident_add {
    struct uuid id;
    struct uuids detection_ids;
};
struct incident_case {
    struct uuid id, category_id; /* absent: that of incidents */
    struct str subject, description;
    enum severity severity;
};
struct incident_arrange {
    struct uuid id;
    struct json layout;
};
extern const struct shape incident_open_shape, incident_edit_shape, incident_assign_shape, incident_decide_shape,
    incident_verb_shape, incident_close_shape, incident_comment_shape, incident_merge_shape, incident_split_shape,
    incident_add_shape, incident_case_shape, incident_arrange_shape;

must_check bool incident_open(struct scope *s, const struct incident_open *in, struct incident *out);
must_check bool incident_edit(struct scope *s, const struct incident_edit *in, struct incident *out);
must_check bool incident_assign(struct scope *s, const struct incident_assign *in, struct incident *out);
must_check bool incident_decide(struct scope *s, const struct incident_decide *in, struct incident *out);
must_check bool incident_move(struct scope *s, const char *verb, const struct incident_verb *in, struct incident *out);
must_check bool incident_close(struct scope *s, const struct incident_close *in, struct incident *out);
must_check bool incident_tell(struct scope *s, const struct incident_verb *in, struct incident *out);
must_check bool incident_comment(struct scope *s, const struct incident_comment *in, struct incident_entry *out);
must_check bool incident_merge(struct scope *s, const struct incident_merge *in, struct incident *out);
must_check bool incident_split(struct scope *s, const struct incident_split *in, struct incident *out);
must_check bool incident_add(struct scope *s, const struct incident_add *in, struct incident *out);
must_check bool incident_case(struct scope *s, const struct incident_case *in, struct incident *out);
must_check bool incident_arrange(struct scope *s, const struct incident_arrange *in);

/* The headings that a comment after the form has. */
struct comment_heading {
    struct str key, title;
};
struct comment_form {
    struct rows headings;
};
extern const struct shape comment_form_shape;
must_check bool incident_comment_form(struct scope *s, struct comment_form *out);

#endif

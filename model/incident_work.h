/* incident_work: what the verbs of people read and write beside the incident's own row. */
#ifndef YAGURA_MODEL_INCIDENT_WORK_H
#define YAGURA_MODEL_INCIDENT_WORK_H

#include "model/incident_gather.h"

struct incident_name_args {
    struct uuid tenant_id, id;
    struct str title;
};
extern const struct query incident_rename; /* from now on its story does not rename it */
struct incident_summary_args {
    struct uuid tenant_id, id;
    struct str summary;
};
extern const struct query incident_summary_set;

struct incident_reference_args {
    struct uuid tenant_id;
    struct str reference;
};
extern const struct query incident_by_reference; /* AOBA-I12, I12 or 12 */

struct incident_resolve_args {
    struct uuid tenant_id, id;
    enum incident_verdict verdict;
    struct str reason, by_name;
    struct instant now;
};
extern const struct query incident_resolve; /* its detections; -> ids of computers whose colour may change */

struct incident_layout_args {
    struct uuid id;
    struct json layout;
};
extern const struct query incident_layout_set;

struct incident_count_row {
    int64_t count;
};
extern const struct query incident_count_of;        /* gather_ids: how many of ids belong to it */
extern const struct query incidents_of_detections;  /* gather_ids: others than incident_id that have some of ids */

struct incident_label {
    struct str label;
};
extern const struct query incident_computer_names; /* of id_args */
extern const struct query incident_category;       /* of cases: the id of "incident" */

/* ---- what a level means and whom it tells ---- */
struct incident_level {
    struct uuid id, tenant_id;
    struct str tenant_name;
    int64_t level;
    struct str meaning_en, meaning_ja;
    bool by_mail, by_phone;
    struct instant updated_at;
    int64_t version;
    struct strs can;
};
extern const struct shape incident_level_shape;
extern const struct listing incident_level_listing;
extern const struct query incident_level_by_id;
struct incident_level_args {
    struct uuid tenant_id;
    int64_t level;
};
extern const struct query incident_level_of; /* the customer's own, or the provider's */
struct incident_level_write {
    struct uuid tenant_id, id;
    int64_t level, version;
    struct str meaning_en, meaning_ja;
    bool by_mail, by_phone;
    struct instant at;
};
extern const struct shape incident_level_write_shape;
extern const struct query incident_level_set, incident_level_delete;

#endif

/* detection: one thing that a rule found, however often it happened.
 *
 *     NEW --take--> IN_PROGRESS --resolve--> RESOLVED --reopen--> IN_PROGRESS        resolve also from NEW
 *
 * Occurrences of the same thing (rule, computer, process image and command line, or what the event is about) gather in
 * one row until it is resolved or a day has passed; then the next one begins another row. Nothing is dropped: the count
 * goes on, and where the first thousand events of a row stand is kept.
 *
 * `matched` are the fields that the condition read with their values, `event` is the first event as it arrived. An
 * event elsewhere is (batch_id, event_index). Scores: 1-39 low, 40-69 warning, 70-100 threat.
 */
#ifndef YAGURA_MODEL_DETECTION_H
#define YAGURA_MODEL_DETECTION_H

#include "core/db/query.h"

enum detection_status { DETECTION_STATUS_NONE, DETECTION_NEW, DETECTION_IN_PROGRESS, DETECTION_RESOLVED };
enum detection_verdict { VERDICT_NONE, VERDICT_TRUE_POSITIVE, VERDICT_FALSE_POSITIVE, VERDICT_EXPECTED, VERDICT_TEST };
enum detection_origin { ORIGIN_NONE, ORIGIN_RULE, ORIGIN_CORRELATION, ORIGIN_PRODUCT, ORIGIN_HUNT };
extern const struct domain detection_status_domain, detection_verdict_domain, detection_origin_domain;

struct detection {
    struct uuid tenant_id, id;
    struct str tenant_name;
    struct uuid rule_id;
    struct str rule_key;
    int64_t rule_version;
    struct str title, title_ja;
    int64_t score;
    struct strs techniques, tactics;
    struct uuid computer_id;
    struct str computer_name, user_name, process_name, process_path, process_guid;
    int64_t process_id; /* INT_NONE: none */
    struct str parent_path, parent_guid, command_line, sha256, sha1, md5;
    struct strs addresses;
    struct str target, kind;
    struct json matched; /* [{field, value}] */
    struct uuid batch_id;
    int64_t event_index; /* INT_NONE: a correlation's */
    struct str event;
    int64_t occurrences;
    struct instant first_at, last_at, arrived_at;
    enum detection_status status;
    enum detection_verdict verdict;
    struct uuid assignee_id;
    struct str assignee_name, resolved_by_name;
    struct instant resolved_at;
    struct str reason;
    struct uuid incident_id;
    enum detection_origin origin;
    struct instant updated_at;
    int64_t version;
    struct strs can;
};

struct detection_ids_args {
    struct uuids ids;
};

struct detection_occurrence {
    struct uuid id, detection_id, batch_id;
    int64_t event_index;
    struct instant at;
    struct str process_guid;
};

/* The queue by rule or by computer. */
struct detection_heap {
    struct uuid id; /* of the rule or the computer */
    struct str name, name_ja;
    int64_t detections, occurrences, unresolved, worst_score, computers, tenants;
    struct instant last_at;
};
struct detection_heap_args {
    struct str by; /* rule, computer */
    struct instant since;
    struct str status;
};

struct detection_marks {
    struct uuid tenant_id, rule_id;
    struct str sha256, command_line;
};

/* The same thing elsewhere: with this customer, and with the others as far as the caller may see them. */
struct detection_elsewhere {
    int64_t rule_here, rule_computers_here, rule_tenants; /* of the rule: here, on so many computers; customers */
    int64_t file_here, file_tenants;                      /* of the same file */
    int64_t command_here, command_computers_here;         /* of the same command line */
    int64_t true_positives, false_positives;              /* how the rule's were judged */
};

extern const struct shape detection_shape, detection_row_shape, detection_occurrence_shape, detection_heap_shape,
    detection_heap_args_shape, detection_elsewhere_shape;
extern const struct listing detection_listing, detection_occurrence_listing, detection_heap_listing;
extern const struct query detection_by_id, detection_lock, detections_lock, detection_save, detection_ungroup,
    detection_marks, detection_elsewhere, detection_groups_lock;

#endif

/* hunt: a question put to stored telemetry, and what it found.
 *
 *     WAITING --> RUNNING --> DONE, or FAILED         WAITING, RUNNING --> CANCELLED
 *
 * A search is a hunt that somebody waits for. Its question is a set of conditions on fields, a text in a rule language,
 * or all active rules. It passes segments from the newest to the oldest, or detections, each of which is asked about
 * the event that it keeps; `cursor_id` is the last one it is done with.
 * What it finds are copies: events stay readable after their day is gone. Only the first HUNT_HITS_MAX are kept, all
 * are counted.
 */
#ifndef YAGURA_MODEL_HUNT_H
#define YAGURA_MODEL_HUNT_H

#include "core/db/query.h"

enum { HUNT_HITS_MAX = 10000, HUNT_DAYS_MAX = 400, HUNT_CONDITIONS_MAX = 20 };

enum hunt_state { HUNT_STATE_NONE, HUNT_WAITING, HUNT_RUNNING, HUNT_DONE, HUNT_CANCELLED, HUNT_FAILED };
enum hunt_purpose { HUNT_PURPOSE_NONE, HUNT_SEARCH, HUNT_HUNT };
enum hunt_language { HUNT_LANGUAGE_NONE, HUNT_CONDITIONS, HUNT_SIGMA, HUNT_XML, HUNT_RULES };
enum hunt_about { HUNT_ABOUT_NONE, HUNT_EVENTS, HUNT_DETECTIONS };
enum hunt_operator {
    ASK_NONE, ASK_IS, ASK_IS_NOT, ASK_CONTAINS, ASK_CONTAINS_NOT, ASK_STARTS,
    ASK_ENDS, ASK_PRESENT, ASK_ABSENT, ASK_IN_NETWORK, ASK_ABOVE, ASK_BELOW,
    ASK_MATCHES, ASK_HAS_WORD
};
extern const struct domain hunt_state_domain, hunt_purpose_domain, hunt_language_domain, hunt_about_domain,
    hunt_operator_domain;

/* One line of a search: a field as rules name it (none: anywhere in the event), and values of which any will do. */
struct hunt_condition {
    struct str field;
    enum hunt_operator operator;
    struct strs values;
};
extern const struct shape hunt_condition_shape;

struct hunt {
    struct uuid id, tenant_id;
    struct str tenant_name, title, note;
    enum hunt_purpose purpose;
    enum hunt_about about;
    enum hunt_language language;
    struct rows conditions; /* struct hunt_condition */
    struct str body;
    struct uuids tenant_ids;
    struct str host;
    struct instant from_at, until_at;
    bool internal;
    enum hunt_state state;
    struct str problem;
    struct uuid owner_id;
    struct str owner_name;
    int64_t events_total, events_passed, events_read, bytes_read;
    int64_t segments_total, segments_passed, segments_read;
    int64_t hits, kept, busy_ms;
    struct uuid cursor_id;
    struct instant created_at, started_at, ended_at, updated_at;
    int64_t version;
    struct strs can;
};
extern const struct shape hunt_shape, hunt_row_shape; /* row: as it stands in the table */
extern const struct listing hunt_listing;
extern const struct query hunt_by_id;
extern const struct query hunt_for_work; /* struct id_args; every column */
extern const struct query hunt_insert;   /* struct hunt */
extern const struct query hunt_progress; /* struct hunt; returns its id while it still runs */
extern const struct query hunt_end;      /* struct hunt: state, problem; while it waits or runs */
extern const struct query hunt_delete, hunt_hits_delete;
extern const struct query hunts_old;     /* struct hunt_old_args */
extern const struct query hunt_begin;    /* struct hunt: counts what is before it; returns struct hunt_total */

struct hunt_old_args {
    struct instant searches_before, hunts_before;
};
struct hunt_total {
    int64_t events_total, segments_total;
};

struct hunt_hit {
    struct uuid id, tenant_id, hunt_id, batch_id, detection_id;
    struct str tenant_name;
    int64_t event_index;
    struct instant at;
    struct str host, kind, user_name, process_path, summary, rule_key, rule_title, rule_title_ja;
    int64_t score;
    struct str event;
    bool internal;
};
struct hunt_ref {
    struct uuid hunt_id;
};
extern const struct shape hunt_hit_shape, hunt_ref_shape;
extern const struct listing hunt_hit_listing; /* of struct hunt_ref */

/* Segments that a question may concern, newest first; their filters are asked before their bodies are read. */
struct segment_ask {
    struct uuids tenant_ids;
    struct str host;        /* folded; absent: any */
    struct instant from_at, until_at;
    struct uuid before_id;  /* absent: from the newest */
    int64_t limit;
};
struct segment_head {
    struct uuid tenant_id, id;
    int64_t events;
    struct bytes head; /* of the filter */
};
struct segment_probe_args {
    struct json probes; /* [[id, offset, offset, offset]…] */
};
struct segment_probe_row {
    struct uuid id;
    int64_t nth;
    struct bytes a, b, c;
};
struct segment_body {
    struct bytes body;
};
struct segment_ref {
    struct uuid tenant_id, id;
};
struct segment_batch_row {
    struct uuid id;
    int64_t first_event, events;
};
extern const struct query segments_total; /* struct segment_ask -> struct hunt_total: of all of them */
extern const struct query segments_before, segments_probed, segment_body_of, segment_batches_of;

/* Detections that keep an event, the latest to arrive first. */
struct detection_asked {
    struct uuid tenant_id, id;
    int64_t score;
    struct instant at;
    struct str rule_key, title, title_ja, event;
};
extern const struct query detections_total;  /* struct segment_ask -> struct hunt_total */
extern const struct query detections_before; /* struct segment_ask -> struct detection_asked */

/* Hits on their way in, as a set. */
struct hunt_hits_args {
    struct rows hits; /* struct hunt_hit */
};
extern const struct query hunt_hits_insert;

#endif

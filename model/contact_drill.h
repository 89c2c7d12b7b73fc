/* contact_drill: once a quarter it is tried whether the registered contacts of a customer can be reached: each gets a
 * mail with a link, and whoever does not open it is called. A drill is finished when of everybody it is known. */
#ifndef YAGURA_MODEL_CONTACT_DRILL_H
#define YAGURA_MODEL_CONTACT_DRILL_H

#include "core/base/language.h"
#include "core/db/query.h"

enum drill_outcome { DRILL_OUTCOME_NONE, DRILL_REACHED, DRILL_FAILED };
enum drill_way { DRILL_WAY_NONE, DRILL_BY_MAIL, DRILL_BY_CALL };
enum drill_standing { DRILL_STANDING_NONE, DRILL_RUNS, DRILL_OVERDUE, DRILL_FINISHED };
extern const struct domain drill_outcome_domain, drill_way_domain, drill_standing_domain;

struct drill_line {
    struct uuid id, tenant_id, drill_id, contact_id;
    struct str name, email, phone;
    int64_t call_order;
    struct instant mailed_at;
    enum drill_outcome outcome;
    enum drill_way way;
    struct instant at;
    struct str made_by, note;
    struct bytes token_hash;  /* written, never read */
    enum language language;   /* of the person, for the mail */
    struct str time_zone;
};

struct contact_drill {
    struct uuid id, tenant_id;
    struct str tenant_name, quarter; /* 2026-Q4 */
    struct instant started_at, due_at, finished_at;
    enum drill_standing standing;
    int64_t contacts, reached, failed;
    struct rows lines;
    int64_t version;
};
extern const struct shape contact_drill_shape, drill_line_shape;
extern const struct listing contact_drill_listing;
extern const struct query contact_drill_by_id, contact_drill_insert, drill_line_insert, drill_line_call,
    drill_contacts, contact_drill_settle, contact_drill_answer, drills_to_start, drills_overdue,
    contact_drill_of_quarter, drill_customer;

/* Of a customer no more than a drill needs: the job asks it, too. */
struct drill_customer {
    struct str name, time_zone;
};

struct drill_settle_args {
    struct uuid tenant_id, id;
    struct instant at;
};

struct drill_call {
    struct uuid id, line_id; /* the drill, and whom */
    enum drill_outcome outcome;
    struct str note, made_by;
    struct instant at;
};

struct drill_answer_args {
    struct bytes token_hash;
    struct instant at;
};
struct drill_answer {
    struct uuid tenant_id, drill_id, line_id;
    struct str name, tenant_name;
    struct instant answered_at;
};

struct drill_at_args {
    struct instant at;
};
struct drill_start_row { /* a customer for whom this quarter's drill has not begun */
    struct uuid tenant_id;
    struct str quarter;
};
struct drill_overdue_row {
    struct uuid tenant_id, id;
    struct str tenant_name, quarter;
};

#endif

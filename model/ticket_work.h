/* ticket_work: what is kept beside the words of a case: who follows it, which computers it is about, how it hangs
 * together with other cases, what is to be ticked off, and how long people worked on it.
 *
 * One read, ticket_work_by_id, brings all of it. Checklists and time belong to the provider alone; the database itself
 * keeps them from customers, for whom the lists are empty and the sum is 0.
 */
#ifndef YAGURA_MODEL_TICKET_WORK_H
#define YAGURA_MODEL_TICKET_WORK_H

#include "model/ticket.h"

struct ticket_watcher {
    struct uuid tenant_id, ticket_id, person_id;
    struct str person_name;
    enum principal_side side;
    struct instant created_at;
};
extern const struct shape ticket_watcher_shape;
extern const struct query ticket_watcher_add, ticket_watcher_remove, ticket_watchers_join;

/* The computer of the inventory that people mean by a name: with or without its domain; an address is no name with
 * domains in it. */
#define COMPUTER_OF_NAME(tenant, name)                                                                          \
    "(SELECT known.id FROM computer known WHERE known.tenant_id = " tenant " AND known.name_key ="               \
    "   CASE WHEN " name " ~ '^[0-9.]+$' OR " name " LIKE '%:%' THEN lower(" name ")"                            \
    "        ELSE lower(split_part(" name ", '.', 1)) END)"

struct ticket_computer {
    struct uuid id, tenant_id, ticket_id;
    struct str name, address;
    struct uuid computer_id; /* once there is an inventory */
    struct uuid added_by_id;
    struct str added_by_name;
    struct instant created_at;
};
extern const struct shape ticket_computer_shape;
extern const struct query ticket_computer_by_id, ticket_computer_insert, ticket_computer_delete;

/* As a row says it: ticket_id is a duplicate of, a part of, was split from, was merged into other_id. */
enum link_kind { LINK_NONE, LINK_RELATED, LINK_DUPLICATE, LINK_CHILD, LINK_SPLIT, LINK_MERGED };
/* As one of the two cases reads it. */
enum ticket_relation {
    RELATION_NONE, RELATION_RELATED, RELATION_DUPLICATE_OF, RELATION_DUPLICATED_BY, RELATION_CHILD_OF,
    RELATION_PARENT_OF, RELATION_SPLIT_FROM, RELATION_SPLIT_INTO, RELATION_MERGED_INTO, RELATION_MERGED_FROM
};
extern const struct domain link_kind_domain, ticket_relation_domain;

struct ticket_link {
    struct uuid id, tenant_id, ticket_id, other_id;
    enum link_kind kind;
    struct instant created_at;
    struct uuid created_by_id;
    struct str created_by_name;
};
extern const struct query ticket_link_by_id, ticket_link_insert, ticket_link_delete, ticket_link_end;
extern const struct query ticket_merged_follow;     /* what was merged into ticket_id goes on in other_id */
extern const struct query ticket_recount;           /* a struct ticket_ref: messages and words, with merged ones */
extern const struct query ticket_link_would_circle; /* a struct ticket_link of kind child: rows when it closes a ring */

struct ticket_ref {
    struct uuid tenant_id, id;
};

struct ticket_check {
    struct uuid id, tenant_id, ticket_id, template_id;
    struct str list_en, list_ja;
    int64_t position;
    struct str text_en, text_ja;
    struct instant done_at;
    struct uuid done_by_id;
    struct str done_by_name;
    struct instant created_at;
};
extern const struct shape ticket_check_shape;
extern const struct query ticket_check_by_id, ticket_check_insert, ticket_check_tick_row, ticket_check_delete;

struct ticket_checks_args {
    struct uuid tenant_id, ticket_id, category_id, template_id;
    struct instant at;
};
extern const struct query ticket_checks_begin; /* of a new case: its category's own */
extern const struct query ticket_checks_add;   /* one template; ids of what was added */

struct ticket_time {
    struct uuid id, tenant_id, ticket_id;
    struct str tenant_name, reference, subject;
    struct uuid person_id;
    struct str person_name, worked_on;
    int64_t minutes;
    struct str note;
    struct instant created_at;
};
extern const struct shape ticket_time_shape;
extern const struct listing ticket_time_listing;
extern const struct query ticket_time_by_id, ticket_time_insert, ticket_time_delete;

/* All time spent on one case. */
struct ticket_time_sum {
    struct uuid id, tenant_id; /* id: of the case */
    struct str tenant_name, reference, subject;
    int64_t minutes, entries;
    struct str last_worked_on;
};
extern const struct shape ticket_time_sum_shape;
extern const struct listing ticket_time_sum_listing;

struct ticket_tag {
    struct uuid id;
    struct str tag;
    int64_t uses;
    struct uuid tenant_id;
    struct instant last_used_at;
};
extern const struct shape ticket_tag_shape;
extern const struct listing ticket_tag_listing;
struct ticket_tags_args {
    struct uuid tenant_id;
    struct strs tags;
    struct instant at;
};
extern const struct query ticket_tags_remember;

struct ticket_work {
    struct uuid id;
    struct rows watchers, computers, links, checks, times;
    int64_t minutes;
    bool watching; /* the caller does */
};
extern const struct shape ticket_work_shape;
extern const struct query ticket_work_by_id;

struct ticket_reference_args {
    struct uuid tenant_id;
    struct str reference;
};
extern const struct query ticket_by_reference; /* of the same customer: "AOBA-42", or only "42" */

#endif

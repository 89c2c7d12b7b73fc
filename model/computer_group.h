/* computer_group: a static group is filled by hand; a dynamic one holds whoever meets its conditions at the moment it
 * is asked, and is never filled.
 *
 * A condition is data: a field of the table in computer_group.c, an operator that the field knows, and values of which
 * any will do. All conditions of a group must hold. Each becomes one term of a listing of computers: SQL of ours, with
 * the values as parameters. The groups that everybody begins with belong to the provider and cannot be changed.
 */
#ifndef YAGURA_MODEL_COMPUTER_GROUP_H
#define YAGURA_MODEL_COMPUTER_GROUP_H

#include "model/computer.h"

enum computer_group_kind { GROUP_KIND_NONE, GROUP_STATIC, GROUP_DYNAMIC };
extern const struct domain computer_group_kind_domain;

struct group_condition {
    struct str field, operator;
    struct strs values;
};
extern const struct shape group_condition_shape;

struct computer_group {
    struct uuid id, tenant_id, parent_id;
    struct str tenant_name, name, description;
    enum computer_group_kind kind;
    struct rows conditions; /* struct group_condition */
    struct str builtin;
    int64_t computers, worst_score;
    struct instant created_at, updated_at;
    int64_t version;
    struct strs can;
};
extern const struct shape computer_group_shape;
extern const struct listing computer_group_listing;
extern const struct query computer_group_by_id, computer_group_insert, computer_group_update, computer_group_delete;

struct computer_group_write {
    struct uuid tenant_id, id, parent_id;
    struct str name, description;
    enum computer_group_kind kind;
    struct rows conditions;
    int64_t version;
    struct instant at;
};
extern const struct shape computer_group_new_shape, computer_group_update_shape;

struct computer_group_member {
    struct uuid tenant_id, group_id, computer_id;
};
extern const struct query computer_group_add, computer_group_take, computer_group_static_members;
struct computer_group_above {
    bool above;
};
extern const struct query computer_group_is_above; /* of args group_id (the parent to be) and computer_id (the group) */

/* What can be asked of a computer, for the editor: struct group_field rows. */
struct group_field {
    struct str field;
    struct strs operators;
    struct strs words; /* the only values; absent: free text */
    bool number;
};
extern const struct shape group_field_shape;
struct rows group_fields(struct scope *s);

/* A fault of a condition is noted at its pointer. */
must_check bool group_conditions_check(struct scope *s, const struct rows *conditions);
must_check bool group_terms(struct scope *s, const struct computer_group *g, struct listing_ask *ask);

#endif

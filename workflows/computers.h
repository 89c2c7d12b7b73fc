/* computers: what people write on computers, one or many: tags, a note, quiet for a while, membership of static groups.
 * A dry run of many does the same and takes it back. */
#ifndef YAGURA_WORKFLOWS_COMPUTERS_H
#define YAGURA_WORKFLOWS_COMPUTERS_H

#include "model/computer_group.h"
#include "model/executable.h"
#include "workflows/people.h"

enum computer_action { COMPUTER_ACTION_NONE, COMPUTER_TAG, COMPUTER_UNTAG, COMPUTER_MUTE, COMPUTER_UNMUTE,
                       COMPUTER_NOTE, COMPUTER_JOIN, COMPUTER_LEAVE };
struct computer_deed {
    struct uuid id;
    enum computer_action action;
    struct strs tags;
    struct str note;
    struct instant until;
    struct uuid group_id;
};
struct computer_bulk {
    struct uuids ids;
    bool dry_run;
    enum computer_action action;
    struct strs tags;
    struct str note;
    struct instant until;
    struct uuid group_id;
};
extern const struct shape computer_deed_shape, computer_bulk_shape;
must_check bool computer_do(struct scope *s, const struct computer_deed *in, struct computer *out);
must_check bool computer_bulk(struct scope *s, const struct computer_bulk *in, struct bulk_answer *out);

must_check bool computer_group_create(struct scope *s, const struct computer_group_write *in,
                                      struct computer_group *out);
must_check bool computer_group_change(struct scope *s, const struct computer_group_write *in,
                                      struct computer_group *out);
must_check bool computer_group_remove(struct scope *s, struct uuid id);

/* All groups with how many computers each holds, and the colour of the worst. */
struct computer_tree {
    struct rows groups; /* struct computer_group */
};
struct computer_tree_args {
    struct uuid tenant_id; /* absent: everybody's */
};
struct group_fields_answer {
    struct rows fields;
};
extern const struct shape computer_tree_shape, computer_tree_args_shape, group_fields_answer_shape;
must_check bool computer_tree_read(struct scope *s, const struct computer_tree_args *in, struct computer_tree *out);
must_check bool group_fields_read(struct scope *s, struct group_fields_answer *out);
/* Which groups hold this computer right now, static and dynamic. */
must_check bool computer_groups_of(struct scope *s, struct uuid computer_id, struct uuids *out);

struct executable_marking {
    struct uuid id;
    struct strs add, remove;
};
extern const struct shape executable_marking_shape;
must_check bool executable_mark(struct scope *s, const struct executable_marking *in, struct executable *out);

#endif

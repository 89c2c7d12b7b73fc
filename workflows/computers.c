#include "workflows/computers.h"

#include "workflows/audit.h"
#include "workflows/inventory.h"
#include "workflows/ticket_work.h"

enum { COMPUTERS_MAX = 1000, TAGS_MAX = 40 };

static const struct domain action_domain =
    DOMAIN(computer_action, "tag", "untag", "mute", "unmute", "note", "join", "leave");

#define DEED_WORDS(type)                                                                                    \
    FIELD(type, action, "What to do", .of = &action_domain, .required = true),                              \
    FIELD(type, tags, "tag, untag: which", .max = 20),                                                      \
    FIELD(type, note, "note: the words; none when absent", .max = 5000),                                    \
    FIELD(type, until, "mute: until when"),                                                                 \
    FIELD(type, group_id, "join, leave: which static group")
const struct shape computer_deed_shape = SHAPE(computer_deed,
    FIELD(computer_deed, id, "Which computer", .read_only = true), DEED_WORDS(computer_deed));
const struct shape computer_bulk_shape = SHAPE(computer_bulk,
    FIELD(computer_bulk, ids, "Which computers", .max = COMPUTERS_MAX, .required = true),
    FIELD(computer_bulk, dry_run, "Only say what would happen"), DEED_WORDS(computer_bulk));

static const struct shape logged = SHAPE(computer,
    FIELD(computer, tags, ""), FIELD(computer, note, ""), FIELD(computer, muted_until, ""));

static bool
is_among(const struct strs *list, struct str word)
{
    for (size_t i = 0; i < list->count; i++)
        if (str_eq(list->items[i], word))
            return true;
    return false;
}

/* What was there without `remove`, and then `add`. */
static bool
retag(struct scope *s, const struct strs *had, const struct strs *add, const struct strs *remove, struct strs *out)
{
    struct strs tidy;
    *out = (struct strs){ arena_array_of(s->arena, had->count + add->count + 1, struct str), 0 };
    if (!tags_tidy(s, "/tags", add, &tidy))
        return false;
    for (size_t i = 0; i < had->count; i++)
        if (!is_among(remove, had->items[i]))
            out->items[out->count++] = had->items[i];
    for (size_t i = 0; i < tidy.count; i++)
        if (!is_among(out, tidy.items[i]))
            out->items[out->count++] = tidy.items[i];
    return out->count <= TAGS_MAX || fail_field(s, "/tags", FAULT_TOO_MANY, "40");
}

static bool
member(struct scope *s, const struct computer *c, const struct computer_deed *in)
{
    struct computer_group g;
    bool found;
    const struct computer_group_member row = { c->tenant_id, in->group_id, c->id };
    if (uuid_is_none(in->group_id))
        return fail_field(s, "/group_id", FAULT_REQUIRED, NULL);
    if (!db_maybe(s, &computer_group_by_id, &(struct id_args){ in->group_id }, &g, &found))
        return false;
    if (!found || !uuid_eq(g.tenant_id, c->tenant_id))
        return fail_field(s, "/group_id", FAULT_NOT_FOUND, NULL);
    if (g.kind != GROUP_STATIC)
        return fail_field(s, "/group_id", FAULT_NOT_ALLOWED, NULL);
    return db_run(s, in->action == COMPUTER_JOIN ? &computer_group_add : &computer_group_take, &row, NULL);
}

static bool
act(struct scope *s, const struct computer_deed *in, struct computer *c)
{
    const struct strs none = { NULL, 0 };
    const struct strs had = c->tags;
    switch (in->action) {
    case COMPUTER_TAG:
        return (in->tags.count || fail_field(s, "/tags", FAULT_REQUIRED, NULL))
            && retag(s, &had, &in->tags, &none, &c->tags);
    case COMPUTER_UNTAG:
        return (in->tags.count || fail_field(s, "/tags", FAULT_REQUIRED, NULL))
            && retag(s, &had, &none, &in->tags, &c->tags);
    case COMPUTER_MUTE:
        if (in->until.us <= s->now.us)
            return fail_field(s, "/until", in->until.us ? FAULT_NOT_ALLOWED : FAULT_REQUIRED, NULL);
        c->muted_until = in->until;
        return true;
    case COMPUTER_UNMUTE:
        c->muted_until = (struct instant){ 0 };
        return true;
    case COMPUTER_NOTE:
        c->note = in->note;
        return true;
    default:
        return member(s, c, in);
    }
}

bool
computer_do(struct scope *s, const struct computer_deed *in, struct computer *out)
{
    struct computer before;
    if (!db_one(s, &computer_lock, &(struct id_args){ in->id }, &before))
        return false;
    *out = before;
    if (!act(s, in, out))
        return false;
    out->updated_at = s->now;
    const char *action = str_printf(s->arena, "computer." STR_FMT,
                                    STR_ARG(domain_label(&action_domain, (int)in->action))).at;
    return db_run(s, &computer_save, out, NULL)
        && db_one(s, &computer_by_id, &(struct id_args){ in->id }, out)
        && audit_record(s, &(struct deed){
               .tenant_id = out->tenant_id, .action = action, .noun = "computer", .object_id = out->id,
               .object_name = out->name, .change = shape_difference(s->arena, &logged, &before, out) });
}

/* ---- many ---- */

/* True also when it was refused; false when the database is in trouble. */
static bool
one(struct scope *s, const struct computer_bulk *in, struct uuid id, struct bulk_item *item)
{
    struct computer c = { .name = STR_NONE };
    const struct computer_deed deed = { id, in->action, in->tags, in->note, in->until, in->group_id };
    item->id = id;
    if (!db_savepoint(s))
        return false;
    item->ok = computer_do(s, &deed, &c);
    item->name = c.name;
    if (item->ok)
        return in->dry_run ? db_savepoint_rollback(s) : db_savepoint_release(s);
    if (s->failure.problem->status >= 500)
        return false;
    item->code = str_of(s->failure.problem->slug);
    item->message = str_of(bilingual_in(s->failure.problem->title, s->language));
    scope_forgive(s);
    return db_savepoint_rollback(s);
}

/* Held beforehand in the order that telemetry holds them in, whatever order was asked for. */
bool
computer_bulk(struct scope *s, const struct computer_bulk *in, struct bulk_answer *out)
{
    struct bulk_item *items = arena_array_of(s->arena, in->ids.count + 1, struct bulk_item);
    const struct computer_recount_args all = { .ids = in->ids };
    struct rows held;
    *out = (struct bulk_answer){ .dry_run = in->dry_run, .items = { items, in->ids.count } };
    if (!db_list(s, &computers_hold_any, &all, &held))
        return false;
    for (size_t i = 0; i < in->ids.count; i++) {
        if (!one(s, in, in->ids.items[i], &items[i]))
            return false;
        *(items[i].ok ? &out->succeeded : &out->failed) += 1;
    }
    return true;
}

/* ---- markers of executables ---- */

const struct shape executable_marking_shape = SHAPE(executable_marking,
    FIELD(executable_marking, id, "Which file", .read_only = true),
    FIELD(executable_marking, add, "Markers to put on it", .max = 20),
    FIELD(executable_marking, remove, "Markers to take off", .max = 20));

static const struct shape markers = SHAPE(executable, FIELD(executable, markers, ""));

bool
executable_mark(struct scope *s, const struct executable_marking *in, struct executable *out)
{
    struct executable before;
    if (!db_one(s, &executable_lock, &(struct id_args){ in->id }, &before))
        return false;
    *out = before;
    return retag(s, &before.markers, &in->add, &in->remove, &out->markers)
        && db_run(s, &executable_save, out, NULL)
        && db_one(s, &executable_by_id, &(struct id_args){ in->id }, out)
        && audit_record(s, &(struct deed){
               .tenant_id = out->tenant_id, .action = "executable.marked", .noun = "executable", .object_id = out->id,
               .object_name = out->name, .change = shape_difference(s->arena, &markers, &before, out) });
}

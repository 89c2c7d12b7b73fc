/* Who follows a case, what it is called, and which computers it is about. */
#include "workflows/ticket_work.h"

#include <arpa/inet.h>

#include "core/base/crypto.h"
#include "core/db/change.h"
#include "model/permission.h"
#include "model/person.h"
#include "model/tenant.h"
#include "workflows/audit.h"
#include "workflows/ticket_work_parts.h"

enum { TAG_MAX = 40, TAGS_MAX = 20, COMPUTERS_AT_ONCE = 100, COMPUTERS_MAX = 1000 };

const struct shape ticket_retag_shape = SHAPE(ticket_retag,
    FIELD(ticket_retag, id, "Which case", .read_only = true),
    FIELD(ticket_retag, add, "Tags it gets", .max = TAGS_MAX),
    FIELD(ticket_retag, remove, "Tags it loses", .max = TAGS_MAX));

const struct shape ticket_watch_shape = SHAPE(ticket_watch,
    FIELD(ticket_watch, id, "Which case", .read_only = true),
    FIELD(ticket_watch, person_id, "Who; the caller when absent"));

static const struct shape computer_entry_shape = SHAPE(computer_entry,
    FIELD(computer_entry, name, "Name people give it", .max = 255, .required = true),
    FIELD(computer_entry, address, "IP address", .max = 45));
const struct shape ticket_computers_add_shape = SHAPE(ticket_computers_add,
    FIELD(ticket_computers_add, id, "Which case", .read_only = true),
    FIELD(ticket_computers_add, computers, "Which computers", .items = &computer_entry_shape,
          .max = COMPUTERS_AT_ONCE, .required = true));

/* ---- shared ---- */

static bool
may_work(struct scope *s, bool provider_only)
{
    if (!ticket_speaks_for_itself(s))
        return false;
    return !provider_only || ticket_side(s) == SIDE_PROVIDER
        || fail(s, &problem_forbidden, "the service side does this");
}

bool
work_hold(struct scope *s, struct uuid id, bool provider_only, struct ticket *t)
{
    return ticket_hold(s, id, t) && may_work(s, provider_only);
}

bool
work_look(struct scope *s, struct uuid id, bool provider_only, struct ticket *t)
{
    return db_one(s, &ticket_by_id, &(struct id_args){ id }, t) && may_work(s, provider_only);
}

static void
add_or_null(struct text *t, struct str value)
{
    if (value.at)
        json_write_str(t, value);
    else
        text_add(t, STR("null"));
}

static struct json
one_change(struct scope *s, const char *member, struct str before, struct str after)
{
    struct text t = text_new(s->arena, 256 * 1024);
    text_addf(&t, "{\"%s\":[", member);
    add_or_null(&t, before);
    text_add_char(&t, ',');
    add_or_null(&t, after);
    text_add(&t, STR("]}"));
    return (struct json){ text_str(&t) };
}

bool
work_record(struct scope *s, const struct ticket *t, const char *action, const char *member, struct str before,
            struct str after)
{
    return audit_record(s, &(struct deed){
        .tenant_id = t->tenant_id, .action = action, .noun = "ticket", .object_id = t->id,
        .object_name = str_printf(s->arena, STR_FMT " " STR_FMT, STR_ARG(t->reference), STR_ARG(t->subject)),
        .change = one_change(s, member, before, after) });
}

/* Engineers who do not see the customer read the provider's log, too: a name that only fits for who knows the id. */
static struct uuid
alias_of(struct scope *s, struct uuid id)
{
    struct uuid alias;
    struct bytes hash = sha256_of(s->arena, (struct str){ (const char *)id.bytes, sizeof id.bytes });
    memcpy(alias.bytes, hash.raw.at, sizeof alias.bytes);
    return alias;
}

bool
work_record_inside(struct scope *s, const struct ticket *t, const char *action, const char *noun, struct uuid object_id)
{
    return audit_record(s, &(struct deed){ .tenant_id = provider_tenant_id, .action = action, .noun = noun,
                                           .object_id = alias_of(s, object_id), .quiet = true })
        && change_record(s, t->tenant_id, "ticket_note", t->id, "noted");
}

bool
work_read(struct scope *s, const struct ticket *t, struct ticket_work *out)
{
    return db_one(s, &ticket_work_by_id, &(struct id_args){ t->id }, out);
}

/* ---- tags ---- */

static bool
has_tag(const struct strs *tags, struct str tag)
{
    for (size_t i = 0; i < tags->count; i++)
        if (str_eq_nocase(tags->items[i], tag))
            return true;
    return false;
}

bool
tags_tidy(struct scope *s, const char *pointer, const struct strs *in, struct strs *out)
{
    struct strs tidy = { arena_array_of(s->arena, in->count + 1, struct str), 0 };
    for (size_t i = 0; i < in->count; i++) {
        struct str tag = str_trim(in->items[i]);
        if (str_characters(tag) > TAG_MAX)
            return fail_field(s, pointer, FAULT_TOO_LONG, "40");
        if (str_contains(tag, STR("\n")) || str_contains(tag, STR(",")))
            return fail_field(s, pointer, FAULT_BAD_TEXT, NULL);
        if (tag.len && !has_tag(&tidy, tag))
            tidy.items[tidy.count++] = tag;
    }
    *out = tidy;
    return tidy.count <= TAGS_MAX || fail_field(s, pointer, FAULT_TOO_MANY, "20");
}

/* What is new on it is offered from now on. */
bool
tags_remember(struct scope *s, const struct ticket *before, const struct ticket *after)
{
    struct strs fresh = { arena_array_of(s->arena, after->tags.count + 1, struct str), 0 };
    for (size_t i = 0; i < after->tags.count; i++)
        if (!before || !has_tag(&before->tags, after->tags.items[i]))
            fresh.items[fresh.count++] = after->tags.items[i];
    struct ticket_tags_args args = { after->tenant_id, fresh, s->now };
    return fresh.count == 0 || db_run(s, &ticket_tags_remember, &args, NULL);
}

bool
ticket_retag(struct scope *s, const struct ticket_retag *in, struct ticket *out)
{
    struct ticket before, t;
    struct strs add;
    if (!work_hold(s, in->id, false, &t) || !tags_tidy(s, "/add", &in->add, &add))
        return false;
    before = t;
    struct strs all = { arena_array_of(s->arena, t.tags.count + add.count + 1, struct str), 0 };
    for (size_t i = 0; i < t.tags.count; i++)
        if (!has_tag(&in->remove, t.tags.items[i]))
            all.items[all.count++] = t.tags.items[i];
    for (size_t i = 0; i < add.count; i++)
        all.items[all.count++] = add.items[i];
    if (!tags_tidy(s, "/add", &all, &t.tags) || !tags_remember(s, &before, &t)
        || !ticket_keep(s, "ticket.tagged", &before, &t))
        return false;
    *out = t;
    return true;
}

/* ---- watchers ---- */

static bool
sees_customer(const struct person *p, struct uuid tenant_id)
{
    for (size_t i = 0; i < p->tenant_ids.count; i++)
        if (uuid_eq(p->tenant_ids.items[i], tenant_id))
            return true;
    return p->all_tenants;
}

/* Somebody who can open the case anyway: a colleague of the customer, or an engineer who serves that customer. */
static bool
may_follow(struct scope *s, const struct ticket *t, struct uuid person_id, struct person *p)
{
    if (!db_one(s, &person_by_id, &(struct id_args){ person_id }, p) || p->kind != PERSON_HUMAN
        || p->status != PERSON_ACTIVE
        || !(p->side == SIDE_CUSTOMER ? uuid_eq(p->tenant_id, t->tenant_id) : sees_customer(p, t->tenant_id))) {
        scope_forgive(s);
        return fail_field(s, "/person_id", FAULT_NOT_FOUND, NULL);
    }
    return true;
}

static bool
follower(struct scope *s, const struct ticket_watch *in, struct ticket *t, struct ticket_watcher *w)
{
    bool self = uuid_is_none(in->person_id) || uuid_eq(in->person_id, s->who->person_id);
    struct person p = { .id = s->who->person_id, .name = s->who->name, .side = s->who->side };
    if (!work_hold(s, in->id, false, t))
        return false;
    if (!self && !principal_may(s->who, CAN_USE(TICKETS)))
        return fail(s, &problem_forbidden, "tickets:use is needed to have others follow");
    if (!self && !may_follow(s, t, in->person_id, &p))
        return false;
    *w = (struct ticket_watcher){ t->tenant_id, t->id, p.id, p.name, p.side, s->now };
    return true;
}

/* An engineer who follows is the provider's affair, as an engineer who reads it is not: the customer is not told. */
static bool
record_follower(struct scope *s, const struct ticket *t, const struct ticket_watcher *w, bool follows)
{
    const char *action = follows ? "ticket.watched" : "ticket.unwatched";
    struct str before = follows ? STR_NONE : w->person_name, after = follows ? w->person_name : STR_NONE;
    return w->side == SIDE_PROVIDER
        ? work_record_inside(s, t, action, "ticket_watcher", t->id)
        : work_record(s, t, action, "watcher", before, after);
}

bool
ticket_watch(struct scope *s, const struct ticket_watch *in, struct ticket_work *out)
{
    struct ticket t;
    struct ticket_watcher w;
    int64_t added;
    if (!follower(s, in, &t, &w) || !db_run(s, &ticket_watcher_add, &w, &added))
        return false;
    return (added == 0 || record_follower(s, &t, &w, true)) && work_read(s, &t, out);
}

bool
ticket_unwatch(struct scope *s, const struct ticket_watch *in, struct ticket_work *out)
{
    struct ticket t;
    struct ticket_watcher w;
    int64_t removed;
    if (!follower(s, in, &t, &w) || !db_run(s, &ticket_watcher_remove, &w, &removed))
        return false;
    return (removed == 0 || record_follower(s, &t, &w, false)) && work_read(s, &t, out);
}

/* ---- computers ---- */

static bool
is_address(struct scope *s, struct str text)
{
    unsigned char bytes[16];
    const char *c = str_c(s->arena, text);
    return inet_pton(AF_INET, c, bytes) == 1 || inet_pton(AF_INET6, c, bytes) == 1;
}

static bool
add_computer(struct scope *s, const struct ticket *t, const struct computer_entry *entry, size_t nth,
             struct text *names)
{
    struct str name = str_trim(entry->name), address = str_trim(entry->address);
    if (address.len && !is_address(s, address))
        return fail_field(s, str_printf(s->arena, "/computers/%zu/address", nth).at, FAULT_BAD_FORMAT, "192.0.2.7");
    struct ticket_computer row = {
        .id = uuid_new(s->now), .tenant_id = t->tenant_id, .ticket_id = t->id, .name = name,
        .address = address.len ? address : STR_NONE, .added_by_id = s->who->person_id, .added_by_name = s->who->name,
        .created_at = s->now,
    };
    text_addf(names, "%s" STR_FMT, names->len ? ", " : "", STR_ARG(name));
    return db_run(s, &ticket_computer_insert, &row, NULL);
}

bool
ticket_computers_add(struct scope *s, const struct ticket_computers_add *in, struct ticket_work *out)
{
    struct ticket t;
    struct ticket_work now;
    struct text names = text_new(s->arena, 64 * 1024);
    const struct computer_entry *entries = in->computers.items;
    if (!work_hold(s, in->id, false, &t) || !work_read(s, &t, &now))
        return false;
    if (now.computers.count + in->computers.count > COMPUTERS_MAX)
        return fail_field(s, "/computers", FAULT_TOO_MANY, "1000");
    for (size_t i = 0; i < in->computers.count; i++)
        if (!add_computer(s, &t, &entries[i], i, &names))
            return false;
    return work_record(s, &t, "ticket.computers-added", "computers", STR_NONE, text_str(&names))
        && work_read(s, &t, out);
}

bool
ticket_computer_remove(struct scope *s, struct uuid id)
{
    struct ticket t;
    struct ticket_computer c;
    return db_one(s, &ticket_computer_by_id, &(struct id_args){ id }, &c)
        && work_hold(s, c.ticket_id, false, &t)
        && db_run(s, &ticket_computer_delete, &(struct id_args){ id }, NULL)
        && work_record(s, &t, "ticket.computer-removed", "computers", c.name, STR_NONE);
}

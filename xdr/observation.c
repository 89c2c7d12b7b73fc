/* observation: what a correlation needs to know of a match, taken from the event while it is at hand. */
#include "core/base/text.h"
#include "xdr/correlation_parts.h"
#include "xdr/number.h"

enum { OBSERVATIONS_BLOCK = 64 * 1024, GROUP_BYTES_MAX = 16 * 1024, UPWARD_MAX = 64 };

/* Between and instead of values: no value holds these, for they are no characters of UTF-8. */
enum { SEPARATOR = 0xFF, ABSENT = 0xFE };

static void
free_arena(void *arena)
{
    arena_free(arena);
}

struct observations *
observations_new(struct arena *a, const struct engine *e)
{
    struct observations *o = arena_new_of(a, struct observations);
    *o = (struct observations){ .arena = arena_new(OBSERVATIONS_BLOCK), .engine = e };
    arena_defer(a, free_arena, o->arena);
    return o;
}

static struct str
field_of(const struct correlation *c, struct str name, size_t member)
{
    for (size_t i = 0; i < c->alias_count; i++)
        if (c->aliases[i].member == member && str_eq(c->aliases[i].name, name))
            return c->aliases[i].field;
    return name;
}

/* Where the values come from: the event at hand, or what was kept of one. */
struct source {
    struct matcher *matcher;
    const struct kept_event *kept;
};

static bool
read_value(const struct source *from, struct str name, struct str *out)
{
    if (from->matcher)
        return matcher_field(from->matcher, name, 0, out);
    for (size_t i = 0; i < from->kept->count; i++)
        if (str_eq(from->kept->names[i], name)) {
            *out = from->kept->values[i];
            return true;
        }
    return false;
}

static bool
read_time(const struct source *from, int64_t *unix_ms)
{
    if (from->matcher)
        return matcher_time(from->matcher, unix_ms);
    *unix_ms = from->kept->unix_ms;
    return true;
}

/* The values of some fields in one text. `complete` tells whether the event has them all. */
static struct str
joined_values(struct arena *a, const struct source *m, const struct correlation *c, size_t member, struct strs names,
              bool *complete)
{
    struct text t = text_new(a, GROUP_BYTES_MAX);
    *complete = true;
    for (size_t i = 0; i < names.count; i++) {
        struct str value;
        if (read_value(m, field_of(c, names.items[i], member), &value)) {
            text_add(&t, value);
        } else {
            text_add_char(&t, (char)ABSENT);
            *complete = false;
        }
        text_add_char(&t, (char)SEPARATOR);
    }
    return text_str(&t);
}

static size_t observe_readers(struct observations *o, const struct source *m, struct correlation_member what,
                              uint64_t event, struct observation *out, int depth);

static struct observation
observe(struct observations *o, const struct source *m, size_t correlation, size_t member, uint64_t event, int depth)
{
    const struct correlation *c = &engine_rules(o->engine)->correlations[correlation];
    struct observation out = { .correlation = (uint32_t)correlation, .member = (uint32_t)member, .event = event };
    bool complete;
    struct str first;
    out.group = joined_values(o->arena, m, c, member, c->group_by, &complete);
    out.has_time = read_time(m, &out.unix_ms);
    struct str value = joined_values(o->arena, m, c, member, c->value_fields, &complete);
    out.value = c->value_fields.count && complete ? value : STR_NONE;
    out.has_number = out.value.at && read_value(m, field_of(c, c->value_fields.items[0], member), &first)
        && number_of(first, &out.number);
    struct observation *upward = arena_array_of(o->arena, UPWARD_MAX, struct observation);
    out.upward_count = depth ? observe_readers(o, m, (struct correlation_member){ true, correlation }, event, upward,
                                               depth - 1) : 0;
    out.upward = upward;
    return out;
}

/* One observation for each correlation that reads the rule or correlation `what`. */
static size_t
observe_readers(struct observations *o, const struct source *m, struct correlation_member what, uint64_t event,
                struct observation *out, int depth)
{
    const struct ruleset *set = engine_rules(o->engine);
    size_t count = 0;
    for (size_t i = 0; i < set->correlation_count; i++)
        for (size_t j = 0; j < set->correlations[i].member_count && count < UPWARD_MAX; j++) {
            const struct correlation_member *member = &set->correlations[i].members[j];
            if (member->is_correlation == what.is_correlation && member->index == what.index)
                out[count++] = observe(o, m, i, j, event, depth);
        }
    return count;
}

enum { CHAIN_MAX = 8 };

static void
keep(struct observations *o, struct observation *item)
{
    if (o->count == o->room) {
        size_t room = o->room ? o->room * 2 : 64;
        struct observation **items = arena_array_of(o->arena, room, struct observation *);
        if (o->count)
            memcpy(items, o->items, o->count * sizeof *items);
        o->items = items;
        o->room = room;
    }
    o->items[o->count++] = item;
}

static void
add(struct observations *o, const struct source *from, uint32_t rule, uint64_t event)
{
    struct correlation_member what = { false, rule };
    if (!engine_rules(o->engine)->rules[rule].is_read)
        return;
    struct observation *items = arena_array_of(o->arena, UPWARD_MAX, struct observation);
    size_t count = observe_readers(o, from, what, event, items, CHAIN_MAX);
    for (size_t i = 0; i < count; i++)
        keep(o, &items[i]);
}

void
observations_add(struct observations *o, struct matcher *m, uint32_t rule, uint64_t event)
{
    add(o, &(struct source){ .matcher = m }, rule, event);
}

void
observations_add_kept(struct observations *o, const struct kept_event *kept, uint32_t rule, uint64_t event)
{
    add(o, &(struct source){ .kept = kept }, rule, event);
}

/* ---- which fields have to be kept of an event ---- */

struct wanted {
    struct arena *arena;
    struct strs names;
    size_t room;
};

static void
want(struct wanted *w, struct str name)
{
    for (size_t i = 0; i < w->names.count; i++)
        if (str_eq(w->names.items[i], name))
            return;
    if (w->names.count == w->room) {
        size_t room = w->room ? w->room * 2 : 8;
        struct str *items = arena_array_of(w->arena, room, struct str);
        if (w->names.count)
            memcpy(items, w->names.items, w->names.count * sizeof *items);
        w->names.items = items;
        w->room = room;
    }
    w->names.items[w->names.count++] = name;
}

static void
want_of_readers(struct wanted *w, const struct ruleset *set, struct correlation_member what, int depth)
{
    for (size_t i = 0; i < set->correlation_count && depth; i++)
        for (size_t j = 0; j < set->correlations[i].member_count; j++) {
            const struct correlation *c = &set->correlations[i];
            if (c->members[j].is_correlation != what.is_correlation || c->members[j].index != what.index)
                continue;
            for (size_t k = 0; k < c->group_by.count; k++)
                want(w, field_of(c, c->group_by.items[k], j));
            for (size_t k = 0; k < c->value_fields.count; k++)
                want(w, field_of(c, c->value_fields.items[k], j));
            want_of_readers(w, set, (struct correlation_member){ true, i }, depth - 1);
        }
}

struct strs
observed_fields(struct arena *a, const struct ruleset *set, uint32_t rule)
{
    struct wanted w = { .arena = a };
    want_of_readers(&w, set, (struct correlation_member){ false, rule }, CHAIN_MAX);
    return w.names;
}

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

/* The values of some fields in one text. `complete` tells whether the event has them all. */
static struct str
joined_values(struct arena *a, struct matcher *m, const struct correlation *c, size_t member, struct strs names,
              bool *complete)
{
    struct text t = text_new(a, GROUP_BYTES_MAX);
    *complete = true;
    for (size_t i = 0; i < names.count; i++) {
        struct str value;
        if (matcher_field(m, field_of(c, names.items[i], member), 0, &value)) {
            text_add(&t, value);
        } else {
            text_add_char(&t, (char)ABSENT);
            *complete = false;
        }
        text_add_char(&t, (char)SEPARATOR);
    }
    return text_str(&t);
}

static size_t observe_readers(struct observations *o, struct matcher *m, struct correlation_member what,
                              uint64_t event, struct observation *out, int depth);

static struct observation
observe(struct observations *o, struct matcher *m, size_t correlation, size_t member, uint64_t event, int depth)
{
    const struct correlation *c = &engine_rules(o->engine)->correlations[correlation];
    struct observation out = { .correlation = (uint32_t)correlation, .member = (uint32_t)member, .event = event };
    bool complete;
    struct str first;
    out.group = joined_values(o->arena, m, c, member, c->group_by, &complete);
    out.has_time = matcher_time(m, &out.unix_ms);
    struct str value = joined_values(o->arena, m, c, member, c->value_fields, &complete);
    out.value = c->value_fields.count && complete ? value : STR_NONE;
    out.has_number = out.value.at && matcher_field(m, field_of(c, c->value_fields.items[0], member), 0, &first)
        && number_of(first, &out.number);
    struct observation *upward = arena_array_of(o->arena, UPWARD_MAX, struct observation);
    out.upward_count = depth ? observe_readers(o, m, (struct correlation_member){ true, correlation }, event, upward,
                                               depth - 1) : 0;
    out.upward = upward;
    return out;
}

/* One observation for each correlation that reads the rule or correlation `what`. */
static size_t
observe_readers(struct observations *o, struct matcher *m, struct correlation_member what, uint64_t event,
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

void
observations_add(struct observations *o, struct matcher *m, uint32_t rule, uint64_t event)
{
    struct correlation_member what = { false, rule };
    if (!engine_rules(o->engine)->rules[rule].is_read)
        return;
    struct observation *items = arena_array_of(o->arena, UPWARD_MAX, struct observation);
    size_t count = observe_readers(o, m, what, event, items, CHAIN_MAX);
    for (size_t i = 0; i < count; i++)
        keep(o, &items[i]);
}

#include "workflows/rule_world.h"

#include "model/attack.h"
#include "model/tenant.h"
#include "xdr/name_index.h"
#include "xdr/rulexml/rulexml.h"

enum { FIELDS_MAX = 40, EXPR_DEPTH_MAX = 200 };

/* One text of the database, read by itself: its rules still have the ids their author gave them. */
struct reading {
    const struct ruleset *set;
    struct str id;     /* of the row, as text */
    struct str *names; /* in the engine: of each rule, then of each correlation */
    bool taken;
};

struct building {
    struct arena *arena;
    struct rule_world *world;
    struct ruleset *set;
    struct reading *readings;
    struct name_index *names; /* "TENANT/id or name" -> number in ids */
    struct str *ids;
    size_t id_count, id_room;
    struct rule_info *infos;
    size_t info_room;
    size_t refusal_room;
};

static void *
wider(struct arena *a, const void *items, size_t count, size_t *room, size_t bytes)
{
    if (count < *room)
        return NULL;
    *room = *room ? *room * 2 : 64;
    void *copy = arena_array(a, *room, bytes);
    if (count)
        memcpy(copy, items, count * bytes);
    return copy;
}

static void
refuse(struct building *b, struct str row, const struct refusal *why)
{
    struct rule_world *w = b->world;
    struct refusal *items = wider(b->arena, w->refusals, w->refusal_count, &b->refusal_room, sizeof *items);
    w->refusals = items ? items : w->refusals;
    w->refusals[w->refusal_count] = *why;
    w->refusals[w->refusal_count++].file = row;
}

static const struct ruleset *
read_text(struct arena *a, enum detection_rule_language language, struct str id, struct str body)
{
    struct ruleset *set = ruleset_new(a, NULL);
    if (language == RULE_IN_XML)
        (void)ruleset_add_xml(set, id, body);
    else
        (void)ruleset_add_sigma(set, id, body);
    return set;
}

/* ---- names ---- */

static struct str
scoped_name(struct building *b, struct uuid tenant, struct str name)
{
    return str_printf(b->arena, STR_FMT "/" STR_FMT, STR_ARG(uuid_format(b->arena, tenant)), STR_ARG(name));
}

static void
name_it(struct building *b, struct uuid tenant, struct str name, struct str id)
{
    if (!name.at)
        return;
    struct str *ids = wider(b->arena, b->ids, b->id_count, &b->id_room, sizeof *ids);
    b->ids = ids ? ids : b->ids;
    b->ids[b->id_count] = id;
    name_index_add(b->names, scoped_name(b, tenant, name), (uint32_t)b->id_count++);
}

/* The row's own is its first correlation, else its first rule; entries of one XML rule share their id. */
static void
name_readings(struct building *b, const struct rule_world_row *row, struct reading *r)
{
    size_t rules = r->set->rule_count, count = rules + r->set->correlation_count;
    size_t own = r->set->correlation_count ? rules : 0;
    r->names = arena_array_of(b->arena, count + 1, struct str);
    for (size_t i = 0; i < count; i++) {
        const struct rule *about = i < rules ? &r->set->rules[i] : &r->set->correlations[i - rules].about;
        bool is_own = i == own || (own == 0 && str_eq(about->id, r->set->rules[0].id));
        r->names[i] = is_own ? r->id : str_printf(b->arena, STR_FMT "/" STR_FMT, STR_ARG(r->id), STR_ARG(about->id));
        name_it(b, row->tenant_id, about->id, r->names[i]);
        name_it(b, row->tenant_id, about->name, r->names[i]);
    }
    if (count)
        name_it(b, row->tenant_id, row->key, r->names[own]);
}

static bool
find_in_reading(const struct reading *r, struct str name, struct str *out)
{
    size_t rules = r->set->rule_count;
    for (size_t i = 0; i < rules + r->set->correlation_count; i++) {
        const struct rule *about = i < rules ? &r->set->rules[i] : &r->set->correlations[i - rules].about;
        if (str_eq(about->id, name) || (about->name.at && str_eq(about->name, name))) {
            *out = r->names[i];
            return true;
        }
    }
    return false;
}

/* What a correlation of this row means by a name; the name itself when nobody is called so, and it will be refused. */
static struct str
resolve(struct building *b, const struct rule_world_row *row, const struct reading *r, struct str name)
{
    struct str out;
    uint32_t at;
    if (find_in_reading(r, name, &out))
        return out;
    if (name_index_find(b->names, scoped_name(b, row->tenant_id, name), &at)
        || name_index_find(b->names, scoped_name(b, provider_tenant_id, name), &at))
        return b->ids[at];
    return name;
}

/* ---- rules ---- */

static void
collect_fields(const struct expr *e, struct strs *out, size_t most, int depth)
{
    if (e->kind != EXPR_TEST) {
        for (size_t i = 0; i < e->count && depth; i++)
            collect_fields(e->parts[i], out, most, depth - 1);
        return;
    }
    for (size_t i = 0; i < out->count; i++)
        if (str_eq(out->items[i], e->test.field))
            return;
    if (e->test.field.at && out->count < most)
        out->items[out->count++] = e->test.field;
}

struct strs
condition_fields(struct arena *a, const struct expr *condition, size_t most)
{
    struct strs out = { arena_array_of(a, most + 1, struct str), 0 };
    collect_fields(condition, &out, most, EXPR_DEPTH_MAX);
    return out;
}

static void
take_info(struct building *b, size_t row, const struct rule *from, struct str part)
{
    size_t at = b->set->rule_count - 1;
    struct rule_info *infos = wider(b->arena, b->infos, at, &b->info_room, sizeof *infos);
    b->infos = infos ? infos : b->infos;
    b->infos[at] = (struct rule_info){ .row = row, .part = part };
    if (from) {
        attack_of_tags(b->arena, from->tags, &b->infos[at].techniques, &b->infos[at].tactics);
        b->infos[at].fields = condition_fields(b->arena, from->condition, FIELDS_MAX);
    }
}

static void
take_correlation(struct building *b, const struct rule_world_row *row, const struct reading *r,
                 const struct correlation *from, struct str name)
{
    struct correlation c = *from;
    c.about.id = name;
    c.about.name = STR_NONE;
    c.rules.items = arena_array_of(b->arena, from->rules.count + 1, struct str);
    for (size_t i = 0; i < from->rules.count; i++)
        c.rules.items[i] = resolve(b, row, r, from->rules.items[i]);
    c.aliases = arena_array_of(b->arena, from->alias_count + 1, struct correlation_alias);
    for (size_t i = 0; i < from->alias_count; i++) {
        c.aliases[i] = from->aliases[i];
        c.aliases[i].rule = resolve(b, row, r, from->aliases[i].rule);
    }
    ruleset_take_correlation(b->set, &c);
}

static void
take_row(struct building *b, size_t at)
{
    const struct rule_world_row *row = &b->world->rows[at];
    const struct reading *r = &b->readings[at];
    size_t rules = r->set->rule_count;
    for (size_t i = 0; i < rules; i++) {
        struct rule rule = r->set->rules[i];
        bool again = i > 0 && str_eq(r->set->rules[i - 1].id, rule.id);
        rule.id = r->names[i];
        rule.name = STR_NONE;
        if (again)
            ruleset_take_alternative(b->set, &rule);
        else if (!ruleset_take(b->set, &rule))
            continue;
        take_info(b, at, &rule, str_eq(rule.id, r->id) ? STR_NONE : r->set->rules[i].id);
    }
    for (size_t i = 0; i < r->set->correlation_count; i++)
        take_correlation(b, row, r, &r->set->correlations[i], r->names[rules + i]);
}

static void
read_rows(struct building *b)
{
    struct rule_world *w = b->world;
    for (size_t i = 0; i < w->row_count; i++) {
        struct reading *r = &b->readings[i];
        r->id = uuid_format(b->arena, w->rows[i].id);
        r->set = read_text(b->arena, w->rows[i].language, r->id, w->rows[i].body);
        r->taken = r->set->refusal_count == 0;
        if (r->taken)
            name_readings(b, &w->rows[i], r);
        else
            refuse(b, r->id, &r->set->refusals[0]);
    }
    for (size_t i = 0; i < w->row_count; i++)
        if (b->readings[i].taken)
            take_row(b, i);
}

/* ---- exclusions ---- */

static void
take_exclusion(struct building *b, const struct exclusion_world_row *row, struct world_exclusion *out)
{
    struct str id = str_printf(b->arena, "exclusion/" STR_FMT, STR_ARG(uuid_format(b->arena, row->id)));
    const struct ruleset *set = read_text(b->arena, row->language, id, row->body);
    *out = (struct world_exclusion){ .tenant_id = row->tenant_id, .id = row->id, .rule_id = row->rule_id,
                                     .any_rule = uuid_is_none(row->rule_id), .everywhere = row->scope == EXCLUDE_ALL,
                                     .hosts = row->hosts, .expires_at = row->expires_at,
                                     .first = (uint32_t)b->set->rule_count };
    if (set->refusal_count) {
        refuse(b, id, &set->refusals[0]);
        return;
    }
    for (size_t i = 0; i < set->rule_count; i++) {
        struct rule rule = set->rules[i];
        rule.id = id;
        rule.name = STR_NONE;
        rule.on_demand = true;
        ruleset_take_alternative(b->set, &rule);
        take_info(b, 0, NULL, STR_NONE);
    }
    out->count = (uint32_t)b->set->rule_count - out->first;
}

static void
take_exclusions(struct building *b, const struct rows *rows)
{
    struct world_exclusion *items = arena_array_of(b->arena, rows->count + 1, struct world_exclusion);
    const struct exclusion_world_row *from = rows->items;
    for (size_t i = 0; i < rows->count; i++)
        take_exclusion(b, &from[i], &items[i]);
    b->world->exclusions = items;
    b->world->exclusion_count = rows->count;
}

/* ---- what refers to others ---- */

static size_t
row_of_name(const struct building *b, struct str name)
{
    size_t i = 0;
    while (i < b->world->row_count && !str_starts(name, b->readings[i].id))
        i++;
    return i;
}

static void
bind_correlations(struct building *b)
{
    size_t count = b->set->correlation_count;
    size_t *rows = arena_array_of(b->arena, count + 1, size_t);
    struct strs *techniques = arena_array_of(b->arena, count + 1, struct strs);
    struct strs *tactics = arena_array_of(b->arena, count + 1, struct strs);
    for (size_t i = 0; i < count; i++) {
        rows[i] = row_of_name(b, b->set->correlations[i].about.id);
        attack_of_tags(b->arena, b->set->correlations[i].about.tags, &techniques[i], &tactics[i]);
    }
    for (size_t i = 0; i < count; i++) /* who is silenced by whom differs from customer to customer */
        b->set->correlations[i].about.feeds_only = false;
    b->world->correlation_rows = rows;
    b->world->correlation_techniques = techniques;
    b->world->correlation_tactics = tactics;
}

static void
bind_readers(struct building *b)
{
    const struct ruleset *set = b->set;
    for (uint32_t rule = 0; rule < set->rule_count; rule++) {
        if (!set->rules[rule].is_read)
            continue;
        uint32_t *readers = arena_array_of(b->arena, set->correlation_count + 1, uint32_t);
        size_t count = 0;
        for (size_t c = 0; c < set->correlation_count; c++)
            for (size_t m = 0; m < set->correlations[c].member_count; m++)
                if (!set->correlations[c].members[m].is_correlation && set->correlations[c].members[m].index == rule
                    && (count == 0 || readers[count - 1] != c))
                    readers[count++] = (uint32_t)c;
        b->infos[rule].readers = readers;
        b->infos[rule].reader_count = count;
        b->infos[rule].observed = observed_fields(b->arena, set, rule);
    }
}

struct rule_world *
rule_world_build(struct arena *a, const struct world_input *in)
{
    struct rule_world *w = arena_new_of(a, struct rule_world);
    *w = (struct rule_world){ .arena = a, .rows = in->rules.items, .row_count = in->rules.count,
                              .settings = in->settings.items, .setting_count = in->settings.count,
                              .generation = in->generation, .at = in->at };
    struct building b = { .arena = a, .world = w, .set = ruleset_new(a, NULL), .names = name_index_new(a),
                          .readings = arena_array_of(a, in->rules.count + 1, struct reading) };
    read_rows(&b);
    take_exclusions(&b, &in->exclusions);
    ruleset_finish(b.set);
    for (size_t i = 0; i < b.set->refusal_count; i++)
        refuse(&b, b.set->refusals[i].file, &b.set->refusals[i]);
    bind_correlations(&b);
    bind_readers(&b);
    w->set = b.set;
    w->infos = b.infos;
    w->engine = engine_compile(b.set);
    return w;
}

void
rule_world_end(struct rule_world *w)
{
    engine_free(w->engine);
    w->engine = NULL;
}

static int
compare_uuids(struct uuid a, struct uuid b)
{
    return memcmp(a.bytes, b.bytes, sizeof a.bytes);
}

const struct rule_world_setting *
rule_world_setting_of(const struct rule_world *w, struct uuid tenant_id, struct uuid rule_id)
{
    size_t low = 0, high = w->setting_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct rule_world_setting *x = &w->settings[middle];
        int order = compare_uuids(x->tenant_id, tenant_id);
        order = order ? order : compare_uuids(x->rule_id, rule_id);
        if (order == 0)
            return x;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

bool
rule_world_asks(const struct rule_world *w, const struct rule_world_row *row, struct uuid tenant_id)
{
    if (!uuid_eq(row->tenant_id, tenant_id) && !uuid_eq(row->tenant_id, provider_tenant_id))
        return false;
    const struct rule_world_setting *x = rule_world_setting_of(w, tenant_id, row->id);
    return !x || x->enabled;
}

#include "workflows/correlating.h"

#include "core/base/crypto.h"
#include "core/base/json.h"
#include "core/base/log.h"
#include "core/base/text.h"
#include "model/observation.h"
#include "workflows/detections.h"
#include "workflows/detector_parts.h"
#include "workflows/incident_gather.h"
#include "workflows/service.h"

enum { TAKEN_AT_ONCE = 2000, AROUND_MAX = 100 * 1000, CHAIN_MAX = 8, FIELDS_MAX = 64, NAME_MAX = 1024 };

struct run {
    struct scope *s;
    struct detecting *g;
    const struct rule_world *world;
    struct rows fresh, around;
    bool told; /* firing counts: what goes through is new */
    const struct observation_row *now; /* going through */
};

/* ---- which observations matter ---- */

/* How far back a firing can look, through correlations of correlations. */
static int64_t
reach_ms(const struct ruleset *set, struct correlation_member what, int depth)
{
    int64_t longest = 0;
    for (size_t i = 0; i < set->correlation_count && depth; i++)
        for (size_t j = 0; j < set->correlations[i].member_count; j++) {
            const struct correlation_member *m = &set->correlations[i].members[j];
            if (m->is_correlation != what.is_correlation || m->index != what.index)
                continue;
            int64_t way = set->correlations[i].timespan_ms
                + reach_ms(set, (struct correlation_member){ true, i }, depth - 1);
            longest = way > longest ? way : longest;
        }
    return longest;
}

static bool
engine_rule_of(const struct rule_world *w, const struct observation_row *o, uint32_t *rule)
{
    for (uint32_t i = 0; i < w->set->rule_count; i++) {
        const struct rule_info *info = &w->infos[i];
        if (w->set->rules[i].is_read && uuid_eq(w->rows[info->row].id, o->rule_id) && str_eq(info->part, o->part)) {
            *rule = i;
            return true;
        }
    }
    return false; /* the rule has gone, or nothing reads it any more */
}

static void
add_rule(struct uuids *ids, struct uuid id)
{
    for (size_t i = 0; i < ids->count; i++)
        if (uuid_eq(ids->items[i], id))
            return;
    ids->items[ids->count++] = id;
}

/* Every rule whose observations a correlation reads: those of the same correlations as the new ones, and no others,
 * would do; all are few. */
static struct uuids
rules_that_are_read(struct run *r)
{
    const struct rule_world *w = r->world;
    struct uuids ids = { arena_array_of(r->s->arena, w->set->rule_count + 1, struct uuid), 0 };
    for (size_t i = 0; i < w->set->rule_count; i++)
        if (w->set->rules[i].is_read && rule_world_asks(w, &w->rows[w->infos[i].row], r->g->tenant_id))
            add_rule(&ids, w->rows[w->infos[i].row].id);
    return ids;
}

static bool
read_around(struct run *r)
{
    const struct observation_row *items = r->fresh.items;
    struct instant first = items[0].at, last = items[0].at;
    int64_t reach = 0;
    for (size_t i = 0; i < r->world->set->rule_count; i++)
        if (r->world->set->rules[i].is_read) {
            int64_t way = reach_ms(r->world->set, (struct correlation_member){ false, i }, CHAIN_MAX);
            reach = way > reach ? way : reach;
        }
    for (size_t i = 1; i < r->fresh.count; i++) {
        first = items[i].at.us < first.us ? items[i].at : first;
        last = items[i].at.us > last.us ? items[i].at : last;
    }
    const struct observation_args args = {
        .tenant_id = r->g->tenant_id, .ids = rules_that_are_read(r), .from = instant_plus(first, -reach * 1000),
        .to = instant_plus(last, reach * 1000), .limit = AROUND_MAX };
    if (!db_list(r->s, &observations_around, &args, &r->around))
        return false;
    if (r->around.count == AROUND_MAX)
        log_warn(r->s, "correlate.bounded", "more than %d observations around; the oldest are left out", AROUND_MAX);
    return true;
}

/* ---- going through ---- */

static bool
read_fields(struct scope *s, struct str object, struct str *names, struct str *values, size_t *count)
{
    struct json_reader j = json_reader_new(object);
    bool more;
    *count = 0;
    if (!json_enter(&j, JSON_OBJECT))
        return false;
    while (*count < FIELDS_MAX && json_member(&j, s->arena, &names[*count], &more) && more)
        if (!json_string(&j, s->arena, &values[(*count)++]))
            return false;
    return true;
}

static void
pass(struct run *r, struct observations *seen, const struct observation_row *o, size_t number)
{
    struct str names[FIELDS_MAX], values[FIELDS_MAX];
    struct kept_event kept = { .names = names, .values = values, .unix_ms = o->at.us / 1000 };
    uint32_t rule;
    if (engine_rule_of(r->world, o, &rule) && read_fields(r->s, o->fields.raw, names, values, &kept.count))
        observations_add_kept(seen, &kept, rule, number);
}

static bool
is_silenced(struct run *r, size_t correlation)
{
    const struct rule_world *w = r->world;
    bool silent = false, generates = false;
    for (size_t i = 0; i < w->set->correlation_count; i++)
        for (size_t j = 0; j < w->set->correlations[i].member_count; j++) {
            const struct correlation_member *m = &w->set->correlations[i].members[j];
            const struct rule_world_row *row = &w->rows[w->correlation_rows[i]];
            if (m->is_correlation && m->index == correlation && row->state == RULE_ACTIVE
                && rule_world_asks(w, row, r->g->tenant_id)) {
                silent = true;
                generates = generates || w->set->correlations[i].generate;
            }
        }
    return silent && !generates;
}

/* The values it groups by, as the detection shows them and as it is told from others. */
static struct str
grouped_values(struct run *r, const struct correlation *c, struct str *user)
{
    struct str names[FIELDS_MAX], values[FIELDS_MAX];
    struct text t = text_new(r->s->arena, 256 * 1024);
    size_t count = 0;
    bool any = false;
    text_add_char(&t, '[');
    if (!read_fields(r->s, r->now->fields.raw, names, values, &count))
        count = 0;
    for (size_t i = 0; i < c->group_by.count; i++)
        for (size_t j = 0; j < count; j++) {
            if (!str_eq(c->group_by.items[i], names[j]))
                continue;
            text_add_c(&t, any ? ",{\"field\":" : "{\"field\":");
            json_write_str(&t, names[j]);
            text_add_c(&t, ",\"value\":");
            json_write_str(&t, values[j]);
            text_add_char(&t, '}');
            any = true;
            if (str_is(names[j], "User") || str_is(names[j], "TargetUserName"))
                *user = values[j];
        }
    text_add_char(&t, ']');
    return t.full ? STR("[]") : text_str(&t);
}

static void
fired(void *to, const struct correlation *c, uint64_t event)
{
    struct run *r = to;
    (void)event;
    const struct rule_world *w = r->world;
    size_t at = (size_t)(c - w->set->correlations), row_at = w->correlation_rows[at];
    if (!r->told || row_at >= w->row_count)
        return;
    const struct rule_world_row *row = &w->rows[row_at];
    if (!rule_world_asks(w, row, r->g->tenant_id) || row->state != RULE_ACTIVE || is_silenced(r, at))
        return;
    struct str user = STR_NONE, values = grouped_values(r, c, &user);
    struct text key = text_new(r->g->arena, 512 * 1024);
    text_add(&key, c->about.id);
    text_add_char(&key, 0);
    text_add(&key, values);
    const struct rule_world_setting *x = rule_world_setting_of(w, r->g->tenant_id, row->id);
    struct found *f = detecting_find(r->g, sha256_of(r->g->arena, text_str(&key)));
    if (f->occurrences == 0) {
        bool one_host = false; /* of several computers at once it is nobody's */
        for (size_t i = 0; i < c->group_by.count; i++)
            one_host = one_host || str_is(c->group_by.items[i], "Computer")
                || str_is(c->group_by.items[i], "ComputerName");
        f->correlation = true;
        f->row = row;
        f->score = x && x->score != INT_NONE ? x->score : row->score;
        f->techniques = w->correlation_techniques[at];
        f->tactics = w->correlation_tactics[at];
        f->matched = values;
        f->facts.user = user;
        f->facts.host = one_host ? r->now->computer_name : STR_NONE;
        f->host = folded_host(r->g->arena, f->facts.host);
    }
    detecting_add(r->g, f, &(struct found_event){ 0, r->now->at, STR_NONE });
}

static int
by_time(const void *a, const void *b)
{
    const struct observation_row *x = *(const struct observation_row *const *)a,
                                 *y = *(const struct observation_row *const *)b;
    int order = (x->at.us > y->at.us) - (x->at.us < y->at.us);
    return order ? order : memcmp(x->id.bytes, y->id.bytes, sizeof x->id.bytes);
}

static void
go_through(struct run *r, const struct rows *rows, bool told, struct observations *seen, struct correlator *c)
{
    const struct observation_row *items = rows->items;
    const struct observation_row **order = arena_array_of(r->s->arena, rows->count + 1,
                                                          const struct observation_row *);
    for (size_t i = 0; i < rows->count; i++)
        order[i] = &items[i];
    qsort(order, rows->count, sizeof *order, by_time);
    r->told = told;
    for (size_t i = 0; i < rows->count; i++) {
        r->now = order[i];
        pass(r, seen, order[i], i);
        correlator_take(c, seen, fired, r);
    }
}

static bool
take(struct run *r)
{
    const struct observation_row *items = r->fresh.items;
    struct uuids ids = { arena_array_of(r->s->arena, r->fresh.count, struct uuid), r->fresh.count };
    for (size_t i = 0; i < r->fresh.count; i++)
        ids.items[i] = items[i].id;
    return db_run(r->s, &observations_take, &(struct observation_args){ .tenant_id = r->g->tenant_id, .ids = ids },
                  NULL);
}

static bool
correlate(struct run *r)
{
    struct scope *s = r->s;
    if (!read_around(r))
        return false;
    struct observations *seen = observations_new(s->arena, r->world->engine);
    struct correlator *c = correlator_new(s->arena, r->world->engine);
    go_through(r, &r->around, false, seen, c);
    go_through(r, &r->fresh, true, seen, c);
    struct uuid tenant = r->g->tenant_id;
    bool good = take(r) && detecting_write(s, r->g, (struct uuid){ 0 });
    if (good && r->g->first)
        good = detection_job_add(s, &incident_gather_job, tenant, s->now)
            && detection_job_add(s, &detection_tally_job, tenant, instant_plus(s->now, SECONDS(2)));
    if (good && r->fresh.count == TAKEN_AT_ONCE)
        good = detection_job_add(s, &correlate_job, tenant, s->now);
    return good;
}

static bool
run(struct scope *s, void *args)
{
    struct run r = { .s = s };
    (void)args;
    const struct observation_args first = { .tenant_id = s->who->tenant_id, .limit = TAKEN_AT_ONCE };
    if (!db_list(s, &observations_waiting, &first, &r.fresh))
        return false;
    if (r.fresh.count == 0)
        return true;
    if (!detecting_begin(s, s->who->tenant_id, &r.g))
        return false;
    r.world = r.g->held->world;
    bool good = correlate(&r);
    detecting_end(r.g);
    return good;
}

const struct job_kind correlate_job = {
    .name = "correlate", .prose = "Asks correlation rules about new observations", .run = run,
};

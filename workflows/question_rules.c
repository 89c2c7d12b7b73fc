/* question_rules: all active rules as one question. To compile thousands of rules takes as long as a slice of a hunt
 * lasts, so the last such question is kept for the slices that follow, until the rules change or a hunt has ended. */
#include <pthread.h>

#include "model/detection_rule.h"
#include "model/tenant.h"
#include "workflows/question.h"
#include "xdr/rulexml/rulexml.h"

/* Never changed once it is made; goes with the last who holds it. */
struct compiled_rules {
    struct arena *arena;
    struct question question; /* without a matcher */
    struct uuids tenant_ids;
    int64_t generation;
    size_t holders; /* under the lock */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct compiled_rules *kept; /* under the lock, one of its holders */

/* ---- who holds it ---- */

static void
let_go(void *of)
{
    struct compiled_rules *c = of;
    if (!c)
        return;
    pthread_mutex_lock(&lock);
    bool is_last = --c->holders == 0;
    pthread_mutex_unlock(&lock);
    if (is_last)
        arena_free(c->arena); /* it lives in there itself */
}

static bool
is_of(const struct compiled_rules *c, int64_t generation, struct uuids tenant_ids)
{
    return c->generation == generation && c->tenant_ids.count == tenant_ids.count
        && (tenant_ids.count == 0
            || memcmp(c->tenant_ids.items, tenant_ids.items, tenant_ids.count * sizeof *tenant_ids.items) == 0);
}

static struct compiled_rules *
hold_kept(int64_t generation, struct uuids tenant_ids)
{
    pthread_mutex_lock(&lock);
    struct compiled_rules *c = kept && is_of(kept, generation, tenant_ids) ? kept : NULL;
    if (c)
        c->holders++;
    pthread_mutex_unlock(&lock);
    return c;
}

static void
keep(struct compiled_rules *c)
{
    pthread_mutex_lock(&lock);
    struct compiled_rules *before = kept;
    kept = c;
    if (c)
        c->holders++;
    pthread_mutex_unlock(&lock);
    let_go(before);
}

void
question_rules_forget(void)
{
    keep(NULL);
}

/* ---- compiling ---- */

static bool
is_for(const struct rule_world_row *row, struct uuids tenant_ids)
{
    for (size_t i = 0; i < tenant_ids.count; i++)
        if (uuid_eq(tenant_ids.items[i], row->tenant_id))
            return true;
    return uuid_eq(row->tenant_id, provider_tenant_id);
}

/* What is refused stands in the list of rules already. */
static struct compiled_rules *
compile(const struct rows *rows, int64_t generation, struct uuids tenant_ids)
{
    struct arena *a = arena_new(1 << 16);
    struct compiled_rules *c = arena_new_of(a, struct compiled_rules);
    struct ruleset *set = ruleset_new(a, &(struct ruleset_options){ .keep_deprecated = true });
    struct uuid *ids = arena_array_of(a, tenant_ids.count + 1, struct uuid);
    for (size_t i = 0; i < tenant_ids.count; i++)
        ids[i] = tenant_ids.items[i];
    for (size_t i = 0; i < rows->count; i++) {
        const struct rule_world_row *row = (const struct rule_world_row *)rows->items + i;
        if (row->state != RULE_ACTIVE || !is_for(row, tenant_ids))
            continue;
        struct str key = str_copy(a, row->key), body = str_copy(a, row->body);
        bool taken = row->language == RULE_IN_XML ? ruleset_add_xml(set, key, body) : ruleset_add_sigma(set, key, body);
        (void)taken;
    }
    ruleset_finish(set);
    *c = (struct compiled_rules){ .arena = a, .tenant_ids = { ids, tenant_ids.count }, .generation = generation,
                                  .holders = 1 };
    question_compile(a, set, &c->question);
    return c;
}

/* The generation is read before the rules: rules that are newer than it are compiled again with the next. */
bool
question_of_rules(struct scope *s, struct uuids tenant_ids, struct question *out)
{
    struct rule_world_row at;
    struct rows rows;
    if (!db_one(s, &rule_world_generation, NULL, &at))
        return false;
    struct compiled_rules *c = hold_kept(at.version, tenant_ids);
    if (!c) {
        if (!db_list(s, &rule_world_rules, NULL, &rows))
            return false;
        c = compile(&rows, at.version, tenant_ids);
        keep(c);
    }
    arena_defer(s->arena, let_go, c);
    *out = c->question;
    question_ready(s->arena, out);
    return true;
}

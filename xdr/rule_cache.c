#include "xdr/rule_cache.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/text.h"
#include "xdr/hash.h"
#include "xdr/name_index.h"
#include "xdr/rule_store.h"

enum { CACHE_BYTES_MAX = 1 << 30, LAYOUT = 1 };

/* One walk serves both ways: each `pass_` writes what it is given, or fills it from the file. */
struct passage {
    struct arena *arena;
    bool writing, broken;
    struct text out;
    const char *at, *end;
    const struct expr **exprs; /* in the order of the file: parts before wholes */
    size_t expr_count;
    struct name_index *known; /* addresses of expressions already written */
};

static void
pass_bytes(struct passage *p, void *bytes, size_t count)
{
    if (p->writing) {
        text_add(&p->out, (struct str){ bytes, count });
    } else if (p->broken || (size_t)(p->end - p->at) < count) {
        p->broken = true;
        memset(bytes, 0, count);
    } else {
        memcpy(bytes, p->at, count);
        p->at += count;
    }
}

#define PASS(p, value) pass_bytes((p), &(value), sizeof(value))

/* Texts stay where they are in the file's memory. */
static void
pass_str(struct passage *p, struct str *s)
{
    uint32_t len = s->at ? (uint32_t)s->len : UINT32_MAX;
    PASS(p, len);
    if (p->writing) {
        text_add(&p->out, s->at ? *s : STR(""));
        text_add_char(&p->out, 0);
        return;
    }
    size_t bytes = len == UINT32_MAX ? 0 : len;
    p->broken = p->broken || (size_t)(p->end - p->at) < bytes + 1;
    *s = p->broken || len == UINT32_MAX ? STR_NONE : (struct str){ p->at, len };
    p->at += p->broken ? 0 : bytes + 1;
}

static size_t
pass_count(struct passage *p, size_t count)
{
    uint64_t value = count;
    PASS(p, value);
    p->broken = p->broken || value > CACHE_BYTES_MAX / 4;
    return p->broken ? 0 : (size_t)value;
}

static void
pass_strs(struct passage *p, struct strs *list)
{
    list->count = pass_count(p, list->count);
    if (!p->writing)
        list->items = arena_array_of(p->arena, list->count + 1, struct str);
    for (size_t i = 0; i < list->count && !p->broken; i++)
        pass_str(p, &list->items[i]);
}

/* ---- expressions ---- */

static void
pass_test(struct passage *p, struct test *t)
{
    pass_str(p, &t->field);
    pass_str(p, &t->pattern);
    pass_str(p, &t->other);
    PASS(p, t->number);
    PASS(p, t->network);
    PASS(p, t->kind);
    PASS(p, t->relation);
    PASS(p, t->part);
    PASS(p, t->regex_flags);
    PASS(p, t->cased);
}

static struct str
address_key(struct passage *p, const struct expr *e)
{
    return str_copy(p->arena, (struct str){ (const char *)&e, sizeof e });
}

static uint32_t
number_of_expr(struct passage *p, const struct expr *e)
{
    uint32_t number = UINT32_MAX;
    if (!name_index_find(p->known, address_key(p, e), &number))
        p->broken = true; /* parts are written before what they are part of */
    return number;
}

static void
write_expr(struct passage *p, const struct expr *e)
{
    uint32_t number;
    if (name_index_find(p->known, address_key(p, e), &number))
        return;
    for (size_t i = 0; i < e->count; i++)
        write_expr(p, e->parts[i]);
    struct expr copy = *e;
    PASS(p, copy.kind);
    pass_str(p, &copy.label);
    if (e->kind == EXPR_TEST)
        pass_test(p, &copy.test);
    pass_count(p, e->count);
    for (size_t i = 0; i < e->count; i++) {
        uint32_t part = number_of_expr(p, e->parts[i]);
        PASS(p, part);
    }
    name_index_add(p->known, address_key(p, e), (uint32_t)p->expr_count++);
}

static const struct expr *
read_expr(struct passage *p, size_t place)
{
    struct expr *e = arena_new_of(p->arena, struct expr);
    PASS(p, e->kind);
    pass_str(p, &e->label);
    if (e->kind == EXPR_TEST)
        pass_test(p, &e->test);
    e->count = pass_count(p, 0);
    const struct expr **parts = arena_array_of(p->arena, e->count + 1, const struct expr *);
    for (size_t i = 0; i < e->count && !p->broken; i++) {
        uint32_t part = 0;
        PASS(p, part);
        p->broken = p->broken || part >= place;
        parts[i] = p->broken ? NULL : p->exprs[part];
    }
    e->parts = parts;
    p->broken = p->broken || e->kind < EXPR_AND || e->kind > EXPR_TEST || (e->kind == EXPR_NOT && e->count != 1);
    return e;
}

static void
pass_exprs(struct passage *p, struct ruleset *set)
{
    if (p->writing) {
        size_t at = p->out.len;
        p->expr_count = 0;
        pass_count(p, 0);
        for (size_t i = 0; i < set->rule_count; i++)
            write_expr(p, set->rules[i].condition);
        uint64_t count = p->expr_count;
        if (!p->out.full)
            memcpy(p->out.at + at, &count, sizeof count);
        return;
    }
    p->expr_count = pass_count(p, 0);
    p->exprs = arena_array_of(p->arena, p->expr_count + 1, const struct expr *);
    for (size_t i = 0; i < p->expr_count && !p->broken; i++)
        p->exprs[i] = read_expr(p, i);
}

static void
pass_expr(struct passage *p, const struct expr **e)
{
    uint32_t number = p->writing && *e ? number_of_expr(p, *e) : UINT32_MAX;
    PASS(p, number);
    if (p->writing)
        return;
    p->broken = p->broken || (number != UINT32_MAX && number >= p->expr_count);
    *e = p->broken || number == UINT32_MAX ? NULL : p->exprs[number];
}

/* ---- rules ---- */

static void
pass_actions(struct passage *p, struct rule *r)
{
    r->action_count = pass_count(p, r->action_count);
    struct rule_action *actions = arena_array_of(p->arena, r->action_count + 1, struct rule_action);
    for (size_t i = 0; i < r->action_count && !p->broken; i++) {
        if (p->writing)
            actions[i] = r->actions[i];
        pass_str(p, &actions[i].name);
        pass_str(p, &actions[i].value);
    }
    r->actions = actions;
}

static void
pass_rule(struct passage *p, struct rule *r)
{
    struct str *texts[] = { &r->id, &r->name, &r->title, &r->title_ja, &r->description, &r->description_ja, &r->author,
                            &r->status, &r->level, &r->date, &r->category, &r->malicious_causes,
                            &r->recommended_actions, &r->malicious_target, &r->logsource.product,
                            &r->logsource.category, &r->logsource.service, &r->file };
    struct strs *lists[] = { &r->tags, &r->references, &r->falsepositives, &r->falsepositives_ja, &r->fields };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        pass_str(p, texts[i]);
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        pass_strs(p, lists[i]);
    pass_actions(p, r);
    pass_expr(p, &r->condition);
    PASS(p, r->line);
    PASS(p, r->score);
    PASS(p, r->language);
    PASS(p, r->feeds_only);
    PASS(p, r->is_read);
    PASS(p, r->on_demand);
}

static void
pass_members(struct passage *p, struct ruleset *set, struct correlation *c)
{
    c->member_count = pass_count(p, c->member_count);
    struct correlation_member *members = arena_array_of(p->arena, c->member_count + 1, struct correlation_member);
    for (size_t i = 0; i < c->member_count && !p->broken; i++) {
        if (p->writing)
            members[i] = c->members[i];
        PASS(p, members[i]);
        size_t most = members[i].is_correlation ? set->correlation_count : set->rule_count;
        p->broken = p->broken || members[i].index >= most;
    }
    c->members = members;
}

static void
pass_correlation(struct passage *p, struct ruleset *set, struct correlation *c)
{
    pass_rule(p, &c->about);
    PASS(p, c->kind);
    pass_strs(p, &c->rules);
    pass_strs(p, &c->group_by);
    pass_strs(p, &c->value_fields);
    c->alias_count = pass_count(p, c->alias_count);
    if (!p->writing)
        c->aliases = arena_array_of(p->arena, c->alias_count + 1, struct correlation_alias);
    for (size_t i = 0; i < c->alias_count && !p->broken; i++) {
        pass_str(p, &c->aliases[i].name);
        pass_str(p, &c->aliases[i].rule);
        pass_str(p, &c->aliases[i].field);
        PASS(p, c->aliases[i].member);
    }
    PASS(p, c->timespan_ms);
    PASS(p, c->bounds);
    PASS(p, c->bound_count);
    PASS(p, c->percentile);
    PASS(p, c->generate);
    pass_members(p, set, c);
}

static void
pass_refusal(struct passage *p, struct refusal *r)
{
    pass_str(p, &r->file);
    pass_str(p, &r->rule);
    pass_str(p, &r->reason);
    PASS(p, r->line);
}

static void
pass_set(struct passage *p, struct ruleset *set)
{
    PASS(p, set->file_count);
    PASS(p, set->filter_count);
    pass_exprs(p, set);
    set->rule_count = pass_count(p, set->rule_count);
    set->correlation_count = pass_count(p, set->correlation_count);
    set->refusal_count = pass_count(p, set->refusal_count);
    if (!p->writing) {
        set->rules = arena_array_of(p->arena, set->rule_count + 1, struct rule);
        set->correlations = arena_array_of(p->arena, set->correlation_count + 1, struct correlation);
        set->refusals = arena_array_of(p->arena, set->refusal_count + 1, struct refusal);
    }
    for (size_t i = 0; i < set->rule_count && !p->broken; i++)
        pass_rule(p, &set->rules[i]);
    for (size_t i = 0; i < set->correlation_count && !p->broken; i++)
        pass_correlation(p, set, &set->correlations[i]);
    for (size_t i = 0; i < set->refusal_count && !p->broken; i++)
        pass_refusal(p, &set->refusals[i]);
}

/* ---- the file ---- */

struct cache_head {
    char name[16];
    uint64_t layout, key, bytes, checksum;
};

static struct cache_head
head_of(uint64_t key, struct str body)
{
    return (struct cache_head){ "yagura-rules", LAYOUT << 16 | sizeof(struct rule), key, body.len,
                                hash_bytes(body.at, body.len) };
}

static void
close_file(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static bool
read_body(struct arena *a, const char *path, uint64_t key, struct str *body)
{
    scoped(close_file) int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat about;
    struct cache_head head;
    if (fd < 0 || fstat(fd, &about) != 0 || read(fd, &head, sizeof head) != (ssize_t)sizeof head)
        return false;
    if (head.bytes > CACHE_BYTES_MAX || about.st_size != (off_t)(head.bytes + sizeof head))
        return false;
    char *at = arena_alloc(a, head.bytes + 1);
    size_t len = 0;
    for (ssize_t got = 1; got > 0 && len < head.bytes; len += got > 0 ? (size_t)got : 0)
        got = read(fd, at + len, head.bytes - len);
    *body = (struct str){ at, len };
    struct cache_head wanted = head_of(key, *body);
    return memcmp(&wanted, &head, sizeof head) == 0;
}

bool
ruleset_read_cache(struct ruleset *set, const char *path, uint64_t key)
{
    struct str body;
    if (!read_body(set->arena, path, key, &body))
        return false;
    struct passage p = { .arena = set->arena, .at = body.at, .end = body.at + body.len };
    struct ruleset read = *set;
    pass_set(&p, &read);
    if (p.broken || p.at != p.end)
        return false;
    *set = read;
    ruleset_index(set);
    return true;
}

static bool
write_all(const char *path, struct cache_head head, struct str body)
{
    scoped(close_file) int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    size_t done = 0;
    if (fd < 0 || write(fd, &head, sizeof head) != (ssize_t)sizeof head)
        return false;
    while (done < body.len) {
        ssize_t wrote = write(fd, body.at + done, body.len - done);
        if (wrote <= 0)
            return false;
        done += (size_t)wrote;
    }
    return true;
}

bool
ruleset_write_cache(const struct ruleset *set, const char *path, uint64_t key)
{
    scoped(arena_end) struct arena *a = arena_new(1 << 20);
    struct passage p = { .arena = a, .writing = true, .out = text_new(a, CACHE_BYTES_MAX),
                         .known = name_index_new(a) };
    struct ruleset copy = *set;
    pass_set(&p, &copy);
    struct str body = text_str(&p.out), beside = str_printf(a, "%s.%ld.new", path, (long)getpid());
    bool whole = !p.broken && !p.out.full && write_all(beside.at, head_of(key, body), body);
    if (whole && rename(beside.at, path) == 0)
        return true;
    unlink(beside.at);
    return false;
}

#include "xdr/front.h"

#include "core/base/civil.h"
#include "xdr/front_parts.h"
#include "xdr/json_slice.h"

enum {
    OPEN_MAX = 64,
    OPEN_BYTES_MAX = 16 << 20, /* of all that is open */
    GAP_MS = 2000,
    RECORDS_MAX = 256,
    GROUP_BLOCK = 16 * 1024,
    JSON_BYTES_MAX = 16 << 20,
};

struct group { /* records of one audit event */
    struct arena *arena; /* NULL: not in use */
    int64_t serial, unix_ms;
    uint64_t line;
    size_t records, bytes;
    struct str node;
    struct pairs pairs;
    struct text command;
};

struct front {
    front_event *event;
    void *to;
    struct group groups[OPEN_MAX];
    size_t open, open_bytes;
};

/* ---- names and values ---- */

void
pairs_add(struct pairs *p, struct str name, struct str value)
{
    if (p->count == PAIRS_MAX)
        return;
    if (p->count == p->room) {
        p->room = p->room ? p->room * 2 : 64;
        struct pair *items = arena_array_of(p->arena, p->room, struct pair);
        if (p->count)
            memcpy(items, p->items, p->count * sizeof *items);
        p->items = items;
    }
    p->items[p->count++] = (struct pair){ name, value };
}

/* Bytes of a stranger: each that is no part of a UTF-8 character becomes a question mark. */
static struct str
as_utf8(struct arena *a, struct str text)
{
    if (memchr(text.at ? text.at : "", 0, text.len) == NULL && str_is_utf8(text))
        return text;
    char *out = arena_alloc(a, text.len + 1);
    for (size_t i = 0; i < text.len;) {
        size_t bytes = 4;
        while (bytes > 1 && (i + bytes > text.len || !str_is_utf8((struct str){ text.at + i, bytes })))
            bytes--;
        bool fits = text.at[i] && str_is_utf8((struct str){ text.at + i, bytes });
        memcpy(out + i, text.at + i, bytes);
        if (!fits)
            out[i] = text.at[i] ? '?' : ' ';
        i += fits ? bytes : 1;
    }
    return (struct str){ out, text.len };
}

static bool
stands_before(const struct pairs *p, size_t i, bool with_value)
{
    for (size_t j = 0; j < i; j++)
        if (str_eq(p->items[j].name, p->items[i].name)
            && (!with_value || str_eq(p->items[j].value, p->items[i].value)))
            return true;
    return false;
}

static bool
has_another(const struct pairs *p, size_t first)
{
    for (size_t i = first + 1; i < p->count; i++)
        if (str_eq(p->items[i].name, p->items[first].name) && !str_eq(p->items[i].value, p->items[first].value))
            return true;
    return false;
}

static void
put_values(const struct pairs *p, size_t first, struct arena *a, struct text *out)
{
    bool is_list = has_another(p, first);
    text_add_c(out, is_list ? "[" : "");
    json_quote(out, as_utf8(a, p->items[first].value));
    for (size_t i = first + 1; is_list && i < p->count; i++) {
        if (!str_eq(p->items[i].name, p->items[first].name) || stands_before(p, i, true))
            continue;
        text_add_char(out, ',');
        json_quote(out, as_utf8(a, p->items[i].value));
    }
    text_add_c(out, is_list ? "]" : "");
}

struct str
pairs_json(const struct pairs *p, struct arena *a)
{
    struct text out = text_new(a, JSON_BYTES_MAX);
    text_add_char(&out, '{');
    for (size_t i = 0; i < p->count; i++) {
        if (stands_before(p, i, false))
            continue;
        if (out.len > 1)
            text_add_char(&out, ',');
        json_quote(&out, as_utf8(a, p->items[i].name));
        text_add_char(&out, ':');
        put_values(p, i, a, &out);
    }
    text_add_char(&out, '}');
    return text_str(&out);
}

/* ---- audit records joined ---- */

static struct str
value_of(const struct pairs *p, const char *name)
{
    for (size_t i = 0; i < p->count; i++)
        if (str_is(p->items[i].name, name))
            return p->items[i].value;
    return STR_NONE;
}

static struct str
time_text(struct arena *a, int64_t unix_ms)
{
    int64_t seconds = floor_div(unix_ms, 1000), day = floor_div(seconds, DAY_SECONDS);
    struct civil c = civil_of_day(day);
    int of_day = (int)(seconds - day * DAY_SECONDS);
    return str_printf(a, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", c.year, c.month, c.day, of_day / 3600,
                      of_day / 60 % 60, of_day % 60, (int)(unix_ms - seconds * 1000));
}

/* What the records mean together: the whole command, and the system call by its name. */
static void
conclude(struct group *g)
{
    struct str command = g->command.len ? text_str(&g->command) : value_of(&g->pairs, "proctitle");
    struct str number = value_of(&g->pairs, "syscall");
    const char *name = number.at && !value_of(&g->pairs, "SYSCALL").at
        ? audit_syscall_name(value_of(&g->pairs, "arch"), number) : NULL;
    if (command.at)
        pairs_add(&g->pairs, STR("CommandLine"), command);
    if (name)
        pairs_add(&g->pairs, STR("SYSCALL"), str_of(name));
    if (g->node.at)
        pairs_add(&g->pairs, STR("Computer"), g->node);
    pairs_add(&g->pairs, STR("@timestamp"), time_text(g->arena, g->unix_ms));
}

static void
end_group(struct front *f, struct group *g)
{
    conclude(g);
    f->event(f->to, pairs_json(&g->pairs, g->arena), g->line);
    f->open--;
    f->open_bytes -= g->bytes;
    arena_free(g->arena);
    *g = (struct group){ 0 };
}

static struct group *
oldest_group(struct front *f)
{
    struct group *oldest = NULL;
    for (size_t i = 0; i < OPEN_MAX; i++)
        if (f->groups[i].arena && (!oldest || f->groups[i].line < oldest->line))
            oldest = &f->groups[i];
    return oldest;
}

static struct group *
group_of(struct front *f, const struct audit_record *r, uint64_t line)
{
    struct group *unused = NULL;
    for (size_t i = 0; i < OPEN_MAX; i++) {
        struct group *g = &f->groups[i];
        if (g->arena && g->serial == r->serial && g->unix_ms == r->unix_ms && str_eq(g->node, r->node))
            return g;
        if (g->arena && r->unix_ms - g->unix_ms > GAP_MS)
            end_group(f, g);
        unused = !g->arena && !unused ? g : unused;
    }
    if (!unused) {
        unused = oldest_group(f);
        end_group(f, unused);
    }
    struct arena *a = arena_new(GROUP_BLOCK);
    *unused = (struct group){ .arena = a, .serial = r->serial, .unix_ms = r->unix_ms, .line = line,
                              .node = r->node.at ? str_copy(a, r->node) : STR_NONE, .pairs = { .arena = a },
                              .command = text_new(a, FRONT_BYTES_MAX) };
    f->open++;
    return unused;
}

static void
take_record(struct front *f, const struct audit_record *r, uint64_t line)
{
    struct group *g = group_of(f, r, line);
    struct audit_record kept = *r;
    kept.type = str_copy(g->arena, r->type);
    kept.body = str_copy(g->arena, r->body);
    audit_record_read(&kept, &g->pairs, &g->command);
    g->bytes += r->body.len;
    f->open_bytes += r->body.len;
    if (audit_record_is_alone(r->type) || audit_record_ends(r->type) || ++g->records == RECORDS_MAX)
        end_group(f, g);
    while (f->open_bytes > OPEN_BYTES_MAX)
        end_group(f, oldest_group(f));
}

/* ---- lines ---- */

struct front *
front_new(struct arena *a, front_event *event, void *to)
{
    struct front *f = arena_new_of(a, struct front);
    *f = (struct front){ .event = event, .to = to };
    return f;
}

static bool
take_xml(struct front *f, struct str line, uint64_t number)
{
    size_t begin = str_find(line, STR("<Event"));
    if (begin == line.len)
        return false;
    scoped(arena_end) struct arena *a = arena_new(GROUP_BLOCK);
    struct pairs pairs = { .arena = a };
    if (!event_xml_read(&pairs, a, str_skip(line, begin)))
        return false;
    f->event(f->to, pairs_json(&pairs, a), number);
    return true;
}

void
front_take(struct front *f, struct str line, uint64_t number)
{
    struct audit_record record;
    if (line.len && line.at[0] == '{')
        f->event(f->to, line, number);
    else if (line.len <= FRONT_BYTES_MAX && audit_record_of(line, &record))
        take_record(f, &record, number);
    else if (line.len > FRONT_BYTES_MAX || !take_xml(f, line, number))
        f->event(f->to, line, number);
}

void
front_end(struct front *f)
{
    while (f->open)
        end_group(f, oldest_group(f));
}

bool
front_is_needed(struct str first_line)
{
    struct audit_record record;
    return audit_record_of(first_line, &record) || str_find(first_line, STR("<Event")) < first_line.len;
}

#include "xdr/event.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "xdr/fold.h"
#include "xdr/hash.h"
#include "xdr/json_escape.h"
#include "xdr/json_index.h"

enum {
    DEPTH_MAX = 24, /* of what is walked; what is skipped may be nested as deeply as it likes */
    FIRST_REFS = 64,
    FIRST_VALUES = 64,
    FIRST_SCRATCH = 64 * 1024,
    EVENT_BYTES_MAX = 64 << 20,
    NO_REF = 0,
};

struct ref { /* where a value begins; the next value of the same slot */
    uint32_t token, next;
};

struct slot {
    uint32_t stamp; /* of the event that filled it */
    uint32_t first, last;
    bool has_values; /* made already, and these are they */
    struct event_values values;
};

struct event {
    struct arena *arena;
    const struct source_map *map;
    struct json_index *index;
    const char *text;
    const uint32_t *at; /* token positions */
    size_t token_count, length;
    uint32_t stamp;
    struct slot *slots;
    struct ref *refs;
    size_t ref_count, ref_room;
    struct event_value *values;
    size_t value_count, value_room;
    char *scratch;
    size_t scratch_used, scratch_room;
    bool in_array;
};

struct event *
event_new(struct arena *a, const struct source_map *map)
{
    struct event *ev = arena_new_of(a, struct event);
    *ev = (struct event){
        .arena = a, .map = map, .index = json_index_new(), .stamp = 0,
        .slots = arena_array_of(a, map->slot_count + 1u, struct slot),
        .refs = arena_array_of(a, FIRST_REFS, struct ref), .ref_room = FIRST_REFS,
        .values = arena_array_of(a, FIRST_VALUES, struct event_value), .value_room = FIRST_VALUES,
        .scratch = arena_alloc(a, FIRST_SCRATCH), .scratch_room = FIRST_SCRATCH,
    };
    if (!ev->index)
        abort();
    arena_defer(a, json_index_free, ev->index);
    return ev;
}

/* ---- the walk ---- */

static void
add_ref(struct event *ev, uint16_t slot, uint32_t token)
{
    if (ev->ref_count == ev->ref_room) {
        struct ref *wider = arena_array_of(ev->arena, ev->ref_room * 2, struct ref);
        memcpy(wider, ev->refs, ev->ref_count * sizeof *wider);
        ev->refs = wider;
        ev->ref_room *= 2;
    }
    uint32_t ref = (uint32_t)ev->ref_count++;
    ev->refs[ref] = (struct ref){ token, NO_REF };
    struct slot *s = &ev->slots[slot];
    if (ev->in_array && s->stamp == ev->stamp) {
        ev->refs[s->last].next = ref;
        s->last = ref;
    } else {
        *s = (struct slot){ .stamp = ev->stamp, .first = ref, .last = ref };
    }
}

static inline char
token_char(const struct event *ev, size_t i)
{
    return i < ev->token_count ? ev->text[ev->at[i]] : 0;
}

/* Where the token i ends: blanks before the next one are not part of it. */
static inline size_t
token_end(const struct event *ev, size_t i)
{
    size_t end = i + 1 < ev->token_count ? ev->at[i + 1] : ev->length;
    while ((unsigned char)ev->text[end - 1] <= ' ')
        end--;
    return end;
}

/* The token behind the value at i; token_count when it never ends. */
static size_t
skip_value(const struct event *ev, size_t i)
{
    char c = token_char(ev, i);
    if (c != '{' && c != '[')
        return i + 1;
    size_t depth = 0;
    for (; i < ev->token_count; i++) {
        c = ev->text[ev->at[i]];
        if (c == '{' || c == '[')
            depth++;
        else if ((c == '}' || c == ']') && --depth == 0)
            return i + 1;
    }
    return i;
}

static size_t walk_object(struct event *ev, size_t i, uint16_t node, int depth);

static struct str unescaped(struct event *ev, struct str escaped);

/* Memory until the next event, with slack behind it for readers of whole words. A new room is only taken while
 * the largest event so far is exceeded; what was handed out from the old one stays where it is. */
static char *
scratch(struct event *ev, size_t bytes)
{
    if (ev->scratch_room - ev->scratch_used < bytes + FOLD_SLACK) {
        ev->scratch_room = (ev->scratch_room + bytes + FOLD_SLACK) * 2;
        ev->scratch = arena_alloc(ev->arena, ev->scratch_room);
        ev->scratch_used = 0;
    }
    char *at = ev->scratch + ev->scratch_used;
    ev->scratch_used += bytes;
    return at;
}

/* Keys are written in plain letters but for oddities: escapes, and blanks, which field names do without. */
static const struct source_edge *
find_odd_key(struct event *ev, uint16_t node, struct str key)
{
    if (memchr(key.at, '\\', key.len))
        key = unescaped(ev, key);
    if (memchr(key.at, ' ', key.len)) {
        char *dense = scratch(ev, key.len);
        size_t len = 0;
        for (size_t i = 0; i < key.len; i++)
            if (key.at[i] != ' ')
                dense[len++] = key.at[i];
        key = (struct str){ dense, len };
    }
    return source_map_find(ev->map, node, key, hash_bytes(key.at, key.len));
}

static bool
is_odd_key(struct str key)
{
    for (size_t i = 0; i < key.len; i++)
        if (key.at[i] == '\\' || key.at[i] == ' ')
            return true;
    return false;
}

static size_t
walk_array(struct event *ev, size_t i, uint16_t node, int depth)
{
    bool was_in_array = ev->in_array;
    char number[24];
    i++;
    for (uint32_t element = 0; i < ev->token_count && token_char(ev, i) != ']'; element++) {
        int digits = snprintf(number, sizeof number, "%u", element);
        struct str key = { number, (size_t)digits };
        const struct source_edge *e = source_map_find(ev->map, node, key, hash_bytes(key.at, key.len));
        size_t after = 0;
        ev->in_array = was_in_array;
        if (e && e->slot != SOURCE_NONE)
            add_ref(ev, e->slot, (uint32_t)i);
        if (e && e->child != SOURCE_NONE && token_char(ev, i) == '{')
            after = walk_object(ev, i, e->child, depth + 1);
        ev->in_array = true;
        if (token_char(ev, i) == '{')
            after = walk_object(ev, i, node, depth + 1);
        i = after ? after : skip_value(ev, i);
        if (token_char(ev, i) == ',')
            i++;
    }
    ev->in_array = was_in_array;
    return i + 1;
}

static size_t
walk_value(struct event *ev, size_t i, const struct source_edge *e, int depth)
{
    char c = ev->text[ev->at[i]];
    if (e->slot != SOURCE_NONE)
        add_ref(ev, e->slot, (uint32_t)i);
    if (e->child == SOURCE_NONE || depth >= DEPTH_MAX || (c != '{' && c != '['))
        return skip_value(ev, i);
    return c == '{' ? walk_object(ev, i, e->child, depth + 1) : walk_array(ev, i, e->child, depth + 1);
}

static const struct source_edge *
find_key(struct event *ev, uint16_t node, struct str key)
{
    const struct source_edge *e = source_map_find(ev->map, node, key, hash_bytes(key.at, key.len));
    if (!e && is_odd_key(key))
        e = find_odd_key(ev, node, key);
    if (!e && node != 0)
        e = source_map_find(ev->map, node, STR("*"), hash_bytes("*", 1));
    return e;
}

/* From the brace at token i to behind its end; token_count + 1 when the text is no object. */
static size_t
walk_object(struct event *ev, size_t i, uint16_t node, int depth)
{
    size_t broken = ev->token_count + 1;
    if (token_char(ev, ++i) == '}')
        return i + 1;
    while (i + 3 < ev->token_count) {
        if (ev->text[ev->at[i]] != '"' || ev->text[ev->at[i + 1]] != ':')
            return broken;
        size_t begin = ev->at[i] + 1u, end = token_end(ev, i) - 1;
        struct str key = { ev->text + begin, end - begin };
        const struct source_edge *e = find_key(ev, node, key);
        i = e ? walk_value(ev, i + 2, e, depth) : skip_value(ev, i + 2);
        char c = token_char(ev, i);
        if (c == '}')
            return i + 1;
        if (c != ',')
            return broken;
        i++;
    }
    return broken;
}

const char *
event_read(struct event *ev, struct str json)
{
    ev->text = json.at;
    ev->length = json.len;
    ev->ref_count = 1; /* 0 is NO_REF */
    ev->value_count = 0;
    ev->scratch_used = 0;
    ev->in_array = false;
    if (++ev->stamp == 0)
        memset(ev->slots, 0, (ev->map->slot_count + 1u) * sizeof *ev->slots), ev->stamp = 1;
    ev->token_count = 0;
    if (json.len == 0)
        return "it is empty";
    if (json.len > EVENT_BYTES_MAX)
        return "it is too long";
    const char *problem = json_index_run(ev->index, json.at, json.len, &ev->at, &ev->token_count);
    if (problem)
        return problem;
    if (token_char(ev, 0) != '{')
        return "it is no JSON object";
    size_t end = walk_object(ev, 0, 0, 0);
    if (end == ev->token_count)
        return NULL;
    ev->stamp++; /* forget what a broken event seemed to hold */
    ev->token_count = 0;
    return end < ev->token_count ? "something stands behind the object" : "the object is not closed or not well formed";
}

bool
event_has(const struct event *ev, uint16_t slot)
{
    return ev->slots[slot].stamp == ev->stamp;
}

struct str
event_json(const struct event *ev)
{
    return (struct str){ ev->text, ev->length };
}

/* ---- values ---- */

/* Copies up to the next backslash and says how many bytes that were. Of what stands behind the text `readable` bytes
 * from `at` can be read, and there is as much room as for whole steps. */
static size_t
copy_plain(char *out, const char *at, size_t len, size_t readable)
{
    size_t i = 0;
#ifdef __SSE2__
    const __m128i backslash = _mm_set1_epi8('\\');
    for (; i < len && i + 16 <= readable; i += 16) {
        __m128i c = _mm_loadu_si128((const __m128i *)(const void *)(at + i));
        _mm_storeu_si128((__m128i *)(void *)(out + i), c);
        size_t found = (size_t)__builtin_ctz((unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(c, backslash)) | 1u << 16);
        if (found < 16)
            return i + found < len ? i + found : len;
    }
    if (i >= len)
        return len;
#endif
    for (; i < len && at[i] != '\\'; i++)
        out[i] = at[i];
    return i;
}

/* A broken \u takes two bytes and becomes three. */
static struct str
unescaped(struct event *ev, struct str s)
{
    char *out = scratch(ev, s.len + s.len / 2 + 1);
    const char *end = ev->text + ev->length; /* of all that can be read */
    size_t len = 0;
    for (size_t i = 0; i < s.len;) {
        size_t plain = copy_plain(out + len, s.at + i, s.len - i, (size_t)(end - s.at) - i);
        len += plain;
        i += plain;
        if (i + 1 >= s.len)
            break;
        char c = s.at[i + 1];
        i += 2;
        if (c == 'u')
            len += json_put_unicode(out + len, s, &i);
        else
            out[len++] = json_meaning(c);
    }
    ev->scratch_used = (size_t)(out - ev->scratch) + len;
    return (struct str){ out, len };
}

static struct str
scalar_text(struct event *ev, size_t token)
{
    size_t begin = ev->at[token], end = token_end(ev, token);
    if (ev->text[begin] != '"')
        return (struct str){ ev->text + begin, end - begin };
    struct str inside = { ev->text + begin + 1, end - begin - 2 };
    return inside.len && memchr(inside.at, '\\', inside.len) ? unescaped(ev, inside) : inside;
}

static void
add_text(struct event *ev, struct str text)
{
    if (ev->value_count == ev->value_room) {
        struct event_value *wider = arena_array_of(ev->arena, ev->value_room * 2, struct event_value);
        memcpy(wider, ev->values, ev->value_count * sizeof *wider);
        ev->values = wider; /* the old place stays valid for those who hold it */
        ev->value_room *= 2;
    }
    struct event_value *v = &ev->values[ev->value_count++];
    v->text = text;
    char *folded = scratch(ev, v->text.len);
    v->is_ascii = fold_into(folded, v->text);
    v->folded = (struct str){ folded, v->text.len };
}

static void
add_value(struct event *ev, size_t token)
{
    add_text(ev, scalar_text(ev, token));
}

static bool
is_scalar(char c)
{
    return c == '"' || c == '-' || (c >= '0' && c <= '9') || c == 't' || c == 'f';
}

/* The token of the member "#text" of the object at `token`, 0 when it has none. */
static size_t
text_member(const struct event *ev, size_t token)
{
    for (size_t i = token + 1; i + 2 < ev->token_count && ev->text[ev->at[i]] == '"';) {
        size_t begin = ev->at[i] + 1u, end = token_end(ev, i) - 1;
        if (str_is((struct str){ ev->text + begin, end - begin }, "#text"))
            return i + 2;
        i = skip_value(ev, i + 2);
        if (token_char(ev, i) != ',')
            break;
        i++;
    }
    return 0;
}

/* All scalars of an array, of arrays in it too, and the "#text" of objects. */
static void
add_elements(struct event *ev, size_t i)
{
    size_t end = skip_value(ev, i);
    for (i++; i < end;) {
        char c = ev->text[ev->at[i]];
        if (c == '{') {
            size_t text = text_member(ev, i);
            if (text && is_scalar(token_char(ev, text)))
                add_value(ev, text);
            i = skip_value(ev, i);
            continue;
        }
        if (is_scalar(c))
            add_value(ev, i);
        i++;
    }
}

static void
add_token_values(struct event *ev, size_t token, struct event_values *out)
{
    char c = ev->text[ev->at[token]];
    if (c == '{') {
        token = text_member(ev, token);
        c = token ? token_char(ev, token) : 0;
    }
    if (c == 'n')
        out->is_null = true;
    else if (c == '[')
        add_elements(ev, token);
    else if (is_scalar(c))
        add_value(ev, token);
}

/* Values of one slot must lie beside each other, also when the room moves in between. */
static void
end_values(const struct event *ev, size_t first, struct event_values *out)
{
    out->count = (uint32_t)(ev->value_count - first);
    out->items = ev->values + first;
    out->is_null = out->is_null && out->count == 0;
}

const struct event_values event_no_values;

const struct event_values *
event_values(struct event *ev, uint16_t slot)
{
    struct slot *s = &ev->slots[slot];
    size_t first = ev->value_count;
    if (s->stamp != ev->stamp)
        return &event_no_values;
    if (s->has_values)
        return &s->values;
    s->values = (struct event_values){ .is_present = true };
    for (uint32_t ref = s->first; ref != NO_REF; ref = ev->refs[ref].next)
        add_token_values(ev, ev->refs[ref].token, &s->values);
    end_values(ev, first, &s->values);
    s->has_values = true;
    return &s->values;
}

const struct event_values *
event_first_values(struct event *ev, const uint16_t *slots, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (ev->slots[slots[i]].stamp == ev->stamp)
            return event_values(ev, slots[i]);
    return &event_no_values;
}

struct event_values
event_all_values(struct event *ev)
{
    size_t first = ev->value_count;
    for (size_t i = 0; i < ev->token_count; i++)
        if (is_scalar(ev->text[ev->at[i]]) && token_char(ev, i + 1) != ':')
            add_value(ev, i);
    struct event_values out = { .is_present = true };
    end_values(ev, first, &out);
    return out;
}

struct event_values
event_made_value(struct event *ev, const struct str *parts, size_t count)
{
    size_t first = ev->value_count, bytes = 0, len = 0;
    for (size_t i = 0; i < count; i++)
        bytes += parts[i].len;
    char *text = scratch(ev, bytes);
    for (size_t i = 0; i < count; len += parts[i].len, i++)
        if (parts[i].len)
            memcpy(text + len, parts[i].at, parts[i].len);
    add_text(ev, (struct str){ text, len });
    struct event_values out = { .is_present = true };
    end_values(ev, first, &out);
    return out;
}

struct event_value
event_whole(struct event *ev)
{
    struct event_value v = { .text = event_json(ev) };
    char *folded = scratch(ev, v.text.len);
    v.is_ascii = fold_into(folded, v.text);
    v.folded = (struct str){ folded, v.text.len };
    return v;
}

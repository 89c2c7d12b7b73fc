#include "workflows/segment_pick.h"

#include "core/base/text.h"
#include "xdr/token_filter.h"

enum { TOKENS_ASKED = 3, TEXTS_ASKED = 24, PROBE_BYTES = 200 };

/* What was asked of one segment's filter, to be held against the bytes that come back. */
struct asked {
    bool *holds;
    struct token_probe probe;
};

static void
put_probe(struct arena *a, struct text *t, const struct picked_segment *segment, const struct token_probe *probe)
{
    text_addf(t, "%s[\"" STR_FMT "\",\"" STR_FMT "\",%u,%u,%u]", t->len > 1 ? "," : "",
              STR_ARG(uuid_format(a, segment->tenant_id)), STR_ARG(uuid_format(a, segment->id)), probe->offsets[0],
              probe->offsets[1], probe->offsets[2]);
}

static bool
judge(const struct segment_probe_row *row, const struct token_probe *probe)
{
    uint8_t slices[TOKEN_PLACES][TOKEN_PLACE_BYTES];
    const struct bytes got[TOKEN_PLACES] = { row->a, row->b, row->c };
    for (size_t i = 0; i < TOKEN_PLACES; i++) {
        if (got[i].raw.len < TOKEN_PLACE_BYTES)
            return true;
        memcpy(slices[i], got[i].raw.at, TOKEN_PLACE_BYTES);
    }
    return token_probe_holds(probe, slices);
}

/* One token against all segments of which `holds` is still true. */
static bool
ask_token(struct scope *s, uint64_t token, const struct segment_head *heads, const struct picked_segment *picked,
          size_t count, bool *holds)
{
    struct rows rows;
    struct asked *asked = arena_array_of(s->arena, count + 1, struct asked);
    struct text t = text_new(s->arena, PROBE_BYTES * (count + 1));
    size_t n = 0;
    text_add_char(&t, '[');
    for (size_t i = 0; i < count; i++)
        if (holds[i] && token_probe(heads[i].head.raw, token, &asked[n].probe)) {
            put_probe(s->arena, &t, &picked[i], &asked[n].probe);
            asked[n++].holds = &holds[i];
        }
    text_add_char(&t, ']');
    if (n == 0)
        return true;
    if (!db_list(s, &segments_probed, &(struct segment_probe_args){ { text_str(&t) } }, &rows))
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        const struct segment_probe_row *row = (const struct segment_probe_row *)rows.items + i;
        if (row->nth >= 1 && (size_t)row->nth <= n)
            *asked[row->nth - 1].holds = judge(row, &asked[row->nth - 1].probe);
    }
    return true;
}

struct picking {
    struct scope *s;
    const struct segment_head *heads;
    struct picked_segment *picked;
    size_t count;
};

/* A text needs all its tokens; the first few tell enough. */
static bool
ask_look(const struct picking *p, const struct needle_look *look, bool *any)
{
    bool *holds = arena_array_of(p->s->arena, p->count + 1, bool);
    for (size_t i = 0; i < p->count; i++)
        holds[i] = p->picked[i].may_hold && !any[i];
    for (size_t k = 0; k < look->tokens.count && k < TOKENS_ASKED; k++)
        if (!ask_token(p->s, look->tokens.tokens[k], p->heads, p->picked, p->count, holds))
            return false;
    for (size_t i = 0; i < p->count; i++)
        any[i] = any[i] || holds[i];
    return true;
}

/* A clause needs any of its texts. Of very many texts the filters of frames decide later. */
static bool
ask_clause(const struct picking *p, const struct needle_look *looks, size_t look_count)
{
    bool *any = arena_array_of(p->s->arena, p->count + 1, bool);
    for (size_t i = 0; i < look_count; i++)
        if (!ask_look(p, &looks[i], any))
            return false;
    for (size_t i = 0; i < p->count; i++)
        p->picked[i].may_hold = p->picked[i].may_hold && any[i];
    return true;
}

bool
segments_pick(struct scope *s, const struct segment_ask *ask, const struct needles *needles, struct rows *out)
{
    struct rows rows;
    if (!db_list(s, &segments_before, ask, &rows))
        return false;
    struct picking p = { s, rows.items, arena_array_of(s->arena, rows.count + 1, struct picked_segment), rows.count };
    for (size_t i = 0; i < rows.count; i++)
        p.picked[i] = (struct picked_segment){ p.heads[i].tenant_id, p.heads[i].id, p.heads[i].events, true };
    for (size_t c = 0; needles && c < needles_clause_count(needles); c++) {
        const struct needle_look *looks;
        size_t count = needles_looks(needles, c, &looks);
        if (count <= TEXTS_ASKED && !ask_clause(&p, looks, count))
            return false;
    }
    *out = (struct rows){ p.picked, rows.count };
    return true;
}

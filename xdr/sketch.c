#include "xdr/sketch.h"

#include "xdr/ordinary.h"

enum { HABIT_BITS = 15 };

struct sketch_habits {
    uint16_t counts[1 << HABIT_BITS];
};

void
sketch_make(struct sketch *s, struct str text)
{
    if (++s->now == 0) {
        memset(s->marks, 0, sizeof s->marks);
        s->now = 1;
    }
    uint8_t now = s->now;
    for (size_t i = 0; i + SKETCH_RUN <= text.len; i++)
        s->marks[sketch_place(hash_load32(text.at + i))] = now;
}

/* ---- which runs of a literal to look for ---- */

static uint32_t
run_at(struct str text, size_t i)
{
    const unsigned char *at = (const unsigned char *)text.at + i;
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16;
}

static size_t
habit_place(uint32_t run)
{
    return run * 0x85EBCA6Bu >> (32 - HABIT_BITS);
}

const struct sketch_habits *
sketch_habits_new(struct arena *a)
{
    struct sketch_habits *h = arena_new_of(a, struct sketch_habits);
    struct str values = str_of(ordinary_values);
    for (size_t i = 0; i + SKETCH_RUN <= values.len; i++)
        h->counts[habit_place(run_at(values, i))]++;
    return h;
}

static size_t
rarest(const struct sketch_habits *h, struct str literal, size_t from, size_t to)
{
    size_t best = from;
    for (size_t i = from; i < to; i++)
        if (h->counts[habit_place(run_at(literal, i))] < h->counts[habit_place(run_at(literal, best))])
            best = i;
    return best;
}

/* One from each half, so that they say different things. */
struct sketch_runs
sketch_runs_of(const struct sketch_habits *h, struct str literal)
{
    size_t runs = literal.len + 1 - SKETCH_RUN, half = runs / 2;
    size_t first = rarest(h, literal, 0, half ? half : 1), second = rarest(h, literal, half, runs);
    return (struct sketch_runs){ { sketch_place(run_at(literal, first)), sketch_place(run_at(literal, second)) } };
}

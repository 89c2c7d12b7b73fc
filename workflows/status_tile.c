#include "workflows/status_tile.h"

#include <stdarg.h>

const struct domain tile_state_domain = DOMAIN(tile_state, "green", "yellow", "red", "grey", "blue");

const struct shape tile_shape = SHAPE(tile,
    FIELD(tile, key, "What is looked at"),
    FIELD(tile, state, "green: in order; yellow: needs somebody soon; red: does not work; grey: not for the caller's "
          "rights; blue: for information", .of = &tile_state_domain),
    FIELD(tile, title, "Its name"),
    FIELD(tile, summary, "How it is, in one sentence"),
    FIELD(tile, detail, "Everything that was found, a line each"),
    FIELD(tile, remedy, "How to mend it; absent when there is nothing to mend"));

struct str
tile_text(const struct scope *s, const char *en, const char *ja, ...)
{
    const char *format = s->language == LANGUAGE_JA ? ja : en;
    char text[1000];
    va_list args;
    va_start(args, ja);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* two formats cannot be checked by one attribute */
    int length = vsnprintf(text, sizeof text, format, args);
#pragma GCC diagnostic pop
    va_end(args);
    size_t kept = length < 0 ? 0 : (size_t)length < sizeof text ? (size_t)length : sizeof text - 1;
    while (kept > 0 && kept == sizeof text - 1 && ((unsigned char)text[kept - 1] & 0x80))
        kept--;
    return str_copy(s->arena, (struct str){ text, kept });
}

static int
weight(enum tile_state state)
{
    static const int weights[] = { [TILE_NONE] = 0, [TILE_GREEN] = 1, [TILE_BLUE] = 2, [TILE_GREY] = 3,
                                   [TILE_YELLOW] = 4, [TILE_RED] = 5 };
    return weights[state];
}

void
tile_find(const struct scope *s, struct tile *t, enum tile_state state, struct str what, struct bilingual remedy)
{
    if (weight(state) > weight(t->state)) {
        t->state = state;
        t->summary = what;
        t->remedy = remedy.en ? str_of(bilingual_in(remedy, s->language)) : STR_NONE;
    }
    t->detail = t->detail.at ? str_printf(s->arena, STR_FMT "\n" STR_FMT, STR_ARG(t->detail), STR_ARG(what)) : what;
}

/* status_tile: one thing that can be unwell, and the few words to say so in the reader's language. */
#ifndef YAGURA_WORKFLOWS_STATUS_TILE_H
#define YAGURA_WORKFLOWS_STATUS_TILE_H

#include "core/db/query.h"

enum tile_state { TILE_NONE, TILE_GREEN, TILE_YELLOW, TILE_RED, TILE_GREY, TILE_BLUE };
extern const struct domain tile_state_domain;

struct tile {
    struct str key;
    enum tile_state state;
    struct str title, summary, detail, remedy;
};
extern const struct shape tile_shape;

/* Text with values in both languages: the formats take the same arguments (%2$s where the order differs). */
struct str tile_text(const struct scope *s, const char *en, const char *ja, ...);

/* A finding: the worst of a tile's findings is its colour, the first of the worst its summary and remedy, every one a
 * line of its detail. A remedy may be {0}. */
void tile_find(const struct scope *s, struct tile *t, enum tile_state state, struct str what, struct bilingual remedy);

#endif

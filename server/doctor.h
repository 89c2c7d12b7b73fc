/* doctor: what is wrong, and how to mend it, from the command line. Goes on after each finding, so that one visit tells
 * everything; what depends on a thing that is broken is left out, because it would only repeat it. */
#ifndef YAGURA_SERVER_DOCTOR_H
#define YAGURA_SERVER_DOCTOR_H

#include "server/program.h"
#include "workflows/status.h"

struct doctor {
    struct program program;
    struct db *db;   /* as the owner; in a transaction once `sees` is set */
    bool sees;
    struct tile *tiles;
    size_t count;
};

enum { DOCTOR_TILES_MAX = 40 };

struct tile *doctor_tile(struct doctor *d, const char *key, struct bilingual title);

/* Each adds tiles; none fails. In this order. */
void doctor_looks_at_configuration(struct doctor *d);
void doctor_looks_at_database(struct doctor *d);
void doctor_looks_at_tiles(struct doctor *d);
void doctor_looks_at_audit(struct doctor *d);
void doctor_looks_outside(struct doctor *d);

#endif

/* ingest_parts: what a batch under way is, for the files that take it in and write it down. */
#ifndef YAGURA_WORKFLOWS_INGEST_PARTS_H
#define YAGURA_WORKFLOWS_INGEST_PARTS_H

#include <openssl/evp.h>

#include "workflows/detector.h"
#include "workflows/ingest.h"
#include "workflows/ingest_gate.h"
#include "workflows/inventory.h"
#include "xdr/facts.h"
#include "xdr/fold.h"
#include "xdr/front.h"

enum { ITEM_REFUSED = -1 };

struct bulk_item {
    uint8_t verb;
    uint16_t index;   /* of ingest.names */
    int32_t event;    /* or ITEM_REFUSED */
    const char *reason;
};

struct ingest {
    struct ingest_plan plan;
    struct ingest_place *place;
    struct ingest_tools *tools;
    struct arena *arena;        /* the batch's */
    struct detecting *detecting;
    struct sightings *sightings;
    struct front *front;        /* once a line asked for one */
    EVP_MAC_CTX *hash;          /* of all that was sent, decompressed */
    struct uuid id;
    struct instant arrived;     /* when it began; of events, when their piece came */
    struct scope *scope;        /* of the piece that is being taken */
    size_t carried;             /* bytes of the line that has not ended */
    bool overlong;              /* the rest of that line is passed over */
    bool front_asked, begun, dropped;
    int64_t lines;              /* that were not empty: the numbers of refusals */
    int64_t stored, refused, bytes, spent;
    struct ingest_refusal told[INGEST_REFUSALS_TOLD];
    struct segment_facts facts; /* of the end */
    struct str body;
    int64_t detections_before;  /* counted by attempts that came to nothing */
    bool counted;
    /* of the bulk form */
    struct bulk_action action;  /* whose document comes next */
    bool document_due;
    struct bulk_item *items;
    size_t item_count, item_room;
    struct str *names;
    size_t name_count;
    char host[FACTS_HOST_MAX + FOLD_SLACK], own_host[FACTS_HOST_MAX + FOLD_SLACK];
    struct str own;             /* the computer the key is bound to */
};

/* The text is over: whatever line or record is still open ends. */
must_check bool ingest_end_text(struct scope *s, struct ingest *g);

#endif

/* taxonomy: what the senders' worlds call the things that rules ask for.
 *
 * Three tables, and nothing that moves. Channels: which Windows event log is which service of which product.
 * Categories: which of its event ids are which kind of event. Fields: where each shape of event keeps what a rule
 * calls Image or TargetObject.
 *
 * A shape is how a sender lays out its JSON, a dialect is what one kind of event calls some fields (the Security
 * log's 4688 says NewProcessName for Image). The place of a field is looked for in order: its own name first, then
 * what the dialect calls it, each in the places of the shape.
 */
#ifndef YAGURA_XDR_TAXONOMY_H
#define YAGURA_XDR_TAXONOMY_H

#include "core/base/arena.h"
#include "core/base/str.h"

enum shape {
    SHAPE_FLAT,  /* one level of names, as NXLog, our agent and most applications send them */
    SHAPE_EVTX,  /* Event.System and Event.EventData, as Windows itself nests them */
    SHAPE_ECS,   /* Winlogbeat and Elastic Agent: winlog.event_data beside the Elastic Common Schema */
    SHAPE_OCSF,  /* Open Cybersecurity Schema Framework: class_uid, actor, device */
    SHAPE_COUNT,
};

enum dialect {
    DIALECT_PLAIN,
    DIALECT_PROCESS_AUDIT, /* Security 4688 */
    DIALECT_DEFENDER,      /* Windows Defender's findings, asked by rules about antivirus */
    DIALECT_AUDITD,        /* Linux audit records of a process start */
    DIALECT_COUNT,
};

enum { CATEGORIES_MAX = 4, PLACES_MAX = 48 };

struct taxonomy_channel {
    const char *channel, *product, *service;
};

extern const struct taxonomy_channel taxonomy_channels[];
extern const size_t taxonomy_channel_count;

/* Registry keys come and go with one event id; rules tell them apart by what happened. */
enum variant { VARIANT_NONE, VARIANT_CREATE, VARIANT_DELETE, VARIANT_COUNT };

struct taxonomy_kind {
    const char *service;
    int event_id;
    const char *categories[CATEGORIES_MAX];
    enum dialect dialect;
};

extern const struct taxonomy_kind taxonomy_kinds[];
extern const size_t taxonomy_kind_count;

/* The categories of an event; fills `out` and returns how many. */
size_t taxonomy_categories(struct str service, int64_t event_id, enum variant variant,
                           struct str out[CATEGORIES_MAX], enum dialect *dialect);

/* A path of keys from the root of the event. */
struct place {
    struct str path[8];
    size_t count;
};

/* Where a field may stand, in the order of preference. */
size_t taxonomy_places(struct arena *a, enum shape shape, enum dialect dialect, struct str field,
                       struct place out[PLACES_MAX]);

/* p:product and c:category words that are known without any rule. */
extern const char *const taxonomy_words[];
extern const size_t taxonomy_word_count;

bool taxonomy_has_dialect_name(enum dialect dialect, struct str field);

/* Places that tell what an event is, by shape and in order of preference. */
enum mark { MARK_CHANNEL, MARK_EVENT_ID, MARK_TIME, MARK_COUNT };

struct taxonomy_mark {
    enum mark mark;
    enum shape shape;
    const char *path; /* keys joined by / */
};

extern const struct taxonomy_mark taxonomy_marks[];
extern const size_t taxonomy_mark_count;

struct place place_of_path(struct arena *a, struct str path, char separator);

#endif

/* front_parts: what the fronts share: names with values on their way to a JSON object. */
#ifndef YAGURA_XDR_FRONT_PARTS_H
#define YAGURA_XDR_FRONT_PARTS_H

#include "core/base/text.h"

enum { PAIRS_MAX = 512, FRONT_BYTES_MAX = 1 << 20 };

struct pairs { /* what comes after PAIRS_MAX is left out */
    struct arena *arena;
    struct pair {
        struct str name, value;
    } * items;
    size_t count, room;
};

void pairs_add(struct pairs *p, struct str name, struct str value); /* both must live on */
/* A name that stands several times becomes a list of its different values. What is no UTF-8 is replaced. */
struct str pairs_json(const struct pairs *p, struct arena *a);

/* ---- Windows event XML ---- */

/* False when the text is no such event. Names and values lie in `a` or in the text. */
bool event_xml_read(struct pairs *out, struct arena *a, struct str text);

/* ---- audit records ---- */

struct audit_record {
    struct str type, node, body;
    int64_t unix_ms, serial;
};

bool audit_record_of(struct str line, struct audit_record *out);
/* Whether the event consists of this record alone, and whether it is the last of its event. */
bool audit_record_is_alone(struct str type);
bool audit_record_ends(struct str type);
/* Adds what the record says. Arguments of a program start go to `command` as well. */
void audit_record_read(const struct audit_record *r, struct pairs *out, struct text *command);
const char *audit_syscall_name(struct str arch, struct str number); /* NULL when it is not in the table */

#endif

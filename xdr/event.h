/* event: one parsed event, as positions into its JSON text until somebody asks for a value.
 *
 * event_read walks the tokens once and notes for each wanted place (source_map.h) where its value begins.
 * event_values makes texts of such a place: unescaped, and folded (fold.h) beside it, each at most once for an
 * event. Texts live in the event's scratch memory, which grows to the largest event met and is then only reused.
 *
 * Of a key that stands twice in one object the last one counts. A path through an array of objects finds the values
 * of all its elements; a place that holds an array has all its scalars as values, and an object counts as what its
 * "#text" says, which is how XML with attributes comes as JSON.
 */
#ifndef YAGURA_XDR_EVENT_H
#define YAGURA_XDR_EVENT_H

#include "xdr/source_map.h"

struct event;

struct event_value {
    struct str text, folded;
    bool is_ascii;
};

struct event_values {
    const struct event_value *items;
    uint32_t count;
    bool is_present; /* the place is there, be it null or without any scalar */
    bool is_null;    /* JSON null */
};

struct event *event_new(struct arena *a, const struct source_map *map);

/* NULL, or why the text is no event. */
const char *event_read(struct event *ev, struct str json);

bool event_has(const struct event *ev, uint16_t slot);
/* Valid until the next event_read. */
const struct event_values *event_values(struct event *ev, uint16_t slot);
/* Of the first of these places that is there. */
const struct event_values *event_first_values(struct event *ev, const uint16_t *slots, size_t count);
extern const struct event_values event_no_values; /* of a place that is not there */
/* Every scalar of the event, at any depth, but null. */
struct event_values event_all_values(struct event *ev);
/* A value of its parts' texts, which the event does not have as such. */
struct event_values event_made_value(struct event *ev, const struct str *parts, size_t count);
struct str event_json(const struct event *ev);
struct event_value event_whole(struct event *ev); /* the JSON text itself, folded too */

#endif

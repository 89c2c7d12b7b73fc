/* Until computers and files are kept: nothing is noted. */
#include "workflows/inventory.h"

struct sightings {
    int64_t events;
};

struct sightings *
sightings_new(struct arena *a)
{
    return arena_new_of(a, struct sightings);
}

void
sightings_note(struct sightings *w, const struct event_facts *facts)
{
    w->events += facts->problem == NULL;
}

bool
inventory_settle(struct scope *s, struct uuid tenant_id, struct sightings *w, struct inventory_names *out)
{
    (void)s, (void)tenant_id, (void)w;
    *out = (struct inventory_names){ 0 };
    return true;
}

struct uuid
inventory_computer(const struct inventory_names *names, struct str host)
{
    (void)names, (void)host;
    return (struct uuid){ { 0 } };
}

#include "xdr/correlation.h"
struct observations { int x; };
struct observations *observations_new(struct arena *a, const struct engine *e) { (void)e; return arena_new_of(a, struct observations); }
void observations_add(struct observations *o, struct matcher *m, uint32_t rule, uint64_t event) { (void)o;(void)m;(void)rule;(void)event; }
struct correlator { int x; };
struct correlator *correlator_new(struct arena *a, const struct engine *e) { (void)e; return arena_new_of(a, struct correlator); }
void correlator_take(struct correlator *c, struct observations *o, void (*fired)(void *to, const struct correlation *c, uint64_t event), void *to) { (void)c;(void)o;(void)fired;(void)to; }

/* rule_cache: a finished rule set as a file, so that the next start need not read thousands of texts again.
 *
 * The file belongs to the key it was written with (the rule files and options) and to this build's layout; any other
 * is not read. It is as trusted as the program itself: a checksum tells damage, not malice.
 */
#ifndef YAGURA_XDR_RULE_CACHE_H
#define YAGURA_XDR_RULE_CACHE_H

#include "xdr/rule.h"

/* Into an empty set, instead of adding and finishing. False when there is no such file, or another's. */
bool ruleset_read_cache(struct ruleset *set, const char *path, uint64_t key);
/* By a rename, so that a reader never sees half of it. */
bool ruleset_write_cache(const struct ruleset *set, const char *path, uint64_t key);

#endif

/* rule_tar: the rule files of a tar archive, one after the other as it is unpacked.
 *
 * ustar and what came before it, with the long names of GNU tar (an entry 'L') and of pax (a record "path" in an entry
 * 'x'), which stand before the entry they name. What is no rule file, or larger than one, is passed over. The bytes
 * come from strangers: everything is bounded, also what an archive unpacks to.
 */
#ifndef YAGURA_XDR_RULE_TAR_H
#define YAGURA_XDR_RULE_TAR_H

#include "core/base/str.h"

enum { RULE_TAR_FILE_MAX = 1 << 20, RULE_TAR_ENTRIES_MAX = 50 * 1000, RULE_TAR_NAME_MAX = 4096 };
#define RULE_TAR_BYTES_MAX (INT64_C(4) << 30)

struct rule_tar {
    size_t (*read)(void *from, char *to, size_t bytes); /* fewer than asked: it ends there */
    void *from;
    bool (*take)(void *to, struct str path, struct str body); /* both until it returns; false stops */
    void *to;
    bool stopped; /* out: by `take` */
};

/* NULL, also when `take` stopped it; or why this is no archive. What was taken before that stays taken. */
const char *rule_tar_walk(struct rule_tar *t);

#endif

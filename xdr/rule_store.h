/* rule_store: the inside of a rule set, for the files that fill one. */
#ifndef YAGURA_XDR_RULE_STORE_H
#define YAGURA_XDR_RULE_STORE_H

#include "xdr/rule.h"

void ruleset_index(struct ruleset *set); /* of the ids of all rules, anew */

#endif

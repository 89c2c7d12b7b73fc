/* attack: the tactics of MITRE ATT&CK (Enterprise) with their names, and which tactics a technique serves.
 *
 * A rule's tags say both (attack.execution, attack.t1059.001); where they name a technique alone, the table here says
 * what it is for.
 */
#ifndef YAGURA_MODEL_ATTACK_H
#define YAGURA_MODEL_ATTACK_H

#include "core/base/language.h"
#include "core/base/str.h"

struct arena;

struct attack_tactic {
    const char *key; /* privilege_escalation */
    const char *id;  /* TA0004 */
    struct bilingual name;
};
extern const struct attack_tactic attack_tactics[]; /* in the order of an attack */
extern const size_t attack_tactic_count;

/* What tags say: techniques as T1059.001, tactics by key, each once. */
void attack_of_tags(struct arena *a, struct strs tags, struct strs *techniques, struct strs *tactics);

#endif

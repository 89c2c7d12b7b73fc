/* detection_rules: writing rules, bringing them in, and what customers do with them.
 *
 * A text that cannot be read is refused with its line. Every text and every state is kept as a version. Whatever is
 * saved is asked by every process within a second or so (workflows/detector.h).
 */
#ifndef YAGURA_WORKFLOWS_DETECTION_RULES_H
#define YAGURA_WORKFLOWS_DETECTION_RULES_H

#include "workflows/rule_text.h"

extern const struct problem rule_state_wrong; /* 409 */

must_check bool detection_rule_create(struct scope *s, const struct detection_rule_write *in,
                                      struct detection_rule *out);
must_check bool detection_rule_change(struct scope *s, const struct detection_rule_write *in,
                                      struct detection_rule *out);
must_check bool detection_rule_set_state(struct scope *s, const struct detection_rule_write *in,
                                         struct detection_rule *out);

must_check bool rule_setting_set(struct scope *s, const struct rule_setting *in, struct rule_setting *out);
struct rule_setting_ref {
    struct uuid rule_id, tenant_id;
};
extern const struct shape rule_setting_ref_shape;
must_check bool rule_setting_forget(struct scope *s, const struct rule_setting_ref *in);

enum rule_import_result { IMPORT_NONE, IMPORT_ADDED, IMPORT_CHANGED, IMPORT_SAME, IMPORT_KEPT, IMPORT_REFUSED };
struct rule_import {
    struct uuid tenant_id;
    struct str path, body, tests; /* tests may be absent */
    enum detection_rule_origin origin;
    enum detection_rule_state state;
    enum rule_import_result result; /* out */
    struct str reason;              /* out: why it was refused or kept */
};
/* One text, known by the id it carries: added, changed where it differs, kept where somebody here changed it. A text
 * that cannot be read is no failure: the result says so. */
must_check bool detection_rule_import(struct scope *s, struct rule_import *in);

#endif

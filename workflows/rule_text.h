/* rule_text: the text of a rule, read: what it says about itself, and what is wrong with it, line by line.
 *
 * A text may hold several rules (a correlation and its members); what stands on the outside is that of its correlation,
 * or of its first rule.
 */
#ifndef YAGURA_WORKFLOWS_RULE_TEXT_H
#define YAGURA_WORKFLOWS_RULE_TEXT_H

#include "model/detection_rule.h"
#include "xdr/rule.h"

struct rule_trouble {
    int64_t line; /* 0: of the whole text */
    struct str reason;
};
extern const struct shape rule_trouble_shape;

struct rule_reading {
    const struct ruleset *set; /* finished only when `whole` was asked for */
    struct rows troubles;      /* struct rule_trouble */
};

/* False when something is wrong; the troubles say what. With `exclusion` the rules are marked on_demand. `about` gets
 * key, title, score … and may be NULL. */
bool rule_text_read(struct arena *a, enum detection_rule_language language, struct str body, bool exclusion,
                    struct rule_reading *out, struct detection_rule *about);

/* XML begins with '<'; everything else is Sigma. */
enum detection_rule_language rule_text_language(struct str body);

/* The troubles as violations of the field at `pointer`; always false. */
bool rule_text_refuse(struct scope *s, const struct rule_reading *r, const char *pointer);

#endif

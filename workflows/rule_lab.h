/* rule_lab: a rule tried before it is trusted: is its text right, do its tests pass, why does it match an event.
 *
 * Everything here works on one text and stored events, in memory, without the detector.
 */
#ifndef YAGURA_WORKFLOWS_RULE_LAB_H
#define YAGURA_WORKFLOWS_RULE_LAB_H

#include "model/detection.h"
#include "workflows/rule_text.h"

struct rule_check {
    struct str body;
    enum detection_rule_language language; /* none: as it begins */
    struct json tests;
};
struct rule_test_result {
    struct str expected; /* match, no_match */
    int64_t index;       /* among those */
    bool passed;
    struct str problem;  /* why the event could not be read */
};
struct rule_check_answer {
    bool ok;
    struct rows troubles, results; /* struct rule_trouble, rule_test_result */
    int64_t passed, failed;
    struct str key, title, title_ja, level, product, category, service;
    int64_t score;
    struct strs techniques, tactics, fields; /* fields: that its condition reads */
    bool correlates;
};
extern const struct shape rule_check_shape, rule_check_answer_shape;

/* The tests are run when the text is right. Always an answer; false only for tests that are no JSON of that form. */
must_check bool rule_check(struct scope *s, const struct rule_check *in, struct rule_check_answer *out);

struct rule_explain {
    struct str body;
    enum detection_rule_language language;
    struct str event; /* one event, as it arrived */
};
struct rule_explanation {
    bool matches;
    struct str note;  /* other_source: the rule is about another log source, so it was not asked; no_event */
    struct json tree; /* {kind, holds, label, field, what, value, parts} */
};
extern const struct shape rule_explain_shape, rule_explanation_shape;

must_check bool rule_explain(struct scope *s, const struct rule_explain *in, struct rule_explanation *out);

/* The text that the detection's rule had then, on the detection's event. */
must_check bool detection_explain(struct scope *s, struct uuid detection_id, struct rule_explanation *out);

#endif

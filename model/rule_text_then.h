/* rule_text_then: the text that found a detection, as it was, and the event it found. */
#ifndef YAGURA_MODEL_RULE_TEXT_THEN_H
#define YAGURA_MODEL_RULE_TEXT_THEN_H

#include "model/detection.h"

struct rule_text_then {
    struct str body, event;
    enum detection_origin origin;
};
extern const struct query rule_text_then; /* by the detection's id */

#endif

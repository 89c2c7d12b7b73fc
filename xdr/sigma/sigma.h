/* sigma: the front end of the Sigma rule language, specification 2.1.
 *
 *     text --yaml--> documents --collection--> rules, correlations, filters
 *                                  detection items --> tests      condition --> AND, OR, NOT of them
 *
 * What cannot be accepted is refused with its line and a reason, once per document: the first thing found.
 * This header is for the files of this folder and for ruleset.c.
 */
#ifndef YAGURA_XDR_SIGMA_SIGMA_H
#define YAGURA_XDR_SIGMA_SIGMA_H

#include "xdr/rule.h"
#include "xdr/sigma/yaml.h"

struct sigma {
    struct ruleset *set;
    struct arena *arena;
    struct str file;
    struct str rule; /* id or title, once known */
    bool refused;
};

/* Always false. Only the first refusal of a document is kept. */
bool sigma_refuse(struct sigma *s, int line, const char *fmt, ...) printf_like(3, 4);

/* A named part of `detection`: a map, a list of maps, a list of keywords. NULL when refused. */
const struct expr *sigma_selection(struct sigma *s, const struct yaml *node);

/* The whole section, selections and condition. NULL when refused. */
const struct expr *sigma_detection(struct sigma *s, const struct yaml *section);

const struct expr *sigma_condition(struct sigma *s, const struct yaml *node, const struct yaml *section);

struct filter {
    struct strs rules; /* empty: any */
    struct logsource logsource;
    const struct expr *condition;
    struct str file;
    int line;
};

bool ruleset_take_filter(struct ruleset *set, const struct filter *filter); /* always true */

bool sigma_document(struct sigma *s, const struct yaml *document);
bool sigma_correlation(struct sigma *s, const struct yaml *document, const struct rule *about);
bool sigma_filter(struct sigma *s, const struct yaml *document);

struct strs sigma_strings(struct sigma *s, const struct yaml *node); /* a scalar or a list of scalars */
bool sigma_logsource(struct sigma *s, const struct yaml *document, struct logsource *out);

/* `over` laid upon `base`: maps merge key by key, everything else is replaced. */
const struct yaml *sigma_merge(struct arena *a, const struct yaml *base, const struct yaml *over);

#endif

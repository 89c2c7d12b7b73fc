/* rules_options: the words of the command line that several sub-verbs share, and the rules they name. */
#ifndef YAGURA_XDR_RULES_OPTIONS_H
#define YAGURA_XDR_RULES_OPTIONS_H

#include "xdr/engine.h"

enum { PATHS_MAX = 64 };

enum exit_status { EXIT_FINE = 0, EXIT_REFUSED = 1, EXIT_USAGE = 2 };

struct rules_options {
    const char *rules[PATHS_MAX]; /* --rules, and what stands without an option */
    size_t rules_count;
    const char *events, *rule, *config, *cache, *format;
    long threads;
    bool plainly, quiet, null_is_also_empty;
};

/* False after saying on stderr what is wrong. */
bool rules_options_read(int argc, char **argv, struct rules_options *out);

/* Loads what the options name; says on stderr when the configuration cannot be read. NULL then. */
struct ruleset *rules_load(struct arena *a, const struct rules_options *o);
void rules_print_refusals(const struct ruleset *set, size_t most);
bool read_file(struct arena *a, const char *path, struct str *out); /* "-" is stdin; says why not */

int rules_check(const struct rules_options *o);
int rules_eval(const struct rules_options *o);
int rules_explain(const struct rules_options *o);
int rules_test(const struct rules_options *o);
int rules_list(const struct rules_options *o);

#endif

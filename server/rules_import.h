/* rules_import: brings rules of a folder, a file or an archive into the database.
 *
 * A SigmaHQ checkout, a release of it as .zip or .tar.gz, or one's own folder: every .yml, .yaml and .xml in it.
 * A rule is known by the id it carries, so a second run adds nothing; one that somebody here has changed is kept.
 * Beside NAME.yml stand its tests as NAME.test.json.
 */
#ifndef YAGURA_SERVER_RULES_IMPORT_H
#define YAGURA_SERVER_RULES_IMPORT_H

#include "workflows/detection_rules.h"

struct import_counts {
    int64_t files, added, changed, same, kept, refused;
};

/* Within the transaction of the scope. `tell` hears of what was not taken. */
must_check bool rules_import_path(struct scope *s, const char *path, enum detection_rule_origin origin,
                                  enum detection_rule_state state, FILE *tell, struct import_counts *out);

/* The rules that ship with the program, into a house that has never had any. */
struct program;
must_check bool rules_import_starter(struct program *p);

int rules_import_command(int argc, char **argv); /* argv[0] is "import" */

#endif

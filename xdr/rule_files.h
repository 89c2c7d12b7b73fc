/* rule_files: the files a set of rules is read from, in the order of their names. */
#ifndef YAGURA_XDR_RULE_FILES_H
#define YAGURA_XDR_RULE_FILES_H

#include "xdr/rule.h"

struct rule_file {
    struct str path; /* ends in a NUL */
    int64_t bytes, changed_ns;
    struct str problem; /* why it, or the folder of this name, cannot be read; absent when it can */
};

struct rule_files {
    struct arena *arena;
    struct rule_file *items;
    size_t count, room;
};

/* A file whatever it is called, or the .yml, .yaml and .xml files below a folder. */
void rule_files_find(struct rule_files *files, const char *path);

bool rule_file_is_one(struct str path); /* by its name: .yml, .yaml, .xml */

/* Changes with every file that comes, goes or changes. */
uint64_t rule_files_key(const struct rule_files *files);

void ruleset_add_files(struct ruleset *set, const struct rule_files *files);

#endif

/* yaml: one YAML document as a tree that remembers its lines.
 *
 * Built on libyaml's events. Scalars keep their text and whether they were written plain, because in Sigma the
 * plain words null, true and 4711 mean something that the quoted ones do not. Bounds make bombs harmless: depth,
 * number of nodes (an alias counts as a copy of what it names), and a key may stand in a map only once.
 */
#ifndef YAGURA_XDR_SIGMA_YAML_H
#define YAGURA_XDR_SIGMA_YAML_H

#include "core/base/arena.h"
#include "core/base/str.h"

enum yaml_kind { YAML_SCALAR = 1, YAML_LIST, YAML_MAP };

struct yaml;

struct yaml_entry {
    struct str key; /* absent in lists */
    const struct yaml *value;
};

struct yaml {
    enum yaml_kind kind;
    int line;
    bool plain; /* scalars: written without quotes and not as a block */
    struct str text;
    const struct yaml_entry *entries;
    size_t count;
};

struct yaml_problem {
    int line;
    struct str reason;
};

struct yaml_documents {
    const struct yaml *const *items;
    size_t count;
    bool broken; /* what follows the last item could not be read, and why */
    struct yaml_problem problem;
};

struct yaml_documents yaml_read(struct arena *a, struct str text);

const struct yaml *yaml_get(const struct yaml *map, const char *key); /* NULL when absent or no map */
struct str yaml_text(const struct yaml *map, const char *key);        /* the scalar's text, or STR_NONE */
bool yaml_is_null(const struct yaml *node); /* plain null, ~ or nothing at all */
bool yaml_is_bool(const struct yaml *node, bool *value);

#endif

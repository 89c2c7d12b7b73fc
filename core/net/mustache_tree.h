/* mustache_tree: what a parsed template is, for parser and renderer alone. A flat run of nodes; a section's node knows
 * where its body ends, so nothing is linked and nothing is freed. */
#ifndef YAGURA_CORE_NET_MUSTACHE_TREE_H
#define YAGURA_CORE_NET_MUSTACHE_TREE_H

#include "core/net/mustache.h"

enum mustache_node_kind { NODE_LITERAL, NODE_ESCAPED, NODE_RAW, NODE_SECTION, NODE_INVERTED, NODE_CLOSE, NODE_PARTIAL };

struct mustache_node {
    enum mustache_node_kind kind;
    int line;
    struct str text; /* the literal, or the name */
    size_t close;    /* sections: the index of their NODE_CLOSE */
};

struct mustache {
    struct str name, file;
    struct mustache_node *nodes;
    size_t count;
};

const struct mustache *mustache_partial(const struct mustache_set *partials, struct str name); /* NULL: none */

#endif

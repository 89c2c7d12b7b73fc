/* mustache: templates that hold no logic, filled with values.
 *
 *     {{name}}                    the value, HTML-escaped (in MUSTACHE_PLAIN as it is)
 *     {{{name}}}  {{&name}}       as it is
 *     {{#name}}…{{/name}}         once when true, once per item of a list; not at all when absent, false, "" or empty
 *     {{^name}}…{{/name}}         when the section above would not appear
 *     {{a.b}}  {{.}}              a member of a record; the item itself
 *     {{>name}}  {{! note }}      another template of the same folder; nothing
 *
 * A section's, partial's or note's tag alone on its line takes the line with it. A name that is nowhere is an error,
 * not an empty place: mustache_walk tells at start which names are used, and mustache_render refuses what is left.
 * Changing the delimiters is refused, and partials are not re-indented.
 *
 * Templates are ours, values are anybody's: values are never parsed as templates. Depth, output and steps are bounded.
 */
#ifndef YAGURA_CORE_NET_MUSTACHE_H
#define YAGURA_CORE_NET_MUSTACHE_H

#include "core/base/scope.h"
#include "core/base/text.h"

enum { MUSTACHE_SOURCE_MAX = 256 * 1024, MUSTACHE_DEPTH_MAX = 32, MUSTACHE_STEPS_MAX = 200000 };

enum mustache_kind { MUSTACHE_ABSENT, MUSTACHE_FALSE, MUSTACHE_TRUE, MUSTACHE_TEXT, MUSTACHE_LIST, MUSTACHE_RECORD };

struct mustache_value {
    enum mustache_kind kind;
    struct str name;                    /* when it is a member of a record */
    struct str text;                    /* MUSTACHE_TEXT */
    const struct mustache_value *items; /* MUSTACHE_LIST, MUSTACHE_RECORD */
    size_t count;
};

enum mustache_escape { MUSTACHE_HTML, MUSTACHE_PLAIN };

struct mustache;

/* Partials by name. */
struct mustache_set {
    const struct mustache *const *items;
    size_t count;
};

extern const struct problem problem_template; /* 500: a template is wrong; the detail names file and line */

/* `file` is for messages, `first_line` the line in it at which the text begins. The text must outlive the template. */
must_check bool mustache_parse(struct scope *s, struct str name, struct str file, int first_line, struct str text,
                               const struct mustache **out);
struct str mustache_name(const struct mustache *t);

must_check bool mustache_render(struct scope *s, const struct mustache *t, const struct mustache_set *partials,
                                const struct mustache_value *data, enum mustache_escape escape, struct text *out);

/* Each tag in order, partials followed where they stand, for a check against what the data will be. */
enum mustache_use { MUSTACHE_VARIABLE, MUSTACHE_SECTION, MUSTACHE_INVERTED, MUSTACHE_CLOSE };
struct mustache_visitor {
    bool (*visit)(struct scope *s, void *self, enum mustache_use use, struct str name, struct str file, int line);
    void *self;
};
must_check bool mustache_walk(struct scope *s, const struct mustache *t, const struct mustache_set *partials,
                              const struct mustache_visitor *visitor);

#endif

/* parts: what the files of the XML front end share.
 *
 *     document.c     XML text -> its tree, the rule's description and actions
 *     definition.c   processes, ancestors, operations -> struct rule, one per kind of event
 *     expression.c   operators and conditions -> tests
 *     operation.c    the table of operations: which events they are, who is who in them
 *     property.c     the table of components and properties: which field, read how
 *     value.c        values of conditions -> patterns of file names, paths and texts
 *
 * A subject is a file or process that conditions speak about: the field with its path, and the prefix before the
 * names of its other facts. In a library load the object's path is ImageLoaded and its facts have no prefix; the
 * acting process's path is Image and its facts begin with Process.
 */
#ifndef YAGURA_XDR_RULEXML_PARTS_H
#define YAGURA_XDR_RULEXML_PARTS_H

#include "xdr/rulexml/rulexml.h"

struct _xmlNode;

enum {
    XML_BYTES_MAX = 1 << 20, VALUE_BYTES_MAX = 8192,
    XML_DEPTH_MAX = 48, XML_TESTS_MAX = 20 * 1000,
    ANCESTORS_MAX = 8, /* how far up an ancestor without a distance is looked for */
    ALTERNATIVES_MAX = 16,
};

struct xml {
    struct ruleset *set;
    struct arena *arena;
    struct str file, rule; /* rule: id or name, once known */
    size_t tests;
    bool refused;
    bool asks_system; /* a condition asks which system it is */
    bool is_partial;  /* a condition asks for what only enriched events hold */
};

/* Always false. Only the first refusal of a document is kept. */
bool xml_refuse(struct xml *x, const struct _xmlNode *at, const char *fmt, ...) printf_like(3, 4);

/* Names and attributes in any case. Texts are copies in the arena; absent gives STR_NONE. */
bool xml_is(const struct _xmlNode *node, const char *name);
struct str xml_attribute(struct xml *x, const struct _xmlNode *node, const char *name);
struct str xml_text(struct xml *x, const struct _xmlNode *node);
const struct _xmlNode *xml_child(const struct _xmlNode *node, const char *name);
const struct _xmlNode *xml_first(const struct _xmlNode *node); /* element children only */
const struct _xmlNode *xml_next(const struct _xmlNode *node);
int xml_line(const struct _xmlNode *node);
struct str xml_described(struct xml *x, const struct _xmlNode *description, const char *name);

/* Adds the rule to the set, once for each kind of event. */
bool xml_definition(struct xml *x, const struct _xmlNode *root, const struct rule *about);

/* ---- operations ---- */

struct subject {
    struct str path, also; /* also: a second field that may hold the path */
    struct str facts;      /* prefix */
};

struct subject_row { /* the same in a constant table */
    const char *path, *also, *facts;
};

enum guard {
    GUARD_NONE,
    GUARD_OUTBOUND,
    GUARD_INBOUND,
    GUARD_DELETES_VALUE,
    GUARD_DELETES_KEY,
    GUARD_IS_PROGRAM, /* a file event is about an executable file */
};

enum component_group { /* bits: what a condition inside an operation may ask for */
    ABOUT_FILE = 1 << 0,
    ABOUT_PROGRAM = 1 << 1, /* Module, ProcessInfo, LiveGrid, Enterprise */
    ABOUT_CLIENT = 1 << 2,
    ABOUT_DESTINATION = 1 << 3,
    ABOUT_REGISTRY = 1 << 4,
    ABOUT_NETWORK = 1 << 5,
    ABOUT_DNS = 1 << 6,
    ABOUT_SCRIPT = 1 << 7,
    ABOUT_INJECTION = 1 << 8,
    ABOUT_ACCESS = 1 << 9,
    ABOUT_BEHAVIOUR = 1 << 10,
    ABOUT_LOGON = 1 << 11,
    ABOUT_ENDPOINT = 1 << 12,
    ABOUT_BITS = 1 << 13,
    ABOUT_VOLUME = 1 << 14,
    ABOUT_WMI = 1 << 15,
    ABOUT_DETECTION = 1 << 16,
    ABOUT_SYSTEM = 1 << 17, /* everywhere */
};

struct kind { /* one kind of event an operation stands for */
    const char *operation;
    const char *product, *category, *service;
    const char *event_ids; /* apart by blanks; NULL: any */
    enum guard guard;
    unsigned groups;
    struct subject_row process, object, client, destination;
    const char *remote_address, *remote_name;
    bool names_value; /* registry events whose TargetObject ends in the name of a value */
};

extern const struct kind xml_kinds[];
extern const size_t xml_kind_count;
extern const struct kind xml_any_event; /* exclusions without operations: whatever the process did */

bool xml_operation_is_known(struct str type);
const struct expr *xml_kind_guard(struct arena *a, const struct kind *kind); /* NULL when there is none */

/* ---- conditions ---- */

struct place { /* where an expression stands */
    const struct kind *kind;
    bool in_operation;
    struct subject subject;
    const char *product; /* the system the entry is for, NULL when open */
};

/* NULL when refused. */
const struct expr *xml_expression(struct xml *x, const struct place *place, const struct _xmlNode *node, int depth);

enum xml_relation {
    REL_IS = 1,
    REL_CONTAINS,
    REL_STARTS,
    REL_ENDS,
    REL_LESS,
    REL_LESS_OR_EQUAL,
    REL_GREATER,
    REL_GREATER_OR_EQUAL,
    REL_NOT_EMPTY,
    REL_SET,
};

struct asked { /* one condition, its words understood; negation is laid around it by the caller */
    const struct _xmlNode *node;
    const struct place *place;
    enum xml_relation relation;
    struct str component, property, value;
};

enum meaning {
    MEANS_PATH = 1, /* of the subject */
    MEANS_NAME,
    MEANS_STEM,
    MEANS_FOLDER,
    MEANS_EXTENSION,
    MEANS_FACT,   /* text beside the subject */
    MEANS_FACT_NUMBER,
    MEANS_FACT_BOOL,
    MEANS_HASH,
    MEANS_INTEGRITY,
    MEANS_SIGNATURE,
    MEANS_TEXT, /* of the event */
    MEANS_NUMBER,
    MEANS_NOT_BOOL,
    MEANS_ADDRESS,
    MEANS_REMOTE_ADDRESS,
    MEANS_REMOTE_NAME,
    MEANS_KEY,
    MEANS_VALUE_NAME,
    MEANS_DWORD,
    MEANS_ACCESS_MASK,
    MEANS_SYSTEM,
    MEANS_TIME,
};

struct property {
    const char *name;
    enum meaning meaning;
    const char *field, *also;
    enum value_part part;
};

struct component {
    const char *name;
    unsigned group;
    const struct property *properties;
    size_t count;
    bool is_enriched; /* reputation and the like: no sensor of ours tells it, an enriching sender may */
};

const struct component *xml_component(struct str name);
const struct property *xml_property(const struct component *c, struct str name);
bool xml_is_client(struct str component, struct str *plain); /* ClientModule is Module of the client */

/* ---- values ---- */

/* %SYSTEM% and the like give way to what they stand for, in every way they can. */
struct strs xml_patterns(struct xml *x, struct str value);

/* A test of text, by relation IS, CONTAINS, STARTS, ENDS, NOT_EMPTY or SET, of any of the fields that are there. */
const struct expr *xml_text_test(struct xml *x, enum meaning part, struct str field, struct str also,
                                 enum xml_relation relation, struct strs patterns);
const struct expr *xml_equals(struct xml *x, struct str field, struct str text);

#endif

/* expression: operators and conditions as the engine's tests. */
#include <libxml/tree.h>

#include "core/base/text.h"
#include "xdr/number.h"
#include "xdr/rulexml/parts.h"

/* ---- words ---- */

static const struct {
    const char *name;
    enum xml_relation relation;
    bool negated;
} relations[] = {
    { "is", REL_IS, false },
    { "isnot", REL_IS, true },
    { "contains", REL_CONTAINS, false },
    { "notcontains", REL_CONTAINS, true },
    { "starts", REL_STARTS, false },
    { "notstarts", REL_STARTS, true },
    { "ends", REL_ENDS, false },
    { "notends", REL_ENDS, true },
    { "less", REL_LESS, false },
    { "lessOrEqual", REL_LESS_OR_EQUAL, false },
    { "greater", REL_GREATER, false },
    { "greaterOrEqual", REL_GREATER_OR_EQUAL, false },
    { "isnotempty", REL_NOT_EMPTY, false },
    { "isempty", REL_NOT_EMPTY, true },
    { "isset", REL_SET, false },
    { "isnotset", REL_SET, true },
};

static bool
relation_of(struct str name, enum xml_relation *relation, bool *negated)
{
    for (size_t i = 0; i < COUNT_OF(relations); i++)
        if (str_eq_nocase(name, str_of(relations[i].name))) {
            *relation = relations[i].relation;
            *negated = relations[i].negated;
            return true;
        }
    return false;
}

static bool
asks_presence(enum xml_relation relation)
{
    return relation == REL_SET || relation == REL_NOT_EMPTY;
}

/* The engine's word for a comparison; 0 for what compares no numbers. */
static enum relation
comparison(enum xml_relation relation)
{
    switch (relation) {
    case REL_IS: return IS_EQUAL;
    case REL_LESS: return IS_LESS;
    case REL_LESS_OR_EQUAL: return IS_LESS_OR_EQUAL;
    case REL_GREATER: return IS_GREATER;
    case REL_GREATER_OR_EQUAL: return IS_GREATER_OR_EQUAL;
    default: return 0;
    }
}

static const struct expr *
refuse(struct xml *x, const struct asked *q, const char *why)
{
    xml_refuse(x, q->node, STR_FMT " " STR_FMT ": %s", STR_ARG(q->component), STR_ARG(q->property), why);
    return NULL;
}

static const struct expr *
both(struct xml *x, const struct expr *a, const struct expr *b)
{
    return expr_and(x->arena, (const struct expr *[]){ a, b }, 2);
}

static const struct expr *
either(struct xml *x, const struct expr *a, const struct expr *b)
{
    return expr_or(x->arena, (const struct expr *[]){ a, b }, 2);
}

/* ---- kinds of answers ---- */

static struct str
fact(struct xml *x, const struct asked *q, const char *name)
{
    if (!name)
        return STR_NONE;
    return str_printf(x->arena, STR_FMT "%s", STR_ARG(q->place->subject.facts), name);
}

static const struct expr *
ask_text(struct xml *x, const struct asked *q, enum meaning part, struct str field, struct str also)
{
    if (!asks_presence(q->relation) && comparison(q->relation) > IS_EQUAL)
        return refuse(x, q, "it is a text and has no order");
    return xml_text_test(x, part, field, also, q->relation, xml_patterns(x, q->value));
}

static const struct expr *
number_test(struct xml *x, struct str field, enum relation relation, long double number, enum value_part part)
{
    return expr_test(x->arena, (struct test){ .kind = TEST_NUMBER, .field = field, .relation = relation,
                                              .number = number, .part = part });
}

static const struct expr *
ask_number(struct xml *x, const struct asked *q, struct str field, enum value_part part)
{
    long double number;
    if (asks_presence(q->relation))
        return xml_text_test(x, MEANS_TEXT, field, STR_NONE, q->relation, (struct strs){ NULL, 0 });
    if (!comparison(q->relation))
        return refuse(x, q, "it is a number and is only compared");
    if (!number_of(q->value, &number))
        return refuse(x, q, "the value is no number");
    return number_test(x, field, comparison(q->relation), number, part);
}

static bool
truth_of(struct str word, bool *out)
{
    *out = str_eq_nocase(word, STR("true")) || str_is(word, "1") || str_eq_nocase(word, STR("yes"));
    return *out || str_eq_nocase(word, STR("false")) || str_is(word, "0") || str_eq_nocase(word, STR("no"));
}

static const struct expr *
ask_bool(struct xml *x, const struct asked *q, struct str field, bool turned)
{
    bool truth;
    if (asks_presence(q->relation))
        return xml_text_test(x, MEANS_TEXT, field, STR_NONE, q->relation, (struct strs){ NULL, 0 });
    if (q->relation != REL_IS || !truth_of(q->value, &truth))
        return refuse(x, q, "it is true or false");
    truth = truth != turned;
    return either(x, xml_equals(x, field, truth ? STR("true") : STR("false")),
                  xml_equals(x, field, truth ? STR("1") : STR("0")));
}

static const struct expr *
ask_address(struct xml *x, const struct asked *q, const char *field)
{
    struct network network;
    if (!field)
        return refuse(x, q, "this operation has no such address");
    if (asks_presence(q->relation))
        return xml_text_test(x, MEANS_TEXT, str_of(field), STR_NONE, q->relation, (struct strs){ NULL, 0 });
    if (q->relation != REL_IS)
        return refuse(x, q, "an address takes is and isnot");
    if (!network_of(q->value, &network))
        return refuse(x, q, "the value is neither an address nor a network");
    return expr_test(x->arena, (struct test){ .kind = TEST_CIDR, .field = str_of(field), .network = network });
}

/* Senders list a file's hashes as SHA1=...,MD5=... or give each a field of its own. */
static const struct expr *
ask_hash(struct xml *x, const struct asked *q, const struct property *p)
{
    if (asks_presence(q->relation))
        return xml_text_test(x, MEANS_TEXT, fact(x, q, "Hashes"), fact(x, q, p->also), q->relation,
                             (struct strs){ NULL, 0 });
    if (q->relation != REL_IS || q->value.len == 0)
        return refuse(x, q, "a hash takes is and isnot");
    struct str listed = str_printf(x->arena, "%s=" STR_FMT, p->field, STR_ARG(q->value));
    const struct expr *in_list = expr_test(x->arena, (struct test){
        .kind = TEST_TEXT, .field = fact(x, q, "Hashes"), .pattern = pattern_contains(x->arena, listed) });
    return either(x, in_list, xml_equals(x, fact(x, q, p->also), q->value));
}

static const struct symbol {
    const char *name;
    int number;
} integrity_levels[] = {
    { "Untrusted", 0 }, { "Low", 4096 }, { "Medium", 8192 }, { "High", 12288 }, { "System", 16384 },
    { "Protected", 20480 },
}, signature_types[] = {
    { "Unknown", 50 }, { "Present", 50 }, { "Invalid", 60 }, { "None", 70 }, { "Adhoc", 75 }, { "Valid", 80 },
    { "Trusted", 90 },
};

static bool
symbol_of(const struct symbol *symbols, size_t count, struct str word, long double *out)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq_nocase(word, str_of(symbols[i].name))) {
            *out = symbols[i].number;
            return true;
        }
    return number_of(word, out);
}

/* Events say the level by its name or as a security identifier (S-1-16-12288). */
static const struct expr *
ask_integrity(struct xml *x, const struct asked *q)
{
    const struct expr *ways[2 * COUNT_OF(integrity_levels)];
    struct str field = fact(x, q, "IntegrityLevel");
    long double asked;
    size_t count = 0;
    if (asks_presence(q->relation))
        return xml_text_test(x, MEANS_TEXT, field, STR_NONE, q->relation, (struct strs){ NULL, 0 });
    if (!comparison(q->relation) || !symbol_of(integrity_levels, COUNT_OF(integrity_levels), q->value, &asked))
        return refuse(x, q, "there is no such integrity level");
    for (size_t i = 0; i < COUNT_OF(integrity_levels); i++) {
        if (!number_stands(integrity_levels[i].number, comparison(q->relation), asked))
            continue;
        ways[count++] = xml_equals(x, field, str_of(integrity_levels[i].name));
        ways[count++] = xml_equals(x, field, str_printf(x->arena, "S-1-16-%d", integrity_levels[i].number));
    }
    return expr_or(x->arena, ways, count);
}

/* A sender that knows gives SignatureType as a number; Sysmon says Signed and SignatureStatus. */
static const struct expr *
ask_signature(struct xml *x, const struct asked *q)
{
    struct str type = fact(x, q, "SignatureType"), signs = fact(x, q, "Signed");
    const struct expr *ways[4];
    long double asked;
    size_t count = 0;
    if (asks_presence(q->relation))
        return xml_text_test(x, MEANS_TEXT, type, signs, q->relation, (struct strs){ NULL, 0 });
    if (!comparison(q->relation) || !symbol_of(signature_types, COUNT_OF(signature_types), q->value, &asked))
        return refuse(x, q, "there is no such type of signature");
    enum relation relation = comparison(q->relation);
    const struct expr *is_signed = xml_equals(x, signs, STR("true"));
    const struct expr *is_valid = xml_equals(x, fact(x, q, "SignatureStatus"), STR("Valid"));
    ways[count++] = number_test(x, type, relation, asked, PART_WHOLE);
    if (number_stands(90, relation, asked))
        ways[count++] = both(x, is_signed, is_valid);
    if (number_stands(70, relation, asked))
        ways[count++] = xml_equals(x, signs, STR("false"));
    if (number_stands(60, relation, asked))
        ways[count++] = both(x, is_signed, expr_not(x->arena, is_valid));
    return expr_or(x->arena, ways, count);
}

/* Rules name hives in full or short; events use HKLM, HKU\<sid> and HKCR. */
static struct str
short_hive(struct arena *a, struct str key)
{
    static const char *const hives[][2] = {
        { "HKEY_LOCAL_MACHINE", "HKLM" }, { "HKEY_USERS", "HKU" },          { "HKEY_CLASSES_ROOT", "HKCR" },
        { "HKEY_CURRENT_USER", "HKU\\\xFF" }, { "HKCU", "HKU\\\xFF" },
    };
    for (size_t i = 0; i < COUNT_OF(hives); i++) {
        struct str name = str_of(hives[i][0]);
        if (key.len >= name.len && str_eq_nocase(str_head(key, name.len), name)
            && (key.len == name.len || key.at[name.len] == '\\'))
            return str_printf(a, "%s" STR_FMT, hives[i][1], STR_ARG(str_skip(key, name.len)));
    }
    return key;
}

/* TargetObject of a value event is key\value; the key is its folder. A trailing backslash of the rule is no part of
 * the key's name. */
static const struct expr *
ask_key(struct xml *x, const struct asked *q, struct str field)
{
    struct strs patterns = xml_patterns(x, q->value);
    for (size_t i = 0; i < patterns.count; i++) {
        struct str key = short_hive(x->arena, patterns.items[i]);
        bool whole = q->relation == REL_IS || q->relation == REL_ENDS;
        if (whole && key.len && key.at[key.len - 1] == '\\')
            key = str_head(key, key.len - 1);
        patterns.items[i] = key;
    }
    if (!asks_presence(q->relation) && comparison(q->relation) > IS_EQUAL)
        return refuse(x, q, "it is a text and has no order");
    enum meaning part = q->place->kind->names_value ? MEANS_FOLDER : MEANS_TEXT;
    return xml_text_test(x, part, field, STR_NONE, q->relation, patterns);
}

static const struct expr *
ask_dword(struct xml *x, const struct asked *q, struct str field)
{
    const struct expr *plain = ask_number(x, q, field, PART_WHOLE);
    long double number;
    if (!plain || q->relation != REL_IS || !number_of(q->value, &number) || number < 0 || number > UINT64_MAX)
        return plain;
    unsigned long long value = (unsigned long long)number;
    const struct expr *ways[] = {
        plain,
        xml_equals(x, field, str_printf(x->arena, "DWORD (0x%08llx)", value)),
        xml_equals(x, field, str_printf(x->arena, "QWORD (0x%08llx-0x%08llx)", value >> 32, value & 0xFFFFFFFF)),
    };
    return expr_or(x->arena, ways, COUNT_OF(ways));
}

/* The entry is compiled for one system, so the answer is known before any event. */
static const struct expr *
ask_system(struct xml *x, const struct asked *q)
{
    static const char *const names[][2] = {
        { "Windows", "windows" }, { "Win", "windows" },  { "Linux", "linux" },   { "Apple", "macos" },
        { "macos", "macos" },     { "macosx", "macos" }, { "osx", "macos" },
    };
    x->asks_system = true;
    if (asks_presence(q->relation))
        return expr_and(x->arena, NULL, 0);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (q->relation == REL_IS && str_eq_nocase(q->value, str_of(names[i][0]))) {
            bool same = q->place->product && strcmp(q->place->product, names[i][1]) == 0;
            return same ? expr_and(x->arena, NULL, 0) : expr_or(x->arena, NULL, 0);
        }
    return refuse(x, q, "there is no such system");
}

static const struct expr *
ask_time(struct xml *x, const struct asked *q, enum value_part part)
{
    const struct expr *shipped = ask_number(x, q, STR("@timestamp"), part);
    return shipped ? either(x, shipped, ask_number(x, q, STR("UtcTime"), part)) : NULL;
}

/* ---- conditions ---- */

static const struct expr *
ask_path(struct xml *x, const struct asked *q, enum meaning part)
{
    if (!q->place->subject.path.at)
        return refuse(x, q, "this operation has no such file");
    return ask_text(x, q, part, q->place->subject.path, q->place->subject.also);
}

static const struct expr *
ask(struct xml *x, const struct asked *q, const struct property *p)
{
    struct str field = str_of(p->field), also = str_of(p->also);
    const struct kind *kind = q->place->kind;
    switch (p->meaning) {
    case MEANS_PATH:
    case MEANS_NAME:
    case MEANS_STEM:
    case MEANS_FOLDER:
    case MEANS_EXTENSION: return ask_path(x, q, p->meaning);
    case MEANS_FACT: return ask_text(x, q, MEANS_TEXT, fact(x, q, p->field), fact(x, q, p->also));
    case MEANS_FACT_NUMBER: return ask_number(x, q, fact(x, q, p->field), PART_WHOLE);
    case MEANS_FACT_BOOL: return ask_bool(x, q, fact(x, q, p->field), false);
    case MEANS_HASH: return ask_hash(x, q, p);
    case MEANS_INTEGRITY: return ask_integrity(x, q);
    case MEANS_SIGNATURE: return ask_signature(x, q);
    case MEANS_TEXT: return ask_text(x, q, MEANS_TEXT, field, also);
    case MEANS_NUMBER:
    case MEANS_ACCESS_MASK: return ask_number(x, q, field, PART_WHOLE);
    case MEANS_NOT_BOOL: return ask_bool(x, q, field, true);
    case MEANS_ADDRESS: return ask_address(x, q, p->field);
    case MEANS_REMOTE_ADDRESS: return ask_address(x, q, kind->remote_address);
    case MEANS_REMOTE_NAME: return ask_text(x, q, MEANS_TEXT, str_of(kind->remote_name), STR_NONE);
    case MEANS_KEY: return ask_key(x, q, field);
    case MEANS_VALUE_NAME: return ask_text(x, q, MEANS_NAME, field, STR_NONE);
    case MEANS_DWORD: return ask_dword(x, q, field);
    case MEANS_SYSTEM: return ask_system(x, q);
    case MEANS_TIME: return ask_time(x, q, p->part);
    }
    return refuse(x, q, "it cannot be asked");
}

/* A property we do not know may be one of a newer sensor: asked by its own name, should an event bring it. */
static const struct expr *
ask_by_name(struct xml *x, const struct asked *q, const struct component *c)
{
    bool of_subject = c->group == ABOUT_FILE || c->group == ABOUT_PROGRAM;
    struct str name = of_subject ? str_printf(x->arena, STR_FMT STR_FMT, STR_ARG(q->place->subject.facts),
                                              STR_ARG(q->property)) : q->property;
    x->is_partial = true;
    if (comparison(q->relation) > IS_EQUAL)
        return ask_number(x, q, name, PART_WHOLE);
    return ask_text(x, q, MEANS_TEXT, name, STR_NONE);
}

static const struct expr *
understand(struct xml *x, struct asked *q)
{
    struct place of_client;
    struct str plain = q->component;
    bool is_client = xml_is_client(q->component, &plain);
    const struct component *c = xml_component(plain);
    if (!c)
        return refuse(x, q, "there is no such component");
    unsigned allowed = q->place->in_operation ? q->place->kind->groups : ABOUT_FILE | ABOUT_PROGRAM;
    if (c->group == ABOUT_DETECTION)
        return refuse(x, q, "detections of other rules are joined by a Sigma correlation instead");
    if (!((allowed | ABOUT_SYSTEM) & c->group) || (is_client && !(allowed & ABOUT_CLIENT)))
        return refuse(x, q, "this operation does not tell about it");
    if (is_client || c->group == ABOUT_DESTINATION) {
        const struct subject_row *row = is_client ? &q->place->kind->client : &q->place->kind->destination;
        of_client = *q->place;
        of_client.subject = (struct subject){ str_of(row->path), str_of(row->also), str_of(row->facts) };
        q->place = &of_client;
    }
    x->is_partial = x->is_partial || c->is_enriched;
    const struct property *p = xml_property(c, q->property);
    return p ? ask(x, q, p) : ask_by_name(x, q, c);
}

static const struct expr *
condition(struct xml *x, const struct place *place, const xmlNode *node)
{
    struct asked q = { .node = node, .place = place, .component = xml_attribute(x, node, "component"),
                       .property = xml_attribute(x, node, "property"), .value = xml_attribute(x, node, "value") };
    struct str word = xml_attribute(x, node, "condition");
    bool negated;
    if (!q.component.at || !q.property.at || !word.at) {
        xml_refuse(x, node, "a condition needs component, property and condition");
        return NULL;
    }
    if (!relation_of(word, &q.relation, &negated)) {
        xml_refuse(x, node, "there is no relation \"" STR_FMT "\"", STR_ARG(word));
        return NULL;
    }
    if (!q.value.at && !asks_presence(q.relation))
        return refuse(x, &q, "the condition has no value");
    if (q.value.len > VALUE_BYTES_MAX)
        return refuse(x, &q, "the value is too long");
    const struct expr *e = understand(x, &q);
    if (e && (x->tests += expr_size(e, XML_TESTS_MAX)) > XML_TESTS_MAX)
        return refuse(x, &q, "the rule has too many conditions");
    return e && negated ? expr_not(x->arena, e) : e;
}

static size_t
count_children(const xmlNode *node)
{
    size_t count = 0;
    for (const xmlNode *child = xml_first(node); child; child = xml_next(child))
        count++;
    return count;
}

static bool
operands(struct xml *x, const struct place *place, const xmlNode *node, int depth, const struct expr **parts,
         size_t *count)
{
    for (const xmlNode *child = xml_first(node); child; child = xml_next(child))
        if (!(parts[(*count)++] = xml_expression(x, place, child, depth + 1)))
            return false;
    return *count > 0 || xml_refuse(x, node, "an operator has nothing in it");
}

static const struct expr *
operator(struct xml *x, const struct place *place, const xmlNode *node, int depth)
{
    const struct expr **parts = arena_array_of(x->arena, count_children(node) + 1, const struct expr *);
    struct str type = xml_attribute(x, node, "type");
    size_t count = 0;
    if (!operands(x, place, node, depth, parts, &count))
        return NULL;
    if (str_eq_nocase(type, STR("AND")))
        return expr_and(x->arena, parts, count);
    if (str_eq_nocase(type, STR("OR")))
        return expr_or(x->arena, parts, count);
    if (str_eq_nocase(type, STR("NOT")))
        return expr_not(x->arena, expr_and(x->arena, parts, count));
    xml_refuse(x, node, "an operator is of type AND, OR or NOT");
    return NULL;
}

const struct expr *
xml_expression(struct xml *x, const struct place *place, const xmlNode *node, int depth)
{
    if (depth > XML_DEPTH_MAX) {
        xml_refuse(x, node, "operators are nested too deeply");
        return NULL;
    }
    if (xml_is(node, "operator"))
        return operator(x, place, node, depth);
    if (xml_is(node, "condition"))
        return condition(x, place, node);
    xml_refuse(x, node, "<%s> is neither operator nor condition", (const char *)node->name);
    return NULL;
}

/* JSON bodies of strangers: reading never crashes, and what was accepted survives being written and read again. */
#include "core/base/shape.h"
#include "tests/fuzz/fuzz.h"

enum colour { COLOUR_NONE, COLOUR_RED, COLOUR_GREEN };
static const struct domain colour_domain = DOMAIN(colour, "red", "green");

struct leaf {
    struct str word;
    int64_t number;
};

static const struct shape leaf_shape = SHAPE(leaf,
    FIELD(leaf, word, "A word", .required = true, .max = 20),
    FIELD(leaf, number, "A number", .min = -5, .max = 5000));

struct body {
    struct str text, email, zone, hex;
    int64_t whole, maybe;
    double real;
    bool flag;
    struct uuid id;
    struct instant at;
    enum colour colour;
    struct strs words;
    struct uuids ids;
    struct json any;
    struct bytes blob;
    struct rows leaves;
};

static const struct shape body_shape = SHAPE(body,
    FIELD(body, text, "Any text", .required = true, .max = 100),
    FIELD(body, email, "An address", .format = FORMAT_EMAIL),
    FIELD(body, zone, "A time zone", .format = FORMAT_TIME_ZONE),
    FIELD(body, hex, "Digits", .format = FORMAT_HEX),
    FIELD(body, whole, "A whole number", .min = -1000, .max = INT64_MAX),
    FIELD(body, maybe, "A number or none", .optional = true),
    FIELD(body, real, "A real number"),
    FIELD(body, flag, "Yes or no"),
    FIELD(body, id, "An identity"),
    FIELD(body, at, "A time"),
    FIELD(body, colour, "One of two", .of = &colour_domain),
    FIELD(body, words, "Words", .max = 5),
    FIELD(body, ids, "Identities"),
    FIELD(body, any, "Anything"),
    FIELD(body, blob, "Bytes"),
    FIELD(body, leaves, "Children", .items = &leaf_shape));

static struct str
written(struct arena *a, const struct body *record)
{
    struct text t = text_new(a, 8 << 20);
    shape_write_json(&t, &body_shape, record);
    return text_str(&t);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(1 << 16);
    struct scope s = scope_new(a, (struct instant){ 1 });
    struct body record = { 0 }, again = { 0 };
    struct str body = str_copy(a, (struct str){ (const char *)data, size });
    if (shape_read_json(&s, &body_shape, body, &record) && shape_check(&s, &body_shape, &record)) {
        struct str once = written(a, &record);
        if (!shape_read_json(&s, &body_shape, once, &again))
            abort(); /* we refuse what we wrote */
        if (!str_eq(once, written(a, &again)))
            abort(); /* a value changed on its way */
    } else if (!scope_has_failed(&s)) {
        abort(); /* refused without a reason */
    }
    arena_free(a);
    return 0;
}


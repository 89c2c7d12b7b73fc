#include "workflows/upload_metadata.h"

#include "core/base/crypto.h"

static bool
is_name(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
        if (!good)
            return false;
    }
    return name.len > 0 && name.len <= METADATA_NAME_MAX;
}

static bool
is_value(struct str value)
{
    for (size_t i = 0; i < value.len; i++)
        if ((unsigned char)value.at[i] < 0x20 || value.at[i] == 0x7F)
            return false;
    return value.len <= METADATA_VALUE_MAX && str_is_utf8(value);
}

struct str
metadata_value(const struct upload_metadata *m, const char *name)
{
    for (size_t i = 0; i < m->count; i++)
        if (str_is(m->words[i].name, name))
            return m->words[i].value;
    return STR_NONE;
}

bool
metadata_add(struct scope *s, struct upload_metadata *m, struct str name, struct str value)
{
    if (!is_name(name))
        return fail(s, &problem_malformed, "metadata: a name is 1 to %d letters, digits, _ or -", METADATA_NAME_MAX);
    if (metadata_value(m, str_c(s->arena, name)).at)
        return fail(s, &problem_malformed, "metadata: " STR_FMT " stands twice", STR_ARG(name));
    if (!is_value(value))
        return fail(s, &problem_malformed, "metadata: the value of " STR_FMT " is no text of at most %d bytes",
                    STR_ARG(name), METADATA_VALUE_MAX);
    if (m->count == METADATA_WORDS_MAX)
        return fail(s, &problem_malformed, "metadata: at most %d names", METADATA_WORDS_MAX);
    m->words[m->count++] = (struct metadata_word){ name, value.at ? value : STR("") };
    return true;
}

static bool
add_pair(struct scope *s, struct upload_metadata *m, struct str pair)
{
    struct str rest = str_trim(pair), name;
    struct bytes value = { STR("") };
    if (!str_cut(&rest, ' ', &name))
        return fail(s, &problem_malformed, "metadata: an empty pair");
    rest = str_trim(rest);
    if (rest.len && !base64_read(s->arena, rest, &value))
        return fail(s, &problem_malformed, "metadata: a value is not base64");
    return metadata_add(s, m, name, value.raw);
}

/* The header goes back as it came to whoever asks how far an upload is: so it holds nothing that a header may not. */
static bool
is_plain(struct str header)
{
    for (size_t i = 0; i < header.len; i++)
        if (header.at[i] < ' ' || header.at[i] == 0x7F)
            return false;
    return true;
}

bool
metadata_read(struct scope *s, struct str header, struct upload_metadata *out)
{
    struct str rest = header, pair;
    *out = (struct upload_metadata){ 0 };
    if (header.len > METADATA_BYTES_MAX)
        return fail(s, &problem_malformed, "metadata: at most %d bytes", METADATA_BYTES_MAX);
    if (!is_plain(header))
        return fail(s, &problem_malformed, "metadata: printable ASCII alone");
    if (!str_trim(header).len)
        return true;
    while (str_cut(&rest, ',', &pair))
        if (!add_pair(s, out, pair))
            return false;
    return true;
}

struct json
metadata_json(struct arena *a, const struct upload_metadata *m)
{
    struct text t = text_new(a, 2 * METADATA_WORDS_MAX * 6 * (METADATA_VALUE_MAX + METADATA_NAME_MAX));
    text_add_char(&t, '{');
    for (size_t i = 0; i < m->count; i++) {
        text_add(&t, i ? STR(",") : STR(""));
        json_write_str(&t, m->words[i].name);
        text_add_char(&t, ':');
        json_write_str(&t, m->words[i].value);
    }
    text_add_char(&t, '}');
    return (struct json){ text_str(&t) };
}

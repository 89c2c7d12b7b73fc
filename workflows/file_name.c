#include "workflows/file_name.h"

#include "core/base/text.h"

static struct str
last_part(struct str path)
{
    size_t begin = path.len;
    while (begin > 0 && path.at[begin - 1] != '/' && path.at[begin - 1] != '\\')
        begin--;
    return str_skip(path, begin);
}

/* Bytes of a character that is shown as something else, or as nothing: U+200B to U+200F, U+2028 to U+202E, U+2060 to
 * U+2069, U+FEFF, U+0080 to U+009F, U+061C. 0: none of them. */
static size_t
treacherous(const unsigned char *c, size_t left)
{
    if (left >= 2 && ((c[0] == 0xC2 && c[1] < 0xA0) || (c[0] == 0xD8 && c[1] == 0x9C)))
        return 2;
    if (left < 3)
        return 0;
    bool zero_width = c[0] == 0xE2 && c[1] == 0x80
        && ((c[2] >= 0x8B && c[2] <= 0x8F) || (c[2] >= 0xA8 && c[2] <= 0xAE));
    bool joiner = c[0] == 0xE2 && c[1] == 0x81 && c[2] >= 0xA0 && c[2] <= 0xA9;
    bool mark = c[0] == 0xEF && c[1] == 0xBB && c[2] == 0xBF;
    return zero_width || joiner || mark ? 3 : 0;
}

static bool
is_replaced(unsigned char c)
{
    return c < 0x20 || c == 0x7F || strchr("<>:\"|?*", c) != NULL;
}

/* CON, PRN, AUX, NUL, COM1 …: a device on some systems, whatever follows the dot. */
static bool
is_device(struct str name)
{
    static const char *const devices[] = { "CON", "PRN", "AUX", "NUL" };
    struct str stem;
    if (!str_cut(&name, '.', &stem))
        return false;
    for (size_t i = 0; i < COUNT_OF(devices); i++)
        if (str_eq_nocase(stem, str_of(devices[i])))
            return true;
    struct str head = str_head(stem, 3);
    return stem.len == 4 && stem.at[3] >= '0' && stem.at[3] <= '9'
        && (str_eq_nocase(head, STR("COM")) || str_eq_nocase(head, STR("LPT")));
}

/* Whole characters, and the ending that says what it is. */
static struct str
shortened(struct arena *a, struct str name)
{
    if (name.len <= FILE_NAME_MAX)
        return name;
    size_t dot = name.len;
    while (dot > 0 && name.len - dot < 16 && name.at[dot - 1] != '.')
        dot--;
    struct str ending = dot > 0 && name.at[dot - 1] == '.' ? str_skip(name, dot - 1) : STR("");
    size_t keep = FILE_NAME_MAX - ending.len;
    while (keep > 0 && ((unsigned char)name.at[keep] & 0xC0) == 0x80)
        keep--;
    return str_printf(a, STR_FMT STR_FMT, STR_ARG(str_head(name, keep)), STR_ARG(ending));
}

static struct str
without_edges(struct str name)
{
    name = str_trim(name);
    while (name.len && (name.at[name.len - 1] == '.' || name.at[name.len - 1] == ' '))
        name.len--;
    return name;
}

struct str
file_name_clean(struct arena *a, struct str given)
{
    struct str raw = str_is_utf8(given) ? last_part(given) : STR("");
    struct text t = text_new(a, raw.len + 1);
    for (size_t i = 0; i < raw.len;) {
        size_t skipped = treacherous((const unsigned char *)raw.at + i, raw.len - i);
        if (!skipped)
            text_add_char(&t, is_replaced((unsigned char)raw.at[i]) ? '_' : raw.at[i]);
        i += skipped ? skipped : 1;
    }
    struct str name = without_edges(text_str(&t));
    if (is_device(name))
        name = str_printf(a, "_" STR_FMT, STR_ARG(name));
    name = without_edges(shortened(a, name));
    return name.len ? name : STR("file");
}

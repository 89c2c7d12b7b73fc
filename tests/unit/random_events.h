/* random_events: events of random values, as JSON in the ways that senders write it, with the values beside. */
#ifndef YAGURA_TESTS_UNIT_RANDOM_EVENTS_H
#define YAGURA_TESTS_UNIT_RANDOM_EVENTS_H

#include "core/base/text.h"

enum { RANDOM_VALUES = 3, PARTS_MAX = 9 };

/* How a sender escapes what it need not. */
enum escaping { ESCAPES_LITTLE, ESCAPES_WIDE, ESCAPES_SIGNS, ESCAPES_AT_WILL, ESCAPING_COUNT };

struct random_event {
    struct str values[RANDOM_VALUES]; /* as people read them */
    struct str json;
};

static inline uint32_t
random_below(uint64_t *state, uint32_t bound)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33) % bound;
}

static inline struct str
random_value(struct arena *a, uint64_t *seed)
{
    static const char *const parts[] = {
        "cmd.exe", "\\", "C:\\Windows\\System32\\", "PowerShell", " ", "10.1.2.3", "192.168.20.77", ".", ":", "/",
        "-", "_", "a", "0", "7", "fe80::1ff:fe23:4567:890a", "db8", "evil-site.example.com", "t.yamada", "東京",
        "京都の", "é", "É", "Ａ", "ａ", "✊", "😀", "d41d8cd98f00b204e9800998ecf8427e",
        "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855", "\n", "\t", "\"", "<script>", "'", "=",
        "+", "SHA256=", "nnn", "uuu", "22:36:51.123", "1.2", "3.4.5", "::", "x9", "テスト", "\x01", "ſ", "K",
        "aGVsbG8gd29ybGQgdGhpcyBpcyBhIGxvbmcgYmFzZTY0IHRleHQ", "\\n", "\\u0041", "й", "Й",
    };
    struct text t = text_new(a, 4096);
    for (uint32_t i = random_below(seed, PARTS_MAX + 1); i > 0; i--)
        text_add_c(&t, parts[random_below(seed, COUNT_OF(parts))]);
    text_add_c(&t, "");
    return t.len ? text_str(&t) : STR("");
}

static inline uint32_t
code_point(const unsigned char *at, size_t *bytes)
{
    *bytes = at[0] >= 0xF0 ? 4 : at[0] >= 0xE0 ? 3 : at[0] >= 0xC0 ? 2 : 1;
    uint32_t c = *bytes == 1 ? at[0] : at[0] & (0x7Fu >> *bytes);
    for (size_t i = 1; i < *bytes; i++)
        c = c << 6 | (at[i] & 0x3F);
    return c;
}

static inline void
write_escape(struct text *out, uint32_t c, bool upper)
{
    const char *format = upper ? "\\u%04X" : "\\u%04x";
    if (c >= 0x10000) {
        text_addf(out, format, 0xD800 + ((c - 0x10000) >> 10));
        c = 0xDC00 + ((c - 0x10000) & 0x3FF);
    }
    text_addf(out, format, c);
}

static inline void
write_string(struct text *out, struct str value, enum escaping how, uint64_t *seed)
{
    static const char *const signs = "<>&'+/=";
    text_add_char(out, '"');
    for (size_t i = 0, bytes; i < value.len; i += bytes) {
        uint32_t c = code_point((const unsigned char *)value.at + i, &bytes);
        bool is_sign = c < 0x80 && c && strchr(signs, (int)c);
        bool at_will = how == ESCAPES_AT_WILL && random_below(seed, 4) == 0;
        if ((how == ESCAPES_WIDE && c >= 0x80) || (how == ESCAPES_SIGNS && is_sign) || at_will)
            write_escape(out, c, random_below(seed, 2));
        else if (c == '\\' || c == '"')
            text_addf(out, "\\%c", (int)c);
        else if (c == '\n' || c == '\t')
            text_add_c(out, c == '\n' ? "\\n" : "\\t");
        else if (c < 0x20)
            write_escape(out, c, false);
        else
            text_add(out, (struct str){ value.at + i, bytes });
    }
    text_add_char(out, '"');
}

static inline struct random_event
random_event(struct arena *a, uint64_t *seed, enum escaping how)
{
    struct random_event e;
    struct text t = text_new(a, 1 << 16);
    for (size_t i = 0; i < RANDOM_VALUES; i++)
        e.values[i] = random_value(a, seed);
    text_add_c(&t, "{\"Image\":");
    write_string(&t, e.values[0], how, seed);
    text_add_c(&t, ", \"CommandLine\":");
    write_string(&t, e.values[1], how, seed);
    text_add_c(&t, ",\"More\":[{\"Other\" : ");
    write_string(&t, e.values[2], how, seed);
    text_add_c(&t, "}]}");
    e.json = text_str(&t);
    return e;
}

#endif

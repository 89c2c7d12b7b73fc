#include "workflows/mail_words.h"

enum { LINES_MAX = 20000, SIGNATURE_LINES = 15, RULE_LETTERS = 8 };

struct lines {
    struct str *items; /* with their place in the text */
    size_t count;
};

static struct lines
split(struct arena *a, struct str text)
{
    struct lines all = { arena_array_of(a, LINES_MAX, struct str), 0 };
    struct str rest = text, line;
    while (all.count < LINES_MAX && str_cut(&rest, '\n', &line))
        all.items[all.count++] = line;
    return all;
}

static bool
is_blank(struct str line)
{
    return str_trim(line).len == 0;
}

static bool
is_quoted(struct str line)
{
    line = str_trim(line);
    return str_starts(line, STR(">")) || str_starts(line, STR("＞")) || str_starts(line, STR("|>"));
}

/* "On Tue, 24 Nov 2026, Yagura wrote:" and its kin, also when it was broken in two. */
static bool
introduces_quote(struct str line)
{
    static const char *const ends[] = { "wrote:", "writes:", "said:", "のメール:", "のメール：", "書きました:", "書きました：",
                                        "書いていました:", "wrote：", "<mailto:", "のメッセージ:", ">:", ">：" };
    line = str_trim(line);
    for (size_t i = 0; i < COUNT_OF(ends); i++)
        if (str_ends(line, str_of(ends[i])))
            return line.len < 400;
    return false;
}

static bool
has_any(struct str line, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_starts(line, str_of(words[i])))
            return true;
    return false;
}

/* Programs that put their answer on top leave all of the old mail below, unmarked, behind such a line. */
static bool
begins_old_mail(const struct lines *all, size_t at)
{
    static const char *const marks[] = { "-----Original Message", "----- Original Message", "-----元のメッセージ",
                                         "-------- Original Message", "-------- 元のメッセージ", "----- 転送",
                                         "-----Ursprüngliche" };
    static const char *const from[] = { "From:", "*From:*", "差出人:", "差出人：", "送信者:" };
    static const char *const more[] = { "Sent:", "To:", "Date:", "Subject:", "*Sent:*", "送信日時:", "送信日時：", "日時:",
                                        "宛先:", "宛先：", "件名:", "件名：", "Cc:", "CC:" };
    struct str line = str_trim(all->items[at]);
    if (has_any(line, marks, COUNT_OF(marks)))
        return true;
    if (!has_any(line, from, COUNT_OF(from)))
        return false;
    size_t found = 0;
    for (size_t i = at + 1; i < all->count && i < at + 6; i++)
        found += has_any(str_trim(all->items[i]), more, COUNT_OF(more));
    return found >= 2;
}

/* "-- " begins a signature; a Japanese one stands between rules: ━━━━, ====, ----, ****. */
static bool
begins_signature(const struct lines *all, size_t at)
{
    struct str line = all->items[at];
    if (str_is(line, "-- ") || str_is(line, "--") || str_is(line, "―― "))
        return true;
    line = str_trim(line);
    if (all->count - at > SIGNATURE_LINES || line.len < RULE_LETTERS)
        return false;
    size_t step = (unsigned char)line.at[0] >= 0xE0 ? 3 : (unsigned char)line.at[0] >= 0xC0 ? 2 : 1;
    bool letter = (line.at[0] >= '0' && line.at[0] <= '9') || (line.at[0] | 32) >= 'a';
    for (size_t i = step; i + step <= line.len; i += step)
        if (memcmp(line.at, line.at + i, step) != 0)
            return false;
    return !(step == 1 && letter) && line.len % step == 0;
}

/* From the end upwards: blank lines, quoted lines, the line that introduces them. */
static size_t
before_quotes(const struct lines *all, size_t end)
{
    size_t at = end;
    bool any = false;
    while (at > 0 && (is_blank(all->items[at - 1]) || is_quoted(all->items[at - 1]))) {
        any = any || is_quoted(all->items[at - 1]);
        at--;
    }
    if (!any)
        return end;
    if (at == 0 || !introduces_quote(all->items[at - 1]))
        return at;
    struct str line = all->items[at - 1];
    bool whole = str_contains(line, STR("On ")) || str_contains(line, STR("年")) || str_contains(line, STR("/20"));
    return at - (!whole && at > 1 && !is_blank(all->items[at - 2]) ? 2 : 1);
}

static size_t
end_of_words(const struct lines *all)
{
    size_t end = all->count;
    for (size_t i = 0; i < end; i++)
        if (begins_old_mail(all, i))
            end = i;
    end = before_quotes(all, end);
    struct lines said = { all->items, end };
    for (size_t i = 0; i < said.count; i++)
        if (begins_signature(&said, i)) {
            said.count = i;
            break;
        }
    return before_quotes(all, said.count);
}

struct mail_words
mail_words_of(struct arena *a, struct str text)
{
    struct lines all = split(a, text);
    size_t end = end_of_words(&all);
    bool anything = false;
    for (size_t i = 0; i < end; i++)
        anything = anything || !is_blank(all.items[i]);
    if (!anything || end == all.count)
        return (struct mail_words){ .said = str_trim(text) };
    size_t at = (size_t)(all.items[end].at - text.at);
    struct str folded = str_trim(str_skip(text, at));
    return (struct mail_words){ str_trim(str_head(text, at)), folded.len ? folded : STR_NONE };
}

/* ---- as Markdown ---- */

static bool
is_word(char c)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || (unsigned char)c >= 0x80;
}

/* Where the address that begins here ends; 0: none does. */
static size_t
address_bytes(struct str rest)
{
    if (!str_starts(rest, STR("http://")) && !str_starts(rest, STR("https://")))
        return 0;
    size_t end = 0;
    while (end < rest.len && rest.at[end] > ' ' && rest.at[end] != '<' && rest.at[end] != '>' && rest.at[end] != '"'
           && (unsigned char)rest.at[end] < 127)
        end++;
    return end;
}

static bool
needs_escape(struct str line, size_t i, size_t first)
{
    char c = line.at[i];
    if (c == '\\' || c == '`' || c == '[')
        return true;
    if (c == '#' || c == '~')
        return i == first;
    if (c == '*')
        return !(i == first && i + 1 < line.len && line.at[i + 1] == ' ');
    return c == '_' && !(i > 0 && i + 1 < line.len && is_word(line.at[i - 1]) && is_word(line.at[i + 1]));
}

static void
add_line(struct text *t, struct str line)
{
    size_t first = 0;
    while (first < line.len && line.at[first] == ' ')
        first++;
    for (size_t i = 0; i < line.len;) {
        size_t address = line.at[i] == 'h' ? address_bytes(str_skip(line, i)) : 0;
        if (!address && needs_escape(line, i, first))
            text_add_char(t, '\\');
        address += !address;
        text_add(t, str_head(str_skip(line, i), address));
        i += address;
    }
}

struct str
mail_markdown(struct arena *a, struct str text, size_t characters, bool *cut)
{
    struct text t = text_new(a, 2 * text.len + 2);
    struct str rest = text, line;
    while (str_cut(&rest, '\n', &line)) {
        add_line(&t, line);
        text_add_char(&t, '\n');
    }
    struct str all = str_trim(text_str(&t));
    size_t end = 0;
    for (size_t count = 0; end < all.len; end++)
        if (((unsigned char)all.at[end] & 0xC0) != 0x80 && ++count > characters)
            break;
    *cut = end < all.len;
    return str_head(all, end);
}

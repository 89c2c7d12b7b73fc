#include "workflows/password.h"

#include "core/base/text.h"

/* What people reach for. Stems, not passwords: password_is_common reads through capitals, digits for letters, and what
 * is put before and behind, so a line here stands for thousands. Separated by blanks, longest first where one begins
 * with another. */
static const char stems[] =
    " administrator superman starwars sunshine princess football baseball basketball password passw0rd passwort "
    "pasuwaado pasuwado welcome letmein trustno1 iloveyou loveyou lovely whatever computer internet security service "
    "changeme default support manager monitor network windows microsoft google facebook amazon apple samsung iphone "
    "android linux ubuntu debian cisco oracle root admin guest user test demo1 temp temporary secret private master "
    "monkey dragon shadow michael jennifer jordan hunter ranger buster soccer hockey tigger charlie batman pokemon "
    "naruto doraemon pikachu totoro hello kitty konnichiwa arigatou arigato ohayou sayonara sakura tsukuba tokyo osaka "
    "kyoto yokohama nagoya sapporo fukuoka japan nippon nihon samurai ninja fujisan tanaka suzuki satou yamada "
    "watanabe takahashi company kaisha office team group system server database login logon access enter "
    "spring summer autumn winter january february march april june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday freedom liverpool chelsea arsenal barcelona "
    "flower cookie chocolate cheese banana orange purple yellow silver golden diamond "
    "qazwsxedc qazwsx zaq12wsx 1qaz2wsx q1w2e3r4t5 q1w2e3r4 q1w2e3 asdfghjkl zxcvbnm qwertyuiop qwerty azerty "
    "abc123 abcd1234 aa123456 pass word love god sex money ";

/* Walked in either direction, a piece of one of these is one idea. */
static const char *const rows[] = {
    "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890-^",
};

enum { IDEAS_MIN = 5, RUN_MIN = 3, STEM_MIN = 3, FOLDED_MAX = PASSWORD_CHARACTERS_MAX * 4 };

static char
fold(char c)
{
    static const char from[] = "013457@$!", to[] = "oieastasi";
    const char *at = c ? strchr(from, c) : NULL;
    if (at)
        return to[at - from];
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static struct str
folded(struct arena *a, struct str s)
{
    struct text t = text_new(a, s.len + 1);
    for (size_t i = 0; i < s.len; i++)
        text_add_char(&t, fold(s.at[i]));
    return text_str(&t);
}

/* The longest of the words that `rest` begins with. */
static size_t
stem_length(struct str rest, struct str words)
{
    size_t longest = 0;
    struct str word;
    while (str_cut(&words, ' ', &word))
        if (word.len >= STEM_MIN && word.len > longest && str_starts(rest, word))
            longest = word.len;
    return longest;
}

static bool
follows(const char *row, char c, char next)
{
    const char *at = c ? strchr(row, c) : NULL;
    return at && next && (at[1] == next || (at > row && at[-1] == next));
}

/* The same letter again and again, or a walk along the alphabet or the keyboard. */
static size_t
run_length(struct str s)
{
    size_t longest = 1;
    while (longest < s.len && s.at[longest] == s.at[0])
        longest++;
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        size_t length = 1;
        while (length < s.len && follows(rows[r], s.at[length - 1], s.at[length]))
            length++;
        if (length > longest)
            longest = length;
    }
    return longest >= RUN_MIN ? longest : 0;
}

static size_t
digits_length(struct str s)
{
    size_t length = 0;
    while (length < s.len && s.at[length] >= '0' && s.at[length] <= '9')
        length++;
    return length;
}

/* How many ideas a password is made of: a stem, a run, a number is one; so is any other character. */
static size_t
count_ideas(struct arena *a, struct str password, struct str own_words)
{
    struct str plain = str_lower(a, password), read = folded(a, password);
    struct str common = folded(a, (struct str){ stems, sizeof stems - 1 }), own = folded(a, own_words);
    size_t ideas = 0;
    for (size_t i = 0; i < password.len; ideas++) {
        size_t lengths[] = {
            stem_length(str_skip(read, i), common), stem_length(str_skip(read, i), own),
            run_length(str_skip(plain, i)), digits_length(str_skip(plain, i)), 1,
        };
        size_t longest = 0;
        for (size_t k = 0; k < COUNT_OF(lengths); k++)
            longest = lengths[k] > longest ? lengths[k] : longest;
        i += longest;
    }
    return ideas;
}

bool
password_is_common(struct arena *a, struct str password)
{
    return count_ideas(a, password, STR_NONE) < IDEAS_MIN;
}

/* "ito.kenji@aoba.example" and 伊藤 Kenji: the words a stranger would try first. */
static struct str
words_of(struct arena *a, struct str email, struct str name)
{
    struct text t = text_new(a, 2000);
    for (size_t i = 0; i < email.len; i++)
        text_add_char(&t, strchr(".@_-+", email.at[i]) ? ' ' : email.at[i]);
    text_add_char(&t, ' ');
    text_add(&t, name);
    return str_lower(a, text_str(&t));
}

bool
password_acceptable(struct scope *s, struct str password, struct str email, struct str name)
{
    if (!str_is_utf8(password))
        return fail_field(s, "/password", FAULT_BAD_TEXT, NULL);
    if (str_characters(password) < PASSWORD_CHARACTERS_MIN)
        return fail_field(s, "/password", FAULT_TOO_SHORT, "12");
    if (str_characters(password) > PASSWORD_CHARACTERS_MAX || password.len > FOLDED_MAX)
        return fail_field(s, "/password", FAULT_TOO_LONG, "200");
    if (count_ideas(s->arena, password, words_of(s->arena, email, name)) < IDEAS_MIN)
        return fail_field(s, "/password", FAULT_COMMON_PASSWORD, NULL);
    return true;
}

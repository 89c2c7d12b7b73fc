#include "core/net/mime_signs.h"

static bool
begins_nocase(struct str text, struct str word)
{
    return text.len >= word.len && str_eq_nocase(str_head(text, word.len), word);
}

/* Skips "Re:", "返信:" and opening brackets. */
static struct str
without_prefixes(struct str subject)
{
    static const char *const prefixes[] = { "re:", "re：", "aw:", "返信:", "返信：", "【", "[", "［", "(", "（", "<" };
    for (size_t i = 0; i < COUNT_OF(prefixes); i++) {
        struct str prefix = str_of(prefixes[i]);
        if (begins_nocase(subject, prefix)) {
            subject = str_trim(str_skip(subject, prefix.len));
            i = (size_t)-1; /* from the beginning: they come in any number and order */
        }
    }
    return subject;
}

/* After the word the subject that is answered follows, or nothing: "不在のお知らせ: [AOBA-42] …". A case about such mails
 * does not begin like that. */
static bool
ends_the_word(struct str rest)
{
    static const char *const marks[] = { ":", "：", "】", "]", "］", ")", "）", ">", "-", "–", "_" };
    rest = str_trim(rest);
    for (size_t i = 0; i < COUNT_OF(marks); i++)
        if (str_starts(rest, str_of(marks[i])))
            return true;
    return rest.len == 0;
}

static bool
subject_says_so(struct str subject)
{
    static const char *const words[] = {
        "automatic reply", "automatic response", "auto reply", "auto-reply", "autoreply", "auto response",
        "autoresponse", "auto", "out of office", "out of the office", "out of office autoreply", "out-of-office",
        "vacation", "vacation reply", "on vacation", "on leave", "away from my mail", "absence notice",
        "delivery status notification", "undeliverable", "undelivered mail returned to sender",
        "mail delivery failed", "delivery failure", "returned mail",
        "自動返信", "自動応答", "自動返信メール", "自動応答メール", "不在", "不在通知", "不在連絡", "不在のお知らせ",
        "不在のご連絡", "休暇", "休暇中", "休暇のお知らせ", "休業のお知らせ", "長期休暇のお知らせ", "夏季休業のお知らせ",
        "年末年始休業のお知らせ", "配信不能", "配信エラー",
    };
    subject = without_prefixes(str_trim(subject));
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (begins_nocase(subject, str_of(words[i])) && ends_the_word(str_skip(subject, strlen(words[i]))))
            return true;
    return false;
}

static bool
is_one_of(struct str value, const char *const *words, size_t count)
{
    struct str rest = value, word;
    if (!str_cut(&rest, ';', &word))
        return false;
    for (size_t i = 0; i < count; i++)
        if (str_eq_nocase(str_trim(word), str_of(words[i])))
            return true;
    return false;
}

struct str
mime_automatic(const struct mime_signs *signs)
{
    static const char *const written[] = { "no" }, *const mass[] = { "bulk", "junk", "auto_reply" };
    if (signs->submitted.at && !is_one_of(signs->submitted, written, COUNT_OF(written)))
        return STR("Auto-Submitted");
    if (signs->autoreply.at)
        return STR("X-Autoreply");
    if (signs->autorespond.at)
        return STR("X-Autorespond");
    if (is_one_of(signs->precedence, mass, COUNT_OF(mass)))
        return STR("Precedence");
    if (str_is(signs->return_path, "<>"))
        return STR("Return-Path");
    if (signs->report)
        return STR("multipart/report");
    return subject_says_so(signs->subject) ? STR("Subject") : STR_NONE;
}

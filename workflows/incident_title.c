#include "workflows/incident_title.h"

enum { TITLE_BYTES_MAX = 300, CHAIN = 3 };

static const struct {
    const char *key, *en, *ja;
} tactics[] = {
    { "reconnaissance", "Reconnaissance", "偵察" },
    { "resource_development", "Resource development", "攻撃基盤の準備" },
    { "initial_access", "Initial access", "初期侵入" },
    { "execution", "Execution", "実行" },
    { "persistence", "Persistence", "永続化" },
    { "privilege_escalation", "Privilege escalation", "権限昇格" },
    { "defense_evasion", "Defence evasion", "防御回避" },
    { "credential_access", "Credential access", "認証情報の窃取" },
    { "discovery", "Discovery", "探索" },
    { "lateral_movement", "Lateral movement", "横展開" },
    { "collection", "Collection", "情報収集" },
    { "command_and_control", "Command and control", "遠隔操作" },
    { "exfiltration", "Exfiltration", "情報の持ち出し" },
    { "impact", "Impact", "破壊・暗号化" },
};

/* Rules spell them with _ or -. */
static bool
is_tactic(struct str word, const char *key)
{
    if (word.len != strlen(key))
        return false;
    for (size_t i = 0; i < word.len; i++)
        if ((word.at[i] == '-' ? '_' : word.at[i]) != key[i])
            return false;
    return true;
}

static struct str
name_of(struct str word, bool ja)
{
    for (size_t i = 0; i < COUNT_OF(tactics); i++)
        if (is_tactic(word, tactics[i].key))
            return str_of(ja ? tactics[i].ja : tactics[i].en);
    return word;
}

static struct str
cut(struct str text)
{
    size_t end = TITLE_BYTES_MAX;
    if (text.len <= end)
        return text;
    while (end > 0 && ((unsigned char)text.at[end] & 0xC0) == 0x80)
        end--;
    return str_head(text, end);
}

static struct str
where_en(struct arena *a, const struct incident_story *s)
{
    if (!s->computer.len)
        return STR("");
    if (s->computers > 1)
        return str_printf(a, " on " STR_FMT " and %lld more", STR_ARG(s->computer), (long long)s->computers - 1);
    return str_printf(a, " on " STR_FMT, STR_ARG(s->computer));
}

static struct str
where_ja(struct arena *a, const struct incident_story *s)
{
    if (!s->computer.len)
        return STR("");
    if (s->computers > 1)
        return str_printf(a, STR_FMT "ほか%lld台: ", STR_ARG(s->computer), (long long)s->computers - 1);
    return str_printf(a, STR_FMT ": ", STR_ARG(s->computer));
}

struct incident_titles
incident_title(struct arena *a, const struct incident_story *s)
{
    struct str en = s->title, ja = s->title_ja.len ? s->title_ja : s->title;
    struct str on = where_en(a, s), at = where_ja(a, s);
    if (s->tactics.count < CHAIN)
        return (struct incident_titles){ cut(str_printf(a, STR_FMT STR_FMT, STR_ARG(en), STR_ARG(on))),
                                         cut(str_printf(a, STR_FMT STR_FMT, STR_ARG(at), STR_ARG(ja))) };
    struct str first = s->tactics.items[0], last = s->tactics.items[s->tactics.count - 1];
    return (struct incident_titles){
        cut(str_printf(a, STR_FMT " to " STR_FMT STR_FMT ": " STR_FMT, STR_ARG(name_of(first, false)),
                       STR_ARG(str_lower(a, name_of(last, false))), STR_ARG(on), STR_ARG(en))),
        cut(str_printf(a, STR_FMT STR_FMT "から" STR_FMT "まで(" STR_FMT ")", STR_ARG(at),
                       STR_ARG(name_of(first, true)), STR_ARG(name_of(last, true)), STR_ARG(ja))) };
}

/* The language in which people ask for cases: one row per field. SQL here is about `page`, a row of the list; each ?
 * stands for the values as text[]. Whatever it reads is bound by row-level security like the list itself. */
#include "model/ticket_query.h"

#define ME(column) "page." column " = yagura_person()"

/* In these very words, so that the index of the open ones is seen to hold. */
#define OVER "'resolved', 'closed', 'declined'"
static const struct query_word status_words[] = {
    { "open", "未完了", .where = "page.status NOT IN (" OVER ")" },
    { "over", "完了", .where = "page.status IN (" OVER ")" },
    { "new", "新規", .labels = "new" },
    { "in_progress", "対応中", .labels = "in_progress" },
    { "waiting", "待ち", .labels = "waiting_customer,waiting_third_party" },
    { "waiting_customer", "お客様の回答待ち", .labels = "waiting_customer" },
    { "waiting_third_party", "第三者の対応待ち", .labels = "waiting_third_party" },
    { "resolved", "解決済み", .labels = "resolved" },
    { "closed", "終了", .labels = "closed" },
    { "declined", "お断り", .labels = "declined" },
};

static const struct query_word severity_words[] = {
    { "a", "重大", .labels = "a" }, { "b", "深刻", .labels = "b" }, { "c", "一般", .labels = "c" },
};

static const struct query_word awaits_words[] = {
    { "us", "自社", .where = "page.awaits = yagura_side()" },
    { "provider", "当社", .labels = "provider" },
    { "customer", "お客様", .labels = "customer" },
    { "nobody", "なし", .labels = "nobody" },
};

static const struct query_word service_words[] = {
    { "inquiry", "お問い合わせ", .where = "page.category_id IN (SELECT x.id FROM ticket_category x"
                                          " WHERE x.service = 'inquiry')" },
    { "mdr", "MDR", .where = "page.category_id IN (SELECT x.id FROM ticket_category x WHERE x.service = 'mdr')" },
    { "premium", "プレミアム", .where = "page.category_id IN (SELECT x.id FROM ticket_category x"
                                        " WHERE x.service = 'premium')" },
    { "mss", "MSS", .where = "page.category_id IN (SELECT x.id FROM ticket_category x WHERE x.service = 'mss')" },
};

static const struct query_word assignee_words[] = {
    { "me", "自分", .where = ME("assignee_id") }, { "none", "なし", .op = FILTER_ABSENT },
};

static const struct query_word requester_words[] = { { "me", "自分", .where = ME("requester_id") } };
static const struct query_word due_words[] = {
    { "any", "あり", .op = FILTER_PRESENT }, { "none", "なし", .op = FILTER_ABSENT },
};
static const struct query_word none_word[] = { { "none", "なし", .op = FILTER_ABSENT } };

#define NAMED                                                                                           \
    "SELECT p.ticket_id FROM ticket_mention m JOIN ticket_post p ON p.tenant_id = m.tenant_id AND p.id = m.post_id" \
    " WHERE m.person_id = yagura_person()"
static const struct query_word mention_words[] = {
    { "me", "自分", .where = "page.id IN (" NAMED ")" },
    { "new", "未読", .where = "page.id IN (" NAMED " AND m.created_at > coalesce((SELECT r.at FROM ticket_read r"
                              " WHERE r.tenant_id = p.tenant_id AND r.ticket_id = p.ticket_id"
                              "   AND r.person_id = m.person_id), '-infinity'))" },
};

static const struct query_word is_words[] = {
    { "unread", "未読", .where = "page.unread" },
    { "late", "期限超過", .where = "page.due_at < yagura_at()" },
    { "premium", "プレミアム", .where = "page.priority > 0" },
    { "decided", "確定済み", .where = "page.severity_decided" },
    { "reopened", "再開", .where = "page.cycle > 1" },
    { "snoozed", "スヌーズ中", .where = "page.id IN (SELECT z.ticket_id FROM ticket_snoozed z)" },
    { "answered", "回答済み", .where = "page.first_response_at IS NOT NULL" },
};

#define WORDS(table) .words = (table), .word_count = COUNT_OF(table)

static const struct query_field fields[] = {
    { "status", "状態", QUERY_CHOICE, "status", WORDS(status_words), .example = "status:open",
      .hint = { "Where it stands", "現在の状態" } },
    { "severity", "重大度", QUERY_CHOICE, "severity", WORDS(severity_words), .example = "severity:a,b",
      .hint = { "How grave it is", "重大度" } },
    { "assignee", "担当者", QUERY_PARTS, "assignee_id", .where = "page.assignee_name ILIKE ANY (?)",
      WORDS(assignee_words), .example = "assignee:me", .hint = { "The engineer in charge", "担当しているエンジニア" } },
    { "customer", "お客様", QUERY_PARTS, "tenant_id", .index = QUERY_INDEX_OF_OWNERS,
      .where = "page.tenant_id IN (SELECT x.id FROM tenant x WHERE x.name ILIKE ANY (?) OR x.short_code ILIKE ANY (?))",
      .example = "customer:aoba", .hint = { "Name or short code of the customer", "お客様の名称または略号" } },
    { "due", "期限", QUERY_AHEAD, "due_at", WORDS(due_words), .example = "due<2h",
      .hint = { "When the next promise is due", "次の期限までの時間" } },
    { "awaits", "手番", QUERY_CHOICE, "awaits", WORDS(awaits_words), .example = "awaits:us",
      .hint = { "Whose turn it is", "どちらの対応待ちか" } },
    { "tag", "タグ", QUERY_EXACT, "tags", .where = "page.tags && ?", .example = "tag:ransomware",
      .hint = { "A tag, as it is written", "タグ（完全一致）" } },
    { "category", "種類", QUERY_PARTS, "category_id",
      .where = "page.category_id IN (SELECT x.id FROM ticket_category x WHERE x.key ILIKE ANY (?)"
               " OR x.name_en ILIKE ANY (?) OR x.name_ja ILIKE ANY (?))",
      .example = "category:incident", .hint = { "What it is about", "お問い合わせの種類" } },
    { "service", "サービス", QUERY_CHOICE, "category_id", WORDS(service_words), .example = "service:premium",
      .hint = { "The part of the service", "サービスの区分" } },
    { "requester", "起票者", QUERY_PARTS, "requester_id", .where = "page.requester_name ILIKE ANY (?)",
      WORDS(requester_words), .example = "requester:tanaka", .hint = { "Who opened it", "お問い合わせをした方" } },
    { "team", "チーム", QUERY_PARTS, "team", .where = "page.team ILIKE ANY (?)", WORDS(none_word),
      .example = "team:soc", .hint = { "The team in charge", "担当チーム" } },
    { "subject", "件名", QUERY_PARTS, "subject", .index = QUERY_INDEX_OF_PARTS,
      .where = "(SELECT page.subject ILIKE ANY (?))", /* so that it is not taken for rare, and the list walked for it */
      .example = "subject:vpn",
      .hint = { "A part of the subject", "件名の一部" } },
    { "case", "番号", QUERY_EXACT, "number", .example = "case:AOBA-42",
      .where = "page.id IN (SELECT x.id FROM unnest(?) v (said)"
               " JOIN tenant y ON y.short_code = upper(split_part(v.said, '-', 1)) JOIN ticket x ON x.tenant_id = y.id"
               "  AND x.number = nullif(left(regexp_replace(split_part(v.said, '-', 2), '[^0-9]', '', 'g'), 18),"
               "                        '')::bigint)",
      .hint = { "The number people say on the phone", "お問い合わせ番号" } },
    { "mention", "メンション", QUERY_CHOICE, "id", WORDS(mention_words), .example = "mention:new",
      .hint = { "I am named in it", "自分へのメンション" } },
    { "is", "条件", QUERY_CHOICE, "id", WORDS(is_words), .example = "is:unread",
      .hint = { "What holds of it", "あてはまる条件" } },
    { "opened", "受付", QUERY_BACK, "opened_at", .example = "opened<7d",
      .hint = { "How long ago it was opened, or on which day", "受付からの時間、または受付日" } },
    { "updated", "更新", QUERY_BACK, "updated_at", .example = "updated:today",
      .hint = { "How long ago it last changed", "最後の更新からの時間" } },
    { "said", "発言", QUERY_BACK, "last_post_at", WORDS(none_word), .example = "said>3d",
      .hint = { "How long ago the last message came", "最後のメッセージからの時間" } },
    { "resolved", "解決", QUERY_BACK, "resolved_at", WORDS(none_word), .example = "resolved>=2026-11-01",
      .hint = { "When it was resolved", "解決した日時" } },
    { "closed", "終了", QUERY_BACK, "closed_at", WORDS(none_word), .example = "closed:yesterday",
      .hint = { "When it was closed", "終了した日時" } },
    { "messages", "件数", QUERY_NUMBER, "post_count", .example = "messages>10",
      .hint = { "How many messages both sides can read", "双方が読めるメッセージの数" } },
};

/* AOBA-42, and nothing that looks like it: one hyphen, then digits alone. */
static bool
is_reference(struct str word)
{
    struct str rest = word, code;
    if (!str_contains(word, STR("-")) || !str_cut(&rest, '-', &code) || code.len < 2 || code.len > 12 || !rest.len
        || rest.len > 9)
        return false;
    for (size_t i = 0; i < code.len; i++) {
        char c = (char)(code.at[i] | 0x20);
        if ((c < 'a' || c > 'z') && (code.at[i] < '0' || code.at[i] > '9'))
            return false;
    }
    for (size_t i = 0; i < rest.len; i++)
        if (rest.at[i] < '0' || rest.at[i] > '9')
            return false;
    return true;
}

#define SAID(words) "SELECT ticket_said(" words ", NULL)"

const struct query_language ticket_query_language = {
    .fields = fields, .count = COUNT_OF(fields), .is_name = is_reference,
    .word_where = "page.id IN (" SAID("(?)[1]") ")",
    .phrase_where = "page.subject ILIKE ANY (?) OR page.description ILIKE ANY (?) OR EXISTS (SELECT FROM ticket_post x"
                    " WHERE x.tenant_id = page.tenant_id AND x.ticket_id = page.id AND x.body ILIKE ANY (?))",
    .name_where = "page.id IN (SELECT x.id FROM tenant y JOIN ticket x ON x.tenant_id = y.id"
                  "    AND x.number = split_part((?)[1], '-', 2)::bigint"
                  "  WHERE y.short_code = upper(split_part((?)[1], '-', 1)) UNION ALL " SAID("(?)[1]") ")",
};

static const struct zone *
zone_of(struct scope *s, struct str name)
{
    const struct zone *zone = NULL;
    return name.at && zone_load(s->arena, name, &zone) ? zone : NULL;
}

void
ticket_query_understand(struct scope *s, const struct listing *l, void *args, struct listing_ask *ask)
{
    struct ticket_list_args *in = args;
    struct query_reading *reading = arena_new_of(s->arena, struct query_reading);
    struct query_sought sought;
    if (!in->query.at)
        return;
    query_text_read(s->arena, &ticket_query_language, in->query, reading);
    if (!reading->understood)
        note_sentence(s, STR("/query"), reading->fault.en, reading->fault.ja);
    else if (query_text_add(s, l, &ticket_query_language, zone_of(s, in->time_zone), reading, ask, &sought)) {
        in->phrases = sought.phrases;
        in->parts = sought.parts;
        in->owners = sought.owners;
        if (sought.words.at)
            in->words = in->words.at ? str_printf(s->arena, STR_FMT " " STR_FMT, STR_ARG(in->words),
                                                  STR_ARG(sought.words))
                                     : sought.words;
    }
}

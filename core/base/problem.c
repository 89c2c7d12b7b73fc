#include "core/base/problem.h"

#include <stdarg.h>

#include "core/base/log.h"
#include "core/base/scope.h"

const struct problem problem_invalid = {
    422, "validation", { "Some of what you entered cannot be used.", "入力内容に誤りがあります。ご確認ください。" } };
const struct problem problem_malformed = {
    400, "malformed", { "The request could not be read.", "リクエストの形式が正しくありません。" } };
const struct problem problem_unauthorized = {
    401, "unauthorized", { "Please sign in.", "ログインしてください。" } };
const struct problem problem_forbidden = {
    403, "forbidden", { "You do not have the permission for this.", "この操作を行う権限がありません。" } };
const struct problem problem_not_found = {
    404, "not-found", { "This does not exist, or you may not see it.",
                        "お探しのものが存在しないか、閲覧する権限がありません。" } };
const struct problem problem_conflict = {
    409, "conflict", { "This does not fit the present state.", "現在の状態では、この操作を行えません。" } };
const struct problem problem_stale = {
    412, "stale", { "Somebody changed this in the meantime. Please load it again.",
                    "ほかの方が先に変更しました。再読み込みしてからやり直してください。" } };
const struct problem problem_precondition = {
    428, "precondition-required", { "The request must name the version it changes (If-Match).",
                                    "変更対象の版（If-Match）を指定してください。" } };
const struct problem problem_too_large = {
    413, "too-large", { "The request is too large.", "リクエストのサイズが大きすぎます。" } };
const struct problem problem_rate_limited = {
    429, "rate-limited", { "Too many requests. Please wait a moment.",
                           "リクエストが多すぎます。しばらくお待ちください。" } };
const struct problem problem_internal = {
    500, "internal", { "Something went wrong on our side. It has been recorded.",
                       "サーバー側で問題が発生しました。内容は記録されています。" } };
const struct problem problem_unavailable = {
    503, "unavailable", { "The service is busy or restarting. Please try again shortly.",
                          "サービスが混み合っているか、再起動中です。しばらくしてからお試しください。" } };
const struct problem problem_busy = {
    503, "busy", { "Several changes met at once. Please try again.", "複数の変更が重なりました。もう一度お試しください。" } };
const struct problem problem_storage_full = {
    507, "storage-full", { "There is no room left to store this.", "保存領域が不足しているため、保存できません。" } };

/* `%s` stands for what was expected; texts with one have a second wording for when that is not known. */
struct fault_wording {
    struct bilingual plain, bounded;
};

static const struct fault_wording wordings[FAULT_COUNT] = {
    [FAULT_REQUIRED] = { { "is required", "必須項目です" } },
    [FAULT_UNKNOWN] = { { "is not known here", "この項目は使用できません" } },
    [FAULT_WRONG_TYPE] = { { "has the wrong type", "型が正しくありません" },
                           { "must be %s", "型が正しくありません（%s）" } },
    [FAULT_TOO_LONG] = { { "is too long", "長すぎます" },
                         { "must have at most %s characters", "%s文字以内で入力してください" } },
    [FAULT_TOO_SHORT] = { { "is too short", "短すぎます" },
                          { "must have at least %s characters", "%s文字以上で入力してください" } },
    [FAULT_TOO_SMALL] = { { "is too small", "値が小さすぎます" }, { "must be at least %s", "%s以上にしてください" } },
    [FAULT_TOO_LARGE] = { { "is too large", "値が大きすぎます" }, { "must be at most %s", "%s以下にしてください" } },
    [FAULT_NOT_IN_DOMAIN] = { { "is not one of the allowed values", "使用できない値です" },
                              { "must be one of: %s", "次のいずれかを指定してください：%s" } },
    [FAULT_BAD_UUID] = { { "is not an id", "IDの形式が正しくありません" } },
    [FAULT_BAD_INSTANT] = { { "is not a time with a zone, such as 2026-11-21T09:00:00+09:00",
                              "日時の形式が正しくありません（例：2026-11-21T09:00:00+09:00）" } },
    [FAULT_BAD_EMAIL] = { { "is not a mail address", "メールアドレスの形式が正しくありません" } },
    [FAULT_BAD_URL] = { { "is not an http or https address", "URLの形式が正しくありません" } },
    [FAULT_BAD_TIME_ZONE] = { { "is not a time zone, such as Asia/Tokyo",
                                "タイムゾーンの名前が正しくありません（例：Asia/Tokyo）" } },
    [FAULT_BAD_TEXT] = { { "contains characters that cannot be used", "使用できない文字が含まれています" } },
    [FAULT_DUPLICATE_KEY] = { { "is given twice", "同じ項目が重複しています" } },
    [FAULT_TOO_DEEP] = { { "is nested too deeply", "階層が深すぎます" },
                         { "may be nested %s levels deep at most", "階層は%s段以内にしてください" } },
    [FAULT_TOO_MANY] = { { "has too many entries", "件数が多すぎます" },
                         { "may have at most %s entries", "%s件以内にしてください" } },
    [FAULT_TAKEN] = { { "is already in use", "すでに使用されています" } },
    [FAULT_NOT_FOUND] = { { "does not exist", "存在しません" } },
    [FAULT_BAD_FORMAT] = { { "has the wrong form", "形式が正しくありません" },
                           { "must look like %s", "形式が正しくありません（例：%s）" } },
    [FAULT_COMMON_PASSWORD] = { { "is a password that many people use and others guess",
                                  "よく使われるパスワードのため、推測されるおそれがあります" } },
    [FAULT_SAME_PASSWORD] = { { "is the present password", "現在と同じパスワードです" } },
    [FAULT_READ_ONLY] = { { "cannot be set", "この項目は変更できません" } },
    [FAULT_NOT_ALLOWED] = { { "is not allowed", "許可されていません" } },
    [FAULT_NOT_UNDERSTOOD] = { { "cannot be understood", "内容を解釈できません" } },
};

static void
log_further(const struct scope *s, const struct problem *p, struct str detail)
{
    enum log_level level = p->status >= 500 ? LOG_WARN : LOG_DEBUG;
    log_event(s, level, "failure.further", "%s: " STR_FMT, p->slug, STR_ARG(detail));
}

bool
fail(struct scope *s, const struct problem *p, const char *fmt, ...)
{
    char room[1000];
    va_list args;
    va_start(args, fmt);
    int length = vsnprintf(room, sizeof room, fmt, args);
    va_end(args);
    struct str detail = { room, length < 0 ? 0 : (size_t)length < sizeof room ? (size_t)length : sizeof room - 1 };
    while (detail.len && !str_is_utf8(detail))
        detail.len--; /* cut within a character, or echoed bytes that are none */
    if (s->failure.problem) {
        log_further(s, p, detail);
        return false;
    }
    s->failure.problem = p;
    s->failure.detail = str_copy(s->arena, detail);
    return false;
}

static bool
already_noted(const struct failure *f, struct str pointer)
{
    for (size_t i = 0; i < f->violation_count; i++)
        if (str_eq(f->violations[i].pointer, pointer))
            return true;
    return false;
}

/* One violation per place: of a list that is both too long and wrong in type one hears the first. */
void
note_violation(struct scope *s, struct str pointer, enum fault fault, struct str expected)
{
    struct failure *f = &s->failure;
    if (!f->problem)
        f->problem = &problem_invalid;
    if (f->violation_count >= VIOLATIONS_MAX || already_noted(f, pointer))
        return;
    f->violations[f->violation_count++] = (struct violation){
        .pointer = str_copy(s->arena, pointer), .fault = fault, .expected = str_copy(s->arena, expected) };
}

void
note_sentence(struct scope *s, struct str pointer, struct str en, struct str ja)
{
    struct failure *f = &s->failure;
    size_t before = f->violation_count;
    note_violation(s, pointer, FAULT_NOT_UNDERSTOOD, STR_NONE);
    if (f->violation_count > before) {
        f->violations[before].en = str_copy(s->arena, en);
        f->violations[before].ja = str_copy(s->arena, ja);
    }
}

bool
fail_field(struct scope *s, const char *pointer, enum fault fault, const char *expected)
{
    note_violation(s, str_of(pointer), fault, str_of(expected));
    return false;
}

struct str
fault_text(struct arena *a, const struct violation *v, enum language language)
{
    if (v->fault <= FAULT_NONE || v->fault >= FAULT_COUNT)
        return STR("");
    const struct fault_wording *w = &wordings[v->fault];
    if (v->en.at && v->ja.at)
        return language == LANGUAGE_JA ? v->ja : v->en;
    if (!v->expected.at || !w->bounded.en)
        return str_of(bilingual_in(w->plain, language));
    struct str text = str_of(bilingual_in(w->bounded, language));
    size_t gap = str_find(text, STR("%s"));
    return str_printf(a, STR_FMT STR_FMT STR_FMT, STR_ARG(str_head(text, gap)), STR_ARG(v->expected),
                      STR_ARG(str_skip(text, gap + 2)));
}

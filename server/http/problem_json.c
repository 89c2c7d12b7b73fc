/* problem+json (RFC 9457), in the reader's language. Of what went wrong on our side only the title is told. */
#include "server/http/exchange.h"

const struct problem problem_no_method = { 405, "method-not-allowed",
    { "This address does not offer that method.", "このアドレスではそのメソッドを利用できません。" } };
const struct problem problem_media_type = { 415, "unsupported-media-type",
    { "The body must be sent as application/json.", "本文は application/json 形式で送信してください。" } };
const struct problem problem_csrf = { 403, "csrf",
    { "The X-CSRF-Token header is missing or wrong. Please reload the page.",
      "X-CSRF-Token ヘッダーがないか、正しくありません。ページを再読み込みしてください。" } };
const struct problem problem_fresh_factor = { 403, "fresh-factor-needed",
    { "Please confirm this action with your second factor.", "この操作には、二要素認証による再確認が必要です。" } };
const struct problem problem_stage = { 401, "second-factor-needed",
    { "Please complete the sign-in with your second factor.", "二要素認証を行い、ログインを完了してください。" } };
const struct problem problem_key_mismatch = { 422, "idempotency-mismatch",
    { "This Idempotency-Key was already used for a different request.",
      "この Idempotency-Key は、別の内容のリクエストですでに使用されています。" } };

static const char *
fault_code(enum fault fault)
{
    static const char *const codes[FAULT_COUNT] = {
        [FAULT_REQUIRED] = "required", [FAULT_UNKNOWN] = "unknown", [FAULT_WRONG_TYPE] = "wrong_type",
        [FAULT_TOO_LONG] = "too_long", [FAULT_TOO_SHORT] = "too_short", [FAULT_TOO_SMALL] = "too_small",
        [FAULT_TOO_LARGE] = "too_large", [FAULT_NOT_IN_DOMAIN] = "not_in_domain", [FAULT_BAD_UUID] = "bad_uuid",
        [FAULT_BAD_INSTANT] = "bad_instant", [FAULT_BAD_EMAIL] = "bad_email", [FAULT_BAD_URL] = "bad_url",
        [FAULT_BAD_TIME_ZONE] = "bad_time_zone", [FAULT_BAD_TEXT] = "bad_text",
        [FAULT_DUPLICATE_KEY] = "duplicate_key", [FAULT_TOO_DEEP] = "too_deep", [FAULT_TOO_MANY] = "too_many",
        [FAULT_TAKEN] = "taken", [FAULT_NOT_FOUND] = "not_found", [FAULT_BAD_FORMAT] = "bad_format",
        [FAULT_COMMON_PASSWORD] = "common_password", [FAULT_SAME_PASSWORD] = "same_password",
        [FAULT_READ_ONLY] = "read_only",
        [FAULT_NOT_ALLOWED] = "not_allowed",
    };
    return fault < FAULT_COUNT && codes[fault] ? codes[fault] : "invalid";
}

static void
add_member(struct text *t, const char *name, struct str value)
{
    text_addf(t, ",\"%s\":", name);
    json_write_str(t, value);
}

static void
add_violations(struct text *t, struct arena *a, const struct failure *f, enum language language)
{
    text_add(t, STR(",\"errors\":["));
    for (size_t i = 0; i < f->violation_count; i++) {
        const struct violation *v = &f->violations[i];
        text_add(t, i ? STR(",{\"pointer\":") : STR("{\"pointer\":"));
        json_write_str(t, v->pointer);
        add_member(t, "code", str_of(fault_code(v->fault)));
        add_member(t, "message", fault_text(a, v, language));
        text_add_char(t, '}');
    }
    text_add_char(t, ']');
}

struct str
problem_json(struct arena *a, const struct failure *f, struct str request_id, enum language language)
{
    const struct problem *p = f->problem;
    struct text t = text_new(a, 64 * 1024);
    text_add(&t, STR("{\"type\":"));
    json_write_str(&t, str_printf(a, "/problems/%s", p->slug));
    add_member(&t, "title", str_of(bilingual_in(p->title, language)));
    text_addf(&t, ",\"status\":%d", p->status);
    add_member(&t, "code", str_of(p->slug));
    if (f->detail.at && p->status < 500)
        add_member(&t, "detail", f->detail);
    add_member(&t, "instance", request_id);
    if (f->violation_count)
        add_violations(&t, a, f, language);
    text_add_char(&t, '}');
    return text_str(&t);
}

#include "workflows/oidc_provider.h"

#include <stdatomic.h>

#include "core/base/crypto.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/net/fetch.h"
#include "workflows/oidc_kept.h"
#include "workflows/service.h"

enum { ANSWER_BYTES_MAX = 256 << 10, FORM_BYTES_MAX = 16 << 10, ANSWER_MS = 8000 };

const struct problem oidc_provider_wrong = {
    .status = 502, .slug = "identity-provider-failed",
    .title = { .en = "The identity provider did not answer as it should. Please try again later.",
               .ja = "IDプロバイダーから正しい応答がありませんでした。しばらくしてからお試しください。" },
};

const struct problem oidc_busy = {
    .status = 429, .slug = "identity-provider-busy",
    .title = { .en = "Many people are signing in this way at the moment. Please try again in a few seconds.",
               .ja = "現在、ログインが集中しています。数秒後にもう一度お試しください。" },
};

bool
oidc_talk_begin(struct scope *s)
{
    if (atomic_fetch_add(s->service->provider_talks, 1) < OIDC_TALKS_MAX)
        return true;
    oidc_talk_end(s);
    fail(s, &oidc_busy, "%d calls wait for identity providers", OIDC_TALKS_MAX);
    s->failure.retry_after_s = 3;
    return false;
}

void
oidc_talk_end(const struct scope *s)
{
    atomic_fetch_sub(s->service->provider_talks, 1);
}

struct member {
    const char *name;
    struct str *text;
    bool *flag;
};

/* Takes the wanted members of an object and passes over the rest. */
static bool
read_members(struct scope *s, struct str body, const struct member *wanted, size_t count)
{
    struct json_reader r = json_reader_new(body);
    struct str name, raw;
    bool more;
    if (!json_validate(s, body) || !json_enter(&r, JSON_OBJECT)) {
        scope_forgive(s);
        return fail(s, &oidc_provider_wrong, "not a JSON object");
    }
    while (json_member(&r, s->arena, &name, &more) && more) {
        const struct member *m = NULL;
        for (size_t i = 0; i < count; i++)
            if (str_is(name, wanted[i].name))
                m = &wanted[i];
        enum json_kind kind = json_peek(&r);
        bool fine = m && m->text && kind == JSON_STRING ? json_string(&r, s->arena, m->text)
                  : m && m->flag && kind == JSON_BOOL   ? json_bool(&r, m->flag)
                  : m && m->text && kind != JSON_NULL   ? json_skip(&r, m->text)
                                                        : json_skip(&r, &raw);
        if (!fine)
            return fail(s, &oidc_provider_wrong, "not JSON");
    }
    return true;
}

struct str
form_escape(struct arena *a, struct str s)
{
    struct text t = text_new(a, s.len * 3 + 1);
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                  || c == '-' || c == '.' || c == '_' || c == '~';
        if (plain)
            text_add_char(&t, (char)c);
        else
            text_addf(&t, "%%%02X", c);
    }
    return text_str(&t);
}

/* Plain http only where the portal itself is served so: on a developer's machine. */
static bool
ask(struct scope *s, struct fetch_request *request, const char *what, struct str *body)
{
    struct fetch_answer answer;
    request->reach = s->service->reach;
    request->https_only = str_starts(s->service->public_url, STR("https:"));
    request->answer_max = ANSWER_BYTES_MAX;
    request->timeout_ms = ANSWER_MS;
    if (!fetch(s, request, &answer))
        return false;
    if (answer.status != 200)
        return fail(s, &oidc_provider_wrong, "%s: status %d", what, answer.status);
    *body = answer.body;
    return true;
}

bool
oidc_discover(struct scope *s, struct str issuer, int64_t age_us, struct oidc_endpoints *out)
{
    struct str body, methods = STR_NONE;
    struct str base = str_ends(issuer, STR("/")) ? str_head(issuer, issuer.len - 1) : issuer;
    struct fetch_request request = {
        .url = str_printf(s->arena, STR_FMT "/.well-known/openid-configuration", STR_ARG(base)),
    };
    *out = (struct oidc_endpoints){ 0 };
    const struct member wanted[] = {
        { "issuer", &out->issuer, NULL }, { "authorization_endpoint", &out->authorization, NULL },
        { "token_endpoint", &out->token, NULL }, { "userinfo_endpoint", &out->userinfo, NULL },
        { "jwks_uri", &out->jwks, NULL }, { "token_endpoint_auth_methods_supported", &methods, NULL },
    };
    bool is_kept = oidc_kept_find(s, request.url, age_us, &body);
    if ((!is_kept && !ask(s, &request, "discovery", &body)) || !read_members(s, body, wanted, COUNT_OF(wanted)))
        return false;
    if (!str_eq(out->issuer, issuer))
        return fail(s, &oidc_provider_wrong, "it calls itself " STR_FMT, STR_ARG(out->issuer));
    if (!out->authorization.at || !out->token.at || !out->jwks.at)
        return fail(s, &oidc_provider_wrong, "discovery names no endpoints");
    if (!is_kept)
        oidc_kept_put(s, request.url, body);
    out->basic_auth = !methods.at || str_contains(methods, STR("\"client_secret_basic\""));
    return true;
}

bool
oidc_fetch_keys(struct scope *s, const struct oidc_endpoints *at, int64_t age_us, struct str *jwks)
{
    struct fetch_request request = { .url = at->jwks };
    if (oidc_kept_find(s, at->jwks, age_us, jwks))
        return true;
    if (!ask(s, &request, "keys", jwks))
        return false;
    if (json_validate(s, *jwks)) {
        oidc_kept_put(s, at->jwks, *jwks);
        return true;
    }
    scope_forgive(s);
    return fail(s, &oidc_provider_wrong, "the key set is not JSON");
}

static void
add_pair(struct scope *s, struct text *form, const char *name, struct str value)
{
    if (form->len)
        text_add_char(form, '&');
    text_addf(form, "%s=", name);
    text_add(form, form_escape(s->arena, value));
}

/* RFC 6749, 2.3.1: both halves are form-encoded before they are joined. */
static struct str
basic(struct scope *s, const struct oidc_exchange *with)
{
    struct str pair = str_printf(s->arena, STR_FMT ":" STR_FMT, STR_ARG(form_escape(s->arena, with->client_id)),
                                 STR_ARG(form_escape(s->arena, with->client_secret)));
    return str_printf(s->arena, "Basic " STR_FMT, STR_ARG(base64_of(s->arena, (struct bytes){ pair })));
}

bool
oidc_trade(struct scope *s, const struct oidc_endpoints *at, const struct oidc_exchange *with,
           struct oidc_tokens *out)
{
    struct text form = text_new(s->arena, FORM_BYTES_MAX);
    bool in_header = with->client_secret.at && at->basic_auth;
    add_pair(s, &form, "grant_type", STR("authorization_code"));
    add_pair(s, &form, "code", with->code);
    add_pair(s, &form, "redirect_uri", with->redirect_uri);
    add_pair(s, &form, "code_verifier", with->code_verifier);
    if (!in_header)
        add_pair(s, &form, "client_id", with->client_id);
    if (!in_header && with->client_secret.at)
        add_pair(s, &form, "client_secret", with->client_secret);
    const struct fetch_header headers[] = {
        { STR("Content-Type"), STR("application/x-www-form-urlencoded") },
        { STR("Accept"), STR("application/json") },
        { STR("Authorization"), in_header ? basic(s, with) : STR_NONE },
    };
    struct fetch_request request = { .method = "POST", .url = at->token, .headers = headers,
                                     .header_count = in_header ? 3 : 2, .body = text_str(&form) };
    struct str body;
    *out = (struct oidc_tokens){ 0 };
    const struct member wanted[] = { { "id_token", &out->id_token, NULL },
                                     { "access_token", &out->access_token, NULL } };
    return ask(s, &request, "token", &body) && read_members(s, body, wanted, COUNT_OF(wanted))
        && (out->id_token.at || fail(s, &oidc_provider_wrong, "no ID token"));
}

bool
oidc_ask_address(struct scope *s, const struct oidc_endpoints *at, struct str access_token, struct str subject,
                 struct str *email, bool *verified)
{
    struct str body, sub = STR_NONE;
    const struct fetch_header headers[] = {
        { STR("Authorization"), str_printf(s->arena, "Bearer " STR_FMT, STR_ARG(access_token)) },
        { STR("Accept"), STR("application/json") },
    };
    struct fetch_request request = { .url = at->userinfo, .headers = headers, .header_count = COUNT_OF(headers) };
    const struct member wanted[] = { { "sub", &sub, NULL }, { "email", email, NULL },
                                     { "email_verified", NULL, verified } };
    if (!at->userinfo.at || !access_token.at)
        return fail(s, &oidc_provider_wrong, "neither the ID token nor userinfo tells the address");
    return ask(s, &request, "userinfo", &body) && read_members(s, body, wanted, COUNT_OF(wanted))
        && (str_eq(sub, subject) || fail(s, &oidc_provider_wrong, "userinfo speaks of somebody else"));
}

#include "workflows/oidc.h"

#include "core/base/crypto.h"
#include "core/base/text.h"
#include "model/tenant.h"
#include "workflows/audit.h"
#include "workflows/id_token.h"
#include "workflows/oidc_kept.h"
#include "workflows/oidc_provider.h"
#include "workflows/service.h"

enum { RANDOM_BYTES = 32, URL_BYTES_MAX = 8 << 10 };

const struct problem oidc_state_gone = {
    .status = 410, .slug = "sign-in-expired",
    .title = { .en = "This sign-in took too long or was begun in another browser. Please start again.",
               .ja = "ログインの有効期限が切れたか、別のブラウザーで開始されています。もう一度お試しください。" },
};
const struct problem oidc_nobody = {
    .status = 403, .slug = "sign-in-unknown-person",
    .title = { .en = "Your organisation's sign-in worked, but no active account here has that e-mail address.",
               .ja = "組織のログインは成功しましたが、このメールアドレスの有効なアカウントがありません。" },
};

struct str
oidc_redirect_uri(const struct scope *s)
{
    return str_printf(s->arena, STR_FMT "/api/v1/oidc/callback", STR_ARG(s->service->public_url));
}

static struct str
secret_context(struct arena *a, struct uuid provider_id)
{
    return str_printf(a, "identity_provider.client_secret:" STR_FMT, STR_ARG(uuid_format(a, provider_id)));
}

static void
add_pair(struct scope *s, struct text *url, const char *name, struct str value)
{
    text_addf(url, "%s=", name);
    text_add(url, form_escape(s->arena, value));
    text_add_char(url, '&');
}

static struct str
authorization_url(struct scope *s, const struct oidc_endpoints *at, struct str client_id, struct str state,
                  struct str nonce, struct str verifier)
{
    struct text url = text_new(s->arena, URL_BYTES_MAX);
    text_add(&url, at->authorization);
    text_add_char(&url, str_contains(at->authorization, STR("?")) ? '&' : '?');
    add_pair(s, &url, "client_id", client_id);
    add_pair(s, &url, "redirect_uri", oidc_redirect_uri(s));
    add_pair(s, &url, "state", state);
    add_pair(s, &url, "nonce", nonce);
    add_pair(s, &url, "code_challenge", base64url_of(s->arena, sha256_of(s->arena, verifier)));
    text_add_c(&url, "code_challenge_method=S256&response_type=code&scope=openid%20email%20profile");
    return text_str(&url);
}

/* A page of our own, or the first one: not a way to send people elsewhere. */
static struct str
safe_page(struct str page)
{
    bool ours = page.len > 1 && page.len < 500 && page.at[0] == '/' && page.at[1] != '/' && page.at[1] != '\\';
    return ours ? page : STR("/");
}

bool
oidc_start(struct scope *s, struct uuid provider_id, struct str return_to, struct oidc_way *out)
{
    struct db *db = s->db;
    struct oidc_provider provider;
    struct oidc_endpoints at;
    struct str state = random_token(s->arena, RANDOM_BYTES);
    *out = (struct oidc_way){ .browser_token = random_token(s->arena, RANDOM_BYTES) };
    struct oidc_args args = {
        .provider_id = provider_id, .at = s->now, .expires_at = instant_plus(s->now, MINUTES(OIDC_STATE_MINUTES)),
        .state_hash = sha256_of(s->arena, state), .browser_hash = sha256_of(s->arena, out->browser_token),
        .nonce = random_token(s->arena, RANDOM_BYTES), .code_verifier = random_token(s->arena, RANDOM_BYTES),
        .return_to = safe_page(return_to),
    };
    if (!db_one(s, &oidc_open, &args, &provider) || !db_commit(s) || !oidc_talk_begin(s))
        return false;
    bool found = oidc_discover(s, provider.issuer, MINUTES(OIDC_KEPT_MINUTES), &at);
    oidc_talk_end(s);
    if (!found || !db_begin(s, db, (struct uuids){ NULL, 0 }) || !db_run(s, &oidc_remember, &args, NULL))
        return false;
    out->url = authorization_url(s, &at, provider.client_id, state, args.nonce, args.code_verifier);
    return true;
}

/* The kept keys, or those of now where the token is signed by another one: keys rotate. */
static bool
keys_for(struct scope *s, const struct oidc_endpoints *at, struct str id_token, struct str *jwks)
{
    return oidc_fetch_keys(s, at, MINUTES(OIDC_KEPT_MINUTES), jwks)
        && (id_token_has_key(s, id_token, *jwks) || oidc_fetch_keys(s, at, MINUTES(OIDC_AGAIN_MINUTES), jwks));
}

/* From the code to a verified address, without a transaction. */
static bool
verified_address(struct scope *s, const struct oidc_return *way, struct str code, struct str *email)
{
    struct oidc_endpoints at;
    struct oidc_tokens tokens;
    struct id_claims claims;
    struct id_expectation expected = { .issuer = way->issuer, .client_id = way->client_id, .nonce = way->nonce };
    struct oidc_exchange with = { .client_id = way->client_id, .code = code, .code_verifier = way->code_verifier,
                                  .redirect_uri = oidc_redirect_uri(s) };
    if (way->client_secret.raw.len
        && !secret_open(s, &s->service->key, secret_context(s->arena, way->provider_id), way->client_secret,
                        &with.client_secret))
        return false;
    if (!oidc_discover(s, way->issuer, MINUTES(OIDC_KEPT_MINUTES), &at) || !oidc_trade(s, &at, &with, &tokens)
        || !keys_for(s, &at, tokens.id_token, &expected.jwks)
        || !id_token_read(s, tokens.id_token, &expected, &claims))
        return false;
    bool verified = claims.email_verified;
    *email = claims.email;
    if (!email->at && !oidc_ask_address(s, &at, tokens.access_token, claims.subject, email, &verified))
        return false;
    return (email->at && verified) || fail(s, &oidc_nobody, "the address is not verified");
}

static bool
record_refusal(struct scope *s, struct uuid tenant_id, struct str email, const char *why)
{
    return audit_record(s, &(struct deed){
               .tenant_id = tenant_id, .action = "sign_in.identity_provider", .noun = "person",
               .object_name = email, .actor_name = email, .result = AUDIT_REFUSED, .quiet = true })
        && fail(s, &oidc_nobody, "%s", why);
}

bool
oidc_finish(struct scope *s, const struct oidc_answer *in, struct str browser_token, struct str device_token,
            struct sign_in_result *out, struct str *return_to)
{
    struct db *db = s->db;
    struct oidc_return way;
    struct oidc_args args = { .state_hash = sha256_of(s->arena, in->state), .at = s->now,
                              .browser_hash = sha256_of(s->arena, browser_token) };
    bool found;
    if (!in->state.at || !browser_token.at)
        return fail(s, &oidc_state_gone, "no state");
    if (!db_maybe(s, &oidc_take, &args, &way, &found) || !db_commit(s))
        return false;
    if (!found)
        return fail(s, &oidc_state_gone, "unknown state");
    *return_to = way.return_to;
    if (!in->code.at)
        return fail(s, &oidc_provider_wrong, "it refused: " STR_FMT, STR_ARG(in->error));
    if (in->iss.at && !str_eq(in->iss, way.issuer)) /* RFC 9207 */
        return fail(s, &oidc_provider_wrong, "the answer comes from " STR_FMT, STR_ARG(in->iss));
    struct oidc_person who;
    args.provider_id = way.provider_id;
    if (!oidc_talk_begin(s))
        return false;
    bool verified = verified_address(s, &way, in->code, &args.email);
    oidc_talk_end(s);
    if (!verified || !db_begin(s, db, (struct uuids){ NULL, 0 })
        || !db_maybe(s, &oidc_find_person, &args, &who, &found))
        return false;
    if (!found)
        return record_refusal(s, way.tenant_id, args.email, "nobody of that tenant");
    struct arrival arrival = {
        .tenant_id = who.tenant_id, .person_id = who.person_id, .name = who.name, .email = who.email,
        .second_factor = who.second_factor, .second_factor_trusted = way.trust_second_factor,
    };
    return sign_in_arrive(s, &arrival, device_token, out);
}

/* ---- administration ---- */

static const struct shape logged = SHAPE(identity_provider,
    FIELD(identity_provider, name, ""), FIELD(identity_provider, issuer, ""),
    FIELD(identity_provider, client_id, ""), FIELD(identity_provider, has_client_secret, ""),
    FIELD(identity_provider, email_domains, ""), FIELD(identity_provider, enabled, ""),
    FIELD(identity_provider, trust_second_factor, ""));

const struct shape identity_provider_test_shape = SHAPE(identity_provider_test,
    FIELD(identity_provider_test, reachable, "Its discovery document and keys make sense"),
    FIELD(identity_provider_test, message, "Why not"),
    FIELD(identity_provider_test, authorization_endpoint, "Where people will be sent"),
    FIELD(identity_provider_test, token_endpoint, "Where codes will be traded"));

static bool
record(struct scope *s, const char *action, const struct identity_provider *before,
       const struct identity_provider *after)
{
    const struct identity_provider *p = after ? after : before;
    return audit_record(s, &(struct deed){
        .tenant_id = p->tenant_id, .action = action, .noun = "identity_provider", .object_id = p->id,
        .object_name = p->name, .change = shape_difference(s->arena, &logged, before, after) });
}

/* Two labels or more, of letters, digits and inner hyphens; other scripts in their own letters or as xn--. */
static bool
is_domain(struct str domain)
{
    struct str label;
    size_t labels = 0;
    if (domain.len > 253 || str_ends(domain, STR(".")))
        return false;
    while (str_cut(&domain, '.', &label)) {
        if (!label.len || label.len > 63 || label.at[0] == '-' || label.at[label.len - 1] == '-')
            return false;
        for (size_t i = 0; i < label.len; i++) {
            unsigned char c = (unsigned char)label.at[i];
            if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c >= 0x80))
                return false;
        }
        labels++;
    }
    return labels >= 2;
}

/* Lower case, and looking like a domain: compared letter by letter with what stands behind the @. */
static bool
plain_domains(struct scope *s, struct strs in, struct strs *out)
{
    *out = (struct strs){ arena_array_of(s->arena, in.count, struct str), in.count };
    for (size_t i = 0; i < in.count; i++) {
        struct str domain = str_lower(s->arena, in.items[i]);
        if (!is_domain(domain))
            note_violation(s, str_printf(s->arena, "/email_domains/%zu", i), FAULT_BAD_FORMAT, STR("example.jp"));
        out->items[i] = domain;
    }
    return !scope_has_failed(s);
}

static bool
prepare(struct scope *s, const struct identity_provider_write *in, struct identity_provider_write *row)
{
    row->at = s->now;
    if (str_starts(s->service->public_url, STR("https:")) && !str_starts(in->issuer, STR("https:")))
        return fail_field(s, "/issuer", FAULT_BAD_URL, "https://");
    if (in->client_secret.len)
        row->sealed_secret =
            secret_seal(s->arena, &s->service->key, secret_context(s->arena, row->id), in->client_secret);
    return plain_domains(s, in->email_domains, &row->email_domains);
}

static bool
read_back(struct scope *s, struct uuid id, struct identity_provider *out)
{
    if (!db_one(s, &identity_provider_by_id, &(struct id_args){ id }, out))
        return false;
    out->redirect_uri = oidc_redirect_uri(s);
    return true;
}

bool
identity_provider_create(struct scope *s, const struct identity_provider_write *in, struct identity_provider *out)
{
    struct identity_provider_write row = *in;
    struct tenant home;
    const struct principal *who = s->who;
    row.id = uuid_new(s->now);
    if (uuid_is_none(row.tenant_id))
        row.tenant_id = uuid_is_none(who->acting_tenant_id) ? who->tenant_id : who->acting_tenant_id;
    return prepare(s, in, &row)
        && db_one(s, &tenant_by_id, &(struct id_args){ row.tenant_id }, &home)
        && db_run(s, &identity_provider_insert, &row, NULL)
        && read_back(s, row.id, out)
        && record(s, "identity_provider.created", NULL, out);
}

bool
identity_provider_change(struct scope *s, const struct identity_provider_write *in, struct identity_provider *out)
{
    struct identity_provider before;
    struct identity_provider_write row = *in;
    struct id_args changed;
    return prepare(s, in, &row)
        && read_back(s, in->id, &before)
        && db_update(s, &identity_provider_update, &row, &changed, &identity_provider_by_id, row.id)
        && read_back(s, row.id, out)
        && record(s, "identity_provider.updated", &before, out);
}

bool
identity_provider_remove(struct scope *s, struct uuid id)
{
    struct identity_provider before;
    return read_back(s, id, &before)
        && db_run(s, &identity_provider_delete, &(struct id_args){ id }, NULL)
        && record(s, "identity_provider.deleted", &before, NULL);
}

bool
identity_provider_try(struct scope *s, struct uuid id, struct identity_provider_test *out)
{
    struct identity_provider p;
    struct oidc_endpoints at;
    struct str jwks;
    struct db *db = s->db;
    *out = (struct identity_provider_test){ 0 };
    if (!read_back(s, id, &p) || !db_commit(s) || !oidc_talk_begin(s))
        return false;
    out->reachable = oidc_discover(s, p.issuer, 0, &at) && oidc_fetch_keys(s, &at, 0, &jwks);
    oidc_talk_end(s);
    out->authorization_endpoint = out->reachable ? at.authorization : STR_NONE;
    out->token_endpoint = out->reachable ? at.token : STR_NONE;
    if (!out->reachable)
        out->message = str_printf(s->arena, "%s (" STR_FMT ")",
                                  bilingual_in(s->failure.problem->title, s->language), STR_ARG(s->failure.detail));
    scope_forgive(s);
    return db_begin(s, db, s->who->tenants);
}

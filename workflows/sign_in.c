#include "workflows/sign_in.h"

#include "core/base/crypto.h"
#include "model/credential.h"
#include "model/person.h"
#include "model/tenant.h"
#include "workflows/audit.h"
#include "workflows/mail.h"
#include "workflows/mail_kinds.h"
#include "workflows/password.h"
#include "workflows/service.h"
#include "workflows/totp.h"

enum { TOKEN_BYTES = 32, RECOVERY_BYTES = 10, RECOVERY_GROUP = 4 };

const struct problem sign_in_refused = {
    .status = 401, .slug = "sign-in-refused",
    .title = { .en = "The e-mail address or the password is wrong.",
               .ja = "メールアドレスまたはパスワードが正しくありません。" },
};
const struct problem sign_in_locked = {
    .status = 429, .slug = "sign-in-locked",
    .title = { .en = "Too many failed attempts. Please wait a moment and try again, or reset your password.",
               .ja = "失敗が続いたため、一時的に受け付けていません。しばらくしてからお試しいただくか、"
                     "パスワードを再設定してください。" },
};
const struct problem code_refused = {
    .status = 401, .slug = "code-refused",
    .title = { .en = "The code is wrong or was already used. Please try the next one.",
               .ja = "コードが正しくないか、すでに使用されています。次のコードをお試しください。" },
};
const struct problem stage_wrong = {
    .status = 409, .slug = "sign-in-stage",
    .title = { .en = "This step of the sign-in is not open. Please sign in again.",
               .ja = "この手順は現在利用できません。もう一度ログインしてください。" },
};

const struct shape sign_in_shape = SHAPE(sign_in,
    FIELD(sign_in, email, "Sign-in address", .max = 254, .required = true),
    FIELD(sign_in, password, "Password", .max = 400, .required = true, .secret = true, .format = FORMAT_PASSWORD));
const struct shape code_shape = SHAPE(code,
    FIELD(code, code, "As the authenticator app or the list of recovery codes shows it", .max = 40, .required = true,
          .secret = true));
const struct shape enrolment_shape = SHAPE(enrolment,
    FIELD(enrolment, secret, "To be typed where no camera is", .required = true),
    FIELD(enrolment, otpauth_uri, "What the QR code says", .required = true),
    FIELD(enrolment, qr_svg, "The QR code as SVG", .required = true));
const struct shape recovery_codes_shape = SHAPE(recovery_codes,
    FIELD(recovery_codes, recovery_codes, "Each good once; they are shown this once", .required = true));

/* Who is at the door, and the place where a failure counts. */
struct visitor {
    struct login login;
    struct str email;
};

/* ---- attempts ---- */

static bool
look(struct scope *s, struct str email, struct str device_token, struct visitor *out)
{
    struct credential_args args = { .email = email, .address = s->address, .at = s->now };
    if (device_token.at)
        args.token_hash = sha256_of(s->arena, device_token);
    out->email = email;
    return db_one(s, &login_lookup, &args, &out->login);
}

static bool
record(struct scope *s, const char *action, const struct visitor *v, enum audit_result result)
{
    bool known = !uuid_is_none(v->login.person_id);
    return audit_record(s, &(struct deed){
        .tenant_id = known ? v->login.tenant_id : provider_tenant_id, .action = action, .noun = "person",
        .object_id = v->login.person_id, .object_name = known ? v->login.name : v->email,
        .actor_id = v->login.person_id, .actor_name = known ? v->login.name : v->email, .result = result,
        .quiet = true });
}

static bool
refuse_locked(struct scope *s, struct instant until)
{
    fail(s, &sign_in_locked, "held back");
    s->failure.retry_after_s = (until.us - s->now.us) / SECONDS(1) + 1;
    return false;
}

static struct mail_request
mail_to(const struct login *who, const struct mail_kind *kind, const void *data)
{
    return (struct mail_request){
        .kind = kind, .data = data, .tenant_id = who->tenant_id, .person_id = who->person_id,
        .to_address = who->email, .to_name = who->name, .language = who->language, .time_zone = who->time_zone,
    };
}

static bool
see_home(struct scope *s, const struct login *who)
{
    struct uuid home = who->tenant_id;
    return db_set_tenants(s, (struct uuids){ &home, 1 });
}

static struct str
page(struct scope *s, const char *path)
{
    return str_printf(s->arena, STR_FMT "%s", STR_ARG(s->service->public_url), path);
}

static bool
tell_locked(struct scope *s, const struct login *who, const struct attempt *a)
{
    struct sign_in_locked_mail data = { .name = who->name, .attempts = a->failures, .locked_until = a->blocked_until,
                                        .address = s->address, .url = page(s, "/password-reset") };
    struct mail_request mail = mail_to(who, &mail_sign_in_locked, &data);
    return see_home(s, who) && mail_queue(s, &mail, NULL);
}

/* Counts, records, tells the owner once, and refuses: always false. */
static bool
refuse(struct scope *s, const struct visitor *v, const char *action, const struct problem *why)
{
    struct attempt a;
    struct credential_args args = { .email = v->email, .place = v->login.place, .at = s->now };
    if (!db_one(s, &attempt_failed, &args, &a) || !record(s, action, v, AUDIT_REFUSED))
        return false;
    bool active = str_is(v->login.status, "active");
    if (a.newly_blocked && active && !tell_locked(s, &v->login, &a))
        return false;
    return fail(s, why, "attempt %lld", (long long)a.failures);
}

/* ---- the password ---- */

/* As costly as a real one, so that the time of the answer does not tell whether somebody has that address. */
static const char nobodys_hash[] =
    "$argon2id$v=19$m=32768,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

static bool
password_is_right(const struct login *who, struct str password)
{
    bool has_one = who->password_hash.at != NULL;
    bool matches = password_matches(has_one ? who->password_hash : str_of(nobodys_hash), password);
    return matches && has_one && str_is(who->status, "active");
}

static bool
keep_hash_current(struct scope *s, const struct login *who, struct str password)
{
    struct credential_args args = { .tenant_id = who->tenant_id, .person_id = who->person_id, .at = s->now };
    if (!password_needs_rehash(who->password_hash))
        return true;
    return password_hash(s, password, &args.password_hash) && db_run(s, &password_write, &args, NULL);
}

static bool
open_session(struct scope *s, const struct login *who, enum session_stage stage, bool by_password,
             struct sign_in_result *out)
{
    bool complete = stage == STAGE_COMPLETE;
    out->session_token = random_token(s->arena, TOKEN_BYTES);
    out->stage = stage;
    struct credential_args args = {
        .id = uuid_new(s->now), .tenant_id = who->tenant_id, .person_id = who->person_id,
        .token_hash = sha256_of(s->arena, out->session_token), .stage = stage, .at = s->now, .address = s->address,
        .agent = s->agent, .by_password = by_password,
        .expires_at = instant_plus(s->now, complete ? DAYS(SESSION_DAYS) : MINUTES(UNFINISHED_MINUTES)),
        .second_factor_at = complete ? s->now : (struct instant){ 0 },
    };
    return db_run(s, &session_start, &args, NULL);
}

bool
sign_in_start(struct scope *s, const struct sign_in *in, struct str device_token, struct sign_in_result *out)
{
    struct visitor v;
    if (!look(s, in->email, device_token, &v))
        return false;
    if (v.login.blocked_until.us)
        return record(s, "sign_in.held_back", &v, AUDIT_REFUSED) && refuse_locked(s, v.login.blocked_until);
    if (!password_is_right(&v.login, in->password))
        return refuse(s, &v, "sign_in.password", &sign_in_refused);
    enum session_stage stage = v.login.second_factor ? STAGE_TOTP : STAGE_TOTP_ENROLMENT;
    return see_home(s, &v.login)
        && keep_hash_current(s, &v.login, in->password)
        && open_session(s, &v.login, stage, true, out)
        && record(s, "sign_in.password", &v, AUDIT_DONE);
}

/* ---- the second factor ---- */

struct str
totp_context(struct arena *a, struct uuid person_id)
{
    return str_printf(a, "person_credential.totp:" STR_FMT, STR_ARG(uuid_format(a, person_id)));
}

static struct credential_args
self(const struct scope *s)
{
    return (struct credential_args){ .tenant_id = s->who->tenant_id, .person_id = s->who->person_id,
                                     .id = s->who->credential_id, .at = s->now };
}

static bool
at_stage(struct scope *s, enum session_stage stage)
{
    return (s->who && s->who->kind == PRINCIPAL_SESSION && s->who->stage == stage)
        || fail(s, &stage_wrong, "wrong stage");
}

static bool
look_again(struct scope *s, struct str device_token, struct visitor *out)
{
    if (!look(s, s->who->email, device_token, out))
        return false;
    return !out->login.blocked_until.us || refuse_locked(s, out->login.blocked_until);
}

static bool
refuse_code(struct scope *s, const struct visitor *v, const char *action)
{
    struct credential_args args = self(s);
    struct count_row failures;
    bool found;
    return db_maybe(s, &session_code_failed, &args, &failures, &found) && refuse(s, v, action, &code_refused);
}

/* The code fits the secret, and nobody has used its step before. */
static bool
take_code(struct scope *s, struct bytes sealed, struct str code, bool *good)
{
    struct str secret;
    struct credential_args args = self(s);
    struct truth taken;
    *good = false;
    if (!sealed.raw.len)
        return true;
    if (!secret_open(s, &s->service->key, totp_context(s->arena, s->who->person_id), sealed, &secret))
        return false;
    if (!totp_match(secret, str_trim(code), s->now, &args.step))
        return true;
    if (!db_one(s, &totp_take_step, &args, &taken))
        return false;
    *good = taken.yes;
    return true;
}

static bool
tell_new_device(struct scope *s, const struct login *who)
{
    struct new_device_mail data = { .name = who->name, .at = s->now, .address = s->address, .agent = s->agent,
                                    .url = page(s, "/account/security") };
    struct mail_request mail = mail_to(who, &mail_new_device, &data);
    return see_home(s, who) && mail_queue(s, &mail, NULL);
}

static bool
remember_device(struct scope *s, const struct login *who, struct str device_token, struct sign_in_result *out)
{
    struct credential_args args = { .tenant_id = who->tenant_id, .person_id = who->person_id, .at = s->now,
                                    .id = uuid_new(s->now) };
    struct device_row seen;
    args.token_hash = sha256_of(s->arena, device_token);
    if (!db_one(s, &device_touch, &args, &seen))
        return false;
    if (seen.known)
        return true;
    out->device_token = random_token(s->arena, TOKEN_BYTES);
    args.token_hash = sha256_of(s->arena, out->device_token);
    return db_run(s, &device_remember, &args, NULL) && (seen.others == 0 || tell_new_device(s, who));
}

static bool
succeed(struct scope *s, const struct visitor *v)
{
    struct credential_args args = { .tenant_id = v->login.tenant_id, .person_id = v->login.person_id,
                                    .place = v->login.place, .at = s->now };
    return db_run(s, &attempt_succeeded, &args, NULL) && record(s, "sign_in.completed", v, AUDIT_DONE);
}

bool
sign_in_password_due(struct scope *s, struct instant *out)
{
    struct credential_args args = self(s);
    struct password_due due;
    if (!db_one(s, &session_password_due, &args, &due))
        return false;
    *out = due.at;
    return true;
}

/* The last step, or the last but one. */
static bool
advance(struct scope *s, enum session_stage stage, struct instant second_factor_at, struct sign_in_result *out)
{
    struct credential_args args = self(s);
    bool is_complete = stage == STAGE_COMPLETE;
    out->session_token = random_token(s->arena, TOKEN_BYTES);
    out->stage = stage;
    args.token_hash = sha256_of(s->arena, out->session_token);
    args.stage = stage;
    args.expires_at = instant_plus(s->now, is_complete ? DAYS(SESSION_DAYS) : MINUTES(UNFINISHED_MINUTES));
    args.second_factor_at = second_factor_at;
    return db_run(s, &session_advance, &args, NULL);
}

static bool
complete(struct scope *s, const struct visitor *v, struct str device_token, struct sign_in_result *out)
{
    struct instant due;
    if (!sign_in_password_due(s, &due))
        return false;
    if (due.us && due.us <= s->now.us)
        return advance(s, STAGE_PASSWORD, s->now, out) && record(s, "sign_in.password_too_old", v, AUDIT_DONE);
    return advance(s, STAGE_COMPLETE, s->now, out)
        && remember_device(s, &v->login, device_token, out)
        && succeed(s, v);
}

bool
sign_in_totp(struct scope *s, struct str code, struct str device_token, struct sign_in_result *out)
{
    struct visitor v;
    struct credential_args args;
    struct totp_row row;
    bool good;
    if (!at_stage(s, STAGE_TOTP) || !look_again(s, device_token, &v))
        return false;
    args = self(s);
    if (!db_one(s, &totp_read, &args, &row) || !take_code(s, row.secret, code, &good))
        return false;
    return good ? complete(s, &v, device_token, out) : refuse_code(s, &v, "sign_in.second_factor");
}

bool
sign_in_fresh_factor(struct scope *s, struct str code, struct str device_token)
{
    struct visitor v;
    struct totp_row row;
    bool good;
    if (!at_stage(s, STAGE_COMPLETE) || !look_again(s, device_token, &v))
        return false;
    struct credential_args args = self(s);
    if (!db_one(s, &totp_read, &args, &row) || !take_code(s, row.secret, code, &good))
        return false;
    if (!good)
        return refuse_code(s, &v, "sign_in.fresh_factor");
    args.stage = STAGE_COMPLETE;
    args.second_factor_at = s->now;
    return db_run(s, &session_advance, &args, NULL) && record(s, "sign_in.fresh_factor", &v, AUDIT_DONE);
}

/* ---- recovery codes: 80 random bits each, of which a hash is kept ---- */

/* As people type it: capitals or not, with or without dashes and blanks. */
static struct bytes
recovery_hash(struct scope *s, struct uuid person_id, struct str code)
{
    struct text t = text_new(s->arena, 200);
    text_add(&t, uuid_format(s->arena, person_id));
    text_add_char(&t, ':');
    for (size_t i = 0; i < code.len; i++) {
        char c = code.at[i];
        if (c != '-' && c != ' ')
            text_add_char(&t, c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
    }
    return sha256_of(s->arena, text_str(&t));
}

static struct str
new_recovery_code(struct arena *a)
{
    char random[RECOVERY_BYTES];
    random_bytes(random, sizeof random);
    struct str letters = totp_spell(a, (struct str){ random, sizeof random });
    struct text t = text_new(a, 40);
    for (size_t i = 0; i < letters.len; i++) {
        if (i && i % RECOVERY_GROUP == 0)
            text_add_char(&t, '-');
        text_add_char(&t, letters.at[i]);
    }
    return text_str(&t);
}

static bool
write_recovery_codes(struct scope *s, struct recovery_codes *out)
{
    struct credential_args args = self(s);
    struct str *codes = arena_array_of(s->arena, RECOVERY_CODES, struct str);
    struct str *hashes = arena_array_of(s->arena, RECOVERY_CODES, struct str);
    for (size_t i = 0; i < RECOVERY_CODES; i++) {
        codes[i] = new_recovery_code(s->arena);
        hashes[i] = hex_of(s->arena, recovery_hash(s, args.person_id, codes[i]));
    }
    args.code_hashes = (struct strs){ hashes, RECOVERY_CODES };
    out->recovery_codes = (struct strs){ codes, RECOVERY_CODES };
    return db_run(s, &recovery_replace, &args, NULL);
}

bool
recovery_codes_renew(struct scope *s, struct recovery_codes *out)
{
    return write_recovery_codes(s, out)
        && audit_record(s, &(struct deed){ .tenant_id = s->who->tenant_id, .action = "person.recovery_codes_renewed",
                                           .noun = "person", .object_id = s->who->person_id,
                                           .object_name = s->who->name, .quiet = true });
}

bool
sign_in_recovery(struct scope *s, struct str code, struct str device_token, struct sign_in_result *out)
{
    struct visitor v;
    struct count_row remaining;
    bool good;
    if (!at_stage(s, STAGE_TOTP) || !look_again(s, device_token, &v))
        return false;
    struct credential_args args = self(s);
    args.token_hash = recovery_hash(s, args.person_id, code);
    if (!db_maybe(s, &recovery_use, &args, &remaining, &good))
        return false;
    if (!good)
        return refuse_code(s, &v, "sign_in.recovery_code");
    return record(s, "sign_in.recovery_code", &v, AUDIT_DONE) && complete(s, &v, device_token, out);
}

/* ---- enrolment ---- */

/* The same secret until it is confirmed: a page that is loaded again shows the code that was scanned. */
static bool
pending_secret(struct scope *s, struct str *out)
{
    struct credential_args args = self(s);
    struct totp_row row;
    struct str context = totp_context(s->arena, args.person_id);
    if (!db_one(s, &totp_read, &args, &row))
        return false;
    if (row.pending.raw.len)
        return secret_open(s, &s->service->key, context, row.pending, out);
    *out = totp_new_secret(s->arena);
    args.sealed = secret_seal(s->arena, &s->service->key, context, *out);
    return db_run(s, &totp_propose, &args, NULL);
}

static bool
propose(struct scope *s, struct enrolment *out)
{
    struct str secret;
    if (!pending_secret(s, &secret))
        return false;
    out->secret = totp_spell(s->arena, secret);
    out->otpauth_uri = totp_uri(s->arena, s->service->hub_name, s->who->email, secret);
    return totp_qr_svg(s, out->otpauth_uri, &out->qr_svg);
}

bool
sign_in_enrolment(struct scope *s, struct enrolment *out)
{
    return at_stage(s, STAGE_TOTP_ENROLMENT) && propose(s, out);
}

bool
authenticator_propose(struct scope *s, struct enrolment *out)
{
    return at_stage(s, STAGE_COMPLETE) && propose(s, out);
}

/* The pending secret becomes the one; a code that does not fit it is refused and counted. */
static bool
link_pending(struct scope *s, const struct visitor *v, struct str code, struct recovery_codes *codes)
{
    struct totp_row row;
    struct credential_args args = self(s);
    bool good;
    if (!db_one(s, &totp_read, &args, &row) || !take_code(s, row.pending, code, &good))
        return false;
    if (!good)
        return refuse_code(s, v, "sign_in.enrolment");
    args.sealed = row.pending;
    return db_run(s, &totp_enrol, &args, NULL)
        && write_recovery_codes(s, codes)
        && record(s, "sign_in.enrolment", v, AUDIT_DONE);
}

bool
sign_in_enrolment_confirm(struct scope *s, struct str code, struct str device_token, struct recovery_codes *codes,
                          struct sign_in_result *out)
{
    struct visitor v;
    return at_stage(s, STAGE_TOTP_ENROLMENT)
        && look_again(s, device_token, &v)
        && link_pending(s, &v, code, codes)
        && complete(s, &v, device_token, out);
}

bool
authenticator_link(struct scope *s, struct str code, struct recovery_codes *codes)
{
    struct visitor v;
    return at_stage(s, STAGE_COMPLETE) && look_again(s, STR_NONE, &v) && link_pending(s, &v, code, codes);
}

/* ---- the way out, and what a signed-in person changes ---- */

bool
sign_out(struct scope *s)
{
    struct count_row ended;
    if (!s->who || s->who->kind != PRINCIPAL_SESSION)
        return true;
    struct credential_args args = self(s);
    return db_one(s, &session_end, &args, &ended)
        && audit_record(s, &(struct deed){ .tenant_id = s->who->tenant_id, .action = "sign_in.signed_out",
                                           .noun = "person", .object_id = s->who->person_id,
                                           .object_name = s->who->name, .quiet = true });
}

/* The other sessions end, and the owner is told. */
static bool
put_password(struct scope *s, const struct visitor *v, struct str wanted)
{
    struct count_row ended;
    struct credential_args args = self(s), others = self(s);
    struct password_changed_mail data = { .name = s->who->name, .changed_at = s->now, .address = s->address };
    struct mail_request mail = mail_to(&v->login, &mail_password_changed, &data);
    others.id = (struct uuid){ { 0 } };
    others.keep_id = args.id;
    return password_acceptable(s, wanted, s->who->email, s->who->name)
        && password_hash(s, wanted, &args.password_hash)
        && db_run(s, &password_write, &args, NULL)
        && db_one(s, &session_end, &others, &ended)
        && see_home(s, &v->login)
        && mail_queue(s, &mail, NULL)
        && record(s, "person.password_changed", v, AUDIT_DONE);
}

bool
password_change(struct scope *s, struct str current, struct str wanted)
{
    struct visitor v;
    if (!at_stage(s, STAGE_COMPLETE) || !look_again(s, STR_NONE, &v))
        return false;
    if (!password_is_right(&v.login, current))
        return refuse(s, &v, "person.password_changed", &sign_in_refused);
    return put_password(s, &v, wanted);
}

bool
sign_in_password(struct scope *s, struct str wanted, struct str device_token, struct sign_in_result *out)
{
    struct visitor v;
    if (!at_stage(s, STAGE_PASSWORD) || !look_again(s, device_token, &v))
        return false;
    if (password_matches(v.login.password_hash, wanted))
        return fail_field(s, "/password", FAULT_SAME_PASSWORD, NULL);
    return put_password(s, &v, wanted)
        && advance(s, STAGE_COMPLETE, s->who->second_factor_at, out)
        && remember_device(s, &v.login, device_token, out)
        && succeed(s, &v);
}

bool
sign_in_arrive(struct scope *s, const struct arrival *in, struct str device_token, struct sign_in_result *out)
{
    struct visitor v;
    if (!look(s, in->email, device_token, &v) || !see_home(s, &v.login))
        return false;
    enum session_stage stage = in->second_factor_trusted ? STAGE_COMPLETE
                             : in->second_factor         ? STAGE_TOTP
                                                         : STAGE_TOTP_ENROLMENT;
    if (!open_session(s, &v.login, stage, false, out) || !record(s, "sign_in.identity_provider", &v, AUDIT_DONE))
        return false;
    return stage != STAGE_COMPLETE || (remember_device(s, &v.login, device_token, out) && succeed(s, &v));
}

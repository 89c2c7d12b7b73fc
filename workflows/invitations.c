#include "workflows/invitations.h"

#include "core/base/crypto.h"
#include "model/credential.h"
#include "workflows/audit.h"
#include "workflows/mail.h"
#include "workflows/mail_kinds.h"
#include "workflows/password.h"
#include "workflows/service.h"

enum { TOKEN_BYTES = 32, PASSWORD_FIELD_MAX = 400 };

const struct problem link_is_dead = {
    .status = 410, .slug = "link-expired",
    .title = { .en = "This link has expired or was already used. Please ask for a new one.",
               .ja = "このリンクは期限切れか、すでに使用されています。新しいリンクをご依頼ください。" },
};

const struct shape invitation_shape = SHAPE(invitation,
    FIELD(invitation, email, "Who was invited", .required = true), FIELD(invitation, name, "Name, as was written"),
    FIELD(invitation, tenant_name, "Where the person will belong"),
    FIELD(invitation, language, "Language of the invitation", .of = &language_domain),
    FIELD(invitation, time_zone, "Zone as it was set"),
    FIELD(invitation, terms_version, "Which terms of use will be accepted"));
const struct shape invitation_ref_shape =
    SHAPE(invitation, FIELD(invitation, token, "As it stands in the link", .max = 100, .read_only = true));

const struct shape invitation_completion_shape = SHAPE(invitation_completion,
    FIELD(invitation_completion, token, "As it stands in the link", .max = 100, .read_only = true),
    FIELD(invitation_completion, name, "Your name", .max = 100, .required = true),
    FIELD(invitation_completion, password, "12 characters or more", .max = PASSWORD_FIELD_MAX, .required = true,
          .secret = true, .format = FORMAT_PASSWORD),
    FIELD(invitation_completion, language, "Language of screens and mails", .of = &language_domain, .required = true),
    FIELD(invitation_completion, time_zone, "Zone in which times are shown", .format = FORMAT_TIME_ZONE, .max = 64,
          .required = true),
    FIELD(invitation_completion, terms_accepted, "The terms of use are accepted"));

const struct shape password_reset_ask_shape = SHAPE(password_reset,
    FIELD(password_reset, email, "Whose password", .format = FORMAT_EMAIL, .max = 254, .required = true));
const struct shape password_reset_confirm_shape = SHAPE(password_reset,
    FIELD(password_reset, token, "As it stands in the link", .max = 100, .required = true, .secret = true),
    FIELD(password_reset, password, "12 characters or more", .max = PASSWORD_FIELD_MAX, .required = true,
          .secret = true, .format = FORMAT_PASSWORD));

static struct credential_args
token_args(struct scope *s, const char *purpose, struct str token)
{
    return (struct credential_args){ .purpose = str_of(purpose), .token_hash = sha256_of(s->arena, token),
                                     .at = s->now };
}

bool
invitation_send(struct scope *s, const struct person *p, struct str *url)
{
    struct str token = random_token(s->arena, TOKEN_BYTES);
    struct credential_args args = token_args(s, "invitation", token);
    args.id = uuid_new(s->now);
    args.tenant_id = p->tenant_id;
    args.person_id = p->id;
    args.expires_at = instant_plus(s->now, DAYS(INVITATION_DAYS));
    struct str link = str_printf(s->arena, STR_FMT "/invitations/" STR_FMT, STR_ARG(s->service->public_url),
                                 STR_ARG(token));
    struct invitation_mail data = {
        .name = p->name, .tenant_name = p->tenant_name, .url = link, .expires_at = args.expires_at,
        .inviter_name = s->who && s->who->kind != PRINCIPAL_SYSTEM ? s->who->name : STR_NONE,
    };
    struct mail_request mail = {
        .kind = &mail_invitation, .data = &data, .tenant_id = p->tenant_id, .person_id = p->id,
        .to_address = p->email, .to_name = p->name, .language = p->language, .time_zone = p->time_zone,
    };
    struct truth issued;
    if (url)
        *url = link;
    return db_one(s, &person_token_issue, &args, &issued) && mail_queue(s, &mail, NULL);
}

static bool
open_link(struct scope *s, const char *purpose, struct str token, struct invited *out)
{
    struct credential_args args = token_args(s, purpose, token);
    bool found;
    if (!db_maybe(s, &person_token_open, &args, out, &found))
        return false;
    return found || fail(s, &link_is_dead, "%s", purpose);
}

bool
invitation_read(struct scope *s, struct str token, struct invitation *out)
{
    struct invited who;
    if (!open_link(s, "invitation", token, &who))
        return false;
    *out = (struct invitation){ .email = who.email, .name = who.name, .tenant_name = who.tenant_name,
                                .language = who.language, .time_zone = who.time_zone,
                                .terms_version = s->service->terms_version };
    return true;
}

static bool
take_link(struct scope *s, const char *purpose, struct str token)
{
    struct truth used;
    struct credential_args args = token_args(s, purpose, token);
    return db_one(s, &person_token_use, &args, &used) && (used.yes || fail(s, &link_is_dead, "%s", purpose));
}

static bool
set_password(struct scope *s, const struct invited *who, struct str password)
{
    struct credential_args args = { .tenant_id = who->tenant_id, .person_id = who->person_id, .at = s->now };
    return password_hash(s, password, &args.password_hash) && db_run(s, &password_write, &args, NULL);
}

static bool
see_tenant(struct scope *s, struct uuid tenant_id)
{
    return db_set_tenants(s, (struct uuids){ &tenant_id, 1 });
}

static struct mail_request
mail_to(const struct invited *who, const struct mail_kind *kind, const void *data)
{
    return (struct mail_request){
        .kind = kind, .data = data, .tenant_id = who->tenant_id, .person_id = who->person_id,
        .to_address = who->email, .to_name = who->name, .language = who->language, .time_zone = who->time_zone,
    };
}

static bool
record(struct scope *s, const char *action, const struct invited *who)
{
    return audit_record(s, &(struct deed){
        .tenant_id = who->tenant_id, .action = action, .noun = "person", .object_id = who->person_id,
        .object_name = who->name, .actor_id = who->person_id, .actor_name = who->name });
}

bool
invitation_complete(struct scope *s, const struct invitation_completion *in)
{
    struct invited who;
    if (!open_link(s, "invitation", in->token, &who))
        return false;
    if (!in->terms_accepted)
        return fail_field(s, "/terms_accepted", FAULT_REQUIRED, NULL);
    struct credential_args profile = {
        .tenant_id = who.tenant_id, .person_id = who.person_id, .name = in->name, .language = in->language,
        .time_zone = in->time_zone, .terms_version = s->service->terms_version, .at = s->now,
    };
    struct truth completed;
    if (!password_acceptable(s, in->password, who.email, in->name) || !take_link(s, "invitation", in->token)
        || !see_tenant(s, who.tenant_id) || !db_one(s, &person_complete, &profile, &completed))
        return false;
    if (!completed.yes)
        return fail(s, &link_is_dead, "the account is not waiting for it");
    who.name = in->name;
    who.language = in->language;
    who.time_zone = in->time_zone;
    struct registration_complete_mail data = {
        .name = who.name, .tenant_name = who.tenant_name,
        .url = str_printf(s->arena, STR_FMT "/sign-in", STR_ARG(s->service->public_url)),
    };
    struct mail_request mail = mail_to(&who, &mail_registration_complete, &data);
    return set_password(s, &who, in->password)
        && mail_queue(s, &mail, NULL)
        && record(s, "person.completed", &who);
}

bool
password_reset_ask(struct scope *s, struct str email)
{
    struct login found;
    struct credential_args look = { .email = email, .address = s->address, .at = s->now };
    if (!db_one(s, &login_lookup, &look, &found))
        return false;
    if (uuid_is_none(found.person_id) || !str_is(found.status, "active"))
        return true;
    struct str token = random_token(s->arena, TOKEN_BYTES);
    struct credential_args args = token_args(s, "password_reset", token);
    struct truth issued;
    args.id = uuid_new(s->now);
    args.tenant_id = found.tenant_id;
    args.person_id = found.person_id;
    args.expires_at = instant_plus(s->now, MINUTES(RESET_MINUTES));
    if (!see_tenant(s, found.tenant_id) || !db_one(s, &person_token_issue, &args, &issued))
        return false;
    if (!issued.yes) /* one was sent a moment ago: nobody's mailbox is flooded */
        return true;
    struct invited who = { .tenant_id = found.tenant_id, .person_id = found.person_id, .email = found.email,
                           .name = found.name, .language = found.language, .time_zone = found.time_zone };
    struct password_reset_mail data = {
        .name = found.name, .expires_at = args.expires_at, .address = s->address,
        .url = str_printf(s->arena, STR_FMT "/password-reset/" STR_FMT, STR_ARG(s->service->public_url),
                          STR_ARG(token)),
    };
    struct mail_request mail = mail_to(&who, &mail_password_reset, &data);
    return mail_queue(s, &mail, NULL) && record(s, "person.password_reset_asked", &who);
}

bool
password_reset_confirm(struct scope *s, struct str token, struct str password)
{
    struct invited who;
    struct count_row ended;
    if (!open_link(s, "password_reset", token, &who))
        return false;
    struct credential_args args = { .tenant_id = who.tenant_id, .person_id = who.person_id, .at = s->now };
    struct password_changed_mail data = { .name = who.name, .changed_at = s->now, .address = s->address };
    struct mail_request mail = mail_to(&who, &mail_password_changed, &data);
    return password_acceptable(s, password, who.email, who.name)
        && take_link(s, "password_reset", token)
        && see_tenant(s, who.tenant_id)
        && set_password(s, &who, password)
        && db_one(s, &session_end, &args, &ended)
        && db_one(s, &attempts_unlock, &args, &ended)
        && mail_queue(s, &mail, NULL)
        && record(s, "person.password_reset", &who);
}

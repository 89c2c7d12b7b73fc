/* What everybody may do with their own account. */
#include "model/credential.h"
#include "model/permission.h"
#include "model/person.h"
#include "server/api/routes.h"
#include "workflows/api_keys.h"
#include "workflows/audit.h"
#include "workflows/sign_in.h"

struct my_password {
    struct str current_password, password;
};
static const struct shape my_password_shape = SHAPE(my_password,
    FIELD(my_password, current_password, "The present one", .max = 400, .required = true, .secret = true,
          .format = FORMAT_PASSWORD),
    FIELD(my_password, password, "The new one: 12 characters or more", .max = 400, .required = true, .secret = true,
          .format = FORMAT_PASSWORD));

/* A program changes nothing of the person it acts for. */
static bool
is_session(struct scope *s)
{
    return s->who->kind == PRINCIPAL_SESSION || fail(s, &problem_forbidden, "for people, not for API keys");
}

static const struct shape logged = SHAPE(me,
    FIELD(me, name, ""), FIELD(me, language, "", .of = &language_domain), FIELD(me, time_zone, ""),
    FIELD(me, theme, "", .of = &theme_domain));

static bool
change_me(struct scope *s, const void *in, void *out)
{
    struct me_change row = *(const struct me_change *)in;
    struct me before, *after = out;
    row.at = s->now;
    return is_session(s)
        && db_one(s, &me_read, NULL, &before)
        && db_one(s, &me_update, &row, after)
        && audit_record(s, &(struct deed){
               .tenant_id = after->tenant_id, .action = "person.updated", .noun = "person", .object_id = after->id,
               .object_name = after->name, .change = shape_difference(s->arena, &logged, &before, after) });
}

static bool
change_password(struct scope *s, const void *in, void *out)
{
    const struct my_password *p = in;
    (void)out;
    return is_session(s) && password_change(s, p->current_password, p->password);
}

static bool
end_session(struct scope *s, const void *in, void *out)
{
    const struct principal *who = s->who;
    struct count_row ended;
    struct credential_args args = { .tenant_id = who->tenant_id, .person_id = who->person_id,
                                    .id = ((const struct id_args *)in)->id, .at = s->now };
    (void)out;
    if (!is_session(s) || !db_one(s, &session_end, &args, &ended))
        return false;
    if (ended.n == 0)
        return fail(s, &problem_not_found, "no such session");
    return audit_record(s, &(struct deed){ .tenant_id = who->tenant_id, .action = "session.revoked",
                                           .noun = "session", .object_id = args.id, .object_name = who->name });
}

static bool
renew_codes(struct scope *s, const void *in, void *out)
{
    (void)in;
    return is_session(s) && recovery_codes_renew(s, out);
}

static bool
propose_authenticator(struct scope *s, const void *in, void *out)
{
    (void)in;
    return authenticator_propose(s, out);
}

static bool
link_authenticator(struct scope *s, const void *in, void *out)
{
    return authenticator_link(s, ((const struct code *)in)->code, out);
}

static bool
create_key(struct scope *s, const void *in, void *out)
{
    return my_api_key_create(s, in, out);
}

static bool
end_key(struct scope *s, const void *in, void *out)
{
    (void)out;
    return is_session(s) && my_api_key_end(s, ((const struct id_args *)in)->id);
}

static const struct route rows[] = {
    { GET, "/me", SIGNED_IN, "Read my profile", .out = &me_shape, .one = &me_read },
    { PUT, "/me", SIGNED_IN, "Change my profile", .in = &me_change_shape, .out = &me_shape, .write = change_me },
    { POST, "/me/password", SIGNED_IN, "Change my password; other sessions end", .in = &my_password_shape,
      .write = change_password, .no_idempotency = true, .keeps_tries = true },
    { GET, "/me/sessions", SIGNED_IN, "List where I am signed in", .out = &session_shape,
      .list = &my_session_listing },
    { DELETE, "/me/sessions/{id}", SIGNED_IN, "End one of my sessions", .in = &id_args_shape, .write = end_session },
    { POST, "/me/recovery-codes", SIGNED_IN, "Make new recovery codes; the old ones end",
      .out = &recovery_codes_shape, .write = renew_codes, .fresh_factor = true, .no_idempotency = true },
    { POST, "/me/authenticator", SIGNED_IN, "Get a secret for another authenticator app", .out = &enrolment_shape,
      .write = propose_authenticator, .fresh_factor = true, .no_idempotency = true },
    { POST, "/me/authenticator/confirm", SIGNED_IN, "Link it in place of the old one; answers new recovery codes",
      .in = &code_shape, .out = &recovery_codes_shape, .write = link_authenticator, .fresh_factor = true,
      .no_idempotency = true, .keeps_tries = true },
    { GET, "/me/api-keys", SIGNED_IN, "List my API keys", .out = &api_key_shape, .list = &my_api_key_listing },
    { POST, "/me/api-keys", SIGNED_IN, "Make an API key; it is shown this once", .in = &my_api_key_create_shape,
      .out = &api_key_created_shape, .write = create_key, .creates = true, .no_idempotency = true },
    { DELETE, "/me/api-keys/{id}", SIGNED_IN, "Revoke one of my API keys", .in = &id_args_shape, .write = end_key },
};

const struct routes me_routes = ROUTES(rows);

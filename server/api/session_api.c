/* Signing in and out, step by step; invitations and forgotten passwords, which need no session. */
#include "core/base/crypto.h"
#include "model/permission.h"
#include "server/api/routes.h"
#include "server/api/session_state.h"
#include "server/http/reply.h"
#include "server/http/request.h"
#include "workflows/invitations.h"
#include "workflows/tenants.h"

struct new_password {
    struct str password;
};
static const struct shape new_password_shape = SHAPE(new_password,
    FIELD(new_password, password, "12 characters or more, and not the present one", .max = 400, .required = true,
          .secret = true, .format = FORMAT_PASSWORD));

static struct str
device(const struct scope *s)
{
    return request_cookie(s, DEVICE_COOKIE);
}

static bool
answer(struct scope *s, const struct sign_in_result *r, void *out)
{
    return session_give(s, r) && session_state_read(s, r->session_token, out);
}

/* Who signs in while signed in starts anew. */
static bool
sign_in(struct scope *s, const void *in, void *out)
{
    struct sign_in_result r = { 0 };
    if (!sign_out(s))
        return false;
    s->who = NULL;
    return sign_in_start(s, in, device(s), &r) && answer(s, &r, out);
}

static bool
totp(struct scope *s, const void *in, void *out)
{
    struct sign_in_result r = { 0 };
    return sign_in_totp(s, ((const struct code *)in)->code, device(s), &r) && answer(s, &r, out);
}

static bool
recovery(struct scope *s, const void *in, void *out)
{
    struct sign_in_result r = { 0 };
    return sign_in_recovery(s, ((const struct code *)in)->code, device(s), &r) && answer(s, &r, out);
}

static bool
password(struct scope *s, const void *in, void *out)
{
    struct sign_in_result r = { 0 };
    return sign_in_password(s, ((const struct new_password *)in)->password, device(s), &r) && answer(s, &r, out);
}

static bool
enrolment(struct scope *s, const void *in, void *out)
{
    (void)in;
    return sign_in_enrolment(s, out);
}

static bool
confirm(struct scope *s, const void *in, void *out)
{
    struct sign_in_result r = { 0 };
    return sign_in_enrolment_confirm(s, ((const struct code *)in)->code, device(s), out, &r) && session_give(s, &r);
}

static bool
fresh_factor(struct scope *s, const void *in, void *out)
{
    struct sign_in_result same = { .session_token = request_credential(s), .stage = STAGE_COMPLETE };
    return sign_in_fresh_factor(s, ((const struct code *)in)->code, device(s)) && answer(s, &same, out);
}

static bool
leave(struct scope *s, const void *in, void *out)
{
    (void)in;
    (void)out;
    if (!sign_out(s))
        return false;
    reply_cookie(s, SESSION_COOKIE, STR(""), 0);
    return true;
}

static bool
read_session(struct scope *s, const void *in, void *out)
{
    (void)in;
    return session_state_read(s, request_credential(s), out);
}

static bool
stop_acting(struct scope *s, const void *in, void *out)
{
    (void)in;
    struct sign_in_result same = { .session_token = request_credential(s), .stage = STAGE_COMPLETE };
    if (s->who->kind != PRINCIPAL_SESSION)
        return fail(s, &problem_forbidden, "an API key acts for nobody");
    return tenant_stop_acting(s) && answer(s, &same, out);
}

static bool
ask_reset(struct scope *s, const void *in, void *out)
{
    (void)out;
    reply_status(s, 202);
    return password_reset_ask(s, ((const struct password_reset *)in)->email);
}

static bool
confirm_reset(struct scope *s, const void *in, void *out)
{
    const struct password_reset *r = in;
    (void)out;
    return password_reset_confirm(s, r->token, r->password);
}

static bool
read_invitation(struct scope *s, const void *in, void *out)
{
    return invitation_read(s, ((const struct invitation *)in)->token, out);
}

static bool
complete_invitation(struct scope *s, const void *in, void *out)
{
    (void)out;
    return invitation_complete(s, in);
}

static const struct route rows[] = {
    { POST, "/sign-in", PUBLIC, "Sign in with address and password", .in = &sign_in_shape,
      .out = &session_state_shape, .write = sign_in, .any_stage = true, .no_idempotency = true, .keeps_tries = true },
    { POST, "/sign-in/totp", SIGNED_IN, "Prove the second factor", .in = &code_shape, .out = &session_state_shape,
      .write = totp, .any_stage = true, .no_idempotency = true, .keeps_tries = true },
    { POST, "/sign-in/recovery", SIGNED_IN, "Use a recovery code instead", .in = &code_shape,
      .out = &session_state_shape, .write = recovery, .any_stage = true, .no_idempotency = true,
      .keeps_tries = true },
    { POST, "/sign-in/password", SIGNED_IN, "Replace a password that has become too old", .in = &new_password_shape,
      .out = &session_state_shape, .write = password, .any_stage = true, .no_idempotency = true },
    { POST, "/sign-in/totp-enrolment", SIGNED_IN, "Get a secret for the authenticator app", .out = &enrolment_shape,
      .write = enrolment, .any_stage = true, .no_idempotency = true },
    { POST, "/sign-in/totp-enrolment/confirm", SIGNED_IN, "Prove that the app has it; answers the recovery codes",
      .in = &code_shape, .out = &recovery_codes_shape, .write = confirm, .any_stage = true, .no_idempotency = true,
      .keeps_tries = true },
    { POST, "/sign-in/fresh-factor", SIGNED_IN, "Prove the second factor anew", .in = &code_shape,
      .out = &session_state_shape, .write = fresh_factor, .no_idempotency = true, .keeps_tries = true },
    { POST, "/sign-out", PUBLIC, "End the session", .write = leave, .any_stage = true, .no_idempotency = true },
    { GET, "/session", PUBLIC, "Say who is signed in, and how far", .out = &session_state_shape,
      .read = read_session, .any_stage = true },
    { POST, "/session/stop-acting", SIGNED_IN, "Stop looking as a customer", .out = &session_state_shape,
      .write = stop_acting, .no_idempotency = true },
    { POST, "/password-reset", PUBLIC, "Ask for a link to set a new password", .in = &password_reset_ask_shape,
      .write = ask_reset, .any_stage = true, .no_idempotency = true },
    { POST, "/password-reset/confirm", PUBLIC, "Set a new password with the link",
      .in = &password_reset_confirm_shape, .write = confirm_reset, .any_stage = true, .no_idempotency = true },
    { GET, "/invitations/{token}", PUBLIC, "Read an invitation", .in = &invitation_ref_shape,
      .out = &invitation_shape, .read = read_invitation, .any_stage = true },
    { POST, "/invitations/{token}/complete", PUBLIC, "Complete the profile", .in = &invitation_completion_shape,
      .write = complete_invitation, .any_stage = true, .no_idempotency = true },
};

const struct routes session_routes = ROUTES(rows);

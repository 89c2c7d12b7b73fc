/* Signing in at the customer's own identity provider: its administration, and the way there and back. */
#include "model/permission.h"
#include "server/api/routes.h"
#include "server/api/session_state.h"
#include "server/http/reply.h"
#include "server/http/request.h"
#include "workflows/oidc.h"
#include "workflows/service.h"

#define WAY_COOKIE "yagura_oidc"

struct oidc_choose_in {
    struct str email;
};
static const struct shape choose_shape = SHAPE(oidc_choose_in,
    FIELD(oidc_choose_in, email, "Whose sign-in", .max = 254, .required = true));

struct oidc_start_in {
    struct uuid provider_id;
    struct str return_to;
};
static const struct shape start_shape = SHAPE(oidc_start_in,
    FIELD(oidc_start_in, provider_id, "Which provider", .required = true),
    FIELD(oidc_start_in, return_to, "The page to show afterwards", .max = 500));

/* What providers send; only the first four say anything to us. */
struct oidc_callback {
    struct str code, state, iss, error, error_description, error_uri, session_state, scope, authuser, prompt, hd;
};
static const struct shape callback_shape = SHAPE(oidc_callback,
    FIELD(oidc_callback, code, "To be traded for tokens", .max = 4000),
    FIELD(oidc_callback, state, "As we sent it", .max = 200), FIELD(oidc_callback, iss, "Who answers", .max = 500),
    FIELD(oidc_callback, error, "Why not", .max = 200),
    FIELD(oidc_callback, error_description, "Why not, in words", .max = 2000),
    FIELD(oidc_callback, error_uri, "Where to read more", .max = 2000),
    FIELD(oidc_callback, session_state, "Not used", .max = 2000), FIELD(oidc_callback, scope, "Not used", .max = 2000),
    FIELD(oidc_callback, authuser, "Not used", .max = 200), FIELD(oidc_callback, prompt, "Not used", .max = 200),
    FIELD(oidc_callback, hd, "Not used", .max = 300));

static bool
choose(struct scope *s, const void *in, void *out)
{
    bool found;
    struct oidc_args args = { .email = ((const struct oidc_choose_in *)in)->email };
    return db_maybe(s, &oidc_choose, &args, out, &found);
}

enum { BAD_GATEWAY = 502 };

/* A browser is on its way: it is shown the sign-in page with a reason, not a document of JSON. Our own trouble stays
 * what it is. */
static bool
back_to_sign_in(struct scope *s, struct db *db)
{
    const char *slug = s->failure.problem->slug;
    if (s->failure.problem->status >= 500 && s->failure.problem->status != BAD_GATEWAY)
        return false;
    scope_forgive(s);
    if (!db_commit(s))
        scope_forgive(s);
    reply_location(s, str_printf(s->arena, STR_FMT "/sign-in?problem=%s", STR_ARG(s->service->public_url), slug));
    return db_begin(s, db, (struct uuids){ NULL, 0 });
}

static bool
start(struct scope *s, const void *in, struct reply *reply)
{
    const struct oidc_start_in *from = in;
    struct oidc_way way;
    struct db *db = s->db;
    (void)reply;
    if (!oidc_start(s, from->provider_id, from->return_to, &way))
        return back_to_sign_in(s, db);
    reply_cookie(s, WAY_COOKIE, way.browser_token, OIDC_STATE_MINUTES * 60);
    reply_location(s, way.url);
    return true;
}

static bool
callback(struct scope *s, const void *in, struct reply *reply)
{
    const struct oidc_callback *from = in;
    const struct oidc_answer answer = { from->code, from->state, from->iss, from->error };
    struct sign_in_result r = { 0 };
    struct str return_to = STR("/");
    struct db *db = s->db;
    (void)reply;
    s->who = NULL;
    if (!oidc_finish(s, &answer, request_cookie(s, WAY_COOKIE), request_cookie(s, DEVICE_COOKIE), &r, &return_to)
        || !session_give(s, &r))
        return back_to_sign_in(s, db);
    reply_cookie(s, WAY_COOKIE, STR(""), 0);
    reply_location(s, str_printf(s->arena, STR_FMT STR_FMT, STR_ARG(s->service->public_url), STR_ARG(return_to)));
    return true;
}

static bool
create(struct scope *s, const void *in, void *out)
{
    return identity_provider_create(s, in, out);
}

static bool
change(struct scope *s, const void *in, void *out)
{
    return identity_provider_change(s, in, out);
}

static bool
remove_provider(struct scope *s, const void *in, void *out)
{
    (void)out;
    return identity_provider_remove(s, ((const struct id_args *)in)->id);
}

static bool
try_provider(struct scope *s, const void *in, void *out)
{
    return identity_provider_try(s, ((const struct id_args *)in)->id, out);
}

static const struct route rows[] = {
    { GET, "/sign-in/providers", PUBLIC, "Which identity provider an address belongs to", .in = &choose_shape,
      .out = &oidc_choice_shape, .read = choose, .any_stage = true },
    { GET, "/oidc/{provider_id}/start", PUBLIC, "Go to the identity provider", .in = &start_shape, .raw = start,
      .answers = "text/html", .any_stage = true },
    { GET, "/oidc/callback", PUBLIC, "Come back from the identity provider", .in = &callback_shape, .raw = callback,
      .answers = "text/html", .any_stage = true },
    { GET, "/identity-providers", CAN_READ(SIGN_IN), "List identity providers", .out = &identity_provider_shape,
      .list = &identity_provider_listing },
    { POST, "/identity-providers", CAN_WRITE(SIGN_IN), "Set up an identity provider",
      .in = &identity_provider_create_shape, .out = &identity_provider_shape, .write = create, .creates = true },
    { GET, "/identity-providers/{id}", CAN_READ(SIGN_IN), "Read one identity provider", .in = &id_args_shape,
      .out = &identity_provider_shape, .one = &identity_provider_by_id },
    { PUT, "/identity-providers/{id}", CAN_WRITE(SIGN_IN), "Change an identity provider",
      .in = &identity_provider_update_shape, .out = &identity_provider_shape, .write = change, .if_match = true },
    { DELETE, "/identity-providers/{id}", CAN_WRITE(SIGN_IN), "Delete an identity provider", .in = &id_args_shape,
      .write = remove_provider },
    { POST, "/identity-providers/{id}/test", CAN_WRITE(SIGN_IN), "Try whether it answers", .in = &id_args_shape,
      .out = &identity_provider_test_shape, .write = try_provider, .no_idempotency = true },
};

const struct routes identity_provider_routes = ROUTES(rows);

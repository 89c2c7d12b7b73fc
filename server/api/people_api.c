/* People and service accounts, and the sessions of others. */
#include "model/credential.h"
#include "model/permission.h"
#include "server/api/routes.h"
#include "workflows/people.h"

static bool
invite(struct scope *s, const void *in, void *out)
{
    return person_invite(s, in, out);
}

static bool
create_service_account(struct scope *s, const void *in, void *out)
{
    return service_account_create(s, in, out);
}

static bool
change(struct scope *s, const void *in, void *out)
{
    return person_administrate(s, in, out);
}

static bool
disable(struct scope *s, const void *in, void *out)
{
    return person_act(s, ((const struct id_args *)in)->id, PERSON_DISABLE, out);
}

static bool
enable(struct scope *s, const void *in, void *out)
{
    return person_act(s, ((const struct id_args *)in)->id, PERSON_ENABLE, out);
}

static bool
resend(struct scope *s, const void *in, void *out)
{
    return person_act(s, ((const struct id_args *)in)->id, PERSON_RESEND, out);
}

static bool
reset_factor(struct scope *s, const void *in, void *out)
{
    return person_act(s, ((const struct id_args *)in)->id, PERSON_RESET_FACTOR, out);
}

static bool
unlock(struct scope *s, const void *in, void *out)
{
    return person_act(s, ((const struct id_args *)in)->id, PERSON_UNLOCK, out);
}

static bool
bulk(struct scope *s, const void *in, void *out)
{
    return people_bulk(s, in, out);
}

static bool
end_session(struct scope *s, const void *in, void *out)
{
    (void)out;
    return person_end_session(s, ((const struct id_args *)in)->id);
}

static const struct route rows[] = {
    { GET, "/people", CAN_READ(PEOPLE), "List people", .out = &person_shape, .list = &person_listing },
    { POST, "/people/invite", CAN_WRITE(PEOPLE), "Invite somebody by mail", .in = &person_invite_shape,
      .out = &person_shape, .write = invite, .creates = true },
    { POST, "/people/bulk", CAN_WRITE(PEOPLE), "Do one thing with many; a result per person, or a dry run",
      .in = &people_bulk_shape, .out = &bulk_answer_shape, .write = bulk },
    { POST, "/service-accounts", CAN_WRITE(PEOPLE), "Make an account for a program", .in = &service_account_shape,
      .out = &person_shape, .write = create_service_account, .creates = true },
    { GET, "/people/{id}", CAN_READ(PEOPLE), "Read one person", .in = &id_args_shape, .out = &person_shape,
      .one = &person_by_id },
    { PUT, "/people/{id}", CAN_WRITE(PEOPLE), "Change somebody's profile and rights", .in = &person_change_shape,
      .out = &person_shape, .write = change, .if_match = true },
    { POST, "/people/{id}/disable", CAN_WRITE(PEOPLE), "Disable: sessions end, nothing opens any more",
      .in = &id_args_shape, .out = &person_shape, .write = disable },
    { POST, "/people/{id}/enable", CAN_WRITE(PEOPLE), "Enable again", .in = &id_args_shape, .out = &person_shape,
      .write = enable },
    { POST, "/people/{id}/resend-invitation", CAN_WRITE(PEOPLE), "Mail a new invitation; the old link ends",
      .in = &id_args_shape, .out = &person_shape, .write = resend },
    { POST, "/people/{id}/reset-second-factor", CAN_WRITE(PEOPLE), "Have the authenticator linked anew",
      .in = &id_args_shape, .out = &person_shape, .write = reset_factor, .fresh_factor = true },
    { POST, "/people/{id}/unlock", CAN_WRITE(PEOPLE), "Forget failed attempts", .in = &id_args_shape,
      .out = &person_shape, .write = unlock },
    { GET, "/people/{id}/sessions", CAN_READ(PEOPLE), "List where somebody is signed in",
      .in = &session_list_args_shape, .out = &session_shape, .list = &session_listing },
    { POST, "/sessions/{id}/revoke", CAN_WRITE(PEOPLE), "End one session of somebody", .in = &id_args_shape,
      .write = end_session },
};

const struct routes people_routes = ROUTES(rows);

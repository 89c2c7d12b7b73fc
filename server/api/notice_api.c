/* Notices: what I was told, how I want to be told, and how an organisation wants its mails. */
#include "model/permission.h"
#include "server/api/routes.h"
#include "workflows/notices.h"

static bool
mark_read(struct scope *s, const void *in, void *out)
{
    (void)out;
    return notice_read(s, ((const struct id_args *)in)->id);
}

static bool
mark_all_read(struct scope *s, const void *in, void *out)
{
    (void)in, (void)out;
    return notice_read(s, (struct uuid){ { 0 } });
}

static bool
read_preferences(struct scope *s, const void *in, void *out)
{
    (void)in;
    return notice_preferences(s, out);
}

static bool
prefer(struct scope *s, const void *in, void *out)
{
    return notice_prefer(s, in, out);
}

/* The row of the provider shines through for those without one, so whose it is asked is not left to the database. */
static bool
read_setting(struct scope *s, const void *in, void *out)
{
    const struct id_args *id = in;
    if (!principal_sees(s->who, id->id))
        return fail(s, &problem_not_found, "no such organisation");
    return db_one(s, &notice_setting_of, id, out);
}

static bool
change_setting(struct scope *s, const void *in, void *out)
{
    return notice_setting_change(s, in, out);
}

static const struct route rows[] = {
    { GET, "/me/notices", SIGNED_IN, "List what I was told", .out = &notice_row_shape, .list = &notice_listing },
    { GET, "/me/notices/unread", SIGNED_IN, "Count what I have not read", .out = &notice_count_shape,
      .one = &notice_unread },
    { POST, "/me/notices/{id}/read", SIGNED_IN, "Say that I have read one", .in = &id_args_shape, .write = mark_read },
    { POST, "/me/notices/read", SIGNED_IN, "Say that I have read all", .write = mark_all_read },
    { GET, "/me/notice-preferences", SIGNED_IN, "List how each kind of news reaches me", .out = &notice_choices_shape,
      .read = read_preferences },
    { PUT, "/me/notice-preferences", SIGNED_IN, "Choose how a kind of news reaches me", .in = &notice_prefer_shape,
      .out = &notice_choices_shape, .write = prefer },
    { GET, "/tenants/{id}/notice-settings", CAN_WRITE(PEOPLE), "Read how an organisation wants its mails",
      .in = &id_args_shape, .out = &notice_setting_shape, .read = read_setting },
    { PUT, "/tenants/{id}/notice-settings", CAN_WRITE(PEOPLE), "Choose how an organisation wants its mails",
      .in = &notice_setting_write_shape, .out = &notice_setting_shape, .write = change_setting, .if_match = true },
};

const struct routes notice_routes = ROUTES(rows);

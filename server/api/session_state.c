#include "server/api/session_state.h"

#include "model/person.h"
#include "model/principal.h"
#include "model/tenant.h"
#include "server/http/reply.h"
#include "server/http/request.h"

enum { MINUTE_S = 60, DAY_S = 24 * 60 * 60, PASSWORD_NOTICE_DAYS = 14 };

static const struct domain shown_stage_domain =
    DOMAIN(session_stage, "anonymous", "totp_enrolment", "totp", "password", "complete");

static const struct shape person_shown = { .name = "session_person", .size = sizeof(struct me),
    .fields = (const struct field[]){
        FIELD(me, id, "Identity"), FIELD(me, name, "Name", .required = true),
        FIELD(me, email, "Address", .required = true),
        FIELD(me, language, "Language of screens and mails", .of = &language_domain, .required = true),
        FIELD(me, time_zone, "Zone in which times are shown", .required = true),
        FIELD(me, theme, "Light, dark, or as the system says", .of = &theme_domain, .required = true) },
    .count = 6 };

struct session_tenant_row {
    struct uuid id;
    struct str name, short_code;
    enum tenant_plan plan;
};
static const struct shape tenant_shown = SHAPE(session_tenant_row,
    FIELD(session_tenant_row, id, "Identity"), FIELD(session_tenant_row, name, "Name", .required = true),
    FIELD(session_tenant_row, short_code, "Short code", .required = true),
    FIELD(session_tenant_row, plan, "What was bought", .of = &tenant_plan_domain));

const struct query session_tenant = {
    .name = "session_tenant", .sql = "SELECT id, name, short_code, plan FROM tenant_self(:id)",
    .args = &id_args_shape, .row = &tenant_shown,
};

const struct shape session_state_shape = SHAPE(session_state,
    FIELD(session_state, stage, "How far the sign-in has come", .of = &shown_stage_domain, .required = true),
    FIELD(session_state, csrf_token, "To be sent as X-CSRF-Token with every call that changes something"),
    FIELD(session_state, person, "Who is signed in", .items = &person_shown, .single = true),
    FIELD(session_state, side, "Whose portal is shown", .of = &principal_side_domain),
    FIELD(session_state, tenant, "Where the person belongs", .items = &tenant_shown, .single = true),
    FIELD(session_state, acting_tenant, "The customer whose view is taken", .items = &tenant_shown, .single = true),
    FIELD(session_state, permissions, "What the person may do, as function:level", .required = true),
    FIELD(session_state, second_factor_at, "When the second factor was last proven"),
    FIELD(session_state, password_due_at, "When the password must be replaced, once that is less than two weeks away"),
    FIELD(session_state, tenants_count, "How many customers the person sees"));

static bool
read_tenant(struct scope *s, struct uuid id, struct rows *out)
{
    struct session_tenant_row *row = arena_new_of(s->arena, struct session_tenant_row);
    if (uuid_is_none(id))
        return true;
    *out = (struct rows){ row, 1 };
    return db_one(s, &session_tenant, &(struct id_args){ id }, row);
}

static int64_t
customers_seen(const struct principal *who)
{
    size_t home = who->side == SIDE_PROVIDER && principal_sees(who, who->tenant_id) ? 1 : 0;
    return (int64_t)(who->tenants.count - home);
}

static bool
read_password_due(struct scope *s, struct session_state *out)
{
    struct instant due;
    if (s->who->stage != STAGE_COMPLETE)
        return true;
    if (!sign_in_password_due(s, &due))
        return false;
    if (due.us && due.us <= instant_plus(s->now, DAYS(PASSWORD_NOTICE_DAYS)).us)
        out->password_due_at = due;
    return true;
}

bool
session_state_read(struct scope *s, struct str token, struct session_state *out)
{
    const struct principal *who = s->who;
    const uint8_t nothing[PERMISSION_FUNCTIONS_MAX] = { 0 };
    *out = (struct session_state){ .stage = SHOWN_ANONYMOUS, .permissions = grants_of(s->arena, nothing) };
    if (!who || who->kind != PRINCIPAL_SESSION)
        return true;
    bool acting = !uuid_is_none(who->acting_tenant_id);
    struct me *person = arena_new_of(s->arena, struct me);
    out->stage = (enum shown_stage)(who->stage + 1);
    out->csrf_token = csrf_token(s->arena, token);
    out->person = (struct rows){ person, 1 };
    out->side = acting ? SIDE_CUSTOMER : who->side;
    out->permissions = grants_of(s->arena, who->levels);
    out->second_factor_at = who->second_factor_at;
    out->tenants_count = customers_seen(who);
    return db_one(s, &me_read, NULL, person)
        && read_password_due(s, out)
        && read_tenant(s, who->tenant_id, &out->tenant)
        && read_tenant(s, who->acting_tenant_id, &out->acting_tenant);
}

/* The principal anew, as the next request will find it. */
static bool
become(struct scope *s, struct str token)
{
    struct principal_ask ask = { .token_hash = sha256_of(s->arena, token), .kind = STR("session"), .at = s->now,
                                 .address = s->address };
    struct principal_row row;
    struct principal *who = arena_new_of(s->arena, struct principal);
    if (!db_one(s, &principal_open, &ask, &row) || !principal_read(s, &ask, &row, who))
        return false;
    s->who = who;
    return true;
}

bool
session_give(struct scope *s, const struct sign_in_result *r)
{
    bool complete = r->stage == STAGE_COMPLETE;
    if (!become(s, r->session_token))
        return false;
    reply_cookie(s, SESSION_COOKIE, r->session_token, complete ? SESSION_DAYS * DAY_S : UNFINISHED_MINUTES * MINUTE_S);
    if (r->device_token.at)
        reply_cookie(s, DEVICE_COOKIE, r->device_token, DEVICE_DAYS * DAY_S);
    return true;
}

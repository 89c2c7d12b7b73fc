#include "model/principal.h"

#include "model/permission.h"

const struct domain principal_outcome_domain =
    DOMAIN(principal_outcome, "open", "unknown", "expired", "disabled", "suspended", "tenant");
const struct domain principal_side_domain = DOMAIN(principal_side, "provider", "customer");
const struct domain session_stage_domain = DOMAIN(session_stage, "totp_enrolment", "totp", "password", "complete");

static const struct domain level_domain = DOMAIN(level, "read", "use", "write");

static const struct problem session_ended = {
    .status = 401, .slug = "session-ended",
    .title = { .en = "You have been signed out. Please sign in again.",
               .ja = "ログアウトされました。もう一度ログインしてください。" },
};
static const struct problem account_disabled = {
    .status = 401, .slug = "account-disabled",
    .title = { .en = "This account has been disabled.", .ja = "このアカウントは無効になっています。" },
};
static const struct problem tenant_suspended = {
    .status = 401, .slug = "tenant-suspended",
    .title = { .en = "The service of your organisation is suspended.",
               .ja = "お客様のサービスは現在停止されています。" },
};

static const struct shape ask_shape = SHAPE(principal_ask,
    FIELD(principal_ask, token_hash, "SHA-256 of the session token or API key", .secret = true),
    FIELD(principal_ask, kind, "session or api_key"),
    FIELD(principal_ask, at, "When it is asked"),
    FIELD(principal_ask, address, "From where"),
    FIELD(principal_ask, narrow_tenant_id, "See this customer only"));

static const struct shape row_shape = SHAPE(principal_row,
    FIELD(principal_row, outcome, "Whether the credential opens", .of = &principal_outcome_domain),
    FIELD(principal_row, credential_id, "The session or the API key"),
    FIELD(principal_row, person_id, "Who asks"),
    FIELD(principal_row, tenant_id, "Where the person belongs"),
    FIELD(principal_row, acting_tenant_id, "The customer whose view is taken"),
    FIELD(principal_row, side, "Provider or customer", .of = &principal_side_domain),
    FIELD(principal_row, stage, "How far the sign-in has come", .of = &session_stage_domain),
    FIELD(principal_row, name, "The person's name"),
    FIELD(principal_row, email, "The person's address"),
    FIELD(principal_row, time_zone, "The person's time zone"),
    FIELD(principal_row, language, "The person's language", .of = &language_domain),
    FIELD(principal_row, second_factor_at, "When the second factor was last proven"),
    FIELD(principal_row, all_tenants, "Sees every customer"),
    FIELD(principal_row, tenant_ids, "Whom the transaction sees", .max = 100000),
    FIELD(principal_row, grants, "What the person may do"));

const struct query principal_open = {
    .name = "principal_open",
    .sql = "SELECT * FROM principal_open(:token_hash, :kind, :at, :address, :narrow_tenant_id)",
    .args = &ask_shape, .row = &row_shape,
};

static bool
refuse(struct scope *s, enum principal_outcome outcome)
{
    switch (outcome) {
    case OUTCOME_EXPIRED:
        return fail(s, &session_ended, "expired");
    case OUTCOME_DISABLED:
        return fail(s, &account_disabled, "disabled");
    case OUTCOME_SUSPENDED:
        return fail(s, &tenant_suspended, "suspended");
    case OUTCOME_TENANT:
        return fail(s, &problem_not_found, "no such tenant");
    default:
        return fail(s, &problem_unauthorized, "unknown credential");
    }
}

bool
grant_parse(struct str grant, struct permission *out)
{
    struct str rest = grant, function;
    int level;
    if (!str_cut(&rest, ':', &function) || !domain_value(&level_domain, rest, &level))
        return false;
    for (uint8_t f = FUNCTION_SIGNED_IN + 1; f < FUNCTION_COUNT; f++)
        if (str_is(function, permission_functions[f].spelling)) {
            *out = (struct permission){ f, (uint8_t)level };
            return true;
        }
    return false;
}

struct str
grant_format(struct arena *a, struct permission p)
{
    return str_printf(a, "%s:" STR_FMT, permission_functions[p.function].spelling,
                      STR_ARG(domain_label(&level_domain, p.level)));
}

struct strs
grants_of(struct arena *a, const uint8_t levels[PERMISSION_FUNCTIONS_MAX])
{
    struct strs out = { .items = arena_array_of(a, FUNCTION_COUNT, struct str) };
    for (uint8_t f = FUNCTION_SIGNED_IN + 1; f < FUNCTION_COUNT; f++)
        if (levels[f])
            out.items[out.count++] = grant_format(a, (struct permission){ f, levels[f] });
    return out;
}

void
grants_to_levels(struct strs grants, uint8_t levels[PERMISSION_FUNCTIONS_MAX])
{
    for (size_t i = 0; i < grants.count; i++) {
        struct permission p;
        /* A grant of a function that a newer release knows opens nothing here. */
        if (grant_parse(grants.items[i], &p) && levels[p.function] < p.level)
            levels[p.function] = p.level;
    }
}

bool
principal_read(struct scope *s, const struct principal_ask *ask, const struct principal_row *row,
               struct principal *out)
{
    if (row->outcome != OUTCOME_OPEN)
        return refuse(s, row->outcome);
    *out = (struct principal){
        .kind = str_is(ask->kind, "session") ? PRINCIPAL_SESSION : PRINCIPAL_API_KEY,
        .side = row->side, .stage = row->stage, .tenant_id = row->tenant_id, .person_id = row->person_id,
        .credential_id = row->credential_id, .acting_tenant_id = row->acting_tenant_id, .name = row->name,
        .email = row->email, .language = row->language, .time_zone = row->time_zone,
        .second_factor_at = row->second_factor_at, .tenants = row->tenant_ids, .all_tenants = row->all_tenants,
    };
    if (row->stage == STAGE_COMPLETE)
        grants_to_levels(row->grants, out->levels);
    return true;
}

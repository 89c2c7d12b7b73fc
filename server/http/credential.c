#include "server/http/credential.h"

#include "core/base/crypto.h"
#include "server/http/request.h"

enum { CREDENTIAL_MAX = 256 };

static struct str
bearer_of(struct str header)
{
    struct str scheme, token = header;
    if (!str_cut(&token, ' ', &scheme) || !str_eq_nocase(scheme, STR("Bearer")))
        return STR("");
    return str_trim(token);
}

/* Something that cannot be a token of ours is kept as an empty one: shown, and unknown. */
void
credential_read(struct exchange *x)
{
    struct str header = exchange_header(x, "Authorization");
    struct str cookie = request_cookie(&x->scope, SESSION_COOKIE);
    x->is_cookie = !header.at && cookie.len > 0;
    x->credential = header.at ? bearer_of(header) : x->is_cookie ? cookie : STR_NONE;
    if (x->credential.at && x->credential.len > CREDENTIAL_MAX)
        x->credential = STR("");
    if (header.at && !x->credential.at)
        x->credential = STR("");
}

bool
credential_ask(struct exchange *x, struct principal_ask *out)
{
    struct scope *s = &x->scope;
    *out = (struct principal_ask){
        .token_hash = sha256_of(s->arena, x->credential),
        .kind = x->is_cookie ? STR("session") : STR("api_key"),
        .at = s->now,
        .address = s->address,
    };
    struct str tenant = exchange_header(x, "X-Yagura-Tenant");
    return !tenant.len || uuid_parse(str_trim(tenant), &out->narrow_tenant_id)
        || fail(s, &problem_malformed, "X-Yagura-Tenant is no id");
}

/* A program has no second factor to prove. */
bool
factor_is_fresh(const struct scope *s)
{
    return s->who->kind == PRINCIPAL_SESSION && s->who->second_factor_at.us != 0
        && s->now.us - s->who->second_factor_at.us <= MINUTES(FRESH_FACTOR_MINUTES);
}

const char *
level_name(uint8_t level)
{
    static const char *const names[] = { "none", "read", "use", "write" };
    return names[level <= LEVEL_WRITE ? level : 0];
}

/* Who sends: the key that was shown, and whose it is. */
#include "core/base/crypto.h"
#include "workflows/ingest.h"

enum { KEY_BYTES_MAX = 200 };

const struct problem ingest_key_unknown = {
    401, "ingest-key",
    { "This ingest key is not known, or is no longer valid.", "この取り込みキーは登録されていないか、無効になっています。" },
};

/* What Elasticsearch's clients put into base64: "id:KEY", or "user:KEY". */
static struct str
second_half(struct arena *a, struct str packed)
{
    struct bytes plain;
    struct str rest, first;
    if (packed.len > 2 * KEY_BYTES_MAX || !base64_read(a, packed, &plain))
        return STR("");
    rest = plain.raw;
    return str_cut(&rest, ':', &first) && rest.at ? rest : first;
}

struct str
sender_key(struct arena *a, struct str authorization)
{
    struct str scheme, rest = str_trim(authorization);
    if (!str_cut(&rest, ' ', &scheme) || !rest.at)
        return STR_NONE;
    rest = str_trim(rest);
    if (str_eq_nocase(scheme, STR("Bearer")))
        return rest;
    if (str_eq_nocase(scheme, STR("Basic")))
        return second_half(a, rest);
    if (!str_eq_nocase(scheme, STR("ApiKey")))
        return STR_NONE;
    return str_starts(rest, STR("ygi_")) ? rest : second_half(a, rest);
}

static bool
enter(struct scope *s, struct str key, struct str address, struct sender_row *out)
{
    *out = (struct sender_row){ .outcome = SENDER_UNKNOWN };
    if (!key.len || key.len > KEY_BYTES_MAX)
        return fail(s, &ingest_key_unknown, "no key was shown");
    const struct sender_ask ask = { .key_hash = sha256_of(s->arena, key), .at = s->now, .address = address };
    if (!db_one(s, &sender_open, &ask, out))
        return false;
    switch (out->outcome) {
    case SENDER_OPEN:
        return true;
    case SENDER_EXPIRED:
        return fail(s, &ingest_key_unknown, "the key has expired");
    case SENDER_SUSPENDED:
        return fail(s, &ingest_key_unknown, "the customer's service is suspended");
    default:
        return fail(s, &ingest_key_unknown, "no such key, or it was revoked");
    }
}

bool
sender_enter(struct scope *s, struct str key, struct sender_row *out)
{
    return enter(s, key, s->address.at ? s->address : STR("?"), out);
}

bool
sender_enter_again(struct scope *s, struct str key, struct sender_row *out)
{
    return enter(s, key, STR_NONE, out);
}

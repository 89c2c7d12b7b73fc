#include "workflows/audit.h"

#include "core/base/crypto.h"
#include "core/db/change.h"
#include "model/tenant.h"

enum { CHANGE_BYTES_MAX = 100000 };

static struct str
actor_name(const struct scope *s, const struct deed *d)
{
    if (d->actor_name.at)
        return d->actor_name;
    return s->who && s->who->name.at ? s->who->name : STR("Yagura");
}

/* Long names are cut, never within a character. */
static struct str
short_name(struct str name)
{
    size_t end = 200;
    if (str_characters(name) <= 200)
        return name;
    while (end > 0 && ((unsigned char)name.at[end] & 0xC0) == 0x80)
        end--;
    return str_head(name, end);
}

static bool
append(struct scope *s, const struct deed *d, struct uuid tenant_id, struct str on_behalf_of)
{
    struct str object_name = short_name(d->object_name);
    bool fits = d->change.raw.len <= CHANGE_BYTES_MAX;
    struct audit_args row = {
        .tenant_id = tenant_id, .id = uuid_new(s->now), .at = s->now,
        .actor_id = !uuid_is_none(d->actor_id) ? d->actor_id : s->who ? s->who->person_id : (struct uuid){ { 0 } },
        .actor_name = actor_name(s, d), .on_behalf_of = on_behalf_of, .address = s->address,
        .action = str_of(d->action), .object_type = str_of(d->noun), .object_id = d->object_id,
        .object_name = object_name, .change = fits ? d->change : (struct json){ STR("{\"too_long\":[null,true]}") },
        .result = d->result ? d->result : AUDIT_DONE,
    };
    return db_run(s, &audit_insert, &row, NULL);
}

/* Heads are locked in the order of their ids, so that two such transactions never wait for each other. */
static bool
append_to_both(struct scope *s, const struct deed *d, struct uuid home, struct str on_behalf_of)
{
    bool home_first = memcmp(home.bytes, d->tenant_id.bytes, sizeof home.bytes) < 0;
    return append(s, d, home_first ? home : d->tenant_id, on_behalf_of)
        && append(s, d, home_first ? d->tenant_id : home, on_behalf_of);
}

static bool
append_acting(struct scope *s, const struct deed *d)
{
    struct tenant customer;
    return db_one(s, &tenant_by_id, &(struct id_args){ s->who->acting_tenant_id }, &customer)
        && append_to_both(s, d, s->who->tenant_id, customer.name);
}

/* Followers of a tenant hear of it; a deed at home, done while looking elsewhere, is nothing they wait for. */
static bool
announce(struct scope *s, const struct deed *d)
{
    const char *dot = strchr(d->action, '.');
    bool unseen = s->who && s->who->kind != PRINCIPAL_SYSTEM && !principal_sees(s->who, d->tenant_id);
    return unseen || change_record(s, d->tenant_id, d->noun, d->object_id, dot ? dot + 1 : d->action);
}

bool
audit_record(struct scope *s, const struct deed *d)
{
    bool acting = s->who && !uuid_is_none(s->who->acting_tenant_id)
               && !uuid_eq(s->who->tenant_id, d->tenant_id);
    bool done = d->result == AUDIT_RESULT_NONE || d->result == AUDIT_DONE;
    if (!(acting ? append_acting(s, d) : append(s, d, d->tenant_id, STR_NONE)))
        return false;
    return d->quiet || !done || !d->noun || announce(s, d);
}

/* ---- the proof ---- */

enum { SLICE_ENTRIES = 5000, HASH_BYTES = 32 };

/* From the first entry to the last, a slice at a time: no statement grows with the chain, so none is ever too slow. */
static bool
walk(struct scope *s, const struct audit_end *end, struct audit_chain *out)
{
    static const char nothing[HASH_BYTES];
    struct audit_slice_args at = { .tenant_id = end->tenant_id, .previous = { { nothing, sizeof nothing } } };
    int64_t last = end->last_seq < end->head_seq ? end->last_seq : end->head_seq;
    while (at.after < last && out->broken_seq == INT_NONE) {
        struct audit_slice slice;
        at.upto = at.after + SLICE_ENTRIES < last ? at.after + SLICE_ENTRIES : last;
        if (!db_one(s, &audit_slice_read, &at, &slice))
            return false;
        out->entries += slice.entries;
        out->broken_seq = slice.broken_seq;
        if (out->broken_seq == INT_NONE && slice.last_seq != at.upto)
            out->broken_seq = (slice.entries ? slice.last_seq : at.after) + 1;
        at.after = at.upto;
        at.previous = slice.last_hash;
    }
    if (out->broken_seq == INT_NONE
        && (end->last_seq != end->head_seq || (last && !str_eq(at.previous.raw, end->head_hash.raw))))
        out->broken_seq = last + 1;
    out->head_hash = hex_of(s->arena, at.previous);
    return true;
}

bool
audit_verify(struct scope *s, struct rows *chains, bool *whole)
{
    struct rows ends;
    if (!db_list(s, &audit_ends, NULL, &ends))
        return false;
    struct audit_chain *out = arena_array_of(s->arena, ends.count + 1, struct audit_chain);
    *chains = (struct rows){ out, ends.count };
    *whole = true;
    for (size_t i = 0; i < ends.count; i++) {
        const struct audit_end *end = (const struct audit_end *)ends.items + i;
        out[i] = (struct audit_chain){ .tenant_id = end->tenant_id, .tenant_name = end->tenant_name,
                                       .broken_seq = INT_NONE };
        if (!walk(s, end, out + i))
            return false;
        *whole &= out[i].broken_seq == INT_NONE;
    }
    return true;
}

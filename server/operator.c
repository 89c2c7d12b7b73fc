#include "server/operator.h"

#include "model/credential.h"
#include "model/tenant.h"

struct every_tenant {
    struct uuids ids;
};
static const struct shape every_tenant_shape = SHAPE(every_tenant, FIELD(every_tenant, ids, "All of them"));

static const struct query every_tenant = {
    .name = "every_tenant", .sql = "SELECT yagura_every_tenant() AS ids", .row = &every_tenant_shape,
};

bool
operator_look(struct operator *o)
{
    struct every_tenant all;
    if (!db_one(&o->program.s, &every_tenant, NULL, &all))
        return false;
    o->who.tenants = all.ids;
    return db_set_tenants(&o->program.s, all.ids);
}

bool
operator_begin(struct operator *o, const char *config, const char *name)
{
    struct scope *s = &o->program.s;
    if (!program_open(&o->program, config))
        return false;
    struct db_settings owner = program_database(&o->program, NULL);
    o->db = db_open(&owner);
    o->who = (struct principal){ .kind = PRINCIPAL_SYSTEM, .side = SIDE_PROVIDER, .tenant_id = provider_tenant_id,
                                 .name = str_of(name), .all_tenants = true };
    s->who = &o->who;
    return db_begin(s, o->db, (struct uuids){ NULL, 0 }) && operator_look(o);
}

bool
operator_find(struct operator *o, struct str email, struct person *out, bool *found)
{
    struct scope *s = &o->program.s;
    struct login login;
    struct credential_args args = { .email = email, .at = s->now };
    if (!db_one(s, &login_lookup, &args, &login))
        return false;
    *found = !uuid_is_none(login.person_id);
    return !*found || db_one(s, &person_by_id, &(struct id_args){ login.person_id }, out);
}

int
operator_end(struct operator *o, bool good)
{
    bool done = good && db_commit(&o->program.s);
    db_end(&o->program.s);
    db_close(o->db);
    return done ? program_end(&o->program, 0) : program_complain(&o->program);
}

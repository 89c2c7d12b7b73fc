// An API key of a service account of the provider, put into the database directly: for tests whose subject is not
// how one signs in. `grants` are both what the account may and what the key is scoped to.

import { createHash, randomBytes, randomUUID } from 'node:crypto';

const provider = '00000000-0000-7000-8000-000000000001';

export async function operator(house, { grants, language = 'en', tenant = provider, allTenants = true } = {}) {
    const scopes = grants ?? (await house.sql("SELECT grants FROM permission_set WHERE tenant_id = $1 AND key = $2",
        [tenant, tenant === provider ? 'administrator' : 'customer_administrator']))[0].grants;
    const [person, set, key] = [randomUUID(), randomUUID(), randomUUID()];
    const secret = `ygk_${randomBytes(4).toString('hex')}_${randomBytes(16).toString('hex')}`;
    await house.sql(`INSERT INTO person (tenant_id, id, kind, name, language, time_zone, status, all_tenants,
        created_at,
                                         updated_at)
                     VALUES ($1, $2, 'service', 'Operator of a test', $3, 'Asia/Tokyo', 'active', $4, now(), now())`,
    [tenant, person, language, allTenants && tenant === provider]);
    await house.sql(`INSERT INTO permission_set (tenant_id, id, key, name_en, name_ja, side, grants, created_at,
        updated_at)
                     VALUES ($1, $2::uuid, $2::uuid::text, 'Test', 'テスト', $3, $4, now(), now())`,
    [tenant, set, tenant === provider ? 'provider' : 'customer', scopes]);
    await house.sql('INSERT INTO person_permission_set VALUES ($1, $2, $3)', [tenant, person, set]);
    await house.sql(`INSERT INTO api_key (tenant_id, id, person_id, name, prefix, key_hash, scopes, created_at)
                     VALUES ($1, $2, $3, 'test', $4, $5, $6, now())`,
    [tenant, key, person, secret.slice(0, 12), createHash('sha256').update(secret).digest(), scopes]);
    return house.client({ key: secret, language });
}

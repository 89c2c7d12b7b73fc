// People for tests of the door itself: made by statements, so that these tests hold whatever sign-in becomes.

import crypto from 'node:crypto';

export const PROVIDER = '00000000-0000-7000-8000-000000000001';

const uuid = () => crypto.randomUUID();
const sha256 = (text) => crypto.createHash('sha256').update(text).digest();

export async function makeTenant(house, code, { plan = 'ultimate', language = 'ja' } = {}) {
    const id = uuid();
    await house.sql(`INSERT INTO tenant (id, kind, name, short_code, plan, language, time_zone, status, created_at,
        updated_at) VALUES ($1, 'customer', $2, $2, $3, $4, 'Asia/Tokyo', 'active', now(), now())`,
    [id, code, plan, language]);
    return id;
}

// A person with one of the tenant's own permission sets: 'administrator', 'customer_reader', ...
export async function makePerson(house, tenant, set, { language = 'en', allTenants = tenant === PROVIDER } = {}) {
    const id = uuid();
    await house.sql(`INSERT INTO person (tenant_id, id, kind, email, name, language, time_zone, status, all_tenants,
        second_factor, created_at, updated_at)
        VALUES ($1, $2, 'person', $3, 'Test', $4, 'Asia/Tokyo', 'active', $5, true, now(), now())`,
    [tenant, id, `${id}@test.example`, language, allTenants]);
    await house.sql(`INSERT INTO person_permission_set (tenant_id, person_id, permission_set_id)
        SELECT $1, $2, id FROM permission_set WHERE tenant_id = $1 AND key = $3`, [tenant, id, set]);
    return { id, tenant };
}

// A client that is signed in as this person; its calls carry the CSRF token.
export async function signIn(house, person, { stage = 'complete', factorMinutesAgo = 0 } = {}) {
    const token = crypto.randomBytes(32).toString('base64url');
    const session = uuid();
    await house.sql(`INSERT INTO session (tenant_id, id, person_id, token_hash, stage, created_at, last_seen_at,
        expires_at, second_factor_at) VALUES ($1, $2, $3, $4, $5, now(), now(), now() + interval '1 day',
        now() - make_interval(mins => $6))`,
    [person.tenant, session, person.id, sha256(token), stage, factorMinutesAgo]);
    const client = house.client();
    client.cookies.set('yagura_session', token);
    client.headers['x-csrf-token'] = crypto.createHmac('sha256', token).update('csrf').digest('base64url');
    client.session = session;
    client.token = token;
    return client;
}

// The raw lines of a request that this client would send.
export function rawHead(client, method, path, headers = {}) {
    const lines = { Host: 'test', Cookie: `yagura_session=${client.token}`,
        'X-CSRF-Token': client.headers['x-csrf-token'], ...headers };
    return `${method} ${path} HTTP/1.1\r\n${Object.entries(lines).map(([k, v]) => `${k}: ${v}\r\n`).join('')}\r\n`;
}

// A small world to measure in: customers with people, and a program of the provider that may read all of it.

import { createHash, randomUUID } from 'node:crypto';

const CUSTOMERS = 20;
const PEOPLE = 2000;
const provider = '00000000-0000-7000-8000-000000000001';
const key = `ygk_0123456789_${'ab'.repeat(32)}`;

// fiftyRows(house): the path of a list call that answers 50 rows, and the headers that open it
export async function fiftyRows(house) {
    await house.sql(`
        INSERT INTO tenant (id, kind, name, short_code, plan, language, time_zone, status, created_at, updated_at)
        SELECT gen_random_uuid(), 'customer', 'Customer ' || n, 'C' || n, 'mss', 'ja', 'Asia/Tokyo', 'active',
               now(), now()
          FROM generate_series(1, ${CUSTOMERS}) AS n`);
    await house.sql(`
        INSERT INTO person (tenant_id, id, kind, email, name, language, time_zone, status, created_at, updated_at)
        SELECT t.id, gen_random_uuid(), 'person', 'person' || n || '@example.jp', 'Person ' || n, 'ja', 'Asia/Tokyo',
               'active', now() - n * interval '1 minute', now()
          FROM generate_series(1, ${PEOPLE}) AS n
          JOIN (SELECT id, row_number() OVER () AS place FROM tenant WHERE kind = 'customer') AS t
            ON t.place = 1 + n % ${CUSTOMERS}`);
    const program = randomUUID();
    await house.sql(`
        INSERT INTO person (tenant_id, id, kind, name, language, time_zone, status, all_tenants, created_at, updated_at)
        VALUES ($1, $2, 'service', 'Bench', 'en', 'UTC', 'active', true, now(), now())`, [provider, program]);
    await house.sql(`
        INSERT INTO person_permission_set
        SELECT tenant_id, $2, id FROM permission_set WHERE tenant_id = $1 AND key = 'administrator'`,
    [provider, program]);
    await house.sql(`
        INSERT INTO api_key (tenant_id, id, person_id, name, prefix, key_hash, scopes, created_at)
        VALUES ($1, gen_random_uuid(), $2, 'Bench', '0123456789', $3, '{people:read}', now())`,
    [provider, program, createHash('sha256').update(key).digest()]);
    await house.sql('ANALYZE');
    return { path: '/api/v1/people?limit=50', headers: { authorization: `Bearer ${key}` } };
}

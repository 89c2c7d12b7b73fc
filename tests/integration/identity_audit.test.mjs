// The audit log: nobody edits it unseen. And what the database itself refuses to the program's roles.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, refused } from './harness.mjs';
import { people, startDemoHouse } from './identity_house.mjs';

const house = await startDemoHouse();
const auditor = await house.as('auditor');
const aoba = await house.tenantId('AOBA');

const proof = async (browser = auditor) => answered(await browser.get('/audit/verify'));
const broken = async () => (await proof()).chains.filter((chain) => chain.broken_seq !== null)
    .map((chain) => chain.tenant_name);

// As a role of the program, with these tenants seen.
async function asRole(role, tenants, work) {
    await house.sql('BEGIN');
    try {
        await house.sql(`SET LOCAL ROLE ${role}`);
        await house.sql(`SELECT set_config('yagura.tenants', $1, true)`, [`{${tenants.join(',')}}`]);
        return await work();
    } finally {
        await house.sql('ROLLBACK');
    }
}

const denied = (role, statement, tenants = []) => asRole(role, tenants, () =>
    assert.rejects(house.sql(statement), { code: '42501' }, statement));

// The service goes on working for the customers of the demo; for these nobody does anything, so that what is put back
// is what was there.
const append = (tenant, count, actor = 'somebody') => house.sql(`SELECT audit_append($1, gen_random_uuid(), now(), NULL,
    $3, NULL, NULL, 'test.entry', 'test', NULL, NULL, '{"before": null}', 'done') FROM generate_series(1, $2)`,
[tenant, count, actor]);
async function quiet(name) {
    const [{ id }] = await house.sql(`INSERT INTO tenant (id, kind, name, short_code, plan, language, time_zone, status,
            created_at, updated_at)
        SELECT gen_random_uuid(), 'customer', $1, $2, plan, language, time_zone, status, now(), now() FROM tenant
         WHERE id = $3 RETURNING id`, [name, name.toUpperCase(), aoba]);
    await append(id, 10);
    return id;
}
const still = await quiet('Still');

test('every chain is whole, and says where it ends', async () => {
    const { whole, chains } = await proof();
    assert.equal(whole, true);
    assert.equal(chains.length, 4);
    for (const chain of chains) {
        assert.ok(chain.entries > 0);
        assert.match(chain.head_hash, /^[0-9a-f]{64}$/);
    }
});

const tampering = {
    'a changed entry': `UPDATE audit_entry SET actor_name = 'nobody' WHERE tenant_id = $1 AND seq = 3`,
    'a changed before and after': `UPDATE audit_entry SET change = '{}' WHERE tenant_id = $1 AND seq = 2`,
    'a changed time': `UPDATE audit_entry SET at = at + interval '1 second' WHERE tenant_id = $1 AND seq = 2`,
    'an entry taken out of the middle': 'DELETE FROM audit_entry WHERE tenant_id = $1 AND seq = 4',
    'a tail cut off': `DELETE FROM audit_entry WHERE tenant_id = $1
        AND seq = (SELECT max(seq) FROM audit_entry WHERE tenant_id = $1)`,
    'a head set back': 'UPDATE audit_head SET seq = seq - 1 WHERE tenant_id = $1',
    'an entry with a hash of its own': `UPDATE audit_entry e SET action = 'x.y', hash = sha256(previous || 'x')
        WHERE tenant_id = $1 AND seq = 5`,
};
for (const [words, statement] of Object.entries(tampering)) {
    test(`${words} breaks the chain of that tenant alone, and mends when undone`, async () => {
        const keep = async (table) => house.sql(
            `CREATE TEMP TABLE kept_${table} AS SELECT * FROM ${table} WHERE tenant_id = '${still}'`);
        await keep('audit_entry');
        await keep('audit_head');
        await house.sql(statement, [still]);
        assert.deepEqual(await broken(), ['Still']);
        assert.equal((await proof()).whole, false);
        for (const table of ['audit_entry', 'audit_head']) {
            await house.sql(`DELETE FROM ${table} WHERE tenant_id = $1`, [still]);
            await house.sql(`INSERT INTO ${table} SELECT * FROM kept_${table}`);
            await house.sql(`DROP TABLE kept_${table}`);
        }
        assert.deepEqual(await broken(), []);
    });
}

test('a chain of any length is walked, and a break far down is found where it is', async () => {
    // Some thousand entries at a time, each batch a transaction: one is longer than what is read at once.
    const far = await quiet('Far');
    for (let batch = 0; batch < 12; batch++) await append(far, 1000);
    const { whole, chains } = await proof();
    assert.equal(whole, true);
    const [{ n }] = await house.sql('SELECT count(*)::int AS n FROM audit_entry WHERE tenant_id = $1', [far]);
    assert.ok(n > 12_000);
    assert.equal(chains.find((chain) => chain.tenant_id === far).entries, n);
    for (const seq of [n - 1000, 5000, 5001, 10_000, 10_001, n]) {
        await house.sql('UPDATE audit_entry SET action = $3 WHERE tenant_id = $1 AND seq = $2', [far, seq, 'x.y']);
        const found = (await proof()).chains.find((chain) => chain.tenant_id === far);
        assert.equal(found.broken_seq, seq);
        await house.sql('UPDATE audit_entry SET action = $3 WHERE tenant_id = $1 AND seq = $2',
            [far, seq, 'test.entry']);
    }
    assert.deepEqual(await broken(), []);
});

test('entries written at the same moment stand in one order without gaps', async () => {
    const refusals = async () => (await house.sql(`SELECT count(*)::int AS n FROM audit_entry WHERE tenant_id = $1
        AND action LIKE 'sign_in.%'`, [aoba]))[0].n;
    const before = await refusals();
    const strangers = Array.from({ length: 12 }, () => house.browser().begin(people.contact, 'not the password, no'));
    await Promise.all(strangers);
    const after = await house.sql('SELECT max(seq) AS seq, count(*) AS n FROM audit_entry WHERE tenant_id = $1',
        [aoba]);
    assert.equal(await refusals() - before, 12);
    assert.equal(after[0].n, after[0].seq);
    assert.deepEqual(await broken(), []);
});

test('the roles of the program neither change nor delete nor write entries by hand', async () => {
    for (const role of ['yagura_api', 'yagura_jobs', 'yagura_ingest']) {
        await denied(role, `UPDATE audit_entry SET actor_name = 'x'`, [aoba]);
        await denied(role, 'DELETE FROM audit_entry', [aoba]);
        await denied(role, 'TRUNCATE audit_entry', [aoba]);
        await denied(role, `INSERT INTO audit_entry (tenant_id, seq) VALUES ('${aoba}', 1)`, [aoba]);
        await denied(role, 'UPDATE audit_head SET seq = 0', [aoba]);
    }
});

test('without tenants a role of the program sees nothing', async () => {
    const tables = ['tenant', 'person', 'permission_set', 'person_permission_set', 'tenant_grant', 'identity_provider',
        'saved_view', 'audit_entry', 'job', 'change'];
    for (const table of tables) {
        const rows = await asRole('yagura_api', [], () => house.sql(`SELECT count(*) AS n FROM ${table}`));
        assert.equal(rows[0].n, '0', table);
    }
    const rows = await asRole('yagura_api', [aoba], () => house.sql('SELECT DISTINCT tenant_id FROM person'));
    assert.deepEqual(rows, [{ tenant_id: aoba }]);
});

test('what proves who somebody is cannot be read, only asked', async () => {
    for (const table of ['person_credential', 'recovery_code', 'person_token', 'session', 'known_device', 'login',
        'sign_in_attempt', 'oidc_state', 'audit_head']) {
        await denied('yagura_api', `SELECT * FROM ${table}`, [aoba]);
        await denied('yagura_jobs', `SELECT * FROM ${table}`, [aoba]);
    }
    await denied('yagura_api', 'SELECT key_hash FROM api_key', [aoba]);
    await denied('yagura_jobs', 'SELECT password_read(gen_random_uuid(), gen_random_uuid())', [aoba]);
    await denied('yagura_api', `SELECT principal_touch(gen_random_uuid(), gen_random_uuid(), 'session', now(), '')`);
});

test('a function that guards a person answers nothing to those who do not see the person', async () => {
    const [person] = await house.sql('SELECT tenant_id, id FROM person WHERE email = $1', [people.harbor]);
    const ask = (tenants, call) => asRole('yagura_api', tenants,
        () => house.sql(`SELECT * FROM ${call}`, [person.tenant_id, person.id]));
    assert.deepEqual(await ask([aoba], 'totp_read($1, $2)'), []);
    assert.equal((await ask([aoba], 'password_read($1, $2) AS hash'))[0].hash, null);
    assert.equal((await ask([person.tenant_id], 'password_read($1, $2) AS hash'))[0].hash.slice(0, 9), '$argon2id');
    assert.equal((await ask([aoba], `session_end($1, $2, NULL, NULL, now()) AS n`))[0].n, '0');
});

test('functions that run as the owner name their search path, and are open to nobody by default', async () => {
    const loose = await house.sql(`
        SELECT p.oid::regprocedure::text AS name FROM pg_proc p
         WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
           AND (p.proconfig IS NULL OR NOT EXISTS (SELECT FROM unnest(p.proconfig) c WHERE c LIKE 'search_path=%')
                OR p.proacl IS NULL OR EXISTS (SELECT FROM aclexplode(p.proacl) a WHERE a.grantee = 0))`);
    assert.deepEqual(loose, []);
});

test('the page filters and exports; a customer reads the customer’s own log alone', async () => {
    house.clock.advance({ minutes: 30 });
    const customer = await house.as('customer');
    const rows = answered(await customer.get('/audit?limit=200')).items;
    assert.ok(rows.length > 5 && rows.every((row) => row.tenant_id === aoba));
    const refusals = answered(await auditor.get(`/audit?result=refused&tenant_id=${aoba}&limit=200`)).items;
    assert.ok(refusals.length >= 12 && refusals.every((row) => row.result === 'refused'));
    const csv = await auditor.get('/audit?limit=5', { headers: { accept: 'text/csv' } });
    assert.equal(csv.status, 200);
    assert.match(csv.text.split('\n')[0], /action/);
    refused(await (await house.as('contact')).get('/audit'), 403);
    assert.equal((await proof(customer)).chains.length, 1);
});

test('no secret ever stands in the log', async () => {
    const [{ n }] = await house.sql(`SELECT count(*) AS n FROM audit_entry e
        WHERE e::text ~ 'argon2id|yagura-demo-2026|demo-secret-that-opens-nothing|ygk_[0-9a-f]+_'`);
    assert.equal(n, '0');
});

// What was not seen for long is forgotten: scripts with the customer's detections, files after a year.

import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { test } from 'node:test';
import { answered, until } from './harness.mjs';
import { startIncidentHouse } from './incident_house.mjs';

const house = await startIncidentHouse();
const { admin, aoba, kuro } = house;
const pc = { [aoba]: await house.computer(aoba, 'PC-1'), [kuro]: await house.computer(kuro, 'PC-1') };

const random = () => crypto.randomBytes(32).toString('hex');

async function file(tenant, days, { hash = random(), verdict = null, markers = [] } = {}) {
    await house.sql(`WITH e AS (INSERT INTO executable (tenant_id, id, hash, sha256, name, path, verdict, markers,
            computers, first_seen_at, last_seen_at, updated_at)
        VALUES ($1, gen_random_uuid(), $2, $2, 'a.exe', 'C:\\a.exe', $3, $4, 1, now() - interval '900 days',
            now() - make_interval(days => $5), now()) RETURNING *)
        INSERT INTO executable_computer SELECT tenant_id, id, $6, path, first_seen_at, last_seen_at FROM e`,
    [tenant, hash, verdict, markers, days, pc[tenant]]);
    return hash;
}
async function script(tenant, days, words) {
    const key = random();
    await house.sql(`WITH s AS (INSERT INTO script (tenant_id, id, key, kind, host, command_line, first_seen_at,
            last_seen_at)
        VALUES ($1, gen_random_uuid(), decode($2, 'hex'), 'powershell', 'powershell.exe', $3,
            now() - interval '900 days', now() - make_interval(days => $4)) RETURNING *)
        INSERT INTO script_computer SELECT tenant_id, id, $5, 1, first_seen_at, last_seen_at FROM s`,
    [tenant, key, words ?? key, days, pc[tenant]]);
    return key;
}
const files = async () => (await house.sql('SELECT hash FROM executable')).map((row) => row.hash).sort();
const scripts = async () => (await house.sql(`SELECT encode(key, 'hex') AS key FROM script`))
    .map((row) => row.key).sort();

// Two rounds, since one may have begun before. The statement that calls the next counts them: one called too many would
// sweep while the next test lays out its files.
async function sweep() {
    const rounds = async () => (await house.sql(`SELECT count(*)::int AS n FROM job WHERE kind = 'inventory_sweep'
        AND state = 'done'`))[0].n;
    const enough = await rounds() + 2;
    await until(async () => {
        await house.sql(`UPDATE job SET run_at = now() WHERE kind = 'inventory_sweep' AND state = 'ready'
            AND $1 > (SELECT count(*) FROM job WHERE kind = 'inventory_sweep' AND state = 'done')`, [enough]);
        return await rounds() >= enough;
    }, 'the inventory is swept', 60_000);
}
await sweep(); // the house's own first round would fall between what a test lays out

test('scripts go with the detections of their customer, but for those of an incident', async () => {
    answered(await admin.put(`/tenants/${kuro}/retention`, { detection_days: 90 }));
    const kept = [await script(aoba, 20), await script(kuro, 60), await script(aoba, 200, 'powershell -enc evil')];
    for (const [tenant, days] of [[aoba, 40], [kuro, 100], [aoba, 400]]) await script(tenant, days);
    await house.detect(aoba, { score: 95, computer_name: 'PC-1', command_line: 'powershell -enc evil' });
    await house.gather(aoba);
    await sweep();
    assert.deepEqual(await scripts(), kept.sort());
    assert.deepEqual(await house.sql('SELECT count(*)::int AS n FROM script_computer'), [{ n: 3 }]);
});

test('accounts on computers go after a year, or with the detections that are kept longer', async () => {
    answered(await admin.put(`/tenants/${kuro}/retention`, { detection_days: 400 }));
    const account = (tenant, name, days) => house.sql(`INSERT INTO computer_user (tenant_id, id, computer_id, name,
            first_seen_at, last_seen_at)
        VALUES ($1, gen_random_uuid(), $2, $3, now() - interval '900 days', now() - make_interval(days => $4))`,
    [tenant, pc[tenant], name, days]);
    for (const [name, days] of [['taro', 300], ['old', 370]]) await account(aoba, name, days);
    for (const [name, days] of [['hanako', 370], ['gone', 410]]) await account(kuro, name, days);
    await sweep();
    assert.deepEqual((await house.sql('SELECT name FROM computer_user ORDER BY name')).map((row) => row.name),
        ['hanako', 'taro']);
    answered(await admin.put(`/tenants/${kuro}/retention`, { detection_days: 90 }));
});

test('files go after a year, but for what was judged, marked, or is part of an incident or a detection', async () => {
    const kept = [await file(aoba, 300), await file(kuro, 500, { verdict: 'malicious' }),
        await file(aoba, 500, { markers: ['ours'] }), await file(aoba, 500), await file(aoba, 500)];
    await file(aoba, 370);
    await file(kuro, 500, { hash: kept[4] }); // what a detection of another customer is about keeps nothing here
    await house.detect(aoba, { score: 95, computer_name: 'PC-2', sha256: kept[3] });
    await house.gather(aoba);
    await house.sql('UPDATE detection SET sha256 = NULL WHERE sha256 = $1', [kept[3]]); // as if it had gone already
    await house.detect(aoba, { score: 10, sha256: kept[4] });
    await sweep();
    assert.deepEqual(await files(), kept.sort());
    assert.deepEqual(await house.sql('SELECT count(*)::int AS n FROM executable_computer'), [{ n: 5 }]);
});

// Computers, their groups by hand and by conditions, what people write on them, and how widespread files are.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, refused } from './harness.mjs';
import { startIncidentHouse } from './incident_house.mjs';

const house = await startIncidentHouse();
const { admin, contact, stranger, aoba, kuro } = house;
const day = 24 * 3600_000;
const ids = {
    win: await house.computer(aoba, 'WIN-1', { tags: ['vip'] }),
    lin: await house.computer(aoba, 'LIN-1', { os: 'linux' }),
    old: await house.computer(aoba, 'OLD-1', { last_seen_at: new Date(Date.now() - 9 * day) }),
    foreign: await house.computer(kuro, 'KU-1'),
};
await house.sql('UPDATE computer SET worst_score = 80, open_detections = 2 WHERE id = $1', [ids.lin]);
const names = async (query, client = admin) =>
    answered(await client.get(`/computers?tenant_id=${aoba}&${query}`)).items.map((one) => one.name).sort();

test('the list says how each stands; a stranger sees none of it', async () => {
    const list = answered(await admin.get('/computers?sort=-worst_score')).items;
    assert.equal(list.length, 4);
    assert.equal(list.find((one) => one.name === 'LIN-1').worst_score, 80);
    assert.deepEqual(await names('', stranger), []);
    refused(await stranger.get(`/computers/${ids.win}`), 404);
});

test('groups that everybody has are asked, not filled', async () => {
    const { groups } = answered(await admin.get(`/computer-groups/tree?tenant_id=${aoba}`));
    const count = Object.fromEntries(groups.map((one) => [one.builtin, one.computers]));
    assert.deepEqual(count, { all: 3, lost_found: 3, windows: 2, linux: 1, macos: 0, problems: 1, silent: 1 });
    const silent = groups.find((one) => one.builtin === 'silent');
    assert.deepEqual(await names(`group_id=${silent.id}`), ['OLD-1']);
    refused(await admin.delete(`/computer-groups/${silent.id}`), 403);
});

test('a dynamic group holds whoever meets its conditions; bad conditions name their place', async () => {
    const words = { tenant_id: aoba, name: 'VIPs', kind: 'dynamic' };
    const make = (conditions) => admin.post('/computer-groups', { ...words, conditions });
    const pointer = async (conditions) => refused(await make(conditions), 422).errors[0].pointer;
    assert.equal(await pointer([]), '/conditions');
    assert.equal(await pointer([{ field: 'os', operator: 'like', values: ['x'] }]), '/conditions/0/operator');
    assert.equal(await pointer([{ field: 'os', operator: 'is', values: ['beos'] }]), '/conditions/0/values/0');
    assert.equal(await pointer([{ field: 'address', operator: 'within', values: ['10.0.0.0/99'] }]),
        '/conditions/0/values/0');
    const made = answered(await make([{ field: 'tag', operator: 'has', values: ['vip', 'boss'] },
        { field: 'os', operator: 'is_not', values: ['linux'] }]), 201);
    assert.deepEqual(await names(`group_id=${made.id}`), ['WIN-1']);
    answered(await admin.post(`/computers/${ids.old}/act`, { action: 'tag', tags: ['boss'] }));
    assert.deepEqual(await names(`group_id=${made.id}`), ['OLD-1', 'WIN-1']);
    assert.ok(answered(await admin.get(`/computers/${ids.old}/groups`)).group_ids.includes(made.id));
});

test('a static group is filled by hand, stands in others, and never in itself', async () => {
    const make = async (name, parent_id) =>
        answered(await admin.post('/computer-groups', { tenant_id: aoba, name, kind: 'static', parent_id }), 201);
    const office = await make('Office');
    const floor = await make('Second floor', office.id);
    answered(await admin.post(`/computers/${ids.win}/act`, { action: 'join', group_id: floor.id }));
    assert.deepEqual(await names(`group_id=${floor.id}`), ['WIN-1']);
    refused(await admin.post(`/computers/${ids.foreign}/act`, { action: 'join', group_id: floor.id }), 422);
    const now = await admin.get(`/computer-groups/${office.id}`);
    const circle = refused(await admin.put(`/computer-groups/${office.id}`, { name: 'Office', parent_id: floor.id },
        { headers: { 'if-match': now.etag } }), 422);
    assert.equal(circle.errors[0].pointer, '/parent_id');
});

test('many at once, with a look before; each refusal stops nobody else', async () => {
    const until = new Date(Date.now() + day).toISOString();
    const ask = { action: 'mute', until, ids: [ids.win, ids.lin, ids.foreign] };
    const dry = answered(await admin.post('/computers/bulk', { ...ask, dry_run: true }));
    assert.equal(dry.succeeded, 3);
    assert.equal((await house.sql('SELECT 1 FROM computer WHERE muted_until IS NOT NULL')).length, 0);
    const theirs = answered(await contact.post('/computers/bulk', ask));
    assert.deepEqual([theirs.succeeded, theirs.failed], [2, 1]);
    refused(await admin.post(`/computers/${ids.win}/act`, { action: 'mute', until: '2001-01-01T00:00:00Z' }), 422);
});

test('how widespread a file is is told in numbers, and never whose', async () => {
    for (const [tenant, computers] of [[aoba, 3], [kuro, 5]]) {
        await house.sql(`INSERT INTO executable (tenant_id, id, hash, name, path, computers, first_seen_at,
            last_seen_at, updated_at)
            VALUES ($1, gen_random_uuid(), 'ff', 'a.exe', '/a', $2, now(), now(), now())`, [tenant, computers]);
    }
    const [file] = answered(await contact.get('/executables')).items;
    const popularity = answered(await contact.get(`/executables/${file.id}/popularity`));
    assert.deepEqual([popularity.computers_here, popularity.computers_everywhere, popularity.customers_everywhere,
        popularity.computers_total], [3, 8, 2, 4]);
    assert.ok(!JSON.stringify(popularity).includes(kuro));
});

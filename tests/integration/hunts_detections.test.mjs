// Questions put to detections: they are found for as long as they are kept, by what their events say.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, refused, until } from './harness.mjs';
import { event, sigma, startDetectionHouse } from './detection_house.mjs';
import { makePerson, signIn } from './http_people.mjs';

const house = await startDetectionHouse();
const contact = await signIn(house, await makePerson(house, house.aoba, 'customer_administrator'));
const rule = await house.writeRule(sigma({ title: 'Shell asks who it is', title_ja: 'シェルによるユーザー確認' }));
await house.rulesAsked();
await house.tell('aoba', [event({ command: 'whoami /all', host: 'PC-01.aoba.example' }), event({ command: 'dir' }),
    event({ command: 'whoami /priv', host: 'PC-02.aoba.example' })]);
await house.tell('kuro', [event({ command: 'whoami /all', host: 'LT-01.kuro.example' })]);
const found = await until(async () => {
    const rows = await house.found('limit=10');
    return rows.length === 3 && rows;
}, 'three detections are there');
const idOf = (command, tenant) => found.find((row) => row.command_line === command && row.tenant_id === tenant).id;

const day = { from_at: new Date(Date.now() - 86400e3).toISOString() };
const search = (words) => ({ purpose: 'search', about: 'detections', language: 'conditions', ...day, ...words });
const all = { conditions: [{ field: 'CommandLine', operator: 'ends', values: ['/ALL'] }] };
async function ask(client, words) {
    const made = answered(await client.post('/hunts', search(words)), 201);
    const seen = await until(async () => {
        const now = answered(await client.get(`/hunts/${made.id}`));
        return ['done', 'failed'].includes(now.state) && now;
    }, 'it is over', 60_000);
    assert.equal(seen.state, 'done', seen.problem);
    return { ...seen, items: answered(await client.get(`/hunts/${made.id}/hits?limit=200`)).items };
}

test('a condition on the event finds the detection, and leads to it', async () => {
    const hunt = await ask(house.admin, { ...all, tenant_ids: [house.aoba] });
    assert.deepEqual([hunt.about, hunt.hits, hunt.events_total, hunt.events_passed, hunt.segments_total],
        ['detections', 1, 2, 2, 0]);
    const [hit] = hunt.items;
    assert.equal(hit.detection_id, idOf('whoami /all', house.aoba));
    assert.deepEqual([hit.rule_key, hit.rule_title, hit.rule_title_ja, hit.score],
        [rule.key, 'Shell asks who it is', 'シェルによるユーザー確認', rule.score]);
    assert.equal(hit.summary, 'whoami /all');
    assert.equal(JSON.parse(hit.event).CommandLine, 'whoami /all');
});

test('a rule is asked of detections, of one computer, of all whom one sees, and never of others', async () => {
    const body = sigma({ detection: { a: { 'CommandLine|contains': '/priv' }, b: { 'CommandLine|endswith': '/all' },
        condition: '1 of *' } });
    const wide = await ask(house.admin, { language: 'sigma', body });
    assert.deepEqual(wide.items.map((hit) => hit.detection_id).sort(), found.map((row) => row.id).sort());
    const own = await ask(contact, { language: 'sigma', body });
    assert.deepEqual(new Set(own.items.map((hit) => hit.tenant_id)), new Set([house.aoba]));
    assert.equal(own.hits, 2);
    const one = await ask(contact, { language: 'sigma', body, host: 'pc-02' });
    assert.deepEqual(one.items.map((hit) => hit.detection_id), [idOf('whoami /priv', house.aoba)]);
    refused(await contact.post('/hunts', search({ ...all, tenant_ids: [house.kuro] })), 422);
});

test('detections are found when the events of their day have gone', async () => {
    await house.sql('DELETE FROM segment');
    assert.equal((await ask(house.admin, all)).hits, 2);
    const events = await ask(house.admin, { ...all, about: 'events' });
    assert.deepEqual([events.about, events.hits], ['events', 0]);
});

test('all active rules have found them already, so they are not asked again', async () => {
    const answer = refused(await house.admin.post('/hunts', search({ language: 'rules' })), 422);
    assert.equal(answer.errors[0].pointer, '/language');
});

test('very many are passed page by page, each once', async () => {
    await house.sql(`INSERT INTO detection (tenant_id, id, rule_id, rule_key, rule_version, title, score, batch_id,
            event_index, event, first_at, last_at, arrived_at, updated_at, computer_name, computer_id, command_line)
        SELECT d.tenant_id, overlay(d.id::text placing substr(md5(n::text), 1, 12) from 25)::uuid, d.rule_id,
               d.rule_key, d.rule_version, d.title, d.score, d.batch_id, d.event_index, d.event, d.first_at, d.last_at,
               d.arrived_at, d.updated_at, d.computer_name, d.computer_id, d.command_line
          FROM detection d, generate_series(1, 1700) n WHERE d.id = $1`, [idOf('whoami /priv', house.aoba)]);
    const hunt = await ask(house.admin, { tenant_ids: [house.aoba],
        conditions: [{ field: 'CommandLine', operator: 'ends', values: ['/priv'] }] });
    assert.deepEqual([hunt.hits, hunt.kept, hunt.events_total, hunt.events_passed], [1701, 1701, 1702, 1702]);
    const [{ n }] = await house.sql('SELECT count(DISTINCT detection_id)::int AS n FROM hunt_hit WHERE hunt_id = $1',
        [hunt.id]);
    assert.equal(n, 1701);
});

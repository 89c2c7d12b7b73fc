// Questions to stored telemetry: what is found, for whom, how it ends, and where a process came from.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, refused, startHouse, until } from './harness.mjs';
import { makePerson, makeTenant, PROVIDER, signIn } from './http_people.mjs';

const house = await startHouse();
const aoba = await makeTenant(house, 'AOBA');
const harbor = await makeTenant(house, 'HARBOR');
const engineer = await signIn(house, await makePerson(house, PROVIDER, 'administrator'));
const contact = await signIn(house, await makePerson(house, aoba, 'customer_administrator'));
const stranger = await signIn(house, await makePerson(house, harbor, 'customer_administrator'));

const now = Date.now();
const iso = (ms) => new Date(ms).toISOString();
const guid = (n) => `{00000000-0000-0000-0000-00000000000${n}}`;
const host = 'PC-01.aoba.example';
const start = (seconds, self, parent, image, commandLine) => ({
    '@timestamp': iso(now - 600000 + seconds * 1000), Hostname: host,
    Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 1, ProcessGuid: guid(self), ProcessId: 100 + self,
    Image: image, CommandLine: commandLine, User: 'AOBA\\tanaka', Hashes: `SHA256=${String(self).repeat(64)}`,
    ParentProcessGuid: guid(parent), ParentProcessId: 100 + parent, ParentImage: 'C:\\Windows\\explorer.exe',
    ParentCommandLine: 'explorer.exe',
});
const story = [
    start(1, 2, 1, 'C:\\Office\\WINWORD.EXE', 'winword.exe 見積書.docx'),
    start(2, 3, 2, 'C:\\Windows\\System32\\cmd.exe', 'cmd.exe /c start powershell'),
    start(3, 4, 3, 'C:\\Windows\\System32\\powershell.exe', 'powershell -enc SQBFAFgA*?'),
    { '@timestamp': iso(now - 600000 + 4000), Hostname: host, Channel: 'Microsoft-Windows-Sysmon/Operational',
      EventID: 3, ProcessGuid: guid(4), ProcessId: 104, Image: 'C:\\Windows\\System32\\powershell.exe',
      DestinationIp: '203.0.113.77', DestinationPort: '443', DestinationHostname: 'update-cdn.example' },
    { '@timestamp': iso(now - 600000 + 5000), Hostname: host, Channel: 'Microsoft-Windows-Sysmon/Operational',
      EventID: 5, ProcessGuid: guid(4), ProcessId: 104, Image: 'C:\\Windows\\System32\\powershell.exe' },
    start(6, 5, 2, 'C:\\Office\\splwow64.exe', 'splwow64.exe 8192'),
];

async function send(tenant, events, batch) {
    const key = answered(await engineer.post('/ingest-keys',
        { tenant_id: tenant, name: batch, kind: 'forwarder' }), 201);
    const sent = await fetch(`${house.url}/api/v1/ingest`, {
        method: 'POST', body: events.map((event) => JSON.stringify(event)).join('\n'),
        headers: { authorization: `Bearer ${key.secret}`, 'content-type': 'application/x-ndjson', 'x-batch-id': batch },
    });
    const answer = await sent.json();
    assert.equal(sent.status < 300, true, JSON.stringify(answer));
    assert.equal(answer.accepted, events.length);
    return answer;
}
const batch = await send(aoba, story, 'story');
await send(harbor, [{ ...story[3], Hostname: 'LT-09.harbor.example' }], 'other');

const day = { from_at: iso(now - 86400000), until_at: iso(now + 60000) };
const search = (words) => ({ purpose: 'search', language: 'conditions', ...day, ...words });
async function ask(client, words) {
    const made = answered(await client.post('/hunts', words), 201);
    return until(async () => {
        const seen = answered(await client.get(`/hunts/${made.id}`));
        return ['done', 'failed', 'cancelled'].includes(seen.state) && seen;
    }, `hunt ${made.id} is over`, 60_000);
}
const hits = async (client, hunt) => answered(await client.get(`/hunts/${hunt.id}/hits?sort=at`)).items;

test('conditions find an event, with what stands in it', async () => {
    const hunt = await ask(engineer, search({ tenant_ids: [aoba],
        conditions: [{ field: 'CommandLine', operator: 'contains', values: ['-enc sqb'] }] }));
    assert.equal(hunt.state, 'done', hunt.problem);
    assert.equal(hunt.hits, 1);
    const [hit] = await hits(engineer, hunt);
    assert.equal(hit.kind, 'process_creation');
    assert.equal(hit.host, host);
    assert.equal(hit.summary, 'powershell -enc SQBFAFgA*?');
    assert.equal(JSON.parse(hit.event).ProcessId, 104);
    assert.equal(hit.batch_id, batch.batch_id);
    assert.equal(hit.event_index, 2);
});

test('what people write holds no wildcards, and Japanese words are found', async () => {
    const starred = await ask(engineer, search({ tenant_ids: [aoba],
        conditions: [{ field: 'CommandLine', operator: 'ends', values: ['SQBFAFgA*?'] }] }));
    assert.equal(starred.hits, 1);
    const nothing = await ask(engineer, search({ tenant_ids: [aoba],
        conditions: [{ field: 'CommandLine', operator: 'ends', values: ['SQB*'] }] }));
    assert.equal(nothing.hits, 0);
    const paper = await ask(engineer, search({ tenant_ids: [aoba],
        conditions: [{ operator: 'contains', values: ['見積書'] }] }));
    assert.equal(paper.hits, 1);
    assert.equal(paper.title, '見積書');
});

test('an address is found wherever it stands, for all customers one sees and never for others', async () => {
    const words = search({ conditions: [{ operator: 'contains', values: ['203.0.113.77'] }] });
    const both = await ask(engineer, words);
    assert.deepEqual((await hits(engineer, both)).map((hit) => hit.tenant_id).sort(), [aoba, harbor].sort());
    const own = await ask(contact, words);
    assert.equal(own.internal, false);
    assert.deepEqual((await hits(contact, own)).map((hit) => hit.tenant_id), [aoba]);
    refused(await contact.get(`/hunts/${both.id}`), 404);
    refused(await stranger.get(`/hunts/${own.id}`), 404);
    assert.deepEqual(answered(await stranger.get(`/hunts/${own.id}/hits`)).items, []);
    refused(await contact.post('/hunts', { ...words, tenant_ids: [harbor] }), 422);
});

test('all active rules are asked, also the one that was written a moment ago', async () => {
    const rule = (name, end) => ({ tenant_id: aoba, state: 'active', body: `title: ${name}
id: ${end === 'cmd' ? '51111111' : '52222222'}-2222-4333-8444-555555555555
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\\${end}.exe'
    condition: selection
level: high
` });
    const titles = async (...tenants) => (await hits(engineer, await ask(engineer,
        { purpose: 'hunt', language: 'rules', ...day, tenant_ids: tenants }))).map((hit) => hit.rule_title);
    answered(await engineer.post('/rules', rule('Shell', 'cmd')), 201);
    assert.ok((await titles(aoba)).includes('Shell'));
    assert.ok(!(await titles(harbor)).includes('Shell'));
    answered(await engineer.post('/rules', rule('Printer', 'splwow64')), 201);
    const both = await titles(aoba);
    assert.ok(both.includes('Shell') && both.includes('Printer'));
});

test('what an engineer looks for at one customer is not shown to the customer unless it is meant to be', async () => {
    const words = search({ tenant_ids: [aoba], conditions: [{ operator: 'contains', values: ['splwow64'] }] });
    const hidden = await ask(engineer, words);
    refused(await contact.get(`/hunts/${hidden.id}`), 404);
    const shown = await ask(engineer, { ...words, shown: true });
    assert.equal(answered(await contact.get(`/hunts/${shown.id}`)).hits, 1);
    assert.equal((await hits(contact, shown)).length, 1);
});

test('operators: not, absent, network, numbers, several values, another computer', async () => {
    const count = async (conditions, more = {}) =>
        (await ask(engineer, search({ tenant_ids: [aoba], conditions, ...more }))).hits;
    const creation = { field: 'EventID', operator: 'is', values: ['1'] };
    assert.equal(await count([creation]), 4);
    assert.equal(await count([creation,
        { field: 'Image', operator: 'ends', values: ['\\cmd.exe', '\\powershell.exe'] }]), 2);
    assert.equal(await count([creation, { field: 'Image', operator: 'contains_not', values: ['System32'] }]), 2);
    assert.equal(await count([{ field: 'DestinationIp', operator: 'in_network', values: ['203.0.113.0/24'] }]), 1);
    assert.equal(await count([{ field: 'DestinationPort', operator: 'above', values: ['400'] }]), 1);
    assert.equal(await count([{ field: 'CommandLine', operator: 'absent' }]), 2);
    assert.equal(await count([creation], { host: 'pc-01' }), 4);
    assert.equal(await count([creation], { host: 'pc-02' }), 0);
    assert.equal(await count([creation], { until_at: iso(now - 600000 + 2500) }), 2);
});

test('a rule is hunted for, and says which it was', async () => {
    const body = `title: Office starts a shell
id: 11111111-2222-4333-8444-555555555555
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\\cmd.exe'
    condition: selection
level: high
`;
    const hunt = await ask(engineer, { purpose: 'hunt', language: 'sigma', body, ...day, tenant_ids: [aoba] });
    const [hit] = await hits(engineer, hunt);
    assert.equal(hit.rule_title, 'Office starts a shell');
    assert.equal(hit.rule_key, '11111111-2222-4333-8444-555555555555');
    assert.ok(hit.score >= 70);
});

test('what cannot be asked is refused where it is wrong', async () => {
    const pointers = async (words) => refused(await engineer.post('/hunts', words), 422).errors.map((e) => e.pointer);
    assert.deepEqual(await pointers(search({ conditions: [] })), ['/conditions']);
    assert.deepEqual(await pointers(search({ conditions: [{ operator: 'is', values: ['x'] }] })),
        ['/conditions/0/field']);
    assert.deepEqual(await pointers(search({ conditions: [{ field: 'Image', operator: 'is', values: [] }] })),
        ['/conditions/0/values']);
    assert.deepEqual(await pointers(search({
        conditions: [{ field: 'x', operator: 'in_network', values: ['1.2.3'] }] })),
        ['/conditions/0/values/0']);
    assert.deepEqual(await pointers(search({ conditions: [{ operator: 'contains', values: ['x'] }],
        from_at: day.until_at, until_at: day.from_at })), ['/until_at']);
    const broken = refused(await engineer.post('/hunts',
        { purpose: 'hunt', language: 'sigma', body: 'title: [', ...day }), 422);
    assert.deepEqual(broken.errors.map((e) => e.pointer), ['/body']);
    assert.match(broken.errors[0].detail ?? broken.errors[0].message ?? JSON.stringify(broken.errors[0]), /[Ll]ine \d/);
});

test('a question is read without asking it', async () => {
    const seen = answered(await engineer.post('/hunts/check', { language: 'conditions',
        conditions: [{ field: 'Image', operator: 'ends', values: ['\\cmd.exe'] }] }));
    assert.equal(seen.rules, 1);
    assert.equal(seen.needs_all, false);
    const wide = answered(await engineer.post('/hunts/check', { language: 'conditions',
        conditions: [{ field: 'Image', operator: 'absent' }] }));
    assert.equal(wide.needs_all, true);
});

test('a hunt is cancelled, and put away with what it found', async () => {
    const over = await ask(engineer, search({ tenant_ids: [aoba],
        conditions: [{ operator: 'contains', values: ['powershell'] }] }));
    refused(await engineer.post(`/hunts/${over.id}/cancel`, {}), 409);
    assert.ok((await hits(engineer, over)).length > 0);
    answered(await engineer.delete(`/hunts/${over.id}`), 204);
    refused(await engineer.get(`/hunts/${over.id}`), 404);
    assert.deepEqual(await house.sql('SELECT id FROM hunt_hit WHERE hunt_id = $1', [over.id]), []);
});

test('a process is told with what led to it and what it did', async () => {
    const at = encodeURIComponent(iso(now - 600000 + 3000));
    const tree = answered(await engineer.get(
        `/process-tree?tenant_id=${aoba}&host=pc-01&process_guid=${encodeURIComponent(guid(3))}&at=${at}`));
    assert.deepEqual(tree.nodes.map((node) => node.guid), [guid(1), guid(2), guid(3), guid(4), guid(5)]);
    const [root, word, shell, power, beside] = tree.nodes;
    assert.equal(beside.parent_guid, word.guid);
    assert.equal(root.is_known, false);
    assert.equal(root.image, 'C:\\Windows\\explorer.exe');
    assert.equal(word.is_ancestor, true);
    assert.equal(shell.is_subject, true);
    assert.equal(Date.parse(power.ended_at), now - 600000 + 5000);
    assert.equal(power.actions, 1);
    assert.equal(tree.actions[0].summary, 'update-cdn.example');
    refused(await stranger.get(
        `/process-tree?tenant_id=${aoba}&host=pc-01&process_guid=${encodeURIComponent(guid(3))}&at=${at}`), 422);
});

test('a computer\'s events around a time come in order', async () => {
    const seen = answered(await engineer.get(`/host-events?tenant_id=${aoba}&host=PC-01`
        + `&from_at=${encodeURIComponent(iso(now - 700000))}&until_at=${encodeURIComponent(iso(now))}`));
    assert.equal(seen.items.length, story.length);
    assert.deepEqual(seen.items.map((item) => item.at), seen.items.map((item) => item.at).sort());
    const only = answered(await engineer.get(`/host-events?tenant_id=${aoba}&host=PC-01&kinds=network_connection`
        + `&from_at=${encodeURIComponent(iso(now - 700000))}&until_at=${encodeURIComponent(iso(now))}`));
    assert.equal(only.items.length, 1);
});

test('a word is whole: an address is not the beginning of another, in a field or anywhere', async () => {
    const addresses = [['10.9.8.7', 'a'], ['10.9.8.70', 'b'], ['110.9.8.7', 'c']];
    await send(aoba, addresses.map(([address, name]) => ({ ...story[3], DestinationIp: address,
        DestinationHostname: `${name}.example`, Note: `to ${address}; _kuma${name}k2` })), 'words');
    const found = async (...conditions) => (await hits(engineer, await ask(engineer,
        search({ tenant_ids: [aoba], conditions })))).map((hit) => JSON.parse(hit.event).DestinationHostname).sort();
    const word = (value, field) => ({ field, operator: 'has_word', values: [value].flat() });
    assert.equal((await found({ operator: 'contains', values: ['10.9.8.7'] })).length, 3);
    assert.deepEqual(await found(word('10.9.8.7')), ['a.example']);
    assert.deepEqual(await found(word('10.9.8.7', 'DestinationIp')), ['a.example']);
    assert.deepEqual(await found(word(['10.9.8.7', 'KUMABK2'])), ['a.example', 'b.example']);
    assert.deepEqual(await found(word('kumab')), []);
    assert.deepEqual(await found(word('10.9.8.7'), word('b.example', 'DestinationHostname')), []);
    const seen = answered(await engineer.post('/hunts/check',
        { language: 'conditions', conditions: [word('10.9.8.7')] }));
    assert.equal(seen.needs_all, false);
    refused(await engineer.post('/hunts', search({ conditions: [word([])] })), 422);
});

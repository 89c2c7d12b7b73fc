// Services that know files, addresses and names, as stand-ins that speak their documented protocols: VirusTotal v3 and
// MISP. Asked in turn, kept, and judged strictly.

import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import { after, test } from 'node:test';
import { answered, refused, until } from './harness.mjs';
import { startIncidentHouse } from './incident_house.mjs';

const HASH = { bad: 'a1'.repeat(32), good: 'b2'.repeat(32), strange: 'c3'.repeat(32), broken: 'd4'.repeat(32),
    busy: 'e5'.repeat(32), shaped: 'f6'.repeat(32) };
const seen = [];
const busy = new Set();

const stats = (malicious, harmless) => ({ data: { type: 'file', attributes: {
    last_analysis_stats: { malicious, suspicious: 0, harmless, undetected: 3, timeout: 0 },
    popular_threat_classification: { suggested_threat_label: 'trojan.mimikatz/marte' } } } });

const server = http.createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    seen.push({ url: request.url, key: request.headers['x-apikey'] ?? request.headers.authorization, body });
    const say = (status, answer, headers = {}) => {
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
    };
    if (request.url === '/attributes/restSearch') {
        const { value } = JSON.parse(body);
        return say(200, { response: { Attribute: value === HASH.bad
            ? [{ type: 'sha256', to_ids: true, value, Event: { info: 'Ransomware, spring' } }] : [] } });
    }
    if (request.headers['x-apikey'] === 'wrong') return say(401, { error: { code: 'WrongCredentialsError' } });
    const value = request.url.split('/').pop();
    if (value === HASH.bad) return say(200, stats(41, 20));
    if (value === HASH.good || value === '8.8.4.4' || value === 'evil.example') return say(200, stats(0, 60));
    if (value === HASH.broken) return say(200, '{"data": {"attributes": ');
    if (value === HASH.shaped) return say(200, { data: [] });
    if (value === HASH.busy && !busy.has(value)) {
        busy.add(value);
        return say(429, { error: { code: 'QuotaExceededError', message: 'Quota exceeded' } }, { 'retry-after': '2' });
    }
    if (value === HASH.busy) return say(200, stats(1, 50));
    say(404, { error: { code: 'NotFoundError', message: 'not found' } });
}).listen(0, '127.0.0.1');
await once(server, 'listening');
after(() => server.close());
const url = `http://127.0.0.1:${server.address().port}`;

const house = await startIncidentHouse({ env: { YAGURA_FETCH_REACH: '127.0.0.1/32' } });
const { admin, contact, stranger, aoba, kuro } = house;
const words = { enabled: true, per_minute: 60, per_day: 1000, keep_hours: 24, unknown_hours: 1, tenant_id: aoba };
const source = answered(await admin.post('/reputation-sources',
    { ...words, name: 'VirusTotal', kind: 'virustotal', url, api_key: 'vt-secret' }), 201);

const ask = (kind, value, client = admin) => client.post('/reputation-answers/ask', { tenant_id: aoba, kind, value });
const said = async (value, state) => until(async () =>
    answered(await admin.get(`/reputation-answers?value=${value}&source_id=${source.id}`)).items
        .find((one) => one.state === state), `${value} is ${state}`, 60_000);

test('a key is sealed, and nobody is shown it', async () => {
    assert.equal(source.api_key, undefined);
    const [row] = await house.sql('SELECT key_sealed FROM reputation_source WHERE id = $1', [source.id]);
    assert.ok(!row.key_sealed.toString('latin1').includes('vt-secret'));
    assert.ok(!JSON.stringify(answered(await admin.get('/audit?limit=50'))).includes('vt-secret'));
});

test('a bad file is bad, is named, and its row here says so', async () => {
    await house.sql(`INSERT INTO executable (tenant_id, id, hash, sha256, name, path, first_seen_at, last_seen_at,
        updated_at) VALUES ($1, gen_random_uuid(), $2, $2, 'mm.exe', 'C:\\mm.exe', now(), now(), now())`,
    [aoba, HASH.bad]);
    assert.equal(answered(await ask('hash', HASH.bad)).sources, 1);
    const answer = await said(HASH.bad, 'known');
    assert.equal(answer.verdict, 'malicious');
    assert.equal(answer.malicious, 41);
    assert.deepEqual(answer.labels, ['trojan.mimikatz/marte']);
    const [file] = answered(await contact.get('/executables')).items;
    assert.equal(file.verdict, 'malicious');
    assert.equal(file.verdict_source, 'VirusTotal');
    assert.deepEqual(seen.at(-1), { url: `/api/v3/files/${HASH.bad}`, key: 'vt-secret', body: '' });
});

test('what is known is kept: nobody is asked twice', async () => {
    const before = seen.length;
    assert.equal(answered(await ask('hash', HASH.bad)).sources, 0);
    assert.equal(answered(await ask('hash', HASH.good)).sources, 1);
    assert.equal((await said(HASH.good, 'known')).verdict, 'clean');
    assert.equal(seen.length, before + 1);
});

test('addresses and names have pages of their own', async () => {
    answered(await ask('address', '8.8.4.4'));
    answered(await ask('domain', 'evil.example'));
    await said('8.8.4.4', 'known');
    await said('evil.example', 'known');
    const urls = seen.map((one) => one.url);
    assert.ok(urls.includes('/api/v3/ip_addresses/8.8.4.4'));
    assert.ok(urls.includes('/api/v3/domains/evil.example'));
});

test('unknown there is unknown here; broken answers are trouble and no verdict', async () => {
    answered(await ask('hash', HASH.strange));
    assert.equal((await said(HASH.strange, 'unknown')).verdict, null);
    for (const value of [HASH.broken, HASH.shaped]) {
        answered(await ask('hash', value));
        const answer = await said(value, 'failed');
        assert.equal(answer.verdict, null);
        assert.ok(answer.trouble);
    }
    assert.ok(answered(await admin.get(`/reputation-sources/${source.id}`)).trouble);
});

test('who says "too many" is left alone, and asked again when it is ready', async () => {
    answered(await ask('hash', HASH.busy));
    await until(() => busy.has(HASH.busy), 'it was asked');
    const answer = await said(HASH.busy, 'known');
    assert.equal(answer.verdict, 'unwanted');
});

test('private addresses, paths in place of names and half hashes never leave the house', async () => {
    const before = seen.length;
    for (const [kind, value] of [['address', '10.0.0.1'], ['address', '127.0.0.1'], ['address', 'fe80::1'],
        ['domain', 'a/../b.example'], ['domain', 'localhost'], ['hash', 'abc'], ['hash', '../' + 'a'.repeat(61)]]) {
        assert.equal(refused(await ask(kind, value), 422).errors[0].pointer, '/value', value);
    }
    assert.equal(seen.length, before);
});

test('MISP is searched by value, and its events give the name', async () => {
    const misp = answered(await admin.post('/reputation-sources',
        { ...words, name: 'MISP', kind: 'misp', url, api_key: 'misp-secret' }), 201);
    assert.equal(answered(await ask('hash', HASH.bad)).sources, 1, 'only the new one');
    const answer = await until(async () => answered(await admin.get(`/reputation-answers?source_id=${misp.id}`)).items
        .find((one) => one.state === 'known'), 'MISP answers', 60_000);
    assert.equal(answer.verdict, 'malicious');
    assert.deepEqual(answer.labels, ['Ransomware, spring']);
    const question = seen.at(-1);
    assert.equal(question.key, 'misp-secret');
    assert.equal(JSON.parse(question.body).value, HASH.bad);
    assert.equal((await admin.delete(`/reputation-sources/${misp.id}`)).status, 204);
});

test('a source is tried with a file that everybody knows, again and again, and says what is wrong', async () => {
    const tried = answered(await admin.post('/reputation-sources',
        { ...words, name: 'Tried', kind: 'virustotal', url, api_key: 'wrong' }), 201);
    const path = `/reputation-sources/${tried.id}`;
    assert.ok(tried.can.includes('test'));
    answered(await admin.post(`${path}/test`, {}));
    const bad = await until(async () => {
        const now = await admin.get(path);
        return now.body.trouble && now;
    }, 'it is told why', 60_000);
    assert.equal(bad.body.trouble, 'it answered 401');
    const { name, per_minute, per_day, keep_hours, unknown_hours } = tried;
    const change = (more, version) => admin.put(path,
        { name, url, per_minute, per_day, keep_hours, unknown_hours, ...more }, { headers: { 'if-match': version } });
    answered(await change({ enabled: true, api_key: 'vt-secret' }, bad.etag));
    answered(await admin.post(`${path}/test`, {}));
    const good = await until(async () => {
        const now = await admin.get(path);
        return now.body.answered_at && now;
    }, 'it answers', 60_000);
    assert.equal(good.body.trouble, null);
    assert.match(seen.at(-1).url, /275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f$/);
    answered(await change({ enabled: false }, good.etag));
    refused(await admin.post(`${path}/test`, {}), 409);
    refused(await contact.post(`/reputation-sources/${crypto.randomUUID()}/test`, {}), 404);
    refused(await stranger.post(`/reputation-sources/${source.id}/test`, {}), 404);
    assert.equal((await admin.delete(path)).status, 204);
});

test('beyond its minute a source waits', async () => {
    const now = await admin.get(`/reputation-sources/${source.id}`);
    const { name, enabled, per_day, keep_hours, unknown_hours } = now.body;
    answered(await admin.put(`/reputation-sources/${source.id}`,
        { name, url, enabled, per_day, keep_hours, unknown_hours, per_minute: 1 },
        { headers: { 'if-match': now.etag } }));
    const fresh = Array.from({ length: 4 }, (_, i) => `0${i}`.repeat(32));
    const before = seen.length;
    for (const value of fresh) answered(await ask('hash', value));
    await until(async () => (await house.sql(`SELECT 1 FROM job WHERE kind = 'reputation_ask' AND state = 'ready'
        AND run_at > now() + interval '5 seconds'`)).length >= 2, 'others wait for their turn', 60_000);
    assert.ok(seen.length - before <= 2, 'one, or one on each side of a full minute');
});

test('sources, answers and links are their customer\'s own', async () => {
    assert.deepEqual(answered(await stranger.get('/reputation-answers')).items, []);
    refused(await stranger.post('/reputation-answers/ask', { tenant_id: aoba, kind: 'hash', value: HASH.bad }), 422);
    refused(await contact.delete(`/reputation-links/00000000-0000-7000-8000-00000c002001`), 403);
    const bad = refused(await admin.post('/reputation-links', { tenant_id: kuro, name: 'x', kind: 'hash',
        url: 'javascript:alert(1)//{value}' }), 422);
    assert.equal(bad.errors[0].pointer, '/url');
    const made = answered(await admin.post('/reputation-links', { tenant_id: kuro, name: 'Own', kind: 'hash',
        url: 'https://intel.example/{value}' }), 201);
    assert.ok(answered(await stranger.get('/reputation-links')).items.some((one) => one.id === made.id));
    assert.ok(!answered(await contact.get('/reputation-links')).items.some((one) => one.id === made.id));
});

test('a page of others is changed by whose it is, based on what they saw, and the audit log says what', async () => {
    const path = '/reputation-links/00000000-0000-7000-8000-00000c002001';
    const words = { name: 'Own too', kind: 'domain', url: 'https://intel.example/names/{value}' };
    const own = answered(await admin.post('/reputation-links', { ...words, tenant_id: kuro, name: 'Mine' }), 201);
    const based = (version) => ({ headers: { 'if-match': `"${version}"` } });
    refused(await contact.put(path, words, based(1)), 403);
    refused(await stranger.put(`/reputation-links/${own.id}`, words, based(own.version)), 403);
    const bad = refused(await admin.put(`/reputation-links/${own.id}`, { ...words, url: 'https://intel.example/' },
        based(own.version)), 422);
    assert.equal(bad.errors[0].pointer, '/url');
    const changed = answered(await admin.put(`/reputation-links/${own.id}`, words, based(own.version)));
    assert.deepEqual([changed.name, changed.kind, changed.url], [words.name, words.kind, words.url]);
    refused(await admin.put(`/reputation-links/${own.id}`, { ...words, name: 'late' }, based(own.version)), 412);
    const [{ change }] = await house.sql(
        "SELECT change FROM audit_entry WHERE action = 'reputation_link.updated' AND object_id = $1", [own.id]);
    assert.match(JSON.stringify(change), /Mine.*Own too/);
});

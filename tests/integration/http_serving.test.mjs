// How the door serves: repeated calls, versions, limits, full queues, slow readers, a database that goes, and the end.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { before, test } from 'node:test';
import zlib from 'node:zlib';
import { answered, refused, startHouse, temporary, until } from './harness.mjs';
import { makePerson, makeTenant, PROVIDER, rawHead, signIn } from './http_people.mjs';

const unlimited = { YAGURA_RATE_PER_ADDRESS: '0', YAGURA_RATE_PER_PERSON: '0' };
const view = { page: 'people', name: 'mine', state: {}, shared: false };
let house, client;

function makePortal() {
    const folder = temporary('portal');
    const script = 'console.log(1);'.repeat(500);
    fs.mkdirSync(path.join(folder, 'assets'));
    fs.writeFileSync(path.join(folder, 'index.html'), '<!doctype html><title>portal</title>');
    fs.writeFileSync(path.join(folder, 'assets/app-1.js'), script);
    fs.writeFileSync(path.join(folder, 'assets/app-1.js.gz'), zlib.gzipSync(script));
    fs.writeFileSync(path.join(folder, 'assets/app-1.js.br'), zlib.brotliCompressSync(script));
    return folder;
}

before(async () => {
    house = await startHouse({ env: { ...unlimited, YAGURA_PORTAL_DIR: makePortal() } });
    client = await signIn(house, await makePerson(house, PROVIDER, 'administrator'));
});

test('the same key and body are done once and answered twice', async () => {
    const headers = { 'idempotency-key': 'one' };
    const first = await client.post('/saved-views', view, { headers });
    const again = await client.post('/saved-views', view, { headers });
    answered(first, 201);
    assert.deepEqual(answered(again, 201), first.body);
    assert.equal(again.headers.get('idempotency-replayed'), 'true');
    assert.equal(again.etag, first.etag);
    refused(await client.post('/saved-views', { ...view, name: 'other' }, { headers }), 422, 'idempotency-mismatch');
    assert.equal((await house.sql("SELECT 1 FROM saved_view WHERE name IN ('mine', 'other')")).length, 1);
});

test('a key is its person\'s own, and free again when the call failed', async () => {
    const other = await signIn(house, await makePerson(house, PROVIDER, 'administrator'));
    const headers = { 'idempotency-key': 'two' };
    refused(await client.post('/saved-views', { page: 'people' }, { headers }), 422, 'validation');
    answered(await client.post('/saved-views', { ...view, name: 'two' }, { headers }), 201);
    answered(await other.post('/saved-views', { ...view, name: 'two of other' }, { headers }), 201);
});

test('calls with one key at the same time are done once', async () => {
    const headers = { 'idempotency-key': 'three' };
    const calls = Array.from({ length: 8 }, () => client.post('/saved-views', { ...view, name: 'three' }, { headers }));
    const ids = (await Promise.all(calls)).map((response) => answered(response, 201).id);
    assert.equal(new Set(ids).size, 1);
});

test('after a day a key may be used anew', async () => {
    await house.sql("UPDATE idempotency SET created_at = created_at - interval '25 hours' WHERE key = 'one'");
    const headers = { 'idempotency-key': 'one' };
    const response = await client.post('/saved-views', { ...view, name: 'a day later' }, { headers });
    assert.equal(answered(response, 201).name, 'a day later');
});

test('an update needs the version that was read, and loses to who was faster', async () => {
    const made = await client.post('/saved-views', { ...view, name: 'versions' });
    const { id } = answered(made, 201);
    const body = { ...view, name: 'renamed' };
    refused(await client.put(`/saved-views/${id}`, body), 428);
    refused(await client.put(`/saved-views/${id}`, body, { headers: { 'if-match': '*' } }), 412);
    const updated = await client.put(`/saved-views/${id}`, body, { headers: { 'if-match': made.etag } });
    answered(updated);
    assert.notEqual(updated.etag, made.etag);
    refused(await client.put(`/saved-views/${id}`, body, { headers: { 'if-match': made.etag } }), 412);
    answered(await client.put(`/saved-views/${id}`, body, { headers: { 'if-match': updated.etag } }));
});

test('what was not changed is not sent again', async () => {
    const person = await makePerson(house, PROVIDER, 'auditor');
    const first = await client.get(`/people/${person.id}`);
    assert.ok(answered(first) && first.etag);
    const headers = { 'if-none-match': first.etag };
    assert.equal((await client.get(`/people/${person.id}`, { headers })).status, 304);
    await house.sql("UPDATE person SET name = 'Changed', version = version + 1 WHERE id = $1", [person.id]);
    answered(await client.get(`/people/${person.id}`, { headers }));
});

test('a new object says where it is', async () => {
    const response = await client.post('/tenants', { name: 'Located', short_code: 'LOC', plan: 'lite', language: 'en',
        time_zone: 'Asia/Tokyo' });
    const { id } = answered(response, 201);
    assert.equal(response.headers.get('location'), `/api/v1/tenants/${id}`);
});

test('lists go out as CSV to the last page, with cells that cannot calculate', async () => {
    const tenant = await makeTenant(house, 'CSVMANY');
    await house.sql(`INSERT INTO person (tenant_id, id, kind, email, name, language, time_zone, status, created_at,
        updated_at) SELECT $1, gen_random_uuid(), 'person', 'csv' || i || '@csv.example', '=cmd' || i, 'en',
        'Asia/Tokyo', 'invited', now(), now() FROM generate_series(1, 1234) i`, [tenant]);
    const response = await client.get(`/people?tenant_id=${tenant}&limit=7`, { headers: { accept: 'text/csv' } });
    answered(response);
    assert.match(response.headers.get('content-type'), /^text\/csv/);
    assert.match(response.headers.get('content-disposition'), /filename="people\.csv"/);
    const lines = response.text.replace(/^\uFEFF/, '').trimEnd().split('\r\n');
    assert.equal(lines.length, 1 + 1234);
    assert.ok(lines.slice(1).every((line) => line.includes('"\'=cmd')));
    assert.equal(new Set(lines).size, lines.length);
});

test('an export whose reader loses the right to it is cut, not ended', async () => {
    const person = await makePerson(house, PROVIDER, 'administrator');
    const reader = await signIn(house, person);
    await house.sql(`INSERT INTO saved_view (tenant_id, id, person_id, page, name, state, shared, created_at,
                     updated_at)
        SELECT $1, gen_random_uuid(), $2, 'people', 'view ' || i, jsonb_build_object('x', repeat('y', 20000)), false,
        now(), now() FROM generate_series(1, 1000) i`, [PROVIDER, person.id]);
    const ask = () => fetch(`${house.url}/api/v1/saved-views`, { headers: { accept: 'text/csv',
        cookie: `yagura_session=${reader.token}` } });
    assert.ok((await (await ask()).text()).length > 20_000_000);
    const body = (await ask()).body.getReader();
    await body.read();
    await house.sql('UPDATE session SET revoked_at = now() WHERE id = $1', [reader.session]);
    await assert.rejects(async () => {
        while (!(await body.read()).done);
    });
    assert.ok(house.log('http.export_cut').length === 1);
});

test('a connection is used again, also after a refusal', async () => {
    const get = rawHead(client, 'GET', '/api/v1/version');
    const post = rawHead(client, 'POST', '/api/v1/nope', { 'Content-Length': '2', 'Content-Type': 'application/json' });
    const answer = await house.raw(`${get}${rawHead(client, 'GET', '/api/v1/nope')}${post}{}${get}`
        + rawHead(client, 'GET', '/assets/app-1.js', { Connection: 'close' }));
    assert.deepEqual([...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => match[1]),
        ['200', '404', '404', '200', '200']);
});

test('the portal comes compressed, kept for ever where its name changes, and pages get index.html', async () => {
    const asset = await house.client().request('GET', '//assets/app-1.js', { headers: { 'accept-encoding': 'br' } });
    assert.equal(asset.headers.get('content-encoding'), 'br');
    assert.equal(asset.headers.get('cache-control'), 'public, max-age=31536000, immutable');
    assert.match(asset.headers.get('content-type'), /^text\/javascript/);
    const plain = await house.raw('GET /assets/app-1.js HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    assert.doesNotMatch(plain, /content-encoding/i);
    assert.match(plain, /console\.log/);
    const page = await house.client().request('GET', '//people/42');
    assert.match(page.text, /<title>portal/);
    const policy = page.headers.get('content-security-policy');
    assert.match(policy, /script-src 'self'(;|$)/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.equal(page.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(page.headers.get('cross-origin-opener-policy'), 'same-origin');
    const etag = page.headers.get('etag');
    assert.equal((await house.client().request('GET', '//', { headers: { 'if-none-match': etag } })).status, 304);
    refused(await house.client().request('GET', '//assets/gone.js'), 404);
    refused(await house.client().request('GET', '//favicon.gone'), 404);
    refused(await house.client().request('POST', '//people'), 405);
});

test('health, readiness and metrics are told, metrics to the machine itself alone', async () => {
    const get = (name, headers) => house.client().request('GET', `//${name}`, { headers });
    assert.equal(answered(await get('healthz')).status, 'alive');
    assert.equal(answered(await get('readyz')).checks.database.ok, true);
    const metrics = (await get('metrics')).text;
    for (const name of ['yagura_http_requests_total{method="GET",route="/people/{id}",status="200"}',
        'yagura_http_request_seconds_bucket', 'yagura_database_up 1', 'yagura_queue_depth', 'yagura_workers 8',
        'yagura_http_connections']) assert.ok(metrics.includes(name), name);
    refused(await get('metrics', { 'x-forwarded-for': '203.0.113.1' }), 404);
});

test('the OpenAPI document is what is served', async () => {
    const document = answered(await house.client().get('/openapi.json'));
    assert.equal(document.openapi, '3.1.0');
    const printed = JSON.parse((await house.yagura(['openapi'])).stdout);
    assert.deepEqual(document, printed);
    const ids = Object.values(document.paths).flatMap((path) => Object.values(path)).map((one) => one.operationId);
    assert.equal(new Set(ids).size, ids.length);
    for (const [name, operations] of Object.entries(document.paths)) {
        for (const operation of Object.values(operations)) {
            assert.ok(operation['x-permission'], name);
            const inPath = operation.parameters.filter((one) => one.in === 'path').map((one) => `{${one.name}}`);
            assert.deepEqual(inPath.sort(), (name.match(/\{\w+\}/g) ?? []).sort(), name);
        }
    }
    const refs = JSON.stringify(document).match(/#\/components\/schemas\/\w+/g);
    for (const ref of refs) assert.ok(document.components.schemas[ref.split('/').pop()], ref);
});

test('calls are limited by address and by person, and told so', async () => {
    const limited = await startHouse({ env: { YAGURA_RATE_PER_ADDRESS: '200', YAGURA_RATE_PER_PERSON: '20' } });
    const caller = await signIn(limited, await makePerson(limited, PROVIDER, 'administrator'));
    const first = await caller.get('/people');
    assert.equal(first.headers.get('ratelimit-limit'), '20');
    assert.equal(first.headers.get('ratelimit-remaining'), '19');
    let response = first;
    for (let i = 0; i < 25 && response.status === 200; i++) response = await caller.get('/people');
    refused(response, 429, 'rate-limited');
    assert.ok(Number(response.headers.get('retry-after')) >= 1);
    for (let i = 0; i < 220 && response.status !== 200; i++) response = await limited.client().get('/version');
    answered(response);
    for (let i = 0; i < 220 && response.status === 200; i++) response = await limited.client().get('/version');
    refused(response, 429, 'rate-limited');
});

test('a full queue answers at once, and what was admitted is finished', async () => {
    const small = await startHouse({ env: { ...unlimited, YAGURA_WORKERS: '1', YAGURA_QUEUE_MAX: '2' } });
    const caller = await signIn(small, await makePerson(small, PROVIDER, 'administrator'));
    await small.sql('BEGIN');
    await small.sql('LOCK TABLE saved_view IN ACCESS EXCLUSIVE MODE');
    const first = caller.get('/saved-views');
    await until(async () => (await small.client().request('GET', '//metrics')).text.includes('yagura_workers_busy 1'),
        'the only worker is busy');
    const calls = [first, ...Array.from({ length: 11 }, () => caller.get('/saved-views'))];
    const refusals = [];
    for (const call of calls) call.then((response) => response.status === 503 && refusals.push(response));
    await until(() => refusals.length === 9, 'nine calls find the queue full');
    assert.ok(refusals.every((response) => Number(response.headers.get('retry-after')) >= 1));
    answered(await small.client().request('GET', '//healthz'));
    await small.sql('COMMIT');
    const statuses = (await Promise.all(calls)).map((response) => response.status).sort();
    assert.deepEqual(statuses, [200, 200, 200, ...Array(9).fill(503)]);
});

test('a database that goes away is 503 and not ready, and mends by itself', async () => {
    const fragile = await startHouse({ env: unlimited });
    const caller = await signIn(fragile, await makePerson(fragile, PROVIDER, 'administrator'));
    answered(await caller.get('/people'));
    await fragile.databaseGone(true);
    const away = await until(async () => {
        const response = await caller.get('/people');
        return response.status === 503 && response;
    }, 'calls find no database');
    assert.ok(Number(refused(away, 503) && away.headers.get('retry-after')) >= 1);
    assert.doesNotMatch(away.text, /postgres|socket|host/i);
    const ready = () => fragile.client().request('GET', '//readyz');
    await until(async () => (await ready()).status === 503, 'readiness turns false');
    assert.equal((await ready()).body.checks.database.ok, false);
    answered(await fragile.client().request('GET', '//healthz'));
    await fragile.databaseGone(false);
    await until(async () => (await caller.get('/people')).status === 200, 'calls work again');
    await until(async () => (await ready()).status === 200, 'readiness comes back');
});

test('who sends its request too slowly is shut out, others go on', async () => {
    const hasty = await startHouse({ env: { ...unlimited, YAGURA_REQUEST_S: '1', YAGURA_IDLE_S: '5' } });
    const port = Number(new URL(hasty.url).port);
    const slow = net.connect(port, '127.0.0.1');
    slow.on('error', () => {});
    const closed = once(slow, 'close');
    slow.write('GET /api/v1/version HTTP/1.1\r\nHost: x\r\n');
    const drip = setInterval(() => slow.writable && slow.write('X: y\r\n'), 200);
    answered(await hasty.client().get('/version'));
    await closed; // the drip would go on for ever
    clearInterval(drip);
});

test('stopping finishes what runs and takes nothing new', async () => {
    const ending = await startHouse({ env: unlimited });
    const caller = await signIn(ending, await makePerson(ending, PROVIDER, 'administrator'));
    await ending.sql('BEGIN');
    await ending.sql('LOCK TABLE saved_view IN ACCESS EXCLUSIVE MODE');
    const running = caller.get('/saved-views');
    const metrics = async () => (await caller.request('GET', '//metrics')).text;
    await until(async () => (await metrics()).includes('yagura_workers_busy 1'), 'it runs');
    const idle = net.connect(Number(new URL(ending.url).port), '127.0.0.1');
    idle.on('error', () => {});
    const idleClosed = new Promise((done) => idle.on('close', done));
    const [server] = ending.running();
    const stopped = server.stop();
    await until(() => ending.log('serve.stopping').length === 1, 'it stops');
    await idleClosed;
    await until(() => ending.client().get('/version').then(() => false, () => true), 'nothing new is taken');
    await ending.sql('COMMIT');
    answered(await running);
    await stopped;
    server.expected = true;
});

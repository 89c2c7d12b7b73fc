// What strangers and broken programs send: refused with a reason, nothing written, the connection in order.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { answered, refused, startHouse } from './harness.mjs';
import { makePerson, makeTenant, PROVIDER, rawHead, signIn } from './http_people.mjs';

let house, client, tenant;
before(async () => {
    house = await startHouse({ env: { YAGURA_RATE_PER_ADDRESS: '0', YAGURA_RATE_PER_PERSON: '0' } });
    tenant = await makeTenant(house, 'BADIN');
    client = await signIn(house, await makePerson(house, PROVIDER, 'administrator'));
});

const JSON_TYPE = { 'content-type': 'application/json' };
const views = async () => Number((await house.sql('SELECT count(*) FROM saved_view'))[0].count);
const good = { page: 'people', name: 'mine', state: {}, shared: false };

test('bodies that are no JSON object are malformed', async () => {
    for (const body of ['[1]', '"x"', '{', '{"name":', '{"name":"a"}x', "{'name':1}", '{"a":1,}', '\u0000', 'null',
        '{"name":"a\nb"}', '{"name":01}', '{"name":NaN}', ' ']) {
        refused(await client.post('/saved-views', body, { headers: JSON_TYPE }), 400, 'malformed');
    }
    refused(await client.post('/saved-views', Buffer.from('7b226e616d65223a22c328227d', 'hex'), { headers: JSON_TYPE }),
        400, 'malformed');
    refused(await client.post('/saved-views', Buffer.from('7b226e616d65223a22c0af227d', 'hex'), { headers: JSON_TYPE }),
        400, 'malformed');
    const alone = refused(await client.post('/saved-views', '{"name":"\\ud800"}', { headers: JSON_TYPE }), 422);
    assert.deepEqual(alone.errors.map(({ pointer, code }) => [pointer, code]), [['/name', 'bad_text']]);
    assert.equal(await views(), 0);
});

test('deep nesting is refused before it costs anything', async () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    const problem = refused(await client.post('/saved-views', `{"page":"p","name":"n","state":${deep}}`,
        { headers: JSON_TYPE }), 422, 'validation');
    assert.deepEqual(problem.errors.map((error) => error.code), ['too_deep']);
});

test('every bad field is named at once', async () => {
    const body = { page: 5, nope: 1, name: 'x'.repeat(5000), shared: 'y' };
    const problem = refused(await client.post('/saved-views', body), 422, 'validation');
    const pointers = problem.errors.map((error) => error.pointer).sort();
    assert.deepEqual(pointers, ['/name', '/nope', '/page', '/shared', '/state']);
    for (const error of problem.errors) assert.ok(error.message.length > 3 && error.code.length > 3);
    assert.equal(await views(), 0);
});

test('a name that stands twice in one body is refused', async () => {
    const problem = refused(await client.post('/saved-views', '{"name":"a","name":"b","page":"p","state":{}}',
        { headers: JSON_TYPE }), 422);
    assert.equal(problem.errors[0].code, 'duplicate_key');
});

test('NUL bytes are refused wherever they stand', async () => {
    refused(await client.post('/saved-views', { ...good, name: 'a\u0000b' }), 422);
    refused(await client.get('/people?q=%00'), 400);
    refused(await client.get('/people/%00'), 400);
    assert.equal(await views(), 0);
});

test('problems come in the language of the person, or of the browser before sign-in', async () => {
    const japanese = await signIn(house, await makePerson(house, PROVIDER, 'administrator', { language: 'ja' }));
    assert.match(refused(await japanese.post('/saved-views', { nope: 1 }), 422).title, /[ぁ-ん]/);
    const stranger = house.client({ language: 'ja-JP,ja;q=0.9,en;q=0.8' });
    const problem = refused(await stranger.get('/people'), 401);
    assert.match(problem.title, /[ぁ-ん]/);
    assert.match(refused(await house.client({ language: 'fr' }).get('/people'), 401).title, /^[ -~]+$/);
});

test('the request id stands in the header and in the problem', async () => {
    const response = await house.client().get('/people');
    assert.equal(refused(response, 401).instance, response.headers.get('x-request-id'));
});

test('a body needs to say that it is JSON', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=shift_jis',
        'multipart/form-data; boundary=x', 'application/jsonx']) {
        refused(await client.post('/saved-views', JSON.stringify(good), { headers: { 'content-type': type } }), 415);
    }
    assert.equal(await views(), 0);
    answered(await client.post('/saved-views', JSON.stringify(good),
        { headers: { 'content-type': 'application/json; charset=UTF-8' } }), 201);
    await house.sql('DELETE FROM saved_view');
});

test('a body that is too large is refused, declared or not', async () => {
    const large = JSON.stringify({ ...good, name: 'x'.repeat(70_000) });
    refused(await client.post('/saved-views', large, { headers: JSON_TYPE }), 413);
    const declared = await house.raw(rawHead(client, 'POST', '/api/v1/saved-views',
        { 'Content-Type': 'application/json', 'Content-Length': '99999999999' }));
    assert.match(declared, /^HTTP\/1\.1 413 /);
    const chunk = `${(30_000).toString(16)}\r\n${'x'.repeat(30_000)}\r\n`;
    const chunked = await house.raw(rawHead(client, 'POST', '/api/v1/saved-views',
        { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked', Connection: 'close' })
        + chunk.repeat(3) + '0\r\n\r\n');
    assert.match(chunked, /^HTTP\/1\.1 413 /);
    assert.equal(await views(), 0);
});

test('requests that two programs could read differently are refused', async () => {
    const bodies = {
        'two lengths': { 'Content-Length': '2\r\nContent-Length: 30' },
        'a length and chunks': { 'Content-Length': '5', 'Transfer-Encoding': 'chunked' },
        'a length that is none': { 'Content-Length': '1x' },
        'a negative length': { 'Content-Length': '-1' },
        'an unknown coding': { 'Transfer-Encoding': 'xchunked' },
        'two hosts': { Host: 'a\r\nHost: b', 'Content-Length': '2' },
        'two credentials': { Authorization: 'Bearer a\r\nAuthorization: Bearer b', 'Content-Length': '2' },
    };
    for (const [name, headers] of Object.entries(bodies)) {
        const head = rawHead(client, 'POST', '/api/v1/saved-views',
            { 'Content-Type': 'application/json', Connection: 'close', ...headers });
        const answer = await house.raw(`${head}{}\r\n0\r\n\r\n`, { end: true });
        assert.match(answer, /^HTTP\/1\.1 400 /, name);
        assert.doesNotMatch(answer, /HTTP\/1\.1 2/, `${name}: nothing behind it is taken for a request`);
    }
    assert.equal(await views(), 0);
});

test('paths that try to climb or to hide are malformed or lead nowhere', async () => {
    for (const path of ['/api/v1/people/..%2f..', '/api/v1/%2e%2e/people', '/api/v1/people/%c0%ae',
        '/%2e%2e/etc/passwd', '/../../etc/passwd',
        '/assets/..%5c..%5cx', '/api/v1/people/%', '/assets/%00.js', '/api/v1/..']) {
        const answer = await house.raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
        assert.match(answer, /^HTTP\/1\.1 40[04] /, path);
    }
    for (const path of ['/api/v1/people/', '/api/v1//people', '/api/v1/peoples', '/api/v2/people', '/api/v1', '/api']) {
        refused(await client.request('GET', `/${path}`), 404);
    }
});

test('heads that are no HTTP do not reach a handler', async () => {
    for (const bytes of ['\0\0\0\0\r\n\r\n', 'GET\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n',
        'GET / HTTP/9.9\r\nHost: x\r\n\r\n',
        `GET /${'x'.repeat(40_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
        `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(60_000)}\r\n\r\n`]) {
        const answer = await house.raw(bytes, { end: true }).catch(() => '');
        assert.doesNotMatch(answer, /^HTTP\/1\.[01] 2/, bytes.slice(0, 30));
    }
    answered(await house.client().get('/version'));
});

test('methods that a path does not offer are answered with those it does', async () => {
    const response = await client.request('DELETE', '/version');
    refused(response, 405, 'method-not-allowed');
    assert.equal(response.headers.get('allow'), 'GET, HEAD');
    for (const method of ['PATCH', 'OPTIONS', 'PROPFIND']) {
        refused(await client.request(method, '/version'), 405);
    }
    assert.equal((await client.request('HEAD', '/version')).text, '');
    answered(await client.request('HEAD', '/version'));
});

test('unknown and doubled query parameters are named', async () => {
    for (const [query, pointer, code] of [['nope=1', '/nope', 'unknown'], ['limit=0', '/limit'], ['limit=x', '/limit'],
        ['sort=password', '/sort'], ['status=purple', '/status'], ['tenant_id=7', '/tenant_id', 'bad_uuid']]) {
        const problem = refused(await client.get(`/people?${query}`), 422, 'validation');
        assert.equal(problem.errors[0].pointer, pointer, query);
        if (code) assert.equal(problem.errors[0].code, code, query);
    }
    refused(await client.get('/people?cursor=nonsense'), 422);
    refused(await client.get('/version?x=1'), 422);
    refused(await client.get('/people?=1'), 422);
    refused(await client.get('/version?=1'), 400);
});

test('tokens that are expired, forged or of another kind open nothing', async () => {
    const forged = house.client();
    for (const token of ['x', 'a'.repeat(5000), '', '%00', '"; DROP TABLE session; --']) {
        forged.cookies.set('yagura_session', token);
        refused(await forged.get('/people'), 401);
    }
    refused(await house.client({ key: 'ygk_none_none' }).get('/people'), 401);
    refused(await house.client({ key: client.token }).get('/people'), 401);
    const basic = house.client();
    basic.headers.authorization = 'Basic eDp5';
    refused(await basic.get('/people'), 401);
    const late = await signIn(house, await makePerson(house, PROVIDER, 'administrator'));
    answered(await late.get('/people'));
    await house.sql("UPDATE session SET expires_at = now() - interval '1 minute' WHERE id = $1", [late.session]);
    refused(await late.get('/people'), 401);
});

test("another tenant's objects do not exist", async () => {
    const other = await makeTenant(house, 'OTHER');
    const [mine, theirs] = [await makePerson(house, tenant, 'customer_administrator'),
        await makePerson(house, other, 'customer_administrator')];
    const caller = await signIn(house, mine);
    answered(await caller.get(`/people/${mine.id}`));
    refused(await caller.get(`/people/${theirs.id}`), 404);
    const list = answered(await caller.get('/people?total=true'));
    assert.deepEqual(list.items.map((person) => person.id), [mine.id]);
    refused(await caller.get('/people', { headers: { 'x-yagura-tenant': other } }), 404);
    refused(await caller.get('/people', { headers: { 'x-yagura-tenant': 'x' } }), 400);
});

test('a change by cookie needs the token against forged requests', async () => {
    const bare = await signIn(house, await makePerson(house, PROVIDER, 'administrator'));
    const token = bare.headers['x-csrf-token'];
    delete bare.headers['x-csrf-token'];
    refused(await bare.post('/saved-views', good), 403, 'csrf');
    bare.headers['x-csrf-token'] = client.headers['x-csrf-token'];
    refused(await bare.post('/saved-views', good), 403, 'csrf');
    answered(await bare.get('/saved-views'));
    bare.headers['x-csrf-token'] = token;
    answered(await bare.post('/saved-views', good), 201);
});

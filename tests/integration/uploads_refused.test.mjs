// Uploads by clients that do it wrong, or may not: refused with the reason, and nothing that was safe is lost.

import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import net from 'node:net';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { refused, until } from './harness.mjs';
import { base64, begin, bytesOf, create, headersOf, idOf, offsetOf, partials, patch, rowOf, sha256, startUploadHouse,
    tusHeaders } from './upload_house.mjs';

const house = await startUploadHouse({ env: { YAGURA_UPLOAD_MAX_BYTES: '1000000', YAGURA_REQUEST_S: '4',
    YAGURA_UPLOAD_TENANT_BYTES: '5000000', YAGURA_RATE_PER_ADDRESS: '0' } });
const ticket = await house.caseOf('AOBA');
const contact = await house.as('contact');
const contentType = { 'content-type': 'application/offset+octet-stream' };

// A body without a length: sent in chunks.
const inChunks = (browser, where, offset, pieces, headers = {}) => fetch(`${house.url}/api/v1${where}`, {
    method: 'PATCH', duplex: 'half', body: Readable.toWeb(Readable.from(pieces)),
    headers: { ...headersOf(browser), ...tusHeaders, ...contentType, 'upload-offset': String(offset), ...headers } });

test('who may not send a file is told so before a byte is taken', async () => {
    const where = await begin(contact, ticket, 1000);
    const stranger = house.browser();
    refused(await create(stranger, ticket, 10), 401);
    refused(await patch(stranger, where, 0, 'x'.repeat(1000)), 401);
    const forged = house.browser();
    contact.client.cookies.forEach((value, name) => forged.client.cookies.set(name, value));
    refused(await patch(forged, where, 0, 'x'.repeat(1000)), 403); // no CSRF token
    const auditor = await house.as('auditor');
    refused(await create(auditor, ticket, 10), 403);
    refused(await patch(auditor, where, 0, 'x'.repeat(1000)), 403);
    const harbor = await house.as('harbor');
    refused(await create(harbor, ticket, 10), 404);
    for (const other of [harbor, await house.as('customer'), await house.as('lead')]) {
        refused(await patch(other, where, 0, 'x'.repeat(1000)), 404);
        assert.equal((await other.request('HEAD', where)).status, 404);
        refused(await other.request('DELETE', where, { headers: tusHeaders }), 404);
    }
    assert.equal(await offsetOf(contact, where), 0);
    assert.deepEqual(partials(house), []);
});

test('another protocol, another content, a length nobody can read', async () => {
    const where = await begin(contact, ticket, 10);
    const old = await patch(contact, where, 0, 'x', { 'tus-resumable': '0.2.2' });
    refused(old, 412);
    assert.equal(old.headers.get('tus-version'), '1.0.0');
    refused(await patch(contact, where, 0, 'x', { 'content-type': 'text/plain' }), 415);
    refused(await patch(contact, where, 'three', 'x'), 400);
    refused(await patch(contact, where, -1, 'x'), 400);
    for (const length of ['', '-1', '1e3', '10 ', '0x10', '99999999999999999999'].filter((text) => text !== '10 ')) {
        refused(await create(contact, ticket, length), 400);
    }
    refused(await contact.request('POST', `/tickets/${ticket}/uploads`,
        { headers: { ...tusHeaders, 'upload-defer-length': '1' } }), 400);
    assert.equal(await offsetOf(contact, where), 0);
});

test('longer than allowed, longer than announced', async () => {
    const tooLong = refused(await create(contact, ticket, 1000001), 413);
    assert.equal(tooLong.code, 'upload-too-long');
    const where = await begin(contact, ticket, 1000);
    refused(await patch(contact, where, 0, 'x'.repeat(1001)), 413);
    assert.equal(await offsetOf(contact, where), 0);
    assert.equal((await patch(contact, where, 0, 'x'.repeat(400))).status, 204);
    const answer = await inChunks(contact, where, 400, ['x'.repeat(500), 'x'.repeat(101)]);
    assert.equal(answer.status, 413);
    const offset = await offsetOf(contact, where);
    assert.ok(offset >= 400 && offset < 1000, String(offset));
    assert.equal((await patch(contact, where, offset, 'x'.repeat(1000 - offset))).status, 204);
    assert.equal((await rowOf(house, idOf(where))).sha256, sha256('x'.repeat(1000)));
    refused(await patch(contact, where, 1000, 'x'), 413); // all of it is here
});

test('another offset than it stands at', async () => {
    const where = await begin(contact, ticket, 100);
    assert.equal((await patch(contact, where, 0, 'a'.repeat(50))).status, 204);
    for (const offset of [0, 49, 51, 100]) {
        assert.equal(refused(await patch(contact, where, offset, 'b'), 409).code, 'upload-offset');
    }
    assert.equal((await patch(contact, where, 50, 'a'.repeat(50))).status, 204);
    assert.equal((await rowOf(house, idOf(where))).sha256, sha256('a'.repeat(100)));
});

test('shorter than announced: what came is kept, and the rest is waited for', async () => {
    const content = bytesOf(600_000, 'shorter');
    const where = await begin(contact, ticket, content.length);
    const { port } = new URL(house.url);
    const socket = net.connect(port, '127.0.0.1');
    const head = Object.entries({ host: 'x', ...headersOf(contact), ...tusHeaders, ...contentType, 'upload-offset': '0',
        'content-length': content.length }).map(([name, value]) => `${name}: ${value}`).join('\r\n');
    socket.write(`PATCH /api/v1${where} HTTP/1.1\r\n${head}\r\n\r\n`);
    socket.end(content.subarray(0, 500_000));
    const offset = await until(() => offsetOf(contact, where), 'what came is noted');
    assert.equal(offset, 500_000);
    assert.equal((await patch(contact, where, offset, content.subarray(offset))).status, 204);
    assert.equal((await rowOf(house, idOf(where))).sha256, sha256(content));
});

test('a part whose checksum differs does not count', async () => {
    const content = bytesOf(300_000, 'checksum');
    const where = await begin(contact, ticket, content.length);
    const sum = (name, bytes) => ({
        'upload-checksum': `${name} ${crypto.createHash(name).update(bytes).digest('base64')}` });
    const half = content.subarray(0, 150_000);
    for (const name of ['sha1', 'md5', 'sha256']) {
        assert.equal(refused(await patch(contact, where, 0, half, sum(name, content)), 460).code, 'upload-checksum');
        assert.equal(await offsetOf(contact, where), 0);
    }
    refused(await patch(contact, where, 0, half, { 'upload-checksum': 'crc32 AAAAAA==' }), 400);
    refused(await patch(contact, where, 0, half, { 'upload-checksum': 'sha1 AAAA' }), 400);
    refused(await patch(contact, where, 0, half, { 'upload-checksum': 'sha1' }), 400);
    assert.equal((await patch(contact, where, 0, half, sum('sha1', half))).status, 204);
    const rest = content.subarray(150_000);
    refused(await patch(contact, where, 150_000, rest, sum('sha256', half)), 460);
    assert.equal((await patch(contact, where, 150_000, rest, sum('sha256', rest))).status, 204);
    assert.equal((await rowOf(house, idOf(where))).sha256, sha256(content));
});

test('two connections at once: the second waits its turn, and so does whoever would end it', async () => {
    const where = await begin(contact, ticket, 600_000);
    let release;
    const held = new Promise((done) => { release = done; });
    const first = inChunks(contact, where, 0, (async function* pieces() {
        yield Buffer.alloc(300_000);
        await held;
        yield Buffer.alloc(300_000);
    })());
    await until(() => partials(house).length > 0, 'the first bytes are there');
    assert.equal(refused(await patch(contact, where, 0, 'x'), 423).code, 'upload-busy');
    refused(await contact.request('DELETE', where, { headers: tusHeaders }), 423);
    release();
    assert.equal((await first).status, 204);
});

test('given up: nothing is left of it', async () => {
    const where = await begin(contact, ticket, 100);
    assert.equal((await patch(contact, where, 0, 'x'.repeat(50))).status, 204);
    assert.equal(partials(house).length, 1);
    assert.equal((await contact.request('DELETE', where, { headers: tusHeaders })).status, 204);
    assert.deepEqual(partials(house), []);
    refused(await patch(contact, where, 50, 'x'), 404);
    assert.equal((await contact.request('HEAD', where)).status, 404);
});

test('names and words of a stranger are made harmless, or refused', async () => {
    const names = { '../../etc/passwd': 'passwd', 'C:\\boot.ini': 'boot.ini', 'invoice‮fdp.exe': 'invoicefdp.exe',
        'a"b<c>.txt': 'a_b_c_.txt', 'NUL.txt': '_NUL.txt', '..': 'file', '': 'file', '調査 結果.pdf': '調査 結果.pdf' };
    for (const [given, kept] of Object.entries(names)) {
        const where = await begin(contact, ticket, 10, { 'upload-metadata': `filename ${base64(given)}` });
        assert.equal((await rowOf(house, idOf(where))).name, kept);
        await contact.request('DELETE', where, { headers: tusHeaders });
    }
    const long = await begin(contact, ticket, 10,
        { 'upload-metadata': `filename ${base64(`${'報'.repeat(300)}.log`)}` });
    const { name } = await rowOf(house, idOf(long));
    assert.ok(Buffer.byteLength(name) <= 255 && name.endsWith('報.log'), name);
    for (const bad of ['filename !!!', 'filename QQ', 'filename \tQQ==', 'filename QQ==,\tnote QQ==',
        `a ${base64('x')},a ${base64('y')}`, `näme ${base64('x')}`,
        `filename ${Buffer.from([0xff, 0xfe]).toString('base64')}`, `filename ${base64('a\nb')}`, ',', 'a  b  c',
        `filename ${base64('x'.repeat(1100))}`, Array.from({ length: 17 }, (_, i) => `w${i}`).join(','),
        `filename ${base64('\0')}`]) {
        refused(await create(contact, ticket, 10, { 'upload-metadata': bad }), 400);
    }
});

test('the first bytes come with the creation; POST stands for PATCH where a proxy knows no other', async () => {
    const first = await contact.request('POST', `/tickets/${ticket}/uploads`, { body: 'hello ',
        headers: { ...tusHeaders, ...contentType, 'upload-length': '11' } });
    assert.equal(first.status, 201, first.text);
    assert.equal(first.headers.get('upload-offset'), '6');
    assert.match(first.headers.get('upload-expires'), /GMT$/);
    const where = first.headers.get('location').replace('/api/v1', '');
    const second = await contact.request('POST', where, { body: 'world', headers: { ...tusHeaders, ...contentType,
        'upload-offset': '6', 'x-http-method-override': 'PATCH' } });
    assert.equal(second.status, 204, second.text);
    assert.equal((await rowOf(house, idOf(where))).sha256, sha256('hello world'));
    refused(await contact.request('POST', `/tickets/${ticket}/uploads`, { body: 'hello world!',
        headers: { ...tusHeaders, ...contentType, 'upload-length': '11' } }), 413);
});

test('a sender that says next to nothing is cut off, and what it sent is kept', async () => {
    const where = await begin(contact, ticket, 100_000);
    let over = false;
    const answer = await inChunks(contact, where, 0, (async function* pieces() {
        for (let i = 0; i < 5000 && !over; i++) { // not even half of it, when nobody ends it
            yield Buffer.alloc(10);
            await new Promise((done) => { setTimeout(done, 100); });
        }
    })()).catch((error) => error);
    over = true;
    assert.ok(answer instanceof Error);
    const offset = await until(() => offsetOf(contact, where), 'what came is noted');
    assert.equal(offset % 10, 0);
});

test('who falls silent in the middle loses the connection, and with it the lock', async () => {
    const where = await begin(contact, ticket, 100_000);
    let over = false;
    const first = inChunks(contact, where, 0, (async function* pieces() {
        yield Buffer.alloc(50_000);
        await until(() => over, 'the test is over');
    })()).catch((error) => error);
    await until(() => partials(house).includes(idOf(where)), 'the first bytes are there');
    const offset = await until(() => offsetOf(contact, where), 'what came is noted');
    assert.equal(offset, 50_000);
    assert.equal((await patch(contact, where, offset, Buffer.alloc(50_000))).status, 204);
    over = true;
    assert.ok(await first instanceof Error);
});

test('one sender has a share of the places, and the others are served', async () => {
    let over = false;
    const places = 16; // a quarter of uploads_max
    const running = [], ids = [];
    for (let i = 0; i < places; i++) {
        const where = await begin(contact, ticket, 1000);
        ids.push(idOf(where));
        running.push(inChunks(contact, where, 0, (async function* pieces() {
            let sent = 0;
            for (; sent < 990 && !over; sent++) {
                yield Buffer.alloc(1);
                await new Promise((done) => { setTimeout(done, 100); });
            }
            yield Buffer.alloc(1000 - sent);
        })()));
    }
    // An upload is counted until its request has ended, a moment after its answer was read.
    const told = (count) => until(async () => (await (await fetch(`${house.url}/metrics`)).text())
        .split('\n').includes(`yagura_uploads ${count}`), `${count} uploads are told`);
    await until(() => ids.every((id) => partials(house).includes(id)), 'all of them send');
    await told(places);
    const where = await begin(contact, ticket, 10).catch((error) => error);
    assert.ok(where instanceof Error && /429/.test(where.message), String(where));
    assert.equal((await create(await house.as('customer'), ticket, 10)).status, 201);
    over = true;
    for (const one of running) assert.equal((await one).status, 204);
    await told(0);
});

test('a closed case takes no files', async () => {
    const [{ id }] = await house.sql(`SELECT t.id FROM ticket t JOIN tenant n ON n.id = t.tenant_id
        WHERE n.short_code = 'AOBA' AND t.status = 'closed' LIMIT 1`);
    refused(await create(contact, id, 10), 409);
});

test('an engineer who looks as a customer sends nothing in its name', async () => {
    const lead = await house.as('lead');
    await lead.post(`/tenants/${await house.tenantId('AOBA')}/act`, {});
    refused(await create(lead, ticket, 10), 403);
});

test('what one customer may send in a day has an end', async () => {
    const [{ sum }] = await house.sql('SELECT sum(length) FROM upload WHERE ticket_id = $1', [ticket]);
    for (let left = 5_000_000 - Number(sum); left > 0; left -= 1_000_000) {
        await begin(contact, ticket, Math.min(left, 1_000_000));
    }
    assert.equal(refused(await create(contact, ticket, 1), 403).code, 'upload-quota');
});

test('nobody goes on with it: it ends, and is swept away', async () => {
    const open = await house.sql(`SELECT id FROM upload WHERE state = 'receiving' AND received > 0`);
    assert.ok(open.length > 0);
    assert.ok(partials(house).length > 0);
    house.clock.advance({ hours: 73 });
    const later = await house.as('contact');
    assert.equal((await later.request('HEAD', `/uploads/${open[0].id}`)).status, 410);
    refused(await patch(later, `/uploads/${open[0].id}`, 0, 'x'), 410);
    await until(async () => (await house.sql('SELECT FROM upload')).length === 0, 'the sweep has been');
    assert.deepEqual(partials(house), []);
});

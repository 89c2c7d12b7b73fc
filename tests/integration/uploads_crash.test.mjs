// Uploads through what goes wrong on our side: a server that is killed, one that stops, two of them, a full disk; and
// how much memory a large file takes.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { Readable } from 'node:stream';
import { temporary, until } from './harness.mjs';
import { begin, bytesOf, headersOf, idOf, offsetOf, partials, patch, rowOf, send, sha256, startUploadHouse, stored,
    tusHeaders } from './upload_house.mjs';

const MiB = 1024 * 1024;
const disk = temporary('disk');
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=96m', 'tmpfs', disk]).status === 0;
after(() => {
    if (isMounted) execFileSync('umount', ['-l', disk]);
});
const house = await startUploadHouse();
const ticket = await house.caseOf('AOBA');
const contact = await house.as('contact');

// Where each PATCH of a tus client began.
function watched() {
    const offsets = [];
    return { offsets, onBeforeRequest: (request) => {
        if (request.getMethod() === 'PATCH') offsets.push(Number(request.getHeader('Upload-Offset')));
    } };
}

test('a server killed midway costs no more than what was not yet safe, and the hashes are right', async () => {
    const content = bytesOf(300 * MiB, 'killed');
    const { offsets, onBeforeRequest } = watched();
    let upload;
    const sent = send(house, contact, ticket, content, { onBeforeRequest, onUpload: (it) => { upload = it; },
        retryDelays: Array(20).fill(300) });
    await until(async () => upload?.url && Number((await rowOf(house, idOf(upload.url)))?.received) > 0,
        'some bytes are safe');
    await house.kill();
    const safe = Number((await rowOf(house, idOf(upload.url))).received);
    assert.ok(safe > 0 && safe < content.length, String(safe));
    await house.start();
    await sent;
    assert.deepEqual(offsets, [0, safe]);
    const row = await rowOf(house, idOf(upload.url));
    assert.equal(row.state, 'complete');
    assert.equal(row.sha256, sha256(content));
    assert.ok(stored(house, row.sha256).equals(content));
    assert.deepEqual(partials(house), []);
});

test('three files at once through a server that is killed again and again', async () => {
    const contents = ['first', 'second', 'third'].map((name, i) => bytesOf((90 + 40 * i) * MiB, name));
    const sent = Promise.all(contents.map((content) => send(house, contact, ticket, content,
        { retryDelays: Array(60).fill(200), chunkSize: 48 * MiB })));
    let over = false;
    sent.finally(() => { over = true; }).catch(() => {});
    for (let kills = 0; kills < 5 && !over; kills++) {
        await new Promise((done) => { setTimeout(done, 150 + 170 * kills); });
        await house.kill();
        await house.start();
    }
    const uploads = await sent;
    for (const [i, content] of contents.entries()) {
        const row = await rowOf(house, idOf(uploads[i].url));
        assert.equal(row.sha256, sha256(content));
        assert.ok(stored(house, row.sha256).equals(content));
        const [{ n }] = await house.sql('SELECT count(*) AS n FROM attachment WHERE sha256 = $1', [row.sha256]);
        assert.equal(n, '1');
    }
    assert.deepEqual(partials(house), []);
});

test('when the last step fails, the file is not said to be here, and the sender goes on', async () => {
    const content = bytesOf(2 * MiB, 'last step');
    const where = await begin(contact, ticket, content.length);
    assert.equal((await patch(contact, where, 0, content.subarray(0, MiB))).status, 204);
    await house.sql(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'not now'; END $$`);
    await house.sql('CREATE TRIGGER refuse BEFORE INSERT ON attachment FOR EACH ROW EXECUTE FUNCTION refuse()');
    assert.equal((await patch(contact, where, MiB, content.subarray(MiB))).status, 500);
    await house.sql('DROP TRIGGER refuse ON attachment');
    const offset = await offsetOf(contact, where);
    assert.equal(offset, MiB);
    assert.equal((await patch(contact, where, offset, content.subarray(offset))).status, 204);
    const row = await rowOf(house, idOf(where));
    assert.equal(row.sha256, sha256(content));
    assert.ok(stored(house, row.sha256).equals(content));
});

test('a server that stops notes all that came; another goes on from there', async () => {
    const content = bytesOf(3 * MiB, 'stopped');
    const where = await begin(contact, ticket, content.length);
    const slow = fetch(`${house.url}/api/v1${where}`, { method: 'PATCH', duplex: 'half',
        headers: { ...headersOf(contact), ...tusHeaders, 'upload-offset': '0',
            'content-type': 'application/offset+octet-stream' },
        body: Readable.toWeb(Readable.from((async function* pieces() {
            yield content.subarray(0, MiB);
            await until(() => house.stopping, 'the server stops');
            while (house.running().length > 0) {
                yield content.subarray(MiB, MiB + 1);
                await new Promise((done) => { setTimeout(done, 20); });
            }
        })())) }).catch((error) => error);
    await until(() => partials(house).length === 1 && fs.statSync(path.join(house.folder, 'blobs', 'partial',
        partials(house)[0])).size >= MiB, 'the first bytes are there');
    const stopped = house.stopServers();
    house.stopping = true;
    await stopped;
    await slow;
    await house.start();
    const offset = await offsetOf(contact, where);
    assert.ok(offset >= MiB && offset < content.length, String(offset));
    const rest = Buffer.concat([content.subarray(0, MiB), Buffer.alloc(content.length, content[MiB])]);
    assert.equal((await patch(contact, where, offset, rest.subarray(offset, content.length))).status, 204);
    assert.equal((await rowOf(house, idOf(where))).sha256, sha256(rest.subarray(0, content.length)));
});

test('two servers of one store: a file begun at one is ended at the other, and only one at a time writes', async () => {
    const other = await house.start();
    const content = bytesOf(8 * MiB, 'two');
    const where = await begin(contact, ticket, content.length);
    const at = (url, offset, body) => fetch(`${url}/api/v1${where}`, { method: 'PATCH', body, duplex: 'half',
        headers: { ...headersOf(contact), ...tusHeaders, 'upload-offset': String(offset),
            'content-type': 'application/offset+octet-stream' } });
    let release;
    const held = new Promise((done) => { release = done; });
    const first = at(house.url, 0, Readable.toWeb(Readable.from((async function* pieces() {
        yield content.subarray(0, MiB);
        await held;
        yield content.subarray(MiB, 5 * MiB);
    })())));
    const file = path.join(house.folder, 'blobs', 'partial', idOf(where));
    await until(() => fs.existsSync(file) && fs.statSync(file).size > 0, 'the first bytes are there');
    const refused = await at(other.url, 0, content.subarray(0, 100));
    assert.equal(refused.status, 423, await refused.text());
    release();
    assert.equal((await first).status, 204);
    assert.equal((await at(other.url, 5 * MiB, content.subarray(5 * MiB))).status, 204);
    assert.equal((await rowOf(house, idOf(where))).sha256, sha256(content));
    await other.stop();
    other.expected = true;
});

const onSmallDisk = { skip: !isMounted && 'only root makes small disks' };
test('a full disk is said, and nothing half-written counts', onSmallDisk, async () => {
    await house.stopServers();
    const server = await house.start({ env: { YAGURA_BLOB_DIR: disk } });
    const tooLarge = await contact.request('POST', `/tickets/${ticket}/uploads`,
        { headers: { ...tusHeaders, 'upload-length': String(200 * MiB) } });
    assert.equal(tooLarge.status, 507, tooLarge.text);
    assert.equal(tooLarge.body.code, 'storage-full');
    const content = bytesOf(20 * MiB, 'full');
    const where = await begin(contact, ticket, content.length);
    const part = path.join(disk, 'partial', idOf(where));
    const ballast = path.join(disk, 'ballast');
    const answer = await fetch(`${house.url}/api/v1${where}`, { method: 'PATCH', duplex: 'half',
        headers: { ...headersOf(contact), ...tusHeaders, 'upload-offset': '0',
            'content-type': 'application/offset+octet-stream' },
        body: Readable.toWeb(Readable.from((async function* pieces() {
            yield content.subarray(0, MiB);
            await until(() => fs.existsSync(part) && fs.statSync(part).size > 0, 'the first bytes are there');
            fs.writeFileSync(ballast, Buffer.alloc(78 * MiB)); // of 96 MiB: room for 18 of the 20
            yield content.subarray(MiB);
        })())) });
    assert.equal(answer.status, 507, await answer.text());
    const offset = Number((await rowOf(house, idOf(where))).received);
    assert.ok(offset > 0 && offset < content.length, String(offset));
    assert.equal(fs.statSync(part).size, offset);
    const again = await patch(contact, where, offset, content.subarray(offset));
    assert.equal(again.status, 507, 'there is no room for the rest yet');
    fs.rmSync(ballast);
    assert.equal(await offsetOf(contact, where), offset);
    assert.equal((await patch(contact, where, offset, content.subarray(offset))).status, 204);
    assert.equal((await rowOf(house, idOf(where))).sha256, sha256(content));
    await server.stop();
    server.expected = true;
});

test('a gigabyte takes no more memory than a megabyte', async () => {
    const server = await house.start();
    const peak = () => Number(/VmHWM:\s+(\d+) kB/.exec(fs.readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))[1]);
    await send(house, contact, ticket, bytesOf(MiB, 'small'));
    const before = peak();
    const piece = bytesOf(8 * MiB, 'gigabyte');
    const where = await begin(contact, ticket, 1024 * MiB);
    const answer = await fetch(`${house.url}/api/v1${where}`, { method: 'PATCH', duplex: 'half',
        headers: { ...headersOf(contact), ...tusHeaders, 'upload-offset': '0',
            'content-type': 'application/offset+octet-stream', 'content-length': String(1024 * MiB) },
        body: Readable.toWeb(Readable.from((function* pieces() {
            for (let i = 0; i < 128; i++) yield piece;
        })())) });
    assert.equal(answer.status, 204);
    assert.equal((await rowOf(house, idOf(where))).state, 'complete');
    assert.ok(peak() - before < 16 * 1024, `${before} kB before, ${peak()} kB after`);
});

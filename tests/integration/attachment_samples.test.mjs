// Files held to be malicious: flagged by people, by the sender, by the scanner; sealed; leaving as archives alone.
// And pictures: shown as pictures of our own making, with bombs refused before anybody decodes them.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { answered, atEnd, refused, until } from './harness.mjs';
import { blobOf, custodyOf, put, startAttachmentHouse } from './attachment_house.mjs';
import { bytesOf, headersOf, sha256 } from './upload_house.mjs';

// Speaks clamd's protocol as its manual says; finds what holds the word, refuses more than 1 MiB, sulks when told to.
const scanner = { seen: [], sulks: false };
const clamd = net.createServer((socket) => {
    let got = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (piece) => {
        got = Buffer.concat([got, piece]);
        if (scanner.sulks) { socket.destroy(); return; }
        if (!got.subarray(0, 10).equals(Buffer.from('zINSTREAM\0'))) return;
        const parts = [];
        for (let at = 10; at + 4 <= got.length;) {
            const length = got.readUInt32BE(at);
            if (length === 0) {
                const content = Buffer.concat(parts);
                scanner.seen.push(sha256(content));
                socket.end(content.includes('VIRUS-HERE') ? 'stream: Test.Found FOUND\0' : 'stream: OK\0');
                return;
            }
            if (at + 4 + length > got.length) return;
            parts.push(got.subarray(at + 4, at + 4 + length));
            at += 4 + length;
            if (at > 1024 * 1024) { socket.end('INSTREAM size limit exceeded. ERROR\0'); return; }
        }
    });
});
await new Promise((done) => { clamd.listen(0, '127.0.0.1', done); });
atEnd(() => new Promise((done) => { clamd.close(done); }));

const house = await startAttachmentHouse({ env: { YAGURA_CLAMD: `127.0.0.1:${clamd.address().port}` } });
const ticket = await house.caseOf('AOBA');
const contact = await house.as('contact');
const lead = await house.as('lead');
const reader = await house.as('reader');
const read = async (browser, id) => answered(await browser.get(`/attachments/${id}`));
const stateOf = async (id) => (await house.sql('SELECT * FROM attachment WHERE id = $1', [id]))[0];
const fetchBytes = async (browser, url) => {
    const answer = await fetch(`${house.url}/api/v1${url}`, { headers: headersOf(browser) });
    return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
};

test('a flagged file is sealed, its plain content goes, and it leaves as an AES-256 archive', async () => {
    const content = bytesOf(300_000, 'sample');
    const id = await put(house, contact, ticket, 'invoice 請求書.exe', content);
    const flagged = answered(await contact.post(`/attachments/${id}/flag`, { reason: 'it calls home' }));
    assert.equal(flagged.malicious, true);
    assert.ok(!flagged.can.includes('download') && flagged.can.includes('archive'));
    refused(await lead.get(`/attachments/${id}/content`), 409, 'attachment-is-sample');
    await until(async () => (await stateOf(id)).sealed, 'it is sealed');
    await until(() => !fs.existsSync(blobOf(house, 'objects', sha256(content))), 'the plain content goes');
    const sealed = fs.readFileSync(blobOf(house, 'sealed', sha256(content)));
    assert.equal(sealed.includes(content.subarray(0, 32)), false);
    refused(await reader.get(`/attachments/${id}/archive`), 403);
    const archive = await fetchBytes(lead, `/attachments/${id}/archive`);
    assert.equal(archive.status, 200);
    assert.equal(archive.headers.get('content-type'), 'application/zip');
    assert.match(archive.headers.get('content-disposition'), /^attachment;/);
    const file = path.join(house.folder, 'sample.zip');
    fs.writeFileSync(file, archive.bytes);
    assert.equal(archive.bytes.readUInt16LE(8), 99, 'AES, by the method that says so');
    const unpacked = execFileSync('python3', ['-c', unpack, file], { maxBuffer: 1e7 });
    assert.ok(unpacked.equals(content));
    assert.deepEqual(fs.readdirSync(path.join(house.folder, 'blobs')).filter((name) => name.startsWith('archive')), []);
    const events = (await custodyOf(lead, id)).map((row) => row.event);
    for (const event of ['received', 'flagged', 'sealed', 'fetched_archive']) assert.ok(events.includes(event), event);
});

test('of many who want an archive at once some come again, and every turn is given back', async () => {
    const [{ id }] = await house.sql("SELECT id FROM attachment WHERE name LIKE 'invoice%.exe'");
    const statuses = (await Promise.all(Array.from({ length: 12 }, () =>
        fetchBytes(lead, `/attachments/${id}/archive`)))).map((answer) => answer.status);
    assert.ok(statuses.every((status) => status === 200 || status === 503), statuses.join());
    assert.ok(statuses.includes(200));
    assert.equal((await fetchBytes(lead, `/attachments/${id}/archive`)).status, 200, 'every turn was given back');
    const rows = (await custodyOf(lead, id)).filter((row) => row.event === 'fetched_archive');
    assert.equal(rows.length, statuses.filter((status) => status === 200).length + 2);
});

// AES of ZIP (AE-2), by hand: so that no archiver's good will is tested.
const unpack = `
import sys, hashlib, hmac, struct
from subprocess import run
z = open(sys.argv[1], 'rb').read()
n, e = struct.unpack('<HH', z[26:30]); size = struct.unpack('<I', z[18:22])[0]
end = z.rindex(b'PK\\x05\\x06'); central = struct.unpack('<I', z[end+16:end+20])[0]
size = struct.unpack('<I', z[central+20:central+24])[0]
extra = z[30+n:30+n+e]; i = extra.index(b'\\x01\\x99'); assert extra[i+8] == 3, 'AES-256'
d = z[30+n+e:30+n+e+size]; salt, check, body, mac = d[:16], d[16:18], d[18:-10], d[-10:]
k = hashlib.pbkdf2_hmac('sha1', b'infected', salt, 1000, 66)
assert k[64:] == check and hmac.new(k[32:64], body, 'sha1').digest()[:10] == mac
out = bytearray()
blocks = b''.join(struct.pack('<QQ', c + 1, 0) for c in range((len(body) + 15) // 16))
stream = run(['openssl', 'enc', '-aes-256-ecb', '-nopad', '-K', k[:32].hex()],
             input=blocks, capture_output=True, check=True).stdout
sys.stdout.buffer.write(bytes(a ^ b for a, b in zip(body, stream)))
`;

test('what was flagged once is a sample again when it comes again, and so is what its sender declares', async () => {
    const again = await put(house, lead, ticket, 'again.bin', bytesOf(300_000, 'sample'));
    assert.equal((await read(lead, again)).malicious, true);
    const declared = await put(house, contact, ticket, 'mine.bin', 'declared', { sample: 'true' });
    assert.equal((await read(lead, declared)).malicious, true);
    assert.equal((await read(lead, declared)).preview ?? null, null);
});

test('only an engineer who may write takes it back; it stays sealed and leaves as itself', async () => {
    const content = bytesOf(5000, 'innocent');
    const id = await put(house, contact, ticket, 'tool.exe', content);
    answered(await lead.post(`/attachments/${id}/flag`, { reason: 'looks bad' }));
    await until(async () => (await stateOf(id)).sealed, 'it is sealed');
    refused(await contact.post(`/attachments/${id}/unflag`, { reason: 'no' }), 403);
    answered(await lead.post(`/attachments/${id}/unflag`, { reason: 'our own tool' }));
    refused(await lead.post(`/attachments/${id}/unflag`, { reason: 'again' }), 409);
    const got = await fetchBytes(contact, `/attachments/${id}/content`);
    assert.ok(got.bytes.equals(content));
});

test('the scanner sees every file; what it finds becomes a sample', async () => {
    const clean = await put(house, contact, ticket, 'clean.txt', 'nothing to see');
    const bad = await put(house, contact, ticket, 'bad.txt', `some VIRUS-HERE ${'x'.repeat(400_000)}`);
    const large = await put(house, contact, ticket, 'large.bin', bytesOf(3_000_000, 'large'));
    await until(async () => (await stateOf(clean)).scan_state === 'clean', 'clean');
    await until(async () => (await stateOf(bad)).scan_state === 'infected', 'infected');
    await until(async () => (await stateOf(large)).scan_state === 'too_large', 'too large');
    assert.ok(scanner.seen.includes(sha256('nothing to see')));
    const row = await read(contact, bad);
    assert.deepEqual([row.malicious, row.scan_result], [true, 'Test.Found']);
    const found = (await custodyOf(contact, bad)).find((line) => line.event === 'scanned');
    assert.deepEqual([found.actor_side, found.detail], ['service', 'Test.Found']);
});

test('a scanner that does not answer is asked again later, and the file is there meanwhile', async () => {
    scanner.sulks = true;
    const id = await put(house, contact, ticket, 'later.txt', 'later');
    await until(async () => (await house.sql(
        `SELECT 1 FROM job WHERE kind = 'attachment_scan' AND state = 'ready' AND args::text LIKE $1`,
        [`%${id}%`])).length === 1, 'it waits');
    assert.equal((await read(contact, id)).scan_state, 'waiting');
    assert.equal((await contact.get(`/attachments/${id}/content`)).status, 200);
    scanner.sulks = false;
    house.clock.advance({ minutes: 2 });
    await until(async () => (await stateOf(id)).scan_state === 'clean', 'clean at last');
});

const chunk = (type, data) => {
    const head = Buffer.alloc(4);
    const sum = Buffer.alloc(4);
    const body = Buffer.concat([Buffer.from(type), data]);
    head.writeUInt32BE(data.length);
    sum.writeUInt32BE(zlib.crc32 ? zlib.crc32(body) : crc(body));
    return Buffer.concat([head, body, sum]);
};
function crc(bytes) {
    let c = 0xffffffff;
    for (const byte of bytes) {
        c ^= byte;
        for (let i = 0; i < 8; i++) c = (c >>> 1) ^ (c & 1 ? 0xedb88320 : 0);
    }
    return (c ^ 0xffffffff) >>> 0;
}
function png(width, height, rows, more = []) {
    const head = Buffer.alloc(13);
    head.writeUInt32BE(width);
    head.writeUInt32BE(height, 4);
    head.set([8, 2, 0, 0, 0], 8);
    return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head),
        chunk('tEXt', Buffer.from('Comment\0<script>kept?</script>')), ...more.map(([type, data]) => chunk(type, data)),
        chunk('IDAT', zlib.deflateSync(rows)),
        chunk('IEND', Buffer.alloc(0))]);
}

test('a picture is shown as a picture of our own making, bounded in size', async () => {
    const sent = png(3000, 1000, Buffer.alloc(3001 * 3 * 1000 + 1000, 0));
    const id = await put(house, contact, ticket, 'screen.png', sent);
    assert.equal((await read(lead, id)).preview, 'picture');
    const shown = await fetchBytes(lead, `/attachments/${id}/picture`);
    assert.equal(shown.status, 200, shown.bytes.toString());
    assert.equal(shown.headers.get('content-type'), 'image/webp');
    assert.equal(shown.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(shown.bytes.subarray(8, 12).toString(), 'WEBP');
    assert.equal(shown.bytes.includes('script'), false, 'nothing of the sender is left in it');
    assert.ok((await custodyOf(lead, id)).some((row) => row.event === 'previewed'));
});

const program = process.env.YAGURA_BIN ?? 'build/release/bin/yagura';
const isSanitized = ['__asan_init', '__tsan_init'].some((word) => fs.readFileSync(program).includes(word));

test('who looks into a file has no way out: few calls, little memory, no files', {
    skip: isSanitized && 'a sanitizer wants calls and memory of its own',
}, async () => {
    const child = spawn(program, ['look', 'picture'], { stdio: ['pipe', 'pipe', 'ignore'], env: {} });
    atEnd(() => child.kill());
    const about = (name) => fs.readFileSync(`/proc/${child.pid}/${name}`, 'utf8');
    await until(() => /Seccomp:\t2/.test(about('status')), 'its calls are filtered');
    assert.match(about('status'), /NoNewPrivs:\t1/);
    assert.match(about('limits'), /Max address space +805306368/);
    assert.match(about('limits'), /Max file size +0/);
    assert.match(about('limits'), /Max cpu time +10/);
    child.stdin.end('no picture');
    const said = [];
    child.stdout.on('data', (piece) => said.push(piece));
    await new Promise((done) => { child.on('close', done); });
    assert.match(Buffer.concat(said).toString(), /^no no kind of picture/);
});

// EXIF says how the camera was held: 6 is a quarter to the right. A picture 300 wide and 200 high stands upright then.
test('a picture is shown the way it was taken', async () => {
    const exif = Buffer.from('MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0', 'latin1');
    const sizeOf = async (name, more) => {
        const id = await put(house, contact, ticket, name, png(300, 200, Buffer.alloc(901 * 200), more));
        const { bytes } = await fetchBytes(lead, `/attachments/${id}/picture`);
        assert.equal(bytes.subarray(8, 12).toString(), 'WEBP');
        if (bytes.subarray(12, 16).toString() === 'VP8 ')
            return [bytes.readUInt16LE(26) & 0x3fff, bytes.readUInt16LE(28) & 0x3fff];
        return [bytes.readUIntLE(24, 3) + 1, bytes.readUIntLE(27, 3) + 1];
    };
    assert.deepEqual(await sizeOf('lies.png', []), [300, 200]);
    assert.deepEqual(await sizeOf('stands.png', [['eXIf', exif]]), [200, 300]);
});

test('a bomb of pixels, a broken picture and what only looks like one are refused, and the service lives', async () => {
    const bad = {
        'bomb.png': png(60000, 60000, Buffer.alloc(1000)),
        'thin.png': png(40_000_001, 1, Buffer.alloc(100)),
        'cut.png': png(400, 400, bytesOf(2000)).subarray(0, 300),
        'gif.gif': Buffer.concat([Buffer.from('GIF89a'), Buffer.from([1, 0, 1, 0, 0, 0, 0]),
            Buffer.from([0x2c, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0]), bytesOf(100)]),
    };
    for (const [name, content] of Object.entries(bad)) {
        const id = await put(house, contact, ticket, name, content);
        const answer = await lead.get(`/attachments/${id}/picture`);
        refused(answer, 422, 'picture-refused');
        assert.ok((await custodyOf(lead, id)).every((row) => row.event !== 'previewed'), 'nothing was seen');
    }
    refused(await lead.get(`/attachments/${await put(house, contact, ticket, 'a.bin', bytesOf(99))}/picture`), 422);
});

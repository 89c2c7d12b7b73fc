// The real ClamAV, where its program is installed (Debian: clamav-daemon), with one signature of our own: nothing is
// downloaded. What the protocol may do wrong is tested with a stand-in in attachment_samples.test.mjs.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { answered, atEnd, until } from './harness.mjs';
import { custodyOf, put, startAttachmentHouse } from './attachment_house.mjs';
import { bytesOf } from './upload_house.mjs';

const program = ['/usr/sbin/clamd', '/usr/local/sbin/clamd'].find((file) => fs.existsSync(file));
const skip = program ? false : 'clamd is not installed: apt-get install clamav-daemon';

// A folder of its own: signatures by hash (.hdb) and by content (.ndb), configuration, socket.
async function startClamd() {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'yagura-clamd.'));
    const file = (name, text) => fs.writeFileSync(path.join(folder, name), text);
    const [data, socket] = [path.join(folder, 'data'), path.join(folder, 'clamd.ctl')];
    fs.mkdirSync(data);
    const worm = Buffer.from('a worm of this test');
    file('data/own.hdb', `${crypto.createHash('md5').update(worm).digest('hex')}:${worm.length}:Yagura.Test.ByHash\n`);
    file('data/own.ndb', `Yagura.Test.ByContent:0:*:${Buffer.from('trojan of this test').toString('hex')}\n`);
    file('clamd.conf', [`LocalSocket ${socket}`, `DatabaseDirectory ${data}`, 'Foreground yes', 'LogTime no',
        'StreamMaxLength 1M', 'MaxThreads 2', `TemporaryDirectory ${folder}`, `User ${os.userInfo().username}`,
            ''].join('\n'));
    const child = spawn(program, ['--config-file', path.join(folder, 'clamd.conf')], { stdio: ['ignore', 'pipe',
        'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => { said += piece; });
    const ended = new Promise((done) => { child.on('close', done); });
    atEnd(async () => {
        child.kill('SIGTERM');
        await ended;
        fs.rmSync(folder, { recursive: true, force: true });
    });
    await until(() => {
        if (child.exitCode !== null) throw new Error(`clamd ended: ${said}`);
        return fs.existsSync(socket);
    }, 'clamd listens', 60_000).catch((error) => { throw new Error(`${error.message}\n${said}`); });
    return { socket, worm };
}

test('what the real scanner finds becomes a sample, by hash and by content; the rest is clean', { skip }, async () => {
    const clamd = await startClamd();
    const house = await startAttachmentHouse({ env: { YAGURA_CLAMD: clamd.socket } });
    const ticket = await house.caseOf('AOBA');
    const contact = await house.as('contact');
    const read = async (id) => answered(await contact.get(`/attachments/${id}`));
    const scanned = async (id) => until(async () => {
        const row = await read(id);
        return row.scan_state !== 'waiting' && row;
    }, 'it is scanned', 60_000);
    const clean = await put(house, contact, ticket, 'clean.txt', 'nothing to see');
    const byHash = await put(house, contact, ticket, 'worm.bin', clamd.worm);
    const byContent = await put(house, contact, ticket, 'page.txt',
        `a ${'x'.repeat(300_000)} trojan of this test, hidden`);
    const large = await put(house, contact, ticket, 'large.bin', bytesOf(3_000_000, 'large'));
    const facts = ({ scan_state: state, scan_result: result, malicious }) => [state, result, malicious];
    assert.deepEqual(facts(await scanned(clean)), ['clean', null, false]);
    assert.deepEqual(facts(await scanned(byHash)), ['infected', 'Yagura.Test.ByHash.UNOFFICIAL', true]);
    assert.deepEqual(facts(await scanned(byContent)), ['infected', 'Yagura.Test.ByContent.UNOFFICIAL', true]);
    assert.deepEqual(facts(await scanned(large)), ['too_large', null, false]);
    const line = (await custodyOf(contact, byHash)).find((row) => row.event === 'scanned');
    assert.deepEqual([line.actor_side, line.detail], ['service', 'Yagura.Test.ByHash.UNOFFICIAL']);
    const doctor = await house.yagura(['doctor', '--json']);
    assert.match(doctor.stdout, /scanner/);
    assert.ok(execFileSync(program, ['--version']).toString().startsWith('ClamAV'));
});

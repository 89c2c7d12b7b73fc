// yagura doctor: in order is 0, anything wrong is 1 with what to do about it.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { answered, emptyDatabase, startHouse } from './harness.mjs';
import { operator } from './operator.mjs';

const house = await startHouse({ smtp: true });
const api = await operator(house);

// The tiles by key, and the status.
async function doctor(env = {}) {
    const { status, stdout, stderr } = await house.yagura(['doctor', '--json'], { env: { LANG: 'C', ...env } });
    assert.match(stdout, /^\{/, stderr);
    return { status, tiles: Object.fromEntries(JSON.parse(stdout).tiles.map((tile) => [tile.key, tile])) };
}

async function finds(key, state, summary, env) {
    const { status, tiles } = await doctor(env);
    assert.equal(tiles[key]?.state, state, JSON.stringify(tiles[key]));
    assert.match(tiles[key].summary, summary);
    assert.equal(status, state === 'red' ? 1 : status);
    if (state === 'red') assert.ok(tiles[key].remedy, `${key} says how to mend it`);
    return tiles;
}

test('a healthy house passes', async () => {
    const { status, tiles } = await doctor();
    assert.equal(status, 0, JSON.stringify(tiles, null, 1));
    for (const key of ['key', 'templates', 'store', 'connection', 'yagura_api', 'yagura_jobs', 'database', 'audit',
        'smtp', 'service']) {
        assert.equal(tiles[key]?.state, 'green', `${key}: ${JSON.stringify(tiles[key])}`);
    }
    assert.equal(tiles.scanner.state, 'grey', 'that files are not scanned is said plainly');
});

test('it can be read by people, in two languages', async () => {
    const english = await house.yagura(['doctor'], { env: { LC_ALL: 'en_US.UTF-8' } });
    assert.equal(english.status, 0);
    assert.match(english.stdout, /^ {2}\[ ok \] Audit log: /m);
    assert.match(english.stdout, /^\d+ wrong, \d+ to look after$/m);
    const japanese = await house.yagura(['doctor'], { env: { LC_ALL: 'ja_JP.UTF-8' } });
    assert.match(japanese.stdout, /^ {2}\[ ok \] 監査ログ: /m);
    assert.match(japanese.stdout, /^異常 0 件、要確認 \d+ 件$/m);
});

test('a mail server that is gone is found', async () => {
    await finds('smtp', 'red', /Connection refused/, { YAGURA_SMTP_URL: 'smtp://127.0.0.1:1' });
});

test('a virus scanner that is gone is found', async () => {
    await finds('scanner', 'red', /connecting to the scanner/, { YAGURA_CLAMD: '/nowhere/clamd.ctl' });
});

test('a key that is lost or spoilt is found', async () => {
    await finds('key', 'red', /nowhere/, { YAGURA_KEY_FILE: '/nowhere/secret.key' });
    const spoilt = path.join(house.folder, 'spoilt.key');
    fs.writeFileSync(spoilt, 'short', { mode: 0o600 });
    await finds('key', 'red', /./, { YAGURA_KEY_FILE: spoilt });
    fs.copyFileSync(house.env.YAGURA_KEY_FILE, spoilt);
    fs.chmodSync(spoilt, 0o644);
    await finds('key', 'red', /open to others/, { YAGURA_KEY_FILE: spoilt });
});

test('a broken template is found with its line', async () => {
    const folder = path.join(house.folder, 'templates');
    fs.cpSync('templates', folder, { recursive: true });
    fs.appendFileSync(path.join(folder, 'ja/invitation.mustache'), '{{nobody}}\n');
    await finds('templates', 'red', /ja\/invitation\.mustache:\d+: this mail has no 'nobody'/,
        { YAGURA_TEMPLATE_DIR: folder });
    const check = await house.yagura(['check'], { env: { YAGURA_TEMPLATE_DIR: folder } });
    assert.equal(check.status, 1);
    assert.match(check.stderr, /ja\/invitation\.mustache:\d+: this mail has no 'nobody'/);
});

test('a certificate that ends soon, or is none, is found', async () => {
    const [key, cert] = [path.join(house.folder, 'tls.key'), path.join(house.folder, 'tls.pem')];
    for (const [days, state] of [['90', 'green'], ['20', 'yellow'], ['3', 'red']]) {
        execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert,
            '-days', days, '-subj', '/CN=localhost'], { stdio: 'pipe' });
        const summary = new RegExp(`good for (${days}|${days - 1}) more days`);
        await finds('certificate', state, summary, { YAGURA_TLS_CERT_FILE: cert, YAGURA_TLS_KEY_FILE: key });
    }
    await finds('certificate', 'red', /no PEM certificate/, { YAGURA_TLS_CERT_FILE: key, YAGURA_TLS_KEY_FILE: key });
    await finds('certificate', 'red', /without TLS/, { YAGURA_PUBLIC_URL: 'http://hub.invalid' });
});

test('a database that is not there, or not migrated, is found', async () => {
    await finds('connection', 'red', /./, { YAGURA_DATABASE_URL: 'postgresql:///?host=/nowhere&user=yagura' });
    const empty = await emptyDatabase();
    const url = house.env.YAGURA_DATABASE_URL.replace(house.database, empty);
    await finds('connection', 'red', /\d+ migrations have yet to run/, { YAGURA_DATABASE_URL: url });
});

test('a log that was changed by force is found', async () => {
    answered(await api.post('/mails/test', { template: 'test', language: 'en', to: 'a@example.jp' }), 201);
    const tenant = '00000000-0000-7000-8000-000000000001';
    const entries = await house.sql('SELECT action FROM audit_entry WHERE tenant_id = $1', [tenant]);
    assert.ok(entries.some(({ action }) => action === 'mail.tested'));
    await house.sql('ALTER TABLE audit_entry DISABLE TRIGGER USER');
    await house.sql("UPDATE audit_entry SET actor_name = 'somebody else' WHERE tenant_id = $1", [tenant]);
    const tiles = await finds('audit', 'red', /was changed by force at entry 1/);
    assert.match(tiles.audit.remedy, /evidence/);
});

test('nobody answering is worth a look', async () => {
    await finds('service', 'yellow', /Nothing answers/, { YAGURA_PUBLIC_URL: 'http://127.0.0.1:1' });
});

// The door as the operator sets it: parts of the service alone, HTTPS, proxies, a token for metrics, settings that are
// wrong; and what the sign-in of the moment opens.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { test } from 'node:test';
import { answered, refused, startHouse, until } from './harness.mjs';
import { makePerson, PROVIDER, signIn } from './http_people.mjs';

const unlimited = { YAGURA_RATE_PER_ADDRESS: '0', YAGURA_RATE_PER_PERSON: '0' };

test('settings that are wrong are refused at start by their names', async () => {
    const house = await startHouse({ start: false });
    for (const [env, words] of [[{ YAGURA_NOPE: '1' }, 'YAGURA_NOPE'], [{ YAGURA_WORKERS: '0' }, 'workers'],
        [{ YAGURA_WORKERS: 'many' }, 'workers'], [{ YAGURA_LOG_LEVEL: 'loud' }, 'log_level'],
        [{ YAGURA_TRUSTED_PROXIES: '10.0.0.0/99' }, 'trusted_proxies'], [{ YAGURA_LISTEN: 'nowhere' }, 'listen'],
        [{ YAGURA_TLS_CERT_FILE: '/x' }, 'tls_key_file'], [{ YAGURA_KEY_FILE: '/nonexistent' }, '/nonexistent']]) {
        const { status, stderr } = await house.yagura(['serve'], { env });
        assert.equal(status, 1, JSON.stringify(env));
        assert.ok(stderr.includes(words), `${words} in ${stderr}`);
    }
    assert.equal((await house.yagura(['serve', '--only', 'nothing'])).status, 2);
    assert.equal((await house.yagura(['nothing'])).status, 2);
});

test('a listening address that is taken is said', async () => {
    const house = await startHouse({ env: unlimited });
    const { status, stderr } = await house.yagura(['serve'], { env: { YAGURA_LISTEN: `127.0.0.1:${house.port}` } });
    assert.equal(status, 1);
    assert.match(stderr, /cannot listen at 127\.0\.0\.1:\d+/);
});

test('the reference of settings names every key', async () => {
    const house = await startHouse({ start: false });
    const { stdout } = await house.yagura(['settings']);
    for (const key of ['listen', 'database_url', 'trusted_proxies', 'metrics_token', 'rate_per_person']) {
        assert.ok(stdout.includes(`| \`${key}\` | \`YAGURA_${key.toUpperCase()}\` |`), key);
    }
});

test('a part of the service serves its part and its health', async () => {
    const jobs = await startHouse({ args: ['serve', '--only', 'jobs'], env: unlimited });
    answered(await jobs.client().request('GET', '//readyz'));
    refused(await jobs.client().get('/version'), 404);
    const api = await startHouse({ args: ['serve', '--only', 'api'], env: unlimited });
    answered(await api.client().get('/version'));
});

test('HTTPS is spoken where a certificate is given, with cookies and headers to match', async () => {
    const house = await startHouse({ start: false, env: unlimited });
    const [cert, key] = ['cert.pem', 'key.pem'].map((name) => path.join(house.folder, name));
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes',
        '-keyout', key, '-out', cert, '-days', '2', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'],
    { stdio: 'ignore' });
    Object.assign(house.env, { YAGURA_TLS_CERT_FILE: cert, YAGURA_TLS_KEY_FILE: key,
        YAGURA_PUBLIC_URL: `https://127.0.0.1:${house.port}` });
    const ca = fs.readFileSync(cert);
    const get = (where) => new Promise((done, failed) => {
        https.get(`https://127.0.0.1:${house.port}${where}`, { ca }, (response) => {
            response.resume().on('end', () => done({ status: response.statusCode, headers: response.headers }));
        }).on('error', failed);
    });
    const starting = house.start().catch(() => {}); // readiness is asked in plain HTTP there
    const ready = await until(() => get('/readyz').then((answer) => answer.status === 200 && answer, () => false),
        'HTTPS answers');
    assert.match(ready.headers['strict-transport-security'], /max-age=\d{8}/);
    assert.equal((await get('/api/v1/version')).status, 200);
    for (const process of house.running()) await process.stop();
    for (const process of house.processes) process.expected = true;
    await starting;
});

test('the caller behind a trusted proxy has its own limits, and metrics their token', async () => {
    const house = await startHouse({ env: { ...unlimited, YAGURA_RATE_PER_ADDRESS: '5',
        YAGURA_TRUSTED_PROXIES: '127.0.0.1', YAGURA_METRICS_TOKEN: 'hush-hush' } });
    const call = (address) => house.client().get('/version', { headers: { 'x-forwarded-for': address } });
    for (let i = 0; i < 5; i++) answered(await call('203.0.113.1'));
    refused(await call('203.0.113.1'), 429);
    refused(await call('198.51.100.9, 203.0.113.1'), 429, 'rate-limited');
    answered(await call('203.0.113.2'));
    const metrics = (token) => house.client().request('GET', '//metrics',
        { headers: token ? { authorization: `Bearer ${token}` } : {} });
    refused(await metrics(), 404);
    refused(await metrics('hush'), 404);
    assert.match((await metrics('hush-hush')).text, /yagura_database_up 1/);
});

test('a session that has not proven its second factor opens nothing but the way to it', async () => {
    const house = await startHouse({ env: unlimited });
    const person = await makePerson(house, PROVIDER, 'administrator');
    for (const stage of ['totp_enrolment', 'totp']) {
        const client = await signIn(house, person, { stage });
        refused(await client.get('/people'), 401, 'second-factor-needed');
        refused(await client.get('/me'), 401, 'second-factor-needed');
        refused(await client.get('/stream'), 401, 'second-factor-needed');
        assert.equal(answered(await client.get('/session')).stage, stage);
    }
});

test('a dangerous action asks for a second factor of the last ten minutes', async () => {
    const house = await startHouse({ env: unlimited });
    const person = await makePerson(house, PROVIDER, 'administrator');
    const stale = await signIn(house, person, { factorMinutesAgo: 11 });
    refused(await stale.post('/me/recovery-codes'), 403, 'fresh-factor-needed');
    const fresh = await signIn(house, person, { factorMinutesAgo: 9 });
    assert.notEqual((await fresh.post('/me/recovery-codes')).body?.code, 'fresh-factor-needed');
});

test('a permission that is missing is named', async () => {
    const house = await startHouse({ env: unlimited });
    const client = await signIn(house, await makePerson(house, PROVIDER, 'auditor'));
    const body = { name: 'X', short_code: 'XX', plan: 'lite', language: 'en', time_zone: 'Asia/Tokyo' };
    assert.match(refused(await client.post('/tenants', body), 403).detail, /tenants:write/);
    assert.match(refused(await client.post('/tenants', { nonsense: 1 }), 403).detail, /tenants:write/);
});

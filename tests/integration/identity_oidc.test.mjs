// Signing in at an identity provider that is a real one: npm oidc-provider, with its own pages.

import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import http from 'node:http';
import { after, test } from 'node:test';
import Provider from 'oidc-provider';
import { answered, refused } from './harness.mjs';
import { demoSecret, people, startDemoHouse, totp } from './identity_house.mjs';

const house = await startDemoHouse({
    clock: new Date().toISOString(), env: { YAGURA_FETCH_REACH: '127.0.0.1/32' },
});
const callback = `${house.url}/api/v1/oidc/callback`;
const aoba = await house.tenantId('AOBA');
const administrator = await house.as('administrator');

// What the provider says of the person who signs in; the tests change it.
let claims = {};

const running = new Map(); // by issuer: what was asked of it, and how its keys are changed

async function startProvider({ alg, conform }) {
    const server = http.createServer();
    await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
    const issuer = `http://127.0.0.1:${server.address().port}`;
    const providerWith = (kid) => {
        const pair = alg === 'RS256' ? crypto.generateKeyPairSync('rsa', { modulusLength: 2048 })
            : crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
        const provider = new Provider(issuer, settingsWith(pair, kid));
        provider.on('server_error', (context, error) => console.error(error));
        return provider.callback();
    };
    const settingsWith = (pair, kid) => ({
        clients: [{ client_id: 'yagura', client_secret: 'a secret / with signs & more', redirect_uris: [callback],
            id_token_signed_response_alg: alg }],
        jwks: { keys: [{ ...pair.privateKey.export({ format: 'jwk' }), use: 'sig', kid, alg }] },
        cookies: { keys: ['for this test'] },
        claims: { email: ['email', 'email_verified'] },
        conformIdTokenClaims: conform,
        pkce: { required: () => true },
        findAccount: (context, id) => ({ accountId: id, claims: () => ({ sub: id, ...claims }) }),
    });
    let handle = providerWith('first');
    const asked = [];
    running.set(issuer, { asked, rotate: () => { handle = providerWith('second'); } });
    server.on('request', (request, response) => {
        asked.push(request.url.split('?')[0]);
        handle(request, response);
    });
    after(() => server.close());
    return issuer;
}

// A person at the provider's pages: says a name, agrees, and is sent back. Gives the path of our callback.
async function walkThrough(url) {
    const jar = new Map();
    let method = 'GET';
    let body;
    for (let step = 0; step < 12; step++) {
        if (url.startsWith(callback)) return url.slice(house.url.length);
        const answer = await fetch(url, {
            method, body, redirect: 'manual',
            headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
                ...(body ? { 'content-type': 'application/x-www-form-urlencoded' } : {}) },
        });
        for (const line of answer.headers.getSetCookie()) {
            const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
            jar.set(name, value);
        }
        method = 'GET';
        body = undefined;
        const to = answer.headers.get('location');
        if (to) {
            url = new URL(to, url).href;
            continue;
        }
        const page = await answer.text();
        const form = /<form[^>]*action="([^"]+)"/.exec(page);
        assert.ok(form, `a form in:\n${page.slice(0, 500)}`);
        url = new URL(form[1], url).href;
        method = 'POST';
        body = page.includes('name="login"') ? 'prompt=login&login=somebody&password=x' : 'prompt=consent';
    }
    throw new Error('no way back');
}

async function setUp(issuer, over = {}) {
    return answered(await administrator.post('/identity-providers', {
        tenant_id: aoba, name: '青葉 SSO', issuer, client_id: 'yagura', client_secret: 'a secret / with signs & more',
        email_domains: ['AOBA.demo.yagura.example', 'demo.yagura.example'], enabled: true, ...over,
    }), 201);
}

async function arrive(browser, provider, returnTo = '/people') {
    const start = await browser.get(`/oidc/${provider.id}/start?return_to=${encodeURIComponent(returnTo)}`);
    assert.equal(start.status, 303, start.text);
    return browser.get(await walkThrough(start.headers.get('location')));
}

const problemOf = (answer) => {
    assert.equal(answer.status, 303, answer.text);
    return new URL(answer.headers.get('location')).searchParams.get('problem');
};

for (const [alg, conform, words] of [
    ['RS256', false, 'the address in the ID token'], ['ES256', true, 'the address from userinfo']]) {
    test(`${alg}, ${words}: a person of that tenant comes in, and still proves the second factor`, async () => {
        const provider = await setUp(await startProvider({ alg, conform }));
        assert.deepEqual(provider.email_domains, ['aoba.demo.yagura.example', 'demo.yagura.example']);
        assert.equal(provider.client_secret, undefined);
        assert.equal(provider.redirect_uri, callback);
        const tried = answered(await administrator.post(`/identity-providers/${provider.id}/test`));
        assert.equal(tried.reachable, true);
        claims = { email: people.contact, email_verified: true };
        const browser = house.browser();
        const offered = answered(await browser.get(`/sign-in/providers?email=${people.contact}`));
        assert.equal(offered.name, '青葉 SSO');
        const back = await arrive(browser, provider);
        assert.equal(back.status, 303, back.text);
        assert.equal(back.headers.get('location'), `${house.url}/people`);
        const state = answered(await browser.get('/session'));
        assert.equal(state.stage, 'totp');
        house.clock.advance({ seconds: 30 });
        const code = totp(demoSecret(people.contact), +house.clock.now);
        const complete = answered(await browser.post('/sign-in/totp', { code }));
        assert.equal(complete.person.email, people.contact);
        await house.sql('UPDATE identity_provider SET enabled = false');
    });
}

const issuer = await startProvider({ alg: 'RS256', conform: false });

test('a provider whose second factor is trusted opens a complete session', async () => {
    const provider = await setUp(issuer, { trust_second_factor: true });
    claims = { email: people.contact, email_verified: true };
    const browser = house.browser();
    await arrive(browser, provider);
    assert.equal(answered(await browser.get('/session')).stage, 'complete');
    const rows = await house.sql(`SELECT result FROM audit_entry WHERE action = 'sign_in.identity_provider'
        AND tenant_id = $1`, [aoba]);
    assert.ok(rows.length >= 3 && rows.every((row) => row.result === 'done'));
    await house.sql('UPDATE identity_provider SET enabled = false');
});

const refusals = {
    'an address of another tenant': { email: people.harbor, email_verified: true },
    'an address of the provider’s own people': { email: people.lead, email_verified: true },
    'an address that was not verified': { email: people.contact, email_verified: false },
    'an address nobody has': { email: 'stranger@aoba.demo.yagura.example', email_verified: true },
    'a person who is disabled': { email: 'saito@aoba.demo.yagura.example', email_verified: true },
};
for (const [words, said] of Object.entries(refusals)) {
    test(`${words} does not come in`, async () => {
        const provider = await setUp(issuer, { trust_second_factor: true });
        claims = said;
        const browser = house.browser();
        assert.equal(problemOf(await arrive(browser, provider)), 'sign-in-unknown-person');
        assert.equal(answered(await browser.get('/session')).stage, 'anonymous');
        await house.sql('UPDATE identity_provider SET enabled = false');
    });
}

test('what a provider publishes is asked once for many sign-ins, and a key that was changed is found', async () => {
    const issuer = await startProvider({ alg: 'RS256', conform: false });
    const provider = await setUp(issuer);
    const { asked, rotate } = running.get(issuer);
    const published = ['/.well-known/openid-configuration', '/jwks'];
    const counts = () => published.map((path) => asked.filter((one) => one === path).length);
    claims = { email: people.contact, email_verified: true };
    const comesIn = async () => {
        const browser = house.browser();
        const answer = await arrive(browser, provider);
        return { answer, stage: answered(await browser.get('/session')).stage };
    };
    assert.equal((await comesIn()).stage, 'totp');
    assert.deepEqual(counts(), [1, 1]);
    for (let i = 0; i < 3; i++) assert.equal((await comesIn()).stage, 'totp');
    assert.deepEqual(counts(), [1, 1], 'the second sign-in asks for nothing again');
    rotate();
    assert.equal(problemOf((await comesIn()).answer), 'id-token-refused', 'not more often than once a minute');
    assert.deepEqual(counts(), [1, 1]);
    house.clock.advance({ seconds: 61 });
    assert.equal((await comesIn()).stage, 'totp');
    assert.deepEqual(counts(), [1, 2]);
    house.clock.advance({ minutes: 10 });
    assert.equal((await comesIn()).stage, 'totp');
    assert.deepEqual(counts(), [2, 3], 'after ten minutes both are asked for anew');
    answered(await administrator.post(`/identity-providers/${provider.id}/test`));
    assert.deepEqual(counts(), [3, 4], 'who tests it asks it');
});

test('how old a password may become is no matter of who comes through a provider', async () => {
    const provider = await setUp(await startProvider({ alg: 'RS256', conform: false }));
    claims = { email: people.contact, email_verified: true };
    await house.sql('UPDATE tenant SET password_max_days = 1 WHERE id = $1', [aoba]);
    await house.sql(`UPDATE person_credential SET password_changed_at = '2020-01-01'
                      WHERE person_id = (SELECT id FROM person WHERE email = $1)`, [people.contact]);
    const browser = house.browser();
    await arrive(browser, provider);
    answered(await browser.get('/session'));
    house.clock.advance({ seconds: 30 });
    const state = answered(await browser.post('/sign-in/totp',
        { code: totp(demoSecret(people.contact), +house.clock.now) }));
    assert.deepEqual([state.stage, state.password_due_at], ['complete', null]);
    await house.sql('UPDATE tenant SET password_max_days = NULL');
});

test('the way back opens once, in the browser where it began, and within ten minutes', async () => {
    const provider = await setUp(issuer, { trust_second_factor: true });
    claims = { email: people.contact, email_verified: true };
    const browser = house.browser();
    const begin = async (by) => walkThrough((await by.get(`/oidc/${provider.id}/start`)).headers.get('location'));

    const stolen = await begin(browser);
    const thief = house.browser();
    assert.equal(problemOf(await thief.get(stolen)), 'sign-in-expired');
    await house.browser().get(`/oidc/${provider.id}/start`);

    const way = await begin(browser);
    assert.equal(problemOf(await browser.get(way.replace(/state=[^&]+/, 'state=forged'))), 'sign-in-expired');
    assert.equal((await browser.get(way)).headers.get('location'), `${house.url}/`);
    assert.equal(problemOf(await browser.get(way)), 'sign-in-expired');

    const late = await begin(browser);
    house.clock.advance({ minutes: 11 });
    assert.equal(problemOf(await browser.get(late)), 'sign-in-expired');
    await house.sql('UPDATE identity_provider SET enabled = false');
});

test('a code of somebody else’s sign-in does not fit: the nonce and the verifier are ours', async () => {
    const provider = await setUp(issuer, { trust_second_factor: true });
    claims = { email: people.contact, email_verified: true };
    const [mine, theirs] = [house.browser(), house.browser()];
    const begin = async (by) => walkThrough((await by.get(`/oidc/${provider.id}/start`)).headers.get('location'));
    const [a, b] = [await begin(mine), await begin(theirs)];
    const code = /code=[^&]+/.exec(b)[0];
    assert.equal(problemOf(await mine.get(a.replace(/code=[^&]+/, code))), 'identity-provider-failed');
    await house.sql('UPDATE identity_provider SET enabled = false');
});

test('after the sign-in one lands on our own pages alone', async () => {
    const provider = await setUp(issuer, { trust_second_factor: true });
    claims = { email: people.contact, email_verified: true };
    for (const elsewhere of ['https://elsewhere.example/', '//elsewhere.example', '/\\elsewhere.example', 'people']) {
        assert.equal((await arrive(house.browser(), provider, elsewhere)).headers.get('location'), `${house.url}/`);
    }
    await house.sql('UPDATE identity_provider SET enabled = false');
});

test('a provider that is gone, or says another name, is told of and breaks nothing', async () => {
        const gone = await setUp('http://127.0.0.1:9', {});
    const tried = answered(await administrator.post(`/identity-providers/${gone.id}/test`));
    assert.equal(tried.reachable, false);
    assert.ok(tried.message.length > 0);
    const start = await house.browser().get(`/oidc/${gone.id}/start`);
    assert.equal(problemOf(start), 'remote-unreachable');
    const renamed = await setUp(`${issuer}/`, {});
    assert.equal(answered(await administrator.post(`/identity-providers/${renamed.id}/test`)).reachable, false);
    const unknown = await house.browser().get('/oidc/00000000-0000-7000-8000-0000000000ff/start');
    assert.equal(problemOf(unknown), 'not-found');
});

test('a provider that answers nothing holds up those few who wait for it, and nobody else', async () => {
    const silent = http.createServer(() => {});
    await new Promise((done) => { silent.listen(0, '127.0.0.1', done); });
    const provider = await setUp(`http://127.0.0.1:${silent.address().port}`, {});
    let isOver = false;
    const starts = Array.from({ length: 12 }, () => house.browser().get(`/oidc/${provider.id}/start`));
    void Promise.all(starts).then(() => { isOver = true; });
    const others = Array.from({ length: 10 }, async () => answered(await administrator.get('/people')));
    await Promise.any(others);
    assert.equal(isOver, false, 'other calls are answered meanwhile');
    await Promise.all(others);
    const told = (await Promise.all(starts)).map(problemOf);
    assert.equal(told.filter((slug) => slug === 'identity-provider-busy').length, 9);
    assert.equal(told.filter((slug) => slug === 'remote-unreachable').length, 3);
    silent.closeAllConnections();
    await new Promise((done) => { silent.close(done); });
});

test('private networks are out of reach unless the operator names them', async () => {
    const provider = await setUp('http://10.255.255.1', {});
        const tried = answered(await administrator.post(`/identity-providers/${provider.id}/test`));
    assert.equal(tried.reachable, false);
});

test('a customer sets up its own provider and sees no other', async () => {
    const customer = await house.as('customer');
    const mine = answered(await customer.post('/identity-providers', {
        name: 'Own', issuer: 'https://login.aoba.example', client_id: 'x', email_domains: ['aoba.example'],
        enabled: false }), 201);
    assert.equal(mine.tenant_id, aoba);
    const harbor = await house.as('harbor');
    assert.ok(answered(await harbor.get('/identity-providers')).items.every((row) => row.tenant_id !== aoba));
    refused(await harbor.get(`/identity-providers/${mine.id}`), 404);
    for (const wrong of ['not a domain', 'aoba.example,', 'aoba.example.', '.example', 'localhost', 'a@aoba.example',
        '-a.example', 'a..example', 'aoba.example;b.example', '']) {
        const { errors } = refused(await customer.post('/identity-providers', {
            name: 'Own', issuer: 'https://login.aoba.example', client_id: 'x', email_domains: ['aoba.example', wrong],
            enabled: false }), 422);
        assert.deepEqual(errors.map((one) => one.pointer), ['/email_domains/1'], wrong);
    }
    const sealed = await house.sql('SELECT encode(client_secret, \'escape\') AS text FROM identity_provider');
    assert.ok(sealed.every((row) => !row.text?.includes('secret')));
});

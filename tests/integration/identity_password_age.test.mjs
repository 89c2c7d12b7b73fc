// How old a password may become: per organisation, met at the next sign-in, and by nobody else.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, refused } from './harness.mjs';
import { demoSecret, mailSaying, password, people, startDemoHouse, totp } from './identity_house.mjs';

const house = await startDemoHouse({ smtp: true });
const administrator = await house.as('administrator');
const aoba = await house.tenantId('AOBA');
const provider = administrator.state.tenant.id;
const fresh = 'kawa no hotori de asagohan 7';

async function setDays(id, days) {
    const { body, etag } = await administrator.get(`/tenants/${id}`);
    const words = Object.fromEntries(['name', 'name_kana', 'short_code', 'plan', 'language', 'time_zone',
        'holiday_country', 'reopen_days'].map((name) => [name, body[name]]));
    return administrator.put(`/tenants/${id}`, { ...words, password_max_days: days }, etag);
}
const age = (mail, days) => house.sql(
    `UPDATE person_credential SET password_changed_at = $1::timestamptz - make_interval(days => $2)
      WHERE person_id = (SELECT id FROM person WHERE email = $3)`, [house.clock.now, days, people[mail] ?? mail]);
// Both factors, and where that leads.
async function comeIn(mail, word = password) {
    const browser = house.browser();
    house.clock.advance({ seconds: 30 });
    answered(await browser.begin(people[mail], word));
    const state = answered(await browser.post('/sign-in/totp', { code: totp(demoSecret(people[mail]),
        +house.clock.now) }));
    return { browser, state };
}

test('without a period nobody is asked, however old the password is', async () => {
    await age('contact', 4000);
    const { state } = await comeIn('contact');
    assert.deepEqual([state.stage, state.password_due_at], ['complete', null]);
});

test('a period is bounded, and stands in the log', async () => {
    for (const days of [0, -1, 3651]) {
        assert.deepEqual(refused(await setDays(aoba, days), 422).errors.map((one) => one.pointer),
            ['/password_max_days'], String(days));
    }
    assert.equal(answered(await setDays(aoba, 90)).password_max_days, 90);
    const [line] = answered(await administrator.get(`/audit?object_id=${aoba}&action=tenant.updated`)).items;
    assert.deepEqual(line.change.password_max_days, [null, 90]);
});

test('an older password opens nothing but the way to another one', async () => {
    await age('contact', 91);
    const { browser, state } = await comeIn('contact');
    assert.deepEqual([state.stage, state.permissions], ['password', []]);
    for (const path of ['/tickets', '/me', '/people', '/changes', '/me/sessions']) {
        assert.equal((await browser.get(path)).status, 401, path);
    }
    assert.equal((await browser.put('/me', { name: 'x' })).status, 401);
    refused(await browser.post('/sign-in/totp', { code: '000000' }), 409, 'sign-in-stage');
    const pointers = async (word) =>
        refused(await browser.post('/sign-in/password', { password: word }), 422).errors[0];
    assert.deepEqual([(await pointers(password)).pointer, (await pointers(password)).code],
        ['/password', 'same_password']);
    assert.equal((await pointers('password1234')).code, 'common_password');
    assert.equal((await pointers('short')).code, 'too_short');
    const before = browser.client.cookies.get('yagura_session');
    const done = answered(await browser.post('/sign-in/password', { password: fresh }));
    assert.equal(done.stage, 'complete');
    assert.ok(done.permissions.length > 0);
    assert.notEqual(browser.client.cookies.get('yagura_session'), before, 'another stage is another token');
    answered(await browser.get('/tickets'));
    refused(await browser.post('/sign-in/password', { password: `${fresh}8` }), 409, 'sign-in-stage');
    await mailSaying(house, people.contact, /パスワードが変更されました|パスワードを変更/);
    const actions = (await house.sql(`SELECT action FROM audit_entry WHERE object_id = $1 ORDER BY seq DESC LIMIT 3`,
        [await house.idOf('contact')])).map((row) => row.action);
    assert.deepEqual(actions, ['sign_in.completed', 'person.password_changed', 'sign_in.password_too_old']);
    assert.equal((await comeIn('contact', fresh)).state.stage, 'complete');
});

test('a session of the stage ends by itself and by signing out', async () => {
    await age('contact', 91);
    const out = await comeIn('contact', fresh);
    answered(await out.browser.post('/sign-out'), 204);
    assert.equal(answered(await out.browser.get('/session')).stage, 'anonymous');
    const late = await comeIn('contact', fresh);
    house.clock.advance({ minutes: 16 });
    refused(await late.browser.post('/sign-in/password', { password: `${fresh}9` }), 401);
});

test('sessions that are open stay open, and an API key knows no password', async () => {
    await age('customer', 1);
    const { browser } = await comeIn('customer');
    const key = answered(await browser.post('/me/api-keys', { name: 'programme', scopes: ['people:read'],
        expires_at: new Date(+house.clock.now + 86_400_000).toISOString() }), 201);
    await age('customer', 500);
    answered(await browser.get('/people'));
    assert.equal(answered(await browser.get('/session')).stage, 'complete');
    answered(await house.client({ key: key.key ?? key.secret ?? key.token }).get('/people'));
    assert.equal((await comeIn('customer')).state.stage, 'password');
});

test('two weeks before, the session says when', async () => {
    await age('customer', 75);
    assert.equal((await comeIn('customer')).state.password_due_at, null);
    await age('customer', 77);
    const { browser, state } = await comeIn('customer');
    const days = (new Date(state.password_due_at) - house.clock.now) / 86_400_000;
    assert.ok(days > 12.9 && days <= 13, String(days));
    answered(await browser.post('/me/password', { current_password: password, password: fresh }), 204);
    assert.equal(answered(await browser.get('/session')).password_due_at, null);
});

test('the provider has its own period', async () => {
    await age('hunter', 40);
    assert.equal((await comeIn('hunter')).state.stage, 'complete');
    assert.equal(answered(await setDays(provider, 30)).password_max_days, 30);
    assert.equal((await comeIn('hunter')).state.stage, 'password');
    answered(await setDays(provider, undefined));
    assert.equal((await comeIn('hunter')).state.stage, 'complete');
});

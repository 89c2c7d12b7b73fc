// From an invitation to a session, and everything that is refused on the way.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, refused } from './harness.mjs';
import { base32, Browser, demoSecret, linkFor, mailSaying, password, people, startDemoHouse, totp }
    from './identity_house.mjs';

const house = await startDemoHouse({ smtp: true });
const fresh = () => house.browser();
const code = (mail) => totp(demoSecret(mail), +house.clock.now);

test('a stranger has a session that says anonymous', async () => {
    const state = answered(await fresh().get('/session'));
    assert.equal(state.stage, 'anonymous');
    assert.equal(state.person, null);
    assert.deepEqual(state.permissions, []);
});

test('an invited person completes the profile, enrols an authenticator at the first sign-in, and has recovery codes',
    async () => {
        const administrator = await house.as('administrator');
        const email = 'new.person@aoba.demo.yagura.example';
        const tenant = await house.tenantId('AOBA');
        const invited = answered(await administrator.post('/people/invite', {
            tenant_id: tenant, email, name: '新井', language: 'en',
            permission_set_ids: [await house.setId('AOBA', 'customer_contact')],
        }), 201);
        assert.equal(invited.status, 'invited');

        const mail = await mailSaying(house, email, /invitations/);
        assert.match(mail.subject, /^.+ – Complete your registration$/);
        const [, token] = /\/invitations\/([A-Za-z0-9_-]{20,})/.exec(mail.text);
        const guest = fresh();
        const invitation = answered(await guest.get(`/invitations/${token}`));
        assert.equal(invitation.email, email);
        assert.equal(invitation.tenant_name, '株式会社青葉製作所');

        const profile = { name: '新井 空', password: 'green harbour 47 lantern', language: 'ja', time_zone: 'Asia/Tokyo' };
        refused(await guest.post(`/invitations/${token}/complete`, { ...profile, terms_accepted: false }), 422);
        const common = { ...profile, password: 'Password12345!', terms_accepted: true };
        refused(await guest.post(`/invitations/${token}/complete`, common), 422);
        refused(await guest.post(`/invitations/${token}/complete`, { ...common, password: 'short' }), 422);
        refused(await guest.begin(email, profile.password), 401, 'sign-in-refused'); // not active yet
        answered(await guest.post(`/invitations/${token}/complete`, { ...profile, terms_accepted: true }), 204);
        refused(await guest.get(`/invitations/${token}`), 410, 'link-expired');
        refused(await guest.post(`/invitations/${token}/complete`, { ...profile, terms_accepted: true }), 410);

        const first = answered(await guest.begin(email, profile.password));
        assert.equal(first.stage, 'totp_enrolment');
        refused(await guest.get('/people'), 401); // nothing is shown before the second factor
        const enrolment = answered(await guest.post('/sign-in/totp-enrolment'));
        assert.match(enrolment.qr_svg, /^<svg /);
        assert.match(enrolment.otpauth_uri, /^otpauth:\/\/totp\//);
        const secret = base32(enrolment.secret);
        assert.equal(answered(await guest.post('/sign-in/totp-enrolment')).secret, enrolment.secret);
        refused(await guest.post('/sign-in/totp-enrolment/confirm', { code: '000000' }), 401, 'code-refused');
        const before = guest.client.cookies.get('yagura_session');
        const codes = answered(await guest.post('/sign-in/totp-enrolment/confirm',
            { code: totp(secret, +house.clock.now) })).recovery_codes;
        assert.equal(new Set(codes).size, 10);
        assert.notEqual(guest.client.cookies.get('yagura_session'), before, 'a new stage has a new token');
        assert.equal(answered(await guest.get('/session')).stage, 'complete');
        answered(await guest.get('/people'));

        const again = fresh();
        answered(await again.begin(email, profile.password));
        answered(await again.post('/sign-in/recovery', { code: codes[3].toLowerCase().replaceAll('-', ' ') }));
        answered(await again.begin(email, profile.password));
        refused(await again.post('/sign-in/recovery', { code: codes[3] }), 401, 'code-refused');
    });

test('a new invitation ends the old link, and two weeks end the new one', async () => {
    const administrator = await house.as('administrator');
    const email = 'slow.starter@aoba.demo.yagura.example';
    const person = answered(await administrator.post('/people/invite', {
        tenant_id: await house.tenantId('AOBA'), email, name: '遅井',
        permission_set_ids: [await house.setId('AOBA', 'customer_reader')],
    }), 201);
    const first = await linkFor(house, email, 'invitations');
    answered(await administrator.post(`/people/${person.id}/resend-invitation`));
    const second = await linkFor(house, email, 'invitations');
    refused(await fresh().get(`/invitations/${first}`), 410, 'link-expired');
    answered(await fresh().get(`/invitations/${second}`));
    house.clock.advance({ days: 14, minutes: 1 });
    refused(await fresh().get(`/invitations/${second}`), 410, 'link-expired');
});

test('the owner hears of a browser that was never seen before, and not of the first one', async () => {
    await house.as('lead');
    await house.as('lead');
    const mail = await mailSaying(house, people.lead, /account\/security/);
    assert.ok(mail.text.includes('127.0.0.1'));
    const again = house.mail.messages.filter((sent) => sent.to.includes(people.lead)
        && /account\/security/.test(sent.text));
    assert.equal(again.length, 1);
});

test('a code opens once, also for two browsers at the same moment', async () => {
    house.clock.advance({ minutes: 2 });
    const both = [fresh(), fresh()];
    for (const browser of both) answered(await browser.begin(people.contact));
    const same = { code: code(people.contact) };
    const answers = await Promise.all(both.map((browser) => browser.post('/sign-in/totp', same)));
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 401]);
    const third = fresh();
    answered(await third.begin(people.contact));
    refused(await third.post('/sign-in/totp', { code: code(people.contact) }), 401, 'code-refused');
});

test('the code of the half minute before and after is taken, those further away are not', async () => {
    house.clock.advance({ minutes: 5 });
    const at = +house.clock.now;
    for (const [shift, status] of [[-60_000, 401], [60_000, 401], [-30_000, 200]]) {
        const browser = fresh();
        answered(await browser.begin(people.reader));
        answered(await browser.post('/sign-in/totp', { code: totp(demoSecret(people.reader), at + shift) }), status);
    }
});

test('an unknown address and a wrong password get the same answer', async () => {
    const unknown = refused(await fresh().begin('nobody@demo.yagura.example', 'x'.repeat(20)), 401, 'sign-in-refused');
    const wrong = refused(await fresh().begin(people.auditor, 'x'.repeat(20)), 401, 'sign-in-refused');
    const shown = ({ type, title, status, code: slug }) => ({ type, title, status, slug });
    assert.deepEqual(shown(unknown), shown(wrong));
});

test('guesses are held back and logged, and the owner still gets in from a known device', async () => {
    const owner = await house.as('hunter'); // leaves a device cookie behind
    const lead = await house.as('lead');
    const attacker = fresh();
    for (let i = 0; i < 5; i++) refused(await attacker.begin(people.hunter, `guess number ${i} of many`), 401);
    const held = await attacker.begin(people.hunter); // also with the right password
    refused(held, 429, 'sign-in-locked');
    assert.ok(Number(held.headers.get('retry-after')) > 0);
    const mail = await mailSaying(house, people.hunter, /password-reset/); // says how to get in at once
    assert.ok(mail.text.includes('127.0.0.1'), 'the owner is told from where');
    const shown = answered(await lead.get(`/people/${await house.idOf('hunter')}`));
    assert.ok(shown.locked_until, 'administrators see the lock');
    assert.ok(shown.can.includes('unlock'));
    assert.equal(answered(await owner.begin(people.hunter)).stage, 'totp'); // a known device

    house.clock.advance({ minutes: 16 });
    answered(await attacker.begin(people.hunter)); // never for ever
    const tries = await house.sql(`SELECT result FROM audit_entry WHERE action = 'sign_in.password' AND object_name = $1
                                     AND result = 'refused'`, ['石井 拓海']);
    assert.equal(tries.length, 5);
});

test('five wrong codes end the session that asked for them', async () => {
    house.clock.advance({ minutes: 20 });
    const browser = fresh();
    answered(await browser.begin(people.harbor));
    for (let i = 0; i < 5; i++) refused(await browser.post('/sign-in/totp', { code: '000000' }), 401, 'code-refused');
    house.clock.advance({ minutes: 1 });
    assert.equal((await browser.post('/sign-in/totp', { code: code(people.harbor) })).status, 401);
    assert.equal(answered(await browser.get('/session')).stage, 'anonymous');
});

test('a forgotten password is replaced once, sessions end, and strangers learn nothing', async () => {
    house.clock.advance({ hours: 1 });
    const elsewhere = await house.as('auditor');
    const browser = fresh();
    answered(await browser.post('/password-reset', { email: 'nobody@demo.yagura.example' }), 202);
    answered(await browser.post('/password-reset', { email: people.auditor }), 202);
    answered(await browser.post('/password-reset', { email: people.auditor }), 202); // at once: no second mail
    const token = await linkFor(house, people.auditor, 'password-reset');
    const renewed = 'quiet mountain 83 river';
    refused(await browser.post('/password-reset/confirm', { token, password: 'aaaaaaaaaaaaaaaa' }), 422);
    answered(await browser.post('/password-reset/confirm', { token, password: renewed }), 204);
    refused(await browser.post('/password-reset/confirm', { token, password: renewed }), 410, 'link-expired');
    refused(await browser.begin(people.auditor, password), 401);
    assert.equal(answered(await elsewhere.get('/session')).stage, 'anonymous');
    await browser.signIn(people.auditor, { word: renewed });
    assert.equal(house.mail.messages.filter((mail) => mail.to.includes('nobody@demo.yagura.example')).length, 0);
});

test('a link of yesterday is dead', async () => {
    answered(await fresh().post('/password-reset', { email: people.lead }), 202);
    const token = await linkFor(house, people.lead, 'password-reset');
    house.clock.advance({ minutes: 61 });
    refused(await fresh().post('/password-reset/confirm', { token, password: 'quiet mountain 83 river' }), 410);
});

test('sessions end after twelve idle hours, and after a week in any case', async () => {
    const idle = await house.as('lead');
    house.clock.advance({ hours: 12, minutes: 1 });
    assert.equal(answered(await idle.get('/session')).stage, 'anonymous');
    refused(await idle.get('/people'), 401);
    const busy = await house.as('lead');
    for (let i = 0; i < 16; i++) {
        house.clock.advance({ hours: 10 });
        answered(await busy.get('/me'));
    }
    house.clock.advance({ hours: 9 });
    refused(await busy.get('/me'), 401);
});

test('people see where they are signed in, and end a session they do not know', async () => {
    const one = await house.as('customer');
    const other = await house.as('customer');
    const sessions = answered(await one.get('/me/sessions')).items;
    assert.ok(sessions.length >= 2);
    assert.equal(sessions.filter((session) => session.current).length, 1);
    const foreign = answered(await other.get('/me/sessions')).items.find((session) => session.current);
    answered(await one.delete(`/me/sessions/${foreign.id}`), 204);
    refused(await other.get('/me'), 401);
    refused(await one.delete(`/me/sessions/${foreign.id}`), 404);
    answered(await one.post('/sign-out'), 204);
    refused(await one.get('/me'), 401);
});

test('dangerous actions ask for a second factor that is fresh', async () => {
    const browser = await house.as('customer');
    house.clock.advance({ minutes: 11 });
    refused(await browser.post('/me/recovery-codes'), 403, 'fresh-factor-needed');
    refused(await browser.post('/sign-in/fresh-factor', { code: '000000' }), 401, 'code-refused');
    answered(await browser.post('/sign-in/fresh-factor', { code: code(people.customer) }));
    assert.equal(answered(await browser.post('/me/recovery-codes')).recovery_codes.length, 10);
});

test('another authenticator takes the place of the old one, also after a sign-in by recovery code', async () => {
    const browser = await house.as('harbor');
    const codes = answered(await browser.post('/me/recovery-codes')).recovery_codes;
    house.clock.advance({ minutes: 20 });
    refused(await browser.post('/me/authenticator'), 403, 'fresh-factor-needed');
    answered(await browser.begin(people.harbor));
    answered(await browser.post('/sign-in/recovery', { code: codes[0] }));
    const secret = base32(answered(await browser.post('/me/authenticator')).secret);
    refused(await browser.post('/me/authenticator/confirm', { code: code(people.harbor) }), 401, 'code-refused');
    const fresher = answered(await browser.post('/me/authenticator/confirm',
        { code: totp(secret, +house.clock.now) })).recovery_codes;
    assert.ok(!fresher.includes(codes[1]));
    house.clock.advance({ minutes: 1 });
    answered(await browser.begin(people.harbor));
    refused(await browser.post('/sign-in/totp', { code: code(people.harbor) }), 401, 'code-refused');
    refused(await browser.post('/sign-in/recovery', { code: codes[1] }), 401, 'code-refused');
    answered(await browser.post('/sign-in/totp', { code: totp(secret, +house.clock.now) }));
});

test('a new password needs the present one and ends the other sessions', async () => {
    const here = await house.as('engineer');
    const there = await house.as('engineer');
    const wanted = 'copper kettle 52 window';
    refused(await here.post('/me/password', { current_password: 'not mine at all', password: wanted }), 401);
    answered(await here.post('/me/password', { current_password: password, password: wanted }), 204);
    answered(await here.get('/me'));
    refused(await there.get('/me'), 401);
    await new Browser(house).signIn(people.engineer, { word: wanted });
});

test('a cookie without its CSRF token changes nothing', async () => {
    const browser = await house.as('customer');
    delete browser.client.headers['x-csrf-token'];
    refused(await browser.client.request('POST', '/sign-out', {}), 403);
    answered(await browser.get('/me'));
});

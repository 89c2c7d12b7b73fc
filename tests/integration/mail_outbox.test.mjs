// The outbox from the API to a real mail server.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, refused, startHouse, startMailServer, until } from './harness.mjs';
import { operator } from './operator.mjs';

const house = await startHouse({ smtp: true, clock: '2026-11-24T09:00:00Z' });
const api = await operator(house);
const send = async (to, language = 'ja', template = 'test') =>
    answered(await api.post('/mails/test', { template, language, to }), 201);
const read = async (id) => answered(await api.get(`/mails/${id}`));
const becomes = (id, state) => until(async () => {
    const mail = await read(id);
    return mail.state === state && mail;
}, `mail ${id} is ${state}`);

test('a Japanese mail arrives as it was written', async () => {
    const { id, message_id: messageId } = await send('hanako@example.jp');
    const sent = await becomes(id, 'sent');
    assert.equal(sent.sent_at, '2026-11-24T09:00:00.000000Z');
    assert.equal(sent.attempts, 1);
    assert.equal(sent.repeated, false);
    const [mail] = house.mail.messages;
    assert.equal(mail.subject, 'Yagura – テストメール');
    assert.deepEqual(mail.to, ['hanako@example.jp']);
    assert.match(mail.text, /Operator of a test 様がお送りしました。/);
    assert.match(mail.text, /送信日時: 2026年11月24日\(火\) 18:00\(日本時間\)/);
    assert.match(mail.html, /<h1[^>]*>テストメールです<\/h1>/);
    assert.equal(mail.messageId, `<${messageId}>`);
    assert.equal(mail.headers.get('auto-submitted'), 'auto-generated');
    assert.equal(mail.headers.get('date'), 'Tue, 24 Nov 2026 09:00:00 +0000');
    assert.equal(mail.headers.has('list-unsubscribe'), false);
    for (const line of mail.raw.split('\r\n')) assert.ok(line.length <= 78, line);
});

test('a 4xx is tried again later and then arrives once', async () => {
    house.mail.messages.length = 0;
    house.mail.refuse('rcpt', 451, '4.7.1 greylisted');
    const { id } = await send('later@example.jp', 'en');
    const waiting = await until(async () => {
        const mail = await read(id);
        return mail.attempts === 1 && mail;
    }, 'the first attempt was refused');
    assert.equal(waiting.state, 'queued');
    assert.equal(waiting.answer_code, 451);
    assert.match(waiting.answer, /greylisted/);
    assert.equal(waiting.next_attempt_at, '2026-11-24T09:01:00.000000Z');
    house.mail.accept();
    house.clock.advance({ minutes: 1, seconds: 1 });
    const sent = await becomes(id, 'sent');
    assert.equal(sent.attempts, 2);
    assert.equal(sent.answer, null);
    assert.equal(house.mail.messages.length, 1);
});

test('a 5xx fails at once, says why, and can be sent again', async () => {
    house.mail.messages.length = 0;
    house.mail.refuse('rcpt', 550, '5.1.1 no such user');
    const { id } = await send('nobody@example.jp', 'en');
    const failed = await becomes(id, 'failed');
    assert.equal(failed.answer_code, 550);
    assert.match(failed.answer, /no such user/);
    assert.deepEqual(failed.can, ['retry']);
    const { items } = answered(await api.get('/mails?state=failed'));
    assert.deepEqual(items.map((mail) => mail.id), [id]);
    house.mail.accept();
    answered(await api.post(`/mails/${id}/retry`));
    const sent = await becomes(id, 'sent');
    assert.deepEqual(sent.can, []);
    assert.equal(house.mail.messages.length, 1);
    refused(await api.post(`/mails/${id}/retry`), 409, 'mail-not-retryable');
});

test('the message itself may be refused, for now or for good', async () => {
    house.mail.messages.length = 0;
    house.mail.refuse('data', 452, 'disk full');
    const later = await send('a@example.jp');
    await until(async () => (await read(later.id)).answer_code === 452, 'refused for now');
    house.mail.refuse('data', 554, 'spam');
    const never = await send('b@example.jp');
    assert.match((await becomes(never.id, 'failed')).answer, /spam/);
    house.mail.accept();
    house.clock.advance({ minutes: 2 });
    await becomes(later.id, 'sent');
    assert.equal(house.mail.messages.length, 1);
});

test('mails wait while the server is gone, and leave when it is back', async () => {
    house.mail.messages.length = 0;
    await house.mail.stop();
    const { id } = await send('patience@example.jp');
    const waiting = await until(async () => {
        const mail = await read(id);
        return mail.attempts === 1 && mail;
    }, 'the first attempt failed');
    assert.equal(waiting.state, 'queued');
    assert.equal(waiting.answer_code, null);
    assert.match(waiting.answer, /refused/i);
    house.mail = await startMailServer({ port: house.mail.port });
    house.clock.advance({ minutes: 1, seconds: 1 });
    await becomes(id, 'sent');
    assert.equal(house.mail.messages.length, 1);
});

test('after two days of trying a mail has failed', async () => {
    house.mail.refuse('rcpt', 451, 'try later');
    const { id } = await send('never@example.jp');
    const first = await until(async () => {
        const mail = await read(id);
        return mail.attempts === 1 && mail;
    }, 'the first attempt');
    house.clock.advance({ hours: 47, minutes: 58, seconds: 30 });
    const second = await until(async () => {
        const mail = await read(id);
        return mail.attempts === 2 && mail;
    }, 'the second attempt');
    assert.equal(first.state, 'queued');
    assert.equal(second.state, 'failed');
    assert.equal(second.next_attempt_at, null);
    house.mail.accept();
});

test('what is no address, no template or no mail is refused', async () => {
    const body = { template: 'test', language: 'ja', to: 'a@example.jp' };
    for (const to of ['', 'nobody', 'a@b@c', 'a@example.jp\r\nBcc: b@example.jp', 'a b@example.jp', '山田@example.jp']) {
        const problem = refused(await api.post('/mails/test', { ...body, to }), 422, 'validation');
        assert.equal(problem.errors[0].pointer, '/to');
    }
    const problem = refused(await api.post('/mails/test', { ...body, template: '../../secret' }), 422, 'validation');
    assert.equal(problem.errors[0].pointer, '/template');
    refused(await api.post('/mails/test', { ...body, language: 'fr' }), 422, 'validation');
    refused(await api.get('/mails/019abc00-0000-7000-8000-000000000000'), 404);
    refused(await api.post('/mails/019abc00-0000-7000-8000-000000000000/retry'), 404);
    refused(await api.get('/mail-templates/nothing/preview'), 404);
});

test('templates are listed and shown in both languages', async () => {
    const { items } = answered(await api.get('/mail-templates'));
    assert.ok(items.length >= 10);
    for (const { key, subject_ja: ja, subject_en: en } of items) {
        if (key !== 'news') assert.notEqual(ja, en); // whose subject is the case's own
        for (const language of ['ja', 'en']) {
            const shown = answered(await api.get(`/mail-templates/${key}/preview?language=${language}`));
            assert.equal(shown.subject, language === 'ja' ? ja : en);
            assert.match(shown.html, new RegExp(`<html lang="${language}">`));
        }
    }
    const invitation = answered(await api.get('/mail-templates/invitation/preview?language=en'));
    assert.equal(invitation.subject, 'Yagura – Complete your registration');
    assert.match(invitation.html, />Complete Registration<\/a>/);
});

test('a mail says to the live feed what becomes of it', async () => {
    const { id } = await send('feed@example.jp');
    await becomes(id, 'sent');
    const rows = await house.sql("SELECT verb FROM change WHERE noun = 'mail' AND object_id = $1 ORDER BY id", [id]);
    assert.deepEqual(rows.map((row) => row.verb), ['queued', 'sent']);
});

test('without the permission nobody sees mails', async () => {
    const auditor = await operator(house, { grants: ['audit:read'] });
    refused(await auditor.get('/mails'), 403);
    refused(await auditor.get('/mail-templates'), 403);
    const reader = await operator(house, { grants: ['mail:read'] });
    answered(await reader.get('/mails'));
    refused(await reader.post('/mails/test', { template: 'test', language: 'ja', to: 'a@example.jp' }), 403);
});

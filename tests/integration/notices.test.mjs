// What people are told of cases: in the bell of the portal and by mail; to whom, when, and what never leaves the house.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, refused, until } from './harness.mjs';
import { people, startDemoHouse } from './identity_house.mjs';

const house = await startDemoHouse({ smtp: true }); // Tuesday, 18:00 in Japan
const lead = await house.as('lead');
const engineer = await house.as('engineer');
const customer = await house.as('customer');
const contact = await house.as('contact');
const harbor = await house.as('harbor');
const hunter = await house.as('hunter');
const xdr = answered(await lead.get('/ticket-categories')).items.find((c) => c.key === 'xdr').id;

const open = async (who, over) => answered(await who.post('/tickets', {
    category_id: xdr, severity: 'c', subject: '端末が遅い', description: '朝から動作が重いです。', ...over }), 201);
const say = async (who, ticket, body, over = {}) => answered(
    await who.post(`/tickets/${ticket.id}/posts`, { body, visibility: 'customer', ...over }), 201);
const assign = async (ticket, email) => answered(
    await lead.post(`/tickets/${ticket.id}/assign`, { assignee_id: await house.idOf(email) }));
const bell = async (who, ticket) =>
    answered(await who.get(`/me/notices?ticket_id=${ticket.id}`)).items.map((row) => row.kind);
const mailsTo = (email, ticket) => house.mail.messages
    .filter((mail) => mail.to.includes(people[email] ?? email) && mail.subject.includes(`[${ticket.reference}]`));
const gathered = async () => { // the minute in which news are gathered is over
    house.clock.advance({ seconds: 61 });
    await house.settled();
};
await gathered();

test('a new case is acknowledged by mail and told to the duty lead, and its clock runs on', async () => {
    const ticket = await open(customer, { severity: 'a' });
    await gathered();
    const [receipt, ...more] = mailsTo('customer', ticket);
    assert.equal(more.length, 0);
    assert.match(receipt.text, /お問い合わせを受け付けました/);
    assert.match(receipt.text, new RegExp(`/tickets/${ticket.id}`));
    assert.equal(receipt.headers.get('auto-submitted'), 'auto-generated');
    assert.ok((await bell(lead, ticket)).includes('ticket_new'));
    assert.deepEqual(await bell(contact, ticket), []);
    const [clock] = answered(await lead.get(`/tickets/${ticket.id}/clocks`)).items;
    assert.equal(clock.state, 'running');
    assert.equal(answered(await lead.get(`/tickets/${ticket.id}`)).first_response_at, null);
});

test('a burst of messages is one mail to each it concerns, in order, and none to the author', async () => {
    const ticket = await open(customer);
    await assign(ticket, 'engineer');
    await gathered();
    for (const word of ['ひとつ目', 'ふたつ目', 'みっつ目']) {
        await say(engineer, ticket, `${word}のご連絡です。`);
        house.clock.advance({ seconds: 1 });
    }
    await gathered();
    const [, news, ...more] = mailsTo('customer', ticket);
    assert.equal(more.length, 0);
    assert.match(news.text, /ひとつ目[^]*ふたつ目[^]*みっつ目/);
    assert.equal(mailsTo('engineer', ticket).length, 1, 'the engineer hears of the assignment alone');
    await say(customer, ticket, 'ありがとうございます。');
    await gathered();
    assert.match(mailsTo('engineer', ticket).at(-1).text, /ありがとうございます。/);
    assert.equal(mailsTo('customer', ticket).length, 2);
});

test('mails of a case belong together for whoever reads them in a program of mails', async () => {
    const ticket = await open(customer);
    await gathered();
    await say(lead, ticket, '調査を始めました。');
    await gathered();
    const mails = mailsTo('customer', ticket);
    assert.equal(mails.length, 2);
    const threads = mails.map((mail) => mail.headers.get('references'));
    assert.match(threads[0], new RegExp(`^<case\\.${ticket.id}@`));
    assert.equal(threads[0], threads[1]);
    assert.equal(mails[0].headers.get('in-reply-to'), threads[0]);
    assert.notEqual(mails[0].messageId, mails[1].messageId);
    assert.equal(mails[0].subject, mails[1].subject);
});

test('an internal note is told to engineers alone, and no word of it leaves by mail to a customer', async () => {
    const ticket = await open(customer);
    await assign(ticket, 'engineer');
    await say(lead, ticket, 'Geheimnis: 顧客の設定ミスの可能性', { visibility: 'internal' });
    await gathered();
    assert.ok((await bell(engineer, ticket)).includes('note'));
    assert.deepEqual(await bell(customer, ticket), ['ticket_received']);
    const customers = house.mail.messages.filter((mail) => /aoba|customer@/.test(mail.to.join()));
    assert.ok(customers.length > 0);
    assert.ok(customers.every((mail) => !mail.raw.includes('Geheimnis') && !mail.text.includes('Geheimnis')));
});

test('who read it in the portal meanwhile gets no mail', async () => {
    const ticket = await open(customer);
    await gathered();
    await say(lead, ticket, '確認しました。');
    const [unread] = answered(await customer.get(`/me/notices?ticket_id=${ticket.id}&read_at.absent=true`)).items;
    assert.equal(unread.kind, 'message');
    const before = answered(await customer.get('/me/notices/unread')).unread;
    answered(await customer.post(`/me/notices/${unread.id}/read`), 204);
    assert.equal(answered(await customer.get('/me/notices/unread')).unread, before - 1);
    await gathered();
    assert.equal(mailsTo('customer', ticket).length, 1);
});

test('everybody chooses what comes by mail; a deadline cannot be switched off', async () => {
    const choice = async (who, kind) => answered(await who.get('/me/notice-preferences')).items
        .find((row) => row.kind === kind);
    assert.equal((await choice(customer, 'message')).way, 'mail');
    assert.equal(await choice(customer, 'escalation'), undefined);
    assert.equal((await choice(lead, 'escalation')).fixed, true);
    refused(await lead.put('/me/notice-preferences', { kind: 'escalation', way: 'off' }), 422);
    refused(await lead.put('/me/notice-preferences', { kind: 'gossip', way: 'off' }), 422);
    const ticket = await open(customer);
    await gathered();
    answered(await customer.put('/me/notice-preferences', { kind: 'message', way: 'portal' }));
    await say(lead, ticket, 'ポータルだけで読めます。');
    answered(await customer.put('/me/notice-preferences', { kind: 'message', way: 'off' }));
    await say(lead, ticket, 'どこにも知らせません。');
    await gathered();
    assert.deepEqual(await bell(customer, ticket), ['message', 'ticket_received']);
    assert.equal(mailsTo('customer', ticket).length, 1);
    answered(await customer.put('/me/notice-preferences', { kind: 'message' }));
    assert.equal((await choice(customer, 'message')).way, 'mail');
});

test('a customer who wants no words in mails gets none', async () => {
    const aoba = await house.tenantId('AOBA');
    const path = `/tenants/${aoba}/notice-settings`;
    const answer = await customer.get(path);
    assert.deepEqual(answered(answer).reminder_days, [1, 3, 7]);
    assert.equal(answer.body.own, false);
    refused(await contact.get(path), 403);
    refused(await harbor.get(path), 404);
    const wish = { words_in_mail: false, reminder_days: [1, 2] };
    for (const days of [[2, 1], [0], ['x'], [61], 'never', { days: 1 }]) {
        refused(await customer.put(path, { ...wish, reminder_days: days }, answer.headers.get('etag')), 422);
    }
    const changed = await customer.put(path, wish, answer.headers.get('etag'));
    assert.equal(answered(changed).own, true);
    refused(await customer.put(path, wish, '"7"'), 412);
    const ticket = await open(customer);
    await gathered();
    await say(lead, ticket, 'この文はメールに載りません。');
    await gathered();
    const mail = mailsTo('customer', ticket).at(-1);
    assert.match(mail.text, /新しいメッセージ/);
    assert.doesNotMatch(mail.text + mail.html, /この文はメールに載りません/);
    answered(await customer.put(path, { words_in_mail: true, reminder_days: [1, 3, 7] },
        changed.headers.get('etag')));
});

test('nobody hears of a customer whom they may not see, and nobody reads the notices of others', async () => {
    const ticket = answered(await harbor.post('/tickets', { category_id: xdr, severity: 'c', subject: 'Slow',
        description: 'It is slow.' }), 201);
    assert.deepEqual(await bell(engineer, ticket), []); // sees Aoba alone
    const [notice] = answered(await lead.get(`/me/notices?ticket_id=${ticket.id}`)).items;
    assert.equal(notice.kind, 'ticket_new');
    answered(await hunter.post(`/me/notices/${notice.id}/read`), 204);
    const [again] = answered(await lead.get(`/me/notices?ticket_id=${ticket.id}`)).items;
    assert.equal(again.read_at, null);
    await gathered();
    assert.match(mailsTo('harbor', ticket)[0].text, /We have received your case/);
});

test('the bell of the portal rings by the stream of events', async () => {
    const since = answered(await contact.get('/changes')).next;
    const ticket = await open(contact);
    const ring = await until(async () => answered(await contact.get(`/changes?since=${since}`)).items
        .find((change) => change.noun === 'notice'), 'the feed tells');
    assert.equal(ring.object_id, contact.state.person.id);
    assert.deepEqual(await bell(contact, ticket), ['ticket_received']);
});

test('a question reminds by itself after 1, 3 and 7 business days, and stops when it is answered', async () => {
    const reminders = async (ticket) => (await house.sql(`SELECT count(*)::int AS n FROM notice
        WHERE ticket_id = $1 AND kind = 'reminder' AND person_id = $2`, [ticket.id, customer.state.person.id]))[0].n;
    const days = async (n) => {
        house.clock.advance({ hours: 24 * n });
        await house.settled();
    };
    const answeredOne = await open(customer);
    await say(lead, answeredOne, 'いつからですか。', { ask: true });
    const silent = await open(customer);
    await say(lead, silent, '機種を教えてください。', { ask: true });
    await gathered();
    assert.match(mailsTo('customer', silent).at(-1).text, /ご回答をお待ちしている質問[^]*機種を教えてください。/);
    await say(customer, answeredOne, '昨日からです。');
    const seen = [];
    for (let day = 1; day <= 14; day++) {
        await days(1);
        seen.push(await reminders(silent));
    }
    assert.equal(await reminders(answeredOne), 0);
    assert.equal(seen.at(-1), 3, `reminders day by day: ${seen}`);
    // It was asked on a Tuesday evening: Wednesday, Friday and the Thursday after are 1, 3 and 7 business days later;
    // the evening's question counts from the next morning.
    assert.ok(seen[0] <= 1 && seen[3] >= 1 && seen[5] <= 2, `reminders day by day: ${seen}`);
    assert.match(mailsTo('customer', silent).at(-1).text, /再度のお知らせ/);
});

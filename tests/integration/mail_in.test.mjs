// Inquiries by mail: who is heard, which case it goes to, and what a program's mail never does.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { answered, refused, until } from './harness.mjs';
import { people, startDemoHouse } from './identity_house.mjs';

const support = 'support@yagura.example';
const house = await startDemoHouse({
    smtp: true, env: { YAGURA_MAIL_FROM: 'yagura@yagura.example', YAGURA_MAIL_ANSWERS_TO: support } });
const lead = await house.as('lead');
const engineer = await house.as('engineer');
const customer = await house.as('customer');
const harbor = await house.as('harbor');
const auditor = await house.as('administrator');
const xdr = answered(await lead.get('/ticket-categories')).items.find((c) => c.key === 'xdr').id;

let letters = 0;
const newId = () => `letter-${++letters}@mail.customer.example`;

// One mail as bytes: headers in this order, then the body.
function letter({ from = people.customer, subject = 'Hello', id = newId(), body = 'Words.', head = {}, type } = {}) {
    const headers = { From: from, To: support, Subject: subject, Date: 'Tue, 24 Nov 2026 18:00:00 +0900',
        ...(id ? { 'Message-ID': `<${id}>` } : {}), 'MIME-Version': '1.0',
        'Content-Type': type ?? 'text/plain; charset=utf-8', ...head };
    return `${Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}\r\n`;
}

const bring = (mail, args = []) => house.yagura(['mail-in', ...args], { input: mail });
async function taken(mail, status = 0) {
    const done = await bring(mail);
    assert.equal(done.status, status, done.stderr);
    const id = /Message-ID: <(.+)>/i.exec(mail.toString('latin1'))?.[1];
    return id && answered(await auditor.get(`/mail-arrivals?message_id=${encodeURIComponent(id)}`)).items[0];
}

const open = async (who = customer, over = {}) => answered(await who.post('/tickets', {
    category_id: xdr, severity: 'a', subject: '検知ルールについて', description: '端末が戻りません。', ...over }), 201);
const read = async (who, ticket) => answered(await who.get(`/tickets/${ticket.id}`));
const posts = async (who, ticket) => answered(await who.get(`/tickets/${ticket.id}/posts`)).items;
const files = async (who, ticket) => answered(await who.get(`/tickets/${ticket.id}/attachments`)).items;
const clocks = async (ticket) => answered(await lead.get(`/tickets/${ticket.id}/clocks`)).items
    .map(({ metric, state, due_at, lines }) => ({ metric, state, due_at, lines: lines.length }));
const thread = (ticket) => ({ 'In-Reply-To': `<case.${ticket.id}@yagura.example>` });
const ask = async (ticket) => answered(await engineer.post(`/tickets/${ticket.id}/posts`,
    { body: 'ログを送っていただけますか。', visibility: 'customer', ask: true }), 201);

test('an answer to the mail we sent becomes the customer\'s message, with what it quotes folded', async () => {
    const ticket = await open();
    await ask(ticket);
    assert.equal((await read(customer, ticket)).status, 'waiting_customer');
    const sent = await until(async () => (house.clock.advance({ seconds: 30 }), house.mail.messages
        .findLast((mail) => mail.to.includes(people.customer) && mail.subject.includes(`[${ticket.reference}]`)
            && /ログを送っていただけますか/.test(mail.text))), 'the question comes by mail', 120_000);
    assert.match(sent.headers.get('reply-to'), new RegExp(support));
    assert.match(sent.text, /ご返信いただくと、お問い合わせに追加されます/);
    const row = await taken(letter({
        subject: `Re: ${sent.subject}`, head: { 'In-Reply-To': sent.headers.get('message-id') },
        body: '添付します。\n\n2026年11月24日(火) 18:10 Yagura <yagura@yagura.example>:\n> ログを送っていただけますか。\n' }));
    assert.equal(row.state, 'posted');
    assert.equal(row.reference, ticket.reference);
    const last = (await posts(engineer, ticket)).at(-1);
    assert.equal(last.body, '添付します。');
    assert.match(last.folded, /^2026年11月24日/);
    assert.equal(last.by_mail, true);
    assert.equal(last.kind, 'answer');
    assert.equal(last.author_id, await house.idOf('customer'));
    assert.equal((await read(customer, ticket)).status, 'in_progress');
    assert.ok((await posts(engineer, ticket)).find((post) => post.kind === 'question').answered_at);
});

test('the number in the subject is enough, and the thread counts more than the subject', async () => {
    const [ticket, other] = [await open(), await open()];
    assert.equal((await taken(letter({ subject: `Fwd: ${ticket.reference.toLowerCase()} again` }))).ticket_id,
        ticket.id);
    const row = await taken(letter({ subject: `[${ticket.reference}] wrong`, head: thread(other) }));
    assert.equal(row.ticket_id, other.id);
});

test('nobody reaches a case of another customer, whatever the mail claims to follow', async () => {
    const ticket = await open();
    for (const head of [thread(ticket), { References: `<case.${ticket.id}@yagura.example>` }, {}]) {
        const row = await taken(letter({ from: people.harbor, subject: `[${ticket.reference}] hello`, head }));
        assert.equal(row.state, 'opened'); // a case of their own
        assert.notEqual(row.ticket_id, ticket.id);
        assert.equal((await read(harbor, { id: row.ticket_id })).tenant_id, await house.tenantId('HARBOR'));
    }
    assert.equal((await posts(engineer, ticket)).length, 0);
});

test('a mail of a known person without a case opens one, unless the customer does not want that', async () => {
    const row = await taken(letter({ subject: '=?iso-2022-jp?B?GyRCJUYlOSVIGyhC?=', body: 'C:\\Temp に *変な* ファイル' }));
    assert.equal(row.state, 'opened');
    const ticket = await read(customer, { id: row.ticket_id });
    assert.equal(ticket.subject, 'テスト');
    assert.equal(ticket.description, 'C:\\\\Temp に \\*変な\\* ファイル');
    assert.equal(ticket.by_mail, true);
    assert.equal(ticket.severity, 'c');
    assert.equal(ticket.severity_decided, false);
    assert.equal((await clocks(ticket))[0].state, 'running');

    const aoba = await house.tenantId('AOBA');
    const at = `/tenants/${aoba}/notice-settings`;
    const before = await lead.get(at);
    const settings = { words_in_mail: true, reminder_days: [1, 3, 7], mail_opens_cases: false };
    answered(await lead.put(at, settings, before.etag));
    const none = await taken(letter({ subject: 'Once more' }));
    assert.deepEqual([none.state, none.reason], ['refused', 'no_case']);
    assert.match(none.excerpt, /Words/);
    const told = await until(() => house.mail.messages.findLast((mail) => mail.to.includes(people.customer)
        && /受け付けることができませんでした/.test(mail.text)), 'the sender is told', 120_000);
    assert.match(told.text, /Once more/);
    const malware = answered(await lead.get('/ticket-categories')).items.find((c) => c.key === 'endpoint').id;
    answered(await lead.put(at, { ...settings, mail_opens_cases: true, mail_category_id: malware },
        (await lead.get(at)).etag));
    const chosen = await taken(letter({ subject: 'And again' }));
    assert.equal((await read(lead, { id: chosen.ticket_id })).category_id, malware);
});

test('strangers, engineers, readers and our own mails stand in the list and in no case', async () => {
    const ticket = await open();
    const head = thread(ticket);
    const reasons = {};
    for (const [from, why] of [['nobody@else.example', 'stranger'], [people.engineer, 'provider'],
        [people.reader, 'may_not'], ['yagura@yagura.example', 'own'], [`${people.customer}, a@b.example`,
            'no_sender']]) {
        reasons[why] = (await taken(letter({ from, head }))).reason;
    }
    for (const [expected, found] of Object.entries(reasons)) assert.equal(found, expected);
    assert.equal((await posts(engineer, ticket)).length, 0);
    const listed = answered(await auditor.get('/mail-arrivals?state=refused&reason=stranger')).items;
    assert.equal(listed[0].from_address, 'nobody@else.example');
    assert.equal(listed[0].tenant_name, null);
    refused(await customer.get('/mail-arrivals'), 403);
});

test('an out-of-office answers nothing, ends no pause and touches no clock', async () => {
    const signs = [{ 'Auto-Submitted': 'auto-replied' }, { 'X-Autoreply': 'yes' }, { Precedence: 'auto_reply' },
        { Precedence: 'bulk' }, { 'Return-Path': '<>' }];
    const ticket = await open();
    await ask(ticket);
    const before = { ticket: await read(lead, ticket), clocks: await clocks(ticket) };
    house.clock.advance({ minutes: 10 });
    const subjects = ['Automatic reply', '自動返信', '【不在通知】', 'Out of Office'];
    const all = [...signs.map((sign) => letter({ subject: `Re: [${ticket.reference}]`, head: { ...sign,
        ...thread(ticket) } })),
        ...subjects.map((word) => letter({ subject: `${word}: [${ticket.reference}] x`, head: thread(ticket),
            body: '本日は不在にしております。' }))];
    for (const mail of all) assert.equal((await taken(mail)).state, 'quiet', mail);
    const now = await read(lead, ticket);
    for (const field of ['status', 'awaits', 'due_at', 'first_response_at', 'post_count', 'last_post_at', 'version'])
        assert.deepEqual(now[field], before.ticket[field], field);
    assert.deepEqual(await clocks(ticket), before.clocks);
    const lines = await posts(customer, ticket);
    assert.equal(lines.find((post) => post.kind === 'question').answered_at, null);
    assert.equal(lines.filter((post) => post.kind === 'automatic' && post.by_mail).length, all.length);
    assert.equal((await taken(letter({ head: { 'Auto-Submitted': 'auto-replied' } }))).reason, 'automatic');
});

test('the same mail twice is stored once, also when both come at the same moment', async () => {
    const ticket = await open();
    const mail = letter({ head: thread(ticket), body: 'Only once.' });
    const done = await Promise.all([bring(mail), bring(mail), bring(mail)]);
    assert.deepEqual(done.map(({ status }) => status), [0, 0, 0]);
    assert.equal((await posts(engineer, ticket)).length, 1);
    const nameless = letter({ id: null, head: thread(ticket), body: 'Without a name.' });
    await bring(nameless);
    await bring(nameless);
    assert.equal((await posts(engineer, ticket)).length, 2);
});

const mixed = (parts) => ({ type: 'multipart/mixed; boundary=cut',
    body: [...parts.map((part) => `--cut\r\n${part}\r\n`), '--cut--'].join('') });
const file = (name, type, bytes) => `Content-Type: ${type}; name="${name}"\r\nContent-Transfer-Encoding: base64\r\n`
    + `Content-Disposition: attachment; filename="${name}"\r\n\r\n${Buffer.from(bytes).toString('base64')}`;

test('files come through the same door as all others, and the mail itself is kept from customers', async () => {
    const ticket = await open();
    const row = await taken(letter({ head: thread(ticket), ...mixed([
        'Content-Type: text/plain; charset=utf-8\r\n\r\nSee the log.',
        file('../../evil.png', 'image/png', 'just text\n'), file('log.txt', 'text/plain', 'line\n')]) }));
    const own = await files(customer, ticket);
    assert.deepEqual(own.map(({ name, media_type: type, post_id: post }) => [name, type, post]).sort(),
        [['evil.png', 'text/plain', row.post_id], ['log.txt', 'text/plain', row.post_id]]);
    const custody = answered(await lead.get(`/attachments/${own[0].id}/custody`)).items;
    assert.deepEqual(custody.map(({ event, actor_name: name }) => [event, name]),
        [['received', own[0].uploaded_by_name]]);
    const kept = (await files(engineer, ticket)).find((one) => one.id === row.attachment_id);
    assert.deepEqual([kept.internal, kept.media_type, kept.size], [true, 'message/rfc822', row.bytes]);
    refused(await customer.get(`/attachments/${row.attachment_id}/content`), 404);
});

test('a page of HTML becomes its words, and a closed case takes no mail', async () => {
    const ticket = await open();
    const row = await taken(letter({ head: thread(ticket), type: 'text/html; charset=utf-8',
        body: '<html><head><style>p{}</style></head><body><p>One &amp; two</p>'
            + '<script>alert(1)</script><ul><li>x</li></ul>' }));
    const post = (await posts(engineer, ticket)).find((one) => one.id === row.post_id);
    assert.equal(post.body, 'One & two\n\n- x');
    answered(await customer.post(`/tickets/${ticket.id}/close`, {}));
    assert.equal((await taken(letter({ head: thread(ticket) }))).reason, 'closed');
    assert.equal((await taken(letter({ head: thread(ticket), body: ' ' }))).reason, 'empty');
});

test('what is no mail is refused for good, what cannot be stored now is asked for again', async () => {
    assert.equal((await bring('')).status, 65);
    assert.equal((await bring(letter({ body: 'x'.repeat(26 << 20) }))).status, 65);
    const parts = Array.from({ length: 1200 }, () => 'Content-Type: text/plain\r\n\r\n.');
    assert.equal((await bring(letter(mixed(parts)))).status, 65);
    assert.equal((await bring(letter(), ['--nonsense', 'x'])).status, 64);
    const nowhere = { YAGURA_DATABASE_URL: 'postgresql://nobody@127.0.0.1:9/none' };
    assert.equal((await house.yagura(['mail-in'], { input: letter(), env: nowhere })).status, 75);
    assert.equal((await house.yagura(['mail-in'], { input: letter(), env: { YAGURA_WORKERS: 'many' } })).status, 78);
});

test('a folder of mails is worked off, in the order in which they came', async () => {
    const folder = path.join(house.folder, 'maildir');
    for (const part of ['new', 'cur', 'tmp']) fs.mkdirSync(path.join(folder, part), { recursive: true });
    const ticket = await open();
    const write = (name, body) => fs.writeFileSync(path.join(folder, 'new', name), letter({ head: thread(ticket),
        body }));
    write('1795225801.b', 'second');
    write('1795225800.a', `From here\nfirst`);
    fs.writeFileSync(path.join(folder, 'new', '1795225802.c'),
        `From customer Tue Nov 24\n${letter({ head: thread(ticket), body: 'third' })}`);
    const done = await bring('', ['--maildir', folder]);
    assert.equal(done.status, 0, done.stderr);
    assert.deepEqual((await posts(engineer, ticket)).map((post) => post.body), ['From here\nfirst', 'second', 'third']);
    assert.deepEqual(fs.readdirSync(path.join(folder, 'new')), []);
    assert.equal(fs.readdirSync(path.join(folder, 'cur')).length, 3);
});

// Without a mail server the outbox is the mailbox; with one, one-time links are nobody's to read.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, refused, startHouse, startMailServer, until } from './harness.mjs';
import { operator } from './operator.mjs';

const house = await startHouse();
const api = await operator(house);
const link = 'https://hub.example.jp/password-reset/example';
const send = async (to) =>
    answered(await api.post('/mails/test', { template: 'password_reset', language: 'en', to }), 201);

const kept = [];

test('without a mail server a mail is kept and can be read whole', async () => {
    const mail = await send('kept@example.jp');
    kept.push(mail.id);
    assert.equal(mail.state, 'kept');
    assert.equal(mail.masked, false);
    assert.ok(mail.text.includes(link));
    assert.ok(mail.html.includes(link));
    const { items } = answered(await api.get('/mails?state=kept'));
    assert.deepEqual(items.map((row) => row.id), [mail.id]);
    const [row] = await house.sql('SELECT text, html, sealed FROM mail');
    assert.ok(!row.text.includes(link) && !row.html.includes(link), 'the table holds no link in the clear');
    assert.ok(!row.sealed.includes(Buffer.from('password-reset')), 'sealed means sealed');
});

test('sending it again without a mail server keeps it', async () => {
    const again = answered(await api.post(`/mails/${kept[0]}/retry`));
    assert.equal(again.state, 'queued');
    await until(async () => answered(await api.get(`/mails/${kept[0]}`)).state === 'kept', 'kept again');
});

test('once a mail server is configured, links are masked, also those of kept mails', async () => {
    await house.stopServers();
    house.mail = await startMailServer({ user: 'hub', password: 'p@ss word' });
    house.env.YAGURA_SMTP_URL = house.mail.url.replace('p@ss word', 'p%40ss%20word');
    await house.start();
    const mail = answered(await api.get(`/mails/${kept[0]}`));
    assert.equal(mail.masked, true);
    assert.ok(!JSON.stringify(mail).includes(link));
    assert.ok(mail.text.includes('https://hub.example.jp/password-reset/••••••••'));
});

test('the receiver gets the true link, and then nobody has it any more', async () => {
    answered(await api.post(`/mails/${kept[0]}/retry`));
    const received = await house.mail.next('kept@example.jp');
    assert.ok(received.text.includes(link));
    assert.ok(received.html.includes(link));
    const mail = await until(async () => {
        const row = answered(await api.get(`/mails/${kept[0]}`));
        return row.state === 'sent' && row;
    }, 'sent');
    assert.ok(!JSON.stringify(mail).includes(link));
    const [row] = await house.sql('SELECT sealed FROM mail WHERE id = $1', [kept[0]]);
    assert.equal(row.sealed, null);
});

test('a wrong password at the mail server is our trouble, not the mail\'s: it waits', async () => {
    await house.stopServers();
    house.env.YAGURA_SMTP_URL = house.mail.url.replace('p@ss word', 'wrong');
    await house.start();
    const { id } = await send('waits@example.jp');
    const mail = await until(async () => {
        const row = answered(await api.get(`/mails/${id}`));
        return row.attempts === 1 && row;
    }, 'tried once');
    assert.equal(mail.state, 'queued');
    assert.match(mail.answer, /^535 /);
    assert.ok(!JSON.stringify(house.log()).includes('wrong@'), 'the password is in no log');
});

test('a mail of another tenant is not there', async () => {
    const [{ id: tenant }] = await house.sql(`
        INSERT INTO tenant (id, kind, name, short_code, plan, language, time_zone, status, created_at, updated_at)
        VALUES (gen_random_uuid(), 'customer', 'Other', 'OTHER', 'lite', 'ja', 'Asia/Tokyo', 'active', now(), now())
        RETURNING id`);
    const stranger = await operator(house, { grants: ['mail:write'], allTenants: false });
    assert.ok(tenant);
    await house.sql("UPDATE mail SET tenant_id = $1 WHERE id = $2", [tenant, kept[0]]);
    refused(await stranger.get(`/mails/${kept[0]}`), 404);
    refused(await stranger.post(`/mails/${kept[0]}/retry`), 404);
    const { items } = answered(await stranger.get('/mails'));
    assert.ok(items.every((mail) => mail.id !== kept[0]));
});

test('a mail server that cannot be meant stops the start with a reason', async () => {
    for (const [url, reason] of [['smtps://mail.example.jp', /smtps:\/\/ is not spoken/],
        ['smtp://a:b@mail.example.jp?tls=off', /without TLS/], ['mail.example.jp', /does not begin with smtp/]]) {
        const { status, stderr } = await house.yagura(['serve'], { env: { YAGURA_SMTP_URL: url } });
        assert.equal(status, 1);
        assert.match(stderr, reason);
    }
});

// Webhooks against a real receiver, which checks signatures as the Standard Webhooks specification says, written down a
// second time here: a test that asked the product whether a signature is right would test nothing.

import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { answered, atEnd, refused, until } from './harness.mjs';
import { startDemoHouse } from './identity_house.mjs';

const house = await startDemoHouse({ smtp: true, env: { YAGURA_FETCH_REACH: '127.0.0.1/32' } });
let [lead, customer, contact, harbor] = [];
async function signInAll() {
    [lead, customer, contact, harbor] = [await house.as('lead'), await house.as('customer'), await house.as('contact'),
        await house.as('harbor')];
}
await signInAll();
const xdr = answered(await lead.get('/ticket-categories')).items.find((c) => c.key === 'xdr').id;

// A receiver that answers what it is told to.
async function receiver() {
    const state = { status: 200, body: 'thank you', got: [], delay: 0, headers: {} };
    const server = http.createServer(async (request, response) => {
        const chunks = [];
        for await (const chunk of request) chunks.push(chunk);
        state.got.push({ headers: request.headers, body: Buffer.concat(chunks).toString(), path: request.url });
        await sleep(state.delay);
        response.writeHead(state.status, { 'content-type': 'text/plain', ...state.headers }).end(state.body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    atEnd(() => server.close() && server.closeAllConnections());
    state.url = `http://127.0.0.1:${server.address().port}/hook`;
    return state;
}

const signature = (secret, { headers, body }) => `v1,${crypto
    .createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
    .update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`).digest('base64')}`;
const isSigned = (secret, got) => got.headers['webhook-signature'].split(' ').includes(signature(secret, got));

const open = async (who = customer) => answered(await who.post('/tickets', { category_id: xdr, severity: 'c',
    subject: 'Webhookの確認', description: '本文' }), 201);
const say = async (who, ticket, body, visibility = 'customer') =>
    answered(await who.post(`/tickets/${ticket.id}/posts`, { body, visibility }), 201);
const make = async (who, at, over = {}) => answered(await who.post('/webhooks', {
    name: `SIEM ${crypto.randomUUID()}`, url: at.url, events: [], ...over }), 201);
const read = async (who, hook) => answered(await who.get(`/webhooks/${hook.id}`));
const log = async (who, hook) => answered(await who.get(`/webhooks/${hook.id}/deliveries?sort=at`)).items;
const types = (at) => at.got.map((one) => JSON.parse(one.body).type);
const arrived = (at, n) => until(() => at.got.length >= n, `${n} deliveries arrive`);

test('each change of a case reaches the receiver, signed, in order, as that customer may see it', async () => {
    const at = await receiver();
    const hook = await make(customer, at);
    assert.match(hook.secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
    assert.equal((await read(customer, hook)).secret, null, 'the secret is shown once');
    const ticket = await open();
    for (let i = 1; i <= 5; i++) await say(i % 2 ? lead : customer, ticket, `message ${i}`);
    await arrived(at, 6);
    assert.deepEqual(types(at), ['ticket.opened', ...Array(5).fill('ticket.posted')]);
    for (const got of at.got) {
        assert.ok(isSigned(hook.secret, got));
        assert.ok(!isSigned(`whsec_${Buffer.alloc(32).toString('base64')}`, got));
        assert.ok(Math.abs(+house.clock.now / 1000 - Number(got.headers['webhook-timestamp'])) < 300);
        assert.equal(got.headers['content-type'], 'application/json');
    }
    const { data, type, timestamp } = JSON.parse(at.got[0].body);
    assert.equal(type, 'ticket.opened');
    assert.ok(!Number.isNaN(Date.parse(timestamp)));
    assert.deepEqual([data.object.reference, data.object.subject], [ticket.reference, ticket.subject]);
    assert.equal(new Set(at.got.map((got) => got.headers['webhook-id'])).size, 6);
    await until(async () => (await log(customer, hook)).every((row) => row.state === 'delivered'), 'the log says so');
});

test('no word of an internal note, and nothing of another customer, ever leaves', async () => {
    const at = await receiver();
    const hook = await make(customer, at);
    const ticket = await open();
    await say(lead, ticket, 'Geheimnis unter Ingenieuren', 'internal');
    await say(lead, ticket, 'für alle');
    await say(lead, ticket, 'noch ein Geheimnis', 'internal');
    await open(harbor);
    answered(await customer.post(`/tickets/${ticket.id}/close`, {}));
    await until(() => types(at).includes('ticket.close'), 'the last change arrives');
    assert.deepEqual(types(at), ['ticket.opened', 'ticket.posted', 'ticket.close']);
    assert.ok(at.got.every((got) => !got.body.includes('Geheimnis')));
    assert.equal(JSON.parse(at.got[1].body).data.post.body, 'für alle');
    assert.equal((await log(customer, hook)).length, 3);
});

test('only the chosen events are sent, and unknown ones are refused', async () => {
    const at = await receiver();
    await make(customer, at, { events: ['ticket.close'] });
    const { errors } = refused(await customer.post('/webhooks',
        { name: 'x', url: at.url, events: ['ticket.gossip'] }), 422);
    assert.equal(errors[0].pointer, '/events/0');
    refused(await customer.post('/webhooks', { name: 'x', url: at.url, events: ['escalation.raised'] }), 422);
    const ticket = await open();
    answered(await customer.post(`/tickets/${ticket.id}/close`, {}));
    await arrived(at, 1);
    assert.deepEqual(types(at), ['ticket.close']);
});

test('for a day after a rotation both secrets sign', async () => {
    const at = await receiver();
    const hook = await make(customer, at);
    const { secret } = answered(await customer.post(`/webhooks/${hook.id}/rotate`));
    assert.notEqual(secret, hook.secret);
    await open();
    await arrived(at, 1);
    assert.ok(isSigned(hook.secret, at.got[0]) && isSigned(secret, at.got[0]));
    house.clock.advance({ hours: 25 });
    await signInAll();
    await open();
    await arrived(at, 2);
    assert.ok(isSigned(secret, at.got[1]) && !isSigned(hook.secret, at.got[1]));
});

test('what fails is tried again, the rest waits behind it in order, and the log shows what was said', async () => {
    const at = await receiver();
    const hook = await make(customer, at);
    Object.assign(at, { status: 503, body: 'come again' });
    const ticket = await open();
    await arrived(at, 1);
    await say(lead, ticket, 'second');
    await house.settled();
    assert.equal(at.got.length, 1, 'nothing overtakes');
    const first = (await log(customer, hook)).find((row) => row.event === 'ticket.opened');
    assert.deepEqual([first.state, first.attempts, first.status], ['waiting', 1, 503]);
    assert.ok((await read(customer, hook)).failing_since);
    const detail = answered(await customer.get(`/webhook-deliveries/${first.id}`));
    assert.equal(detail.answer, 'come again');
    assert.match(detail.signed_with, /webhook-signature: v1,/);
    assert.equal(JSON.parse(detail.body).type, 'ticket.opened');
    Object.assign(at, { status: 204, body: '' });
    house.clock.advance({ seconds: 6 });
    await arrived(at, 3);
    assert.deepEqual(types(at), ['ticket.opened', 'ticket.opened', 'ticket.posted']);
    assert.equal(at.got[0].headers['webhook-id'], at.got[1].headers['webhook-id']);
    assert.equal(at.got[0].body, at.got[1].body);
    await until(async () => (await read(customer, hook)).failing_since === null, 'it is well again');
});

test('after a day of failures the endpoint is disabled, its people are told, and a replay repairs', async () => {
    const at = await receiver();
    const hook = await make(customer, at);
    at.status = 500;
    await open();
    await arrived(at, 1);
    for (let hour = 0; hour < 40 && (await house.sql('SELECT state FROM webhook WHERE id = $1', [hook.id]))[0].state
        === 'active'; hour++) {
        house.clock.advance({ hours: 1 });
        await house.settled();
    }
    await signInAll();
    const disabled = await read(customer, hook);
    assert.equal(disabled.state, 'disabled');
    assert.equal(disabled.disabled_why, 'HTTP 500');
    assert.ok(at.got.length >= 8, `${at.got.length} attempts`);
    const { items } = answered(await customer.get('/me/notices?kind=webhook'));
    assert.match(items[0].title, new RegExp(hook.name));
    assert.equal(answered(await contact.get('/me/notices?kind=webhook')).items.length, 0);
    const sent = at.got.length;
    await open();
    await house.settled();
    assert.equal(at.got.length, sent, 'a disabled endpoint hears nothing');
    at.status = 200;
    const tried = answered(await customer.post(`/webhooks/${hook.id}/test`));
    await arrived(at, sent + 1);
    assert.equal(types(at).at(-1), 'webhook.test');
    assert.equal(tried.event, 'webhook.test');
    answered(await customer.post(`/webhooks/${hook.id}/resume`));
    const failed = (await log(customer, hook)).find((row) => row.state === 'failed');
    answered(await customer.post(`/webhook-deliveries/${failed.id}/replay`));
    await arrived(at, sent + 2);
    assert.equal(at.got.at(-1).headers['webhook-id'], at.got[0].headers['webhook-id']);
    assert.equal(at.got.at(-1).body, at.got[0].body);
});

test('410 is a farewell: disabled at once', async () => {
    const at = await receiver();
    const hook = await make(customer, at);
    at.status = 410;
    await open();
    await until(async () => (await read(customer, hook)).state === 'disabled', 'it is disabled');
    assert.equal(at.got.length, 1);
});

test('redirects are not followed, and private addresses are not called', async () => {
    const [at, inner] = [await receiver(), await receiver()];
    const hook = await make(customer, at);
    Object.assign(at, { status: 307, headers: { location: inner.url } });
    const isOver = async (delivery) => until(async () => {
        const row = answered(await customer.get(`/webhook-deliveries/${delivery.id}`));
        return row.state !== 'waiting' && row;
    }, 'the test is over');
    assert.equal((await isOver(answered(await customer.post(`/webhooks/${hook.id}/test`)))).status, 307);
    assert.equal(inner.got.length, 0);
    for (const url of ['http://10.0.0.1/', 'http://169.254.169.254/latest/meta-data', 'http://[::1]:9/',
        'http://192.168.1.1/']) {
        const away = await make(customer, { url });
        const row = await isOver(answered(await customer.post(`/webhooks/${away.id}/test`)));
        assert.equal(row.state, 'failed');
        assert.match(row.error, /address/i, `${url}: ${row.error}`);
    }
    refused(await customer.post('/webhooks', { name: 'ftp', url: 'ftp://example.com/', events: [] }), 422);
    refused(await customer.post('/webhooks', { name: 'none', url: 'not a url', events: [] }), 422);
});

test('webhooks belong to their organisation and to those who keep its keys', async () => {
    const at = await receiver();
    const hook = await make(customer, at);
    refused(await contact.get('/webhooks'), 403);
    refused(await harbor.get(`/webhooks/${hook.id}`), 404);
    refused(await harbor.post(`/webhooks/${hook.id}/test`), 404);
    refused(await harbor.post('/webhooks', { name: 'x', url: at.url, events: [], tenant_id: hook.tenant_id }), 422);
    assert.ok(answered(await lead.get('/webhooks')).items.some((row) => row.id === hook.id));
    const before = await customer.get(`/webhooks/${hook.id}`);
    answered(await customer.put(`/webhooks/${hook.id}`, { name: 'renamed', url: at.url, events: ['ticket.opened'] },
        before.headers.get('etag')));
    answered(await customer.post(`/webhooks/${hook.id}/pause`));
    await open();
    await house.settled();
    assert.equal(at.got.length, 0);
    answered(await customer.delete(`/webhooks/${hook.id}`), 204);
    refused(await customer.get(`/webhooks/${hook.id}`), 404);
});

test('an escalation reaches the provider\'s own endpoint, and no customer\'s', async () => {
    const [ours, theirs] = [await receiver(), await receiver()];
    const hook = await make(lead, ours, { events: ['escalation.raised'] });
    await make(customer, theirs);
    const ticket = answered(await customer.post('/tickets', { category_id: xdr, severity: 'a', subject: 'urgent',
        description: 'now' }), 201);
    house.clock.advance({ hours: 2, seconds: 1 });
    for (let i = 0; i < 3; i++) {
        await house.settled();
        house.clock.advance({ minutes: 11 });
    }
    // Other cases of the house come near their deadlines meanwhile, too.
    const own = await until(() => ours.got.find(({ body }) => JSON.parse(body).data.object.reference
        === ticket.reference
        && JSON.parse(body).data.object.mark === 100), 'the breach of this case is told', 30_000);
    assert.equal(JSON.parse(own.body).type, 'escalation.raised');
    assert.ok(isSigned(hook.secret, own));
    assert.ok(!types(theirs).some((type) => type.startsWith('escalation')));
});

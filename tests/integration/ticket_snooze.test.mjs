// Snooze: an engineer's own queue, and what it never hides.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, refused, until } from './harness.mjs';
import { startDemoHouse } from './identity_house.mjs';

const house = await startDemoHouse();
const lead = await house.as('lead');
const engineer = await house.as('engineer');
const customer = await house.as('customer');
const xdr = answered(await lead.get('/ticket-categories')).items.find((c) => c.key === 'xdr').id;

const open = async (over = {}) => answered(await customer.post('/tickets', {
    category_id: xdr, severity: 'a', subject: 'スヌーズ', description: 'しばらく待ちます。', ...over }), 201);
const snooze = (who, ticket, body) => who.post(`/tickets/${ticket.id}/snooze`, body);
const soon = (hours) => new Date(+house.clock.now + hours * 3_600_000).toISOString();
const inList = async (who, ticket, query = '-is:snoozed') => answered(
    await who.get(`/tickets?limit=200&query=${encodeURIComponent(query)}`)).items.some((row) => row.id === ticket.id);
const onHome = async (who, key) => answered(await who.get('/tickets/home')).sections.find((one) => one.key === key);
const isSnoozed = async (who, ticket) =>
    answered(await who.get(`/tickets/${ticket.id}`)).snoozed_until !== null;

test('a snoozed case leaves the queue and the home of that engineer alone, and comes back in time', async () => {
    const ticket = await open();
    assert.ok(answered(await engineer.get(`/tickets/${ticket.id}`)).can.includes('snooze'));
    const before = await onHome(engineer, 'due');
    const done = answered(await snooze(engineer, ticket, { until_at: soon(0.5), until_news: false }));
    assert.equal(new Date(done.snoozed_until).toISOString(), soon(0.5));
    assert.equal(await inList(engineer, ticket), false);
    assert.equal(await inList(engineer, ticket, 'is:snoozed'), true);
    assert.equal(await inList(engineer, ticket, '条件:スヌーズ中'), true);
    assert.equal((await onHome(engineer, 'due')).total, before.total - 1);
    assert.equal((await onHome(engineer, 'snoozed')).items[0].id, ticket.id);
    assert.equal(await inList(lead, ticket), true);
    assert.equal(await isSnoozed(lead, ticket), false);
    assert.equal(answered(await engineer.get(`/tickets/${ticket.id}/clocks`)).items[0].state, 'running');
    house.clock.advance({ minutes: 31 });
    assert.equal(await inList(engineer, ticket), true);
});

test('news bring it back where that was wished, and do not where it was not', async () => {
    const [wakes, sleeps] = [await open(), await open()];
    answered(await snooze(engineer, wakes, { until_news: true }));
    answered(await snooze(engineer, sleeps, { until_at: soon(0.8), until_news: false }));
    house.clock.advance({ minutes: 1 });
    assert.equal(await isSnoozed(engineer, wakes), true);
    for (const ticket of [wakes, sleeps])
        answered(await customer.post(`/tickets/${ticket.id}/posts`, { body: '続報です。', visibility: 'customer' }), 201);
    assert.equal(await isSnoozed(engineer, wakes), false);
    assert.equal(await isSnoozed(engineer, sleeps), true);
    const noted = await open();
    answered(await snooze(engineer, noted, { until_news: true }));
    house.clock.advance({ minutes: 1 });
    answered(await lead.post(`/tickets/${noted.id}/posts`, { body: '見てください。', visibility: 'internal' }), 201);
    assert.equal(await isSnoozed(engineer, noted), false);
});

test('a promise that warns brings it back, and one that has warned cannot be hidden', async () => {
    const ticket = await open();
    answered(await snooze(engineer, ticket, { until_at: soon(48), until_news: false }));
    house.clock.advance({ minutes: 59 });
    assert.equal(await isSnoozed(engineer, ticket), true);
    house.clock.advance({ minutes: 2 });
    await until(async () => !(await isSnoozed(engineer, ticket)), 'the mark of 50 % was told', 20_000);
    refused(await snooze(engineer, ticket, { until_at: soon(1) }), 409, 'snooze-warned');
});

test('it is taken back, refused where it makes no sense, and nobody else\'s affair', async () => {
    const ticket = await open();
    answered(await snooze(engineer, ticket, { until_at: soon(0.5) }));
    answered(await engineer.post(`/tickets/${ticket.id}/unsnooze`));
    assert.equal(await inList(engineer, ticket), true);
    for (const [body, pointer] of [[{}, '/until_at'], [{ until_at: soon(-1) }, '/until_at'],
        [{ until_at: soon(31 * 24) }, '/until_at']])
        assert.equal(refused(await snooze(engineer, ticket, body), 422).errors[0].pointer, pointer);
    refused(await snooze(customer, ticket, { until_news: true }), 403);
    assert.deepEqual(answered(await customer.get(`/tickets/${ticket.id}`)).can, ['close']);
    answered(await customer.post(`/tickets/${ticket.id}/close`, {}));
    refused(await snooze(engineer, ticket, { until_news: true }), 409);
    const log = await house.sql(
        "SELECT action FROM audit_entry WHERE action LIKE 'ticket.%snoozed' AND tenant_id <> $1",
        ['00000000-0000-7000-8000-000000000001']);
    assert.deepEqual(log, []);
    const own = await house.sql("SELECT count(*)::int AS n FROM audit_entry WHERE action = 'ticket.unsnoozed'");
    assert.equal(own[0].n, 1);
});

// Pauses of clocks that a customer does not accept: said with a reason, decided with a reason, and all of it in the
// ledger, from which anybody can compute the result again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, refused } from './harness.mjs';
import { startDemoHouse } from './identity_house.mjs';

const house = await startDemoHouse();
const [lead, engineer, customer, contact] = await Promise.all(
    ['lead', 'engineer', 'customer', 'contact'].map((role) => house.as(role)));
const [category] = answered(await lead.get('/ticket-categories')).items.filter((row) => row.key === 'xdr');
const aoba = customer.state.tenant.id;
answered(await lead.post('/promise-targets', { tenant_id: aoba, severity: 'b', metric: 'resolve',
    pace: 'around_the_clock', allowance: 2 * 3600, mercy_s: 1800, starts_on: ['case_opened'], stops_on: [],
    pauses_while: ['waiting_customer'], resets_on: [], warn_at: ['50'] }), 201);

const clock = async (ticket, who = customer) => answered(await who.get(`/tickets/${ticket.id}/clocks`)).items
    .find((one) => one.metric === 'resolve');
const said = (reason) => ({ reason });

/* Half an hour runs, three hours stand still, half an hour runs. */
async function pausedCase() {
    const ticket = answered(await customer.post('/tickets', { category_id: category.id, severity: 'b',
        subject: '一時停止', description: '端末が止まります。' }), 201);
    house.clock.advance({ minutes: 30 });
    answered(await engineer.post(`/tickets/${ticket.id}/posts`, { body: 'どの端末ですか', visibility: 'customer',
        ask: true }), 201);
    house.clock.advance({ hours: 3 });
    answered(await customer.post(`/tickets/${ticket.id}/posts`, { body: '最初に書きました', visibility: 'customer' }), 201);
    house.clock.advance({ minutes: 30 });
    const view = await clock(ticket);
    return { ticket, view, pause: view.lines.find((line) => line.event === 'paused') };
}
const dispute = (who, { ticket, view, pause }, over = {}) => who.post(`/tickets/${ticket.id}/disputes`,
    { promise_id: view.id, seq: pause.seq, reason: '最初の内容に書いてありました。', ...over });
const decide = (who, made, accept, reason = '確認しました。') =>
    who.post(`/promise-disputes/${made.id}/decide`, { accept, ...said(reason) });

test('an accepted dispute lets the pause count, and the ledger says who, when and why', async () => {
    const open = await pausedCase();
    assert.equal(open.view.elapsed_s, 3600);
    const made = answered(await dispute(customer, open), 201);
    assert.deepEqual([made.state, made.can], ['open', []]);
    const told = answered(await lead.get('/me/notices?limit=50')).items;
    assert.ok(told.some((row) => row.kind === 'dispute' && row.ticket_id === open.ticket.id));
    assert.equal((await clock(open.ticket)).elapsed_s, 3600, 'saying so changes nothing yet');
    refused(await decide(engineer, made, true), 403); // the question was this engineer's own
    const decided = answered(await decide(lead, made, true, 'お客様の記載を見落としていました。'));
    assert.deepEqual([decided.state, decided.decided_by_name], ['accepted', lead.state.person.name]);
    const now = await clock(open.ticket);
    assert.equal(now.elapsed_s, 4 * 3600);
    assert.equal(now.remaining_s, -2 * 3600);
    assert.equal(now.late, true);
    const { items: [shown] } = answered(await customer.get(`/tickets?query=case:${open.ticket.reference}`));
    assert.equal(new Date(shown.due_at).toISOString(), new Date(now.due_at).toISOString());
    assert.deepEqual(now.lines.map((line) => [line.event, line.cause, line.corrects]).slice(-2),
        [['disputed', 'dispute.opened', open.pause.seq], ['corrected', 'dispute.accepted', open.pause.seq]]);
    assert.equal(now.lines.at(-1).note, 'お客様の記載を見落としていました。');
    assert.deepEqual(now.segments.map((part) => part.kind), now.segments.map(() => 'run'));
    assert.ok(now.segments.some((part) => part.seq === now.lines.at(-1).seq), 'the bar names the decision');
    assert.ok(answered(await customer.get('/me/notices?limit=50')).items
        .some((row) => row.kind === 'dispute_decided' && row.ticket_id === open.ticket.id));
    refused(await decide(lead, made, false), 409, 'dispute-decided');
});

test('a declined dispute changes nothing but the record', async () => {
    const open = await pausedCase();
    const made = answered(await dispute(contact, open), 201);
    answered(await decide(lead, made, false, '端末名は書かれていませんでした。'));
    const now = await clock(open.ticket);
    assert.equal(now.elapsed_s, open.view.elapsed_s);
    assert.deepEqual(now.lines.slice(-2).map((line) => line.cause), ['dispute.opened', 'dispute.declined']);
    refused(await dispute(customer, open), 409, 'dispute-exists');
    const log = answered(await customer.get(`/audit?object_id=${open.ticket.id}`)).items.map((row) => row.action);
    assert.ok(log.includes('ticket.pause-disputed') && log.includes('ticket.dispute-declined'));
});

test('a result is corrected after the case has ended', async () => {
    const open = await pausedCase();
    answered(await lead.post(`/tickets/${open.ticket.id}/resolve`, said('交換しました')));
    assert.equal((await clock(open.ticket)).state, 'met');
    const made = answered(await dispute(customer, open), 201);
    answered(await decide(lead, made, true));
    const now = await clock(open.ticket);
    assert.deepEqual([now.state, now.elapsed_s], ['missed', 4 * 3600]);
});

test('only a pause can be disputed, by the customer alone, and nobody else hears of it', async () => {
    const open = await pausedCase();
    const start = open.view.lines[0];
    const wrong = refused(await dispute(customer, { ...open, pause: start }), 422);
    assert.equal(wrong.errors[0].pointer, '/seq');
    refused(await dispute(customer, open, { promise_id: open.ticket.id }), 422);
    refused(await dispute(customer, open, { reason: '' }), 422);
    refused(await dispute(customer, open, { reason: 'x'.repeat(1001) }), 422);
    const [reader, harbor] = [await house.as('reader'), await house.as('harbor')];
    refused(await dispute(lead, open), 403);
    refused(await dispute(reader, open), 403);
    refused(await dispute(harbor, open), 404);
    const made = answered(await dispute(customer, open), 201);
    refused(await decide(customer, made, true), 403);
    refused(await harbor.get(`/promise-disputes/${made.id}`), 404);
    assert.deepEqual(answered(await harbor.get(`/tickets/${open.ticket.id}/disputes`)).items, []);
    const waiting = answered(await lead.get('/promise-disputes?state=open')).items;
    assert.deepEqual(waiting.filter((row) => row.ticket_id === open.ticket.id).map((row) => row.id), [made.id]);
    assert.deepEqual(answered(await lead.get(`/promise-disputes/${made.id}`)).can, ['decide']);
});

test('a pause that still stands ends when the dispute is accepted', async () => {
    const ticket = answered(await customer.post('/tickets', { category_id: category.id, severity: 'b',
        subject: '停止中', description: '端末が止まります。' }), 201);
    answered(await engineer.post(`/tickets/${ticket.id}/posts`, { body: 'どの端末ですか', visibility: 'customer',
        ask: true }), 201);
    house.clock.advance({ minutes: 90 });
    const view = await clock(ticket);
    assert.equal(view.state, 'paused');
    const made = answered(await dispute(customer, { ticket, view, pause: view.lines.at(-1) }), 201);
    answered(await decide(lead, made, true));
    const now = await clock(ticket);
    assert.deepEqual([now.state, now.elapsed_s], ['running', 90 * 60]);
    answered(await customer.post(`/tickets/${ticket.id}/posts`, { body: 'PC-12です', visibility: 'customer' }), 201);
    house.clock.advance({ minutes: 10 });
    assert.equal((await clock(ticket)).elapsed_s, 100 * 60);
});

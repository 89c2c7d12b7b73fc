// Lowering a severity near its deadline: one engineer wishes, another decides, the customer hears only the outcome.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, refused } from './harness.mjs';
import { startDemoHouse } from './identity_house.mjs';

const house = await startDemoHouse();
let engineer, lead, customer;
const everybodyAgain = async () => {
    engineer = await house.as('engineer');
    lead = await house.as('lead');
    customer = await house.as('customer');
};
await everybodyAgain();
const categories = answered(await lead.get('/ticket-categories')).items;
const lower = { severity: 'b', reason: '代替手段があるため。' };

async function pressed(minutes) {
    const ticket = answered(await customer.post('/tickets', {
        category_id: categories.find((c) => c.key === 'xdr').id, severity: 'a', subject: '期限間近', description: 'a',
    }), 201);
    house.clock.advance({ minutes });
    await everybodyAgain();
    return ticket;
}
const read = async (ticket) => answered(await engineer.get(`/tickets/${ticket.id}`));
const wishes = async (who, ticket) => answered(await who.get(`/tickets/${ticket.id}/severity-wishes`)).items;

test('with time to spare one engineer lowers a severity', async () => {
    const ticket = await pressed(15);
    assert.equal(answered(await engineer.post(`/tickets/${ticket.id}/severity`, lower)).severity, 'b');
});

test('in the last quarter it takes a wish and another person, and the clock runs on until then', async () => {
    const ticket = await pressed(91);
    const refusal = refused(await engineer.post(`/tickets/${ticket.id}/severity`, lower), 409, 'severity-needs-second');
    assert.match(refusal.title, /別のエンジニア|second engineer/);
    assert.deepEqual(await wishes(engineer, ticket), []);
    const wish = answered(await engineer.post(`/tickets/${ticket.id}/severity-wishes`, lower), 201);
    assert.deepEqual(wish.can, ['withdraw']);
    assert.equal((await read(ticket)).due_at, ticket.due_at);
    refused(await engineer.post(`/severity-wishes/${wish.id}/confirm`, {}), 403, 'severity-same-person');
    assert.deepEqual((await wishes(lead, ticket))[0].can, ['confirm', 'refuse']);
    answered(await lead.post(`/severity-wishes/${wish.id}/confirm`, {}));
    const after = await read(ticket);
    assert.equal(after.severity, 'b');
    assert.notEqual(after.due_at, ticket.due_at);
    assert.match(after.severity_reason, /代替手段/);
    assert.match(after.severity_reason, new RegExp(engineer.state.person.name));
    refused(await lead.post(`/severity-wishes/${wish.id}/confirm`, {}), 409);
});

test('refused, taken back or overtaken, a wish changes nothing', async () => {
    const ticket = await pressed(95);
    const first = answered(await engineer.post(`/tickets/${ticket.id}/severity-wishes`, lower), 201);
    refused(await lead.post(`/severity-wishes/${first.id}/refuse`, {}), 422);
    answered(await lead.post(`/severity-wishes/${first.id}/refuse`, { reason: '影響が続いています。' }));
    const second = answered(await engineer.post(`/tickets/${ticket.id}/severity-wishes`, lower), 201);
    const third = answered(await lead.post(`/tickets/${ticket.id}/severity-wishes`, lower), 201);
    refused(await lead.post(`/severity-wishes/${second.id}/confirm`, {}), 409);
    answered(await lead.post(`/severity-wishes/${third.id}/refuse`, { reason: '取り下げ' }));
    assert.deepEqual((await wishes(lead, ticket)).map((w) => w.outcome).sort(), ['overtaken', 'refused', 'refused']);
    assert.equal((await read(ticket)).severity, 'a');
});

test('a wish that would not lower anything is refused, and raising needs nobody', async () => {
    const ticket = await pressed(100);
    refused(await engineer.post(`/tickets/${ticket.id}/severity-wishes`, { ...lower, severity: 'a' }), 422);
    answered(await engineer.post(`/tickets/${ticket.id}/severity`, { ...lower, severity: 'a' }));
});

test('customers neither see nor make wishes', async () => {
    const ticket = await pressed(100);
    const wish = answered(await engineer.post(`/tickets/${ticket.id}/severity-wishes`, lower), 201);
    assert.deepEqual(await wishes(customer, ticket), []);
    refused(await customer.post(`/severity-wishes/${wish.id}/confirm`, {}), 404);
    refused(await customer.post(`/tickets/${ticket.id}/severity-wishes`, lower), 403);
});

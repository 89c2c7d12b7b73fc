// Nobody misses a deadline in silence: who is told at which mark, what ends a walk, and that all of it happens once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { answered, refused, until } from './harness.mjs';
import { people, startDemoHouse } from './identity_house.mjs';

const house = await startDemoHouse({ smtp: true, env: { YAGURA_RATE_PER_PERSON: '0', YAGURA_RATE_PER_ADDRESS: '0' } });
let [lead, engineer, administrator, customer] = [];
async function signInAll() {
    [lead, engineer, administrator, customer] = [await house.as('lead'), await house.as('engineer'),
        await house.as('administrator'), await house.as('customer')];
}
await signInAll();
const xdr = answered(await lead.get('/ticket-categories')).items.find((c) => c.key === 'xdr').id;
const ids = { engineer: await house.idOf('engineer'), lead: await house.idOf('lead') };
const aoba = await house.tenantId('AOBA');

const settle = () => house.settled();
async function pass(minutes) { // as a clock does: what falls due on the way happens on the way
    for (let left = minutes; left > 0; left -= 5) {
        house.clock.advance({ minutes: Math.min(left, 5), seconds: left <= 5 ? 1 : 0 });
        await settle();
    }
}
await settle();

const open = async (assignee, severity = 'a') => {
    const ticket = answered(await customer.post('/tickets', { category_id: xdr, severity,
        subject: '隔離した端末が戻りません', description: '**至急**お願いします。' }), 201);
    if (assignee) answered(await lead.post(`/tickets/${ticket.id}/assign`, { assignee_id: assignee }));
    return ticket;
};
const walks = async (ticket) => answered(await lead.get(`/tickets/${ticket.id}/escalations?sort=raised_at`)).items;
const walk = async (ticket, mark) => (await walks(ticket)).find((one) => one.mark === mark);
const told = (one) => one.calls.filter((call) => call.person_id).map((call) => call.name);
const names = async (...roles) => Promise.all(roles.map(async (role) =>
    (await house.sql('SELECT name FROM person WHERE email = $1', [people[role]]))[0].name));
const notes = async (who, ticket) => answered(await who.get(`/tickets/${ticket.id}/posts`)).items
    .filter((post) => post.kind === 'automatic').map((post) => post.body);

test('half the time is told to the engineer in charge, three quarters to the duty lead after ten minutes', async () => {
    const ticket = await open(ids.engineer);
    await pass(60);
    assert.deepEqual(told(await walk(ticket, 50)), await names('engineer'));
    await pass(30);
    assert.deepEqual(told(await walk(ticket, 75)), await names('engineer'));
    assert.equal((await walk(ticket, 50)).state, 'exhausted'); // a quarter of an hour after the last step
    await pass(10);
    const [assignee, ...leads] = told(await walk(ticket, 75));
    assert.equal(assignee, (await names('engineer'))[0]);
    assert.ok(leads.includes((await names('lead'))[0]), `then ${leads}`);
    const mails = house.mail.messages.filter((mail) => mail.subject.includes(`[${ticket.reference}]`)
        && mail.to.includes(people.engineer) && /時間の\d+%が過ぎました/.test(mail.text));
    assert.equal(mails.length, 2);
    assert.match(mails[1].text, new RegExp(`/tickets/${ticket.id}#escalation`));
});

test('a missed deadline that nobody acknowledges is known to three people, and the case says so', async () => {
    const ticket = await open(ids.engineer);
    await pass(120);
    let breach = await walk(ticket, 100);
    assert.deepEqual([breach.state, told(breach)], ['walking', await names('engineer')]);
    await pass(10);
    await pass(10);
    breach = await walk(ticket, 100);
    assert.ok(new Set(breach.calls.map((call) => call.person_id)).size >= 3, JSON.stringify(breach.calls));
    for (const role of ['engineer', 'lead', 'administrator']) {
        assert.ok(told(breach).includes((await names(role))[0]), `${role} knows`);
        assert.ok(house.mail.messages.some((mail) => mail.to.includes(people[role]) && /期限を過ぎました/.test(mail.text)
            && mail.subject.includes(`[${ticket.reference}]`)), `${role} has a mail`);
    }
    for (const who of [engineer, lead, administrator]) {
        const { items } = answered(await who.get(`/me/notices?ticket_id=${ticket.id}&kind=escalation`));
        assert.ok(items.some((row) => row.title.includes('期限を過ぎました')));
    }
    await pass(15);
    assert.equal((await walk(ticket, 100)).state, 'exhausted');
    assert.ok((await notes(lead, ticket)).some((body) => /^escalation first_response: \d+ told/.test(body)));
    assert.deepEqual(await notes(customer, ticket), []);
});

test('"I have it" ends the walk: nobody else is told', async () => {
    const ticket = await open(ids.engineer);
    await pass(90);
    refused(await customer.post(`/tickets/${ticket.id}/acknowledge`), 403);
    answered(await engineer.post(`/tickets/${ticket.id}/acknowledge`), 204);
    await pass(20);
    const one = await walk(ticket, 75);
    assert.deepEqual([one.state, one.acknowledged_by, told(one)],
        ['acknowledged', (await names('engineer'))[0], await names('engineer')]);
    await pass(10);
    assert.equal((await walk(ticket, 100)).state, 'walking', 'the breach itself is told anew');
    assert.deepEqual((await walks(ticket)).map((one) => one.mark), [50, 75, 90, 100]);
});

test('an answer ends the walk, too', async () => {
    const ticket = await open(ids.engineer);
    await pass(90);
    answered(await engineer.post(`/tickets/${ticket.id}/posts`, { body: '確認しています。', visibility: 'customer' }), 201);
    assert.equal((await walk(ticket, 75)).state, 'settled');
    await pass(60);
    assert.deepEqual((await walks(ticket)).map((one) => [one.mark, one.state]), [[50, 'exhausted'], [75, 'settled']]);
    assert.deepEqual(told(await walk(ticket, 75)), await names('engineer'));
});

test('with nobody in charge the duty lead is first', async () => {
    const ticket = await open(null);
    await pass(90);
    const one = await walk(ticket, 75);
    assert.ok(told(one).includes((await names('lead'))[0]));
    assert.equal(one.calls[0].step, 1, 'the step of the assignee was passed over at once');
});

test('a customer can have a chain of their own, by hours, and nonsense is refused', async () => {
    const step = { who: 'people', people: [ids.engineer], portal: true, mail: false, webhook: false,
        delay_minutes: 0, from_mark: 50, hours: 'always', set_key: null };
    const chain = (steps) => ({ tenant_id: aoba, name: '青葉専用', steps });
    refused(await customer.get('/escalation-chains'), 403);
    for (const [wrong, pointer] of [
        [{ ...step, people: [] }, '/steps/0/people'],
        [{ ...step, people: [customer.state.person.id] }, '/steps/0/people'],
        [{ ...step, who: 'permission_set' }, '/steps/0/set_key'], [{ ...step, from_mark: 61 }, '/steps/0/from_mark'],
        [{ ...step, portal: false }, '/steps/0/portal']]) {
        const { errors } = refused(await lead.post('/escalation-chains', chain([wrong])), 422);
        assert.equal(errors[0].pointer, pointer);
    }
    refused(await lead.post('/escalation-chains', chain([])), 422);
    // 19:00 and later in Japan: the calendar is closed.
    house.clock.set(`${house.clock.now.toISOString().slice(0, 10)}T10:00:00Z`);
    const made = await lead.post('/escalation-chains', chain([{ ...step, hours: 'open' },
        { ...step, people: [ids.lead], hours: 'closed' }]));
    const { id } = answered(made, 201);
    const ticket = await open(ids.engineer);
    await pass(60);
    assert.deepEqual(told(await walk(ticket, 50)), await names('lead'));
    answered(await lead.delete(`/escalation-chains/${id}`), 204);
    const standard = answered(await lead.get('/escalation-chains')).items.find((one) => one.standard);
    refused(await lead.delete(`/escalation-chains/${standard.id}`), 409);
});

test('a mark that nobody would hear of is refused, at the chain and at the target', async () => {
    const step = { who: 'people', people: [ids.engineer], portal: true, mail: false, webhook: false,
        delay_minutes: 0, from_mark: 75, hours: 'always', set_key: null };
    const chain = { tenant_id: aoba, name: '青葉専用', steps: [{ ...step, from_mark: 90 }, step] };
    const late = refused(await lead.post('/escalation-chains', chain), 422);
    assert.deepEqual(late.errors.map((one) => one.pointer), ['/steps/1/from_mark']);
    const target = { tenant_id: aoba, severity: 'a', metric: 'resolve', pace: 'around_the_clock', allowance: 36000,
        mercy_s: 1800, stops_on: [], starts_on: [], resets_on: [], pauses_while: [], warn_at: ['25', '50'] };
    const early = refused(await lead.post('/promise-targets', target), 422);
    assert.deepEqual(early.errors.map((one) => one.pointer), ['/warn_at']);
    const own = answered(await lead.post('/escalation-chains', { ...chain, steps: [{ ...step, from_mark: 25 }] }), 201);
    const made = answered(await lead.post('/promise-targets', target), 201);
    assert.deepEqual(made.warn_at, ['25', '50']);
    const ticket = await open(ids.engineer);
    await pass(160);
    assert.deepEqual(told(await walk(ticket, 25)), await names('engineer'));

    // The chain was there first and went: the mark begins no walk that tells nobody.
    answered(await lead.delete(`/escalation-chains/${own.id}`), 204);
    const silent = await open(ids.engineer);
    await pass(160);
    assert.equal((await walks(silent)).some((one) => one.mark === 25), false);
    assert.deepEqual(await house.sql("SELECT id FROM job WHERE kind = 'escalation_step' AND last_error IS NOT NULL"),
        []);
});

test('a server that is killed in the middle tells everything, and everything once', async () => {
    const tickets = [];
    for (let i = 0; i < 24; i++) tickets.push(await open(ids.engineer, 'b'));
    await settle();
    const ours = [tickets.map((ticket) => ticket.id)];
    const count = async (what) => (await house.sql(`SELECT ${what}`, ours))[0].n;
    house.clock.advance({ hours: 4, seconds: 1 }); // all of them are breached at once
    for (const ms of [20, 80, 200]) {
        await sleep(ms);
        await house.kill();
        house.clock.advance({ seconds: 5 }); // what was cut off is looked for again
        await house.start();
    }
    await settle();
    assert.equal(await count('count(*)::int AS n FROM escalation WHERE ticket_id = ANY ($1)'), 24);
    await signInAll();
    const calls = `count(*)::int AS n FROM escalation_call c JOIN escalation e ON e.id = c.escalation_id
                    WHERE e.ticket_id = ANY ($1) AND c.step = 0`;
    assert.equal(await count(calls), 24);
    assert.equal(await count(`count(*)::int AS n FROM notice WHERE kind = 'escalation' AND ticket_id = ANY ($1)
        AND person_id = '${ids.engineer}'`), 24);
    const mails = house.mail.messages.filter((mail) => mail.to.includes(people.engineer)
        && /期限を過ぎました/.test(mail.text)
        && tickets.some((ticket) => mail.subject.includes(`[${ticket.reference}]`)));
    assert.equal(new Set(mails.map((mail) => mail.messageId)).size, 24);
});

test('a case that somebody works on holds up no deadline but its own', async () => {
    const [held, free] = [await open(ids.engineer, 'b'), await open(ids.engineer, 'b')];
    await settle();
    const missed = async (ticket) => (await house.sql(
        'SELECT count(*)::int AS n FROM escalation WHERE ticket_id = $1 AND mark = 100', [ticket.id]))[0].n;
    await house.sql('BEGIN');
    await house.sql('SELECT FROM ticket WHERE id = $1 FOR UPDATE', [held.id]);
    house.clock.advance({ hours: 4, seconds: 1 });
    await until(async () => await missed(free) === 1, 'the other one is told', 60_000);
    assert.equal(await missed(held), 0);
    await house.sql('COMMIT');
    await until(async () => await missed(held) === 1, 'then this one, too', 60_000);
    await settle();
    const notes = await house.sql(`SELECT count(*)::int AS n FROM ticket_post WHERE ticket_id = ANY ($1)
        AND body = 'promise first_response: breached at 100 %'`, [[held.id, free.id]]);
    assert.equal(notes[0].n, 2);
});

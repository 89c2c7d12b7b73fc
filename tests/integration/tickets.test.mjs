// Cases and their clocks: who sees what, whose word stops which clock, and what an auditor can compute again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, refused, until } from './harness.mjs';
import { startDemoHouse } from './identity_house.mjs';

const house = await startDemoHouse(); // Tuesday, 18:00 in Japan
const categories = {};
let [lead, engineer, customer, contact, reader, harbor] = await signInAll();

function signInAll() {
    return ['lead', 'engineer', 'customer', 'contact', 'reader', 'harbor']
        .reduce(async (all, role) => [...await all, await house.as(role)], Promise.resolve([]));
}

for (const c of answered(await lead.get('/ticket-categories')).items) categories[c.key] = c.id;

const story = (over = {}) => ({
    category_id: categories.xdr, severity: 'a', subject: '検知ルールについて',
    description: 'ネットワーク隔離された端末が **戻りません**。', ...over,
});

const open = async (who, over) => answered(await who.post('/tickets', story(over)), 201);
const say = (who, ticket, body, over = {}) =>
    who.post(`/tickets/${ticket.id}/posts`, { body, visibility: 'customer', ...over });
const read = async (who, ticket) => answered(await who.get(`/tickets/${ticket.id}`));
const clock = async (who, ticket, metric = 'first_response') =>
    answered(await who.get(`/tickets/${ticket.id}/clocks`)).items.filter((p) => p.metric === metric).at(-1);
const after = (instant, { hours = 0, minutes = 0 }) => new Date(+new Date(instant) + (hours * 60 + minutes) * 60_000);
const same = (a, b) => assert.equal(new Date(a).toISOString(), new Date(b).toISOString());

test('a customer opens a case and everybody can say its number on the phone', async () => {
    const ticket = await open(customer);
    assert.match(ticket.reference, /^AOBA-\d+$/);
    assert.equal(ticket.status, 'new');
    assert.equal(ticket.severity_decided, false);
    const next = await open(customer);
    assert.equal(next.number, ticket.number + 1);
    assert.deepEqual((await read(customer, ticket)).can, ['close']);
    assert.ok((await read(engineer, ticket)).can.includes('resolve'));
});

test('nobody sees, answers or counts the cases of another customer', async () => {
    const ticket = await open(customer, { subject: 'Geheimnis unter uns' });
    refused(await harbor.get(`/tickets/${ticket.id}`), 404);
    refused(await say(harbor, ticket, 'hello'), 404);
    refused(await harbor.get(`/tickets/${ticket.id}/clocks`), 404);
    assert.equal(answered(await harbor.get('/tickets?words=Geheimnis&total=true')).total, 0);
    assert.equal(answered(await harbor.get(`/tickets/${ticket.id}/posts`)).items.length, 0);
    refused(await say(reader, ticket, 'readers read'), 403);
    refused(await harbor.post('/tickets', story({ tenant_id: ticket.tenant_id })), 422);
});

test('the contract decides what can be asked for', async () => {
    refused(await harbor.post('/tickets', story({ category_id: categories.hunting })), 403, 'not-in-contract');
    const unknown = refused(await customer.post('/tickets', story({ category_id: customer.state.person.id })), 422);
    assert.equal(unknown.errors[0].pointer, '/category_id');
});

test('premium support is for registered contacts, and anyone else is told so', async () => {
    const premium = { category_id: categories.premium };
    const list = async () => answered(await customer.get('/service-contacts')).items;
    for (const { id } of await list()) answered(await lead.delete(`/service-contacts/${id}`), 204);
    const refusal = refused(await customer.post('/tickets', story(premium)), 403, 'only-registered-contacts');
    assert.match(refusal.title, /登録済みのご担当者様/);
    refused(await customer.post('/service-contacts', { person_id: customer.state.person.id }), 403);
    answered(await lead.post('/service-contacts', { person_id: customer.state.person.id }), 201);
    const listed = await list();
    assert.deepEqual(listed.map((row) => row.person_id), [customer.state.person.id]);
    assert.equal((await open(customer, premium)).priority, 1);
    refused(await contact.post('/tickets', story(premium)), 403, 'only-registered-contacts');
    answered(await lead.delete(`/service-contacts/${listed[0].id}`), 204);
    refused(await customer.post('/tickets', story(premium)), 403, 'only-registered-contacts');
});

test('severity A is due after two hours, B after four, at any hour', async () => {
    for (const [severity, hours] of [['a', 2], ['b', 4]]) {
        const ticket = await open(customer, { severity });
        same(ticket.due_at, after(ticket.opened_at, { hours }));
        assert.equal(ticket.due_metric, 'first_response');
    }
});

test('severity C is due one business day later: after closing counts from the next morning', async () => {
    const ticket = await open(customer, { severity: 'c' });
    same(ticket.due_at, '2026-11-25T17:30:00+09:00'); // a whole business day is over when that day closes
    const view = await clock(customer, ticket);
    assert.equal(view.elapsed_s, 0);
    assert.deepEqual([view.allowance_s, view.remaining_s], [8.5 * 3600, 8.5 * 3600]);
});

test('the first word of an engineer keeps the promise; the customer sees who, when and why', async () => {
    const ticket = await open(customer);
    house.clock.advance({ minutes: 50 });
    answered(await say(engineer, ticket, '調査を始めます。'), 201);
    const now = await read(customer, ticket);
    assert.equal(now.status, 'in_progress');
    assert.equal(now.due_at, null);
    assert.equal(now.awaits, 'customer');
    const view = await clock(customer, ticket);
    assert.equal(view.state, 'met');
    assert.equal(view.elapsed_s, 3000);
    assert.deepEqual(view.lines.map((line) => line.cause), ['ticket.opened', 'engineer.answered']);
    assert.equal(view.lines[1].actor_name, engineer.state.person.name);
    assert.deepEqual(view.segments.map((part) => part.kind), ['run']);
});

test('a late answer is a promise missed, for good', async () => {
    const ticket = await open(customer);
    house.clock.advance({ minutes: 121 });
    answered(await say(engineer, ticket, 'お待たせしました。'), 201);
    const view = await clock(customer, ticket);
    assert.equal(view.state, 'missed');
    assert.equal(view.remaining_s, -60);
});

test('the customer\'s own words, internal notes and looks stop no clock', async () => {
    const ticket = await open(customer);
    answered(await say(customer, ticket, '追加の情報です。'), 201);
    answered(await say(engineer, ticket, 'seems to be the agent', { visibility: 'internal' }), 201);
    answered(await engineer.post(`/tickets/${ticket.id}/read`), 204);
    assert.equal((await clock(engineer, ticket)).state, 'running');
});

test('an internal note does not exist for the customer: not in the list, not by search, not by id', async () => {
    const ticket = await open(customer);
    const note = answered(await say(engineer, ticket, 'Zwiebelfisch 内部メモ', { visibility: 'internal' }), 201);
    const seen = answered(await customer.get(`/tickets/${ticket.id}/posts`)).items;
    assert.deepEqual(seen, []);
    const found = async (who) => answered(await who.get('/tickets?words=Zwiebelfisch')).items.length;
    assert.deepEqual([await found(customer), await found(engineer)], [0, 1]);
    assert.equal((await read(customer, ticket)).post_count, 0);
    assert.equal((await read(customer, ticket)).unread, false);
    const quoted = refused(await say(engineer, ticket, 'see above', { quotes_id: note.id }), 422);
    assert.equal(quoted.errors[0].pointer, '/quotes_id');
    const denied = refused(await say(customer, ticket, 'x', { visibility: 'internal' }), 422);
    assert.equal(denied.errors[0].pointer, '/visibility');
});

test('that a note was written is told to no customer: neither in the log nor in the feed', async () => {
    const from = async (who) => answered(await who.get('/changes')).next;
    const [mine, theirs] = [await from(lead), await from(customer)];
    const ticket = await open(customer);
    answered(await say(engineer, ticket, 'between us', { visibility: 'internal' }), 201);
    const heard = async (who, since) => answered(await who.get(`/changes?since=${since}`)).items
        .filter((change) => change.object_id === ticket.id).map((change) => change.verb);
    // The feed ends before the oldest transaction under way: what is to be heard may take a moment.
    await until(async () => (await heard(lead, mine)).includes('noted'), 'the provider hears of it');
    assert.deepEqual(await heard(lead, mine), ['opened', 'noted']);
    assert.deepEqual(await heard(customer, theirs), ['opened']);
    const logged = async (who) => answered(await who.get(`/audit?object_id=${ticket.id}`)).items
        .map((line) => line.action);
    assert.deepEqual(await logged(customer), ['ticket.opened']);
    const [line] = answered(await lead.get('/audit?action=ticket.noted&sort=-at&limit=1')).items;
    assert.deepEqual([line.object_type, line.object_name], ['ticket_post', null]);
});

test('an engineer who looks as the customer sees no notes either', async () => {
    const ticket = await open(customer);
    answered(await say(engineer, ticket, 'between us', { visibility: 'internal' }), 201);
    const looking = await house.as('lead');
    answered(await looking.post(`/tenants/${ticket.tenant_id}/act`));
    assert.equal(answered(await looking.get(`/tickets/${ticket.id}/posts`)).items.length, 0);
    refused(await say(looking, ticket, 'in their name'), 403);
    refused(await looking.post('/tickets', story()), 403);
    refused(await looking.post(`/tickets/${ticket.id}/close`, {}), 403);
});

test('a question waits for the customer, and their answer ends the wait', async () => {
    const ticket = await open(customer);
    const question = answered(await say(engineer, ticket, 'ログを送っていただけますか。', { ask: true }), 201);
    assert.equal(question.kind, 'question');
    assert.equal((await read(customer, ticket)).status, 'waiting_customer');
    const answer = answered(await say(contact, ticket, '添付しました。'), 201);
    assert.equal(answer.kind, 'answer');
    const now = await read(engineer, ticket);
    assert.deepEqual([now.status, now.awaits], ['in_progress', 'provider']);
    const posts = answered(await engineer.get(`/tickets/${ticket.id}/posts`)).items;
    assert.ok(posts.find((post) => post.id === question.id).answered_at);
});

test('a raised severity counts from the opening, with mercy; both reasons stay in the ledger', async () => {
    const ticket = await open(customer, { severity: 'b' });
    house.clock.advance({ minutes: 30 });
    answered(await engineer.post(`/tickets/${ticket.id}/severity`, { severity: 'a', reason: '影響が広いため' }));
    same((await read(customer, ticket)).due_at, after(ticket.opened_at, { hours: 2 }));
    const late = await open(customer, { severity: 'b' });
    house.clock.advance({ hours: 3 });
    const decided = answered(await engineer.post(`/tickets/${late.id}/severity`, { severity: 'a', reason: 'grave' }));
    same(decided.due_at, after(house.clock.now, { minutes: 30 }));
    assert.deepEqual((await clock(customer, late)).lines.map((line) => line.cause),
        ['ticket.opened', 'severity.raised']);
    refused(await customer.post(`/tickets/${late.id}/severity`, { severity: 'a', reason: 'me' }), 403);
    refused(await engineer.post(`/tickets/${late.id}/severity`, { severity: 'c' }), 422);
});

test('the job of a mark waits for its case before it takes the promise, so no verb meets it crosswise', async () => {
    const ticket = await open(customer);
    await house.sql('BEGIN');
    try {
        await house.sql('SELECT 1 FROM ticket WHERE id = $1 FOR UPDATE', [ticket.id]);
        house.clock.advance({ minutes: 61 });
        const waits = () => house.sql(
            `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()
                AND pg_backend_pid() = ANY (pg_blocking_pids(pid))`);
        await until(async () => (await waits()).length > 0, 'the job comes');
        await house.sql('SELECT 1 FROM promise WHERE ticket_id = $1 FOR UPDATE NOWAIT', [ticket.id]);
    } finally {
        await house.sql('ROLLBACK');
    }
});

test('half, three quarters, nine tenths and all of the time are told once each', async () => {
    const ticket = await open(customer);
    const told = async () => (await house.sql(
        `SELECT body FROM ticket_post WHERE ticket_id = $1 AND kind = 'automatic' ORDER BY created_at, id`,
        [ticket.id]))
        .map((row) => Number(/(\d+) %/.exec(row.body)[1]));
    const warned = async (mark) => {
        await until(async () => (await told()).at(-1) === mark, `${mark} % is told`);
    };
    for (const [minutes, mark] of [[61, 50], [30, 75], [18, 90], [12, 100]]) {
        house.clock.advance({ minutes });
        await warned(mark);
    }
    assert.deepEqual(await told(), [50, 75, 90, 100]);
    assert.equal((await clock(engineer, ticket)).late, true);
    assert.equal(answered(await customer.get(`/tickets/${ticket.id}/posts`)).items.length, 0);
});

test('verbs that lead nowhere from here are refused, and a closed case takes no words', async () => {
    [lead, engineer, customer, contact, reader, harbor] = await signInAll();
    const ticket = await open(customer);
    refused(await engineer.post(`/tickets/${ticket.id}/reopen`, { reason: 'x' }), 409, 'ticket-cannot');
    refused(await customer.post(`/tickets/${ticket.id}/resolve`, { reason: 'x' }), 409, 'ticket-cannot');
    refused(await engineer.post(`/tickets/${ticket.id}/decline`, { reason: 'x' }), 409, 'ticket-cannot');
    const unreasoned = refused(await engineer.post(`/tickets/${ticket.id}/resolve`, {}), 422);
    assert.equal(unreasoned.errors[0].pointer, '/reason');
    answered(await engineer.post(`/tickets/${ticket.id}/resolve`, { reason: '解決しました' }));
    answered(await customer.post(`/tickets/${ticket.id}/close`, {}));
    refused(await say(customer, ticket, 'one more thing'), 409, 'ticket-cannot');
});

test('reopening is a new life with clocks of its own; the old result stays', async () => {
    const ticket = await open(customer);
    answered(await say(engineer, ticket, 'はい。'), 201);
    answered(await engineer.post(`/tickets/${ticket.id}/resolve`, { reason: 'done' }));
    const again = answered(await customer.post(`/tickets/${ticket.id}/reopen`, { reason: '再発しました' }));
    assert.deepEqual([again.cycle, again.status], [2, 'in_progress']);
    same(again.due_from, house.clock.now);
    same(again.due_at, after(house.clock.now, { hours: 2 }));
    const clocks = answered(await customer.get(`/tickets/${ticket.id}/clocks`)).items;
    assert.deepEqual(clocks.map((p) => [p.cycle, p.state]), [[1, 'met'], [2, 'running']]);
});

test('a customer cannot reopen what ended more than thirty days ago', async () => {
    const ticket = await open(customer);
    answered(await engineer.post(`/tickets/${ticket.id}/resolve`, { reason: 'done' }));
    house.clock.advance({ hours: 31 * 24 });
    [lead, engineer, customer, contact, reader, harbor] = await signInAll();
    refused(await customer.post(`/tickets/${ticket.id}/reopen`, { reason: 'late' }), 409, 'reopen-too-late');
    answered(await engineer.post(`/tickets/${ticket.id}/reopen`, { reason: 'by the service' }));
});

test('how long a customer may reopen stands in the record of the customer', async () => {
    const ticket = await open(customer);
    answered(await engineer.post(`/tickets/${ticket.id}/resolve`, { reason: 'done' }));
    const aoba = await house.as('administrator');
    const was = await aoba.get(`/tenants/${ticket.tenant_id}`);
    const { id, version, kind, status, people_count, created_at, updated_at, can, ...words } = answered(was);
    const { version: next } = answered(await aoba.put(`/tenants/${id}`, { ...words, reopen_days: 0 }, `"${version}"`));
    house.clock.advance({ minutes: 1 });
    [lead, engineer, customer, contact, reader, harbor] = await signInAll();
    refused(await customer.post(`/tickets/${ticket.id}/reopen`, { reason: 'late' }), 409, 'reopen-too-late');
    answered(await aoba.put(`/tenants/${id}`, { ...words, reopen_days: 30 }, `"${next}"`));
    answered(await customer.post(`/tickets/${ticket.id}/reopen`, { reason: 'in time' }));
});

test('the queue comes in the order of what is due next', async () => {
    const c = await open(customer, { severity: 'c' });
    const a = await open(customer, { severity: 'a' });
    const due = answered(await lead.get('/tickets?sort=due_at&due_at.gte=2000-01-01T00:00:00Z&limit=200')).items;
    const place = (ticket) => due.findIndex((row) => row.id === ticket.id);
    assert.ok(place(a) >= 0 && place(a) < place(c));
    assert.deepEqual(due.map((row) => row.due_at), due.map((row) => row.due_at).toSorted());
});

test('Japanese without spaces is found, also in the middle of a sentence', async () => {
    const ticket = await open(customer, { description: '工場の端末で身代金要求型の挙動を検知しました。' });
    const found = async (words) => answered(await customer.get(`/tickets?words=${encodeURIComponent(words)}`)).items;
    for (const words of ['身代金', '要求型', '端末 挙動', '検知ルール'])
        assert.ok((await found(words)).some((row) => row.id === ticket.id), words);
    assert.equal((await found('身代金庫')).length, 0);
    assert.equal((await found('"; DROP TABLE ticket; -- \' & | !')).length, 0);
});

test('two who edit at once: the second is told that somebody was faster', async () => {
    const ticket = await open(customer);
    const seen = await engineer.get(`/tickets/${ticket.id}`);
    const words = { subject: 'new words', description: 'new story' };
    answered(await engineer.put(`/tickets/${ticket.id}`, words, seen.etag));
    refused(await lead.put(`/tickets/${ticket.id}`, words, seen.etag), 412);
});

test('every verb leaves its line in the audit log, and the chain holds', async () => {
    const ticket = await open(customer);
    answered(await engineer.post(`/tickets/${ticket.id}/assign`, { assignee_id: engineer.state.person.id }));
    answered(await say(engineer, ticket, 'はい。'), 201);
    const actions = (await house.sql('SELECT action FROM audit_entry WHERE object_id = $1 ORDER BY seq', [ticket.id]))
        .map((row) => row.action);
    assert.deepEqual(actions, ['ticket.opened', 'ticket.assigned', 'ticket.posted']);
    assert.ok((await house.sql('SELECT broken_seq FROM audit_verify()')).every((row) => row.broken_seq === null));
});

// The desk: figures that agree with the ledgers, contacts and calls, the quarterly drill, and what shifts hand over.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, eventually, refused } from './harness.mjs';
import { linkFor, people, startDemoHouse } from './identity_house.mjs';

const house = await startDemoHouse({ smtp: true }); // Tuesday 24 November 2026, 18:00 in Japan
const lead = await house.as('lead');
const administrator = await house.as('administrator');
const engineer = await house.as('engineer'); // sees Aoba alone
const customer = await house.as('customer');
const reader = await house.as('reader');
const harbor = await house.as('harbor');
const aoba = await house.tenantId('AOBA');
const categories = {};
for (const c of answered(await lead.get('/ticket-categories')).items) categories[c.key] = c.id;
const open = async (over = {}, who = customer) => answered(await who.post('/tickets', { category_id: categories.xdr,
    severity: 'a', subject: '除外ルールについて', description: '教えてください。', ...over }), 201);

async function every(who, path) {
    const all = [];
    for (let cursor = ''; cursor !== null;) {
        const page = answered(await who.get(`${path}${cursor ? `&cursor=${cursor}` : ''}`));
        all.push(...page.items);
        cursor = page.next_cursor;
    }
    return all;
}

// ---- figures ----

const localMonth = (at, timeZone) => {
    const parts = Object.fromEntries(new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: '2-digit' })
        .formatToParts(new Date(at)).map((part) => [part.type, part.value]));
    return `${parts.year}-${parts.month}`;
};
const rank = (sorted, share) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];

// Late is who comes after the instant at which the allowance was used up, also when no more time counted since.
function countedIn(clock) {
    let counted = 0;
    let due;
    let end;
    for (const part of clock.segments) {
        const [from, until] = [+new Date(part.start_at), +new Date(part.end_at)];
        end = until;
        if (part.kind !== 'run') continue;
        const left = clock.allowance_s * 1000 - counted;
        if (due === undefined && until - from >= left) due = from + left;
        counted += until - from;
    }
    return { counted, late: due !== undefined && end > due };
}

// Counted a second time, out of the ledgers that the page of a case shows.
async function recount() {
    const zones = new Map((await house.sql('SELECT id, time_zone FROM tenant')).map((row) => [row.id, row.time_zone]));
    const found = new Map();
    for (const ticket of await every(lead, '/tickets?limit=200')) {
        for (const clock of answered(await lead.get(`/tickets/${ticket.id}/clocks`)).items) {
            const month = localMonth(clock.lines[0].at, zones.get(ticket.tenant_id));
            const key = [ticket.tenant_id, month, ticket.severity, clock.metric].join('/');
            const sum = found.get(key) ?? { met: 0, missed: 0, open: 0, times: [] };
            const { counted, late } = countedIn(clock);
            const last = clock.lines.at(-1);
            if (late) sum.missed += 1;
            else if (last.event === 'stopped') sum.met += 1;
            else sum.open += 1;
            if (last.cause === 'engineer.answered') sum.times.push(Math.floor(counted / 1000));
            found.set(key, sum);
        }
    }
    return found;
}

test('what is met, missed and how fast agrees with every ledger, counted again', async () => {
    const ticket = await open();
    house.clock.advance({ minutes: 121 }); // runs past its deadline: a miss already
    const found = await recount();
    const figures = await every(lead, '/service-figures?year=2026&month=11&months=3&limit=200');
    const shown = new Map(figures.map((row) => [row.id, row]));
    assert.deepEqual([...shown.keys()].sort(), [...found.keys()].sort());
    for (const [key, sum] of found) {
        const row = shown.get(key);
        const times = sum.times.sort((a, b) => a - b);
        assert.deepEqual([row.met, row.missed, row.open, row.answered],
            [sum.met, sum.missed, sum.open, times.length], key);
        assert.deepEqual([row.median_s, row.p95_s],
            times.length ? [rank(times, 0.5), rank(times, 0.95)] : [null, null], key);
    }
    assert.ok(figures.some((row) => row.missed > 0) && figures.some((row) => row.median_s > 0));
    const trend = await every(lead, '/service-trend?year=2026&month=11&months=3&limit=200');
    for (const kind of ['met', 'missed', 'open']) { // all customers together are the sum of each
        const sumOf = (rows) => rows.reduce((n, row) => n + row[kind], 0);
        assert.equal(sumOf(trend), sumOf(figures), kind);
        const own = await every(lead, `/service-trend?year=2026&month=11&months=3&customer_id=${aoba}`);
        assert.equal(sumOf(own), sumOf(figures.filter((row) => row.tenant_id === aoba)), kind);
    }
    const misses = await every(lead, '/promises?missed=true&limit=200');
    assert.ok(misses.some((row) => row.ticket_id === ticket.id && row.state === 'running'));
    const in3 = misses.filter((row) => figures.some((one) => one.tenant_id === row.tenant_id)).length;
    assert.equal(in3, figures.reduce((n, row) => n + row.missed, 0));
});

test('a customer reads the figures of its own and of nobody else, also as CSV', async () => {
    const path = '/service-figures?year=2026&month=11&months=2';
    const own = await every(harbor, path);
    assert.deepEqual([...new Set(own.map((row) => row.tenant_name))], ['Harbor Logistics Ltd.']);
    assert.ok((await every(reader, '/promises?limit=100')).every((row) => row.tenant_id === aoba));
    const csv = await customer.get(path, { headers: { accept: 'text/csv' } });
    assert.match(csv.text.split('\n')[0], /met.*missed.*median_s/);
    assert.equal(csv.text.trim().split('\n').length - 1, (await every(customer, path)).length);
    refused(await customer.get('/service-figures?year=2026&month=13'), 422);
});

// ---- contacts and calls ----

async function registered(...roles) {
    for (const row of await every(lead, `/service-contacts?tenant_id=${aoba}`)) {
        answered(await lead.delete(`/service-contacts/${row.id}`), 204);
    }
    const made = [];
    for (const role of roles) {
        made.push(answered(await lead.post('/service-contacts', { person_id: await house.idOf(role),
            phone: '03-1234-5678', languages: ['ja'], hours: '平日9時から18時' }), 201));
    }
    return made;
}

test('contacts are called in their order; every attempt stands with the case; being reached ends it', async () => {
    const [first, second] = await registered('customer', 'contact');
    answered(await lead.post('/service-contacts/order', { tenant_id: aoba, ids: [second.id, first.id] }), 204);
    refused(await lead.post('/service-contacts/order', { tenant_id: aoba, ids: [second.id] }), 422);
    const ticket = await open();
    refused(await customer.post(`/tickets/${ticket.id}/calls`, { reason: 'me' }), 403);
    const task = answered(await engineer.post(`/tickets/${ticket.id}/calls`, { reason: '暗号化が進行中のため' }), 201);
    assert.deepEqual(task.contacts.map((one) => one.contact_id), [second.id, first.id]);
    assert.equal(task.next_contact_id, second.id);
    const attempt = (body) => engineer.post(`/call-tasks/${task.id}/attempts`, body);
    const tried = answered(await attempt({ contact_id: second.id, outcome: 'no_answer' }));
    assert.deepEqual([tried.state, tried.next_contact_id], ['open', first.id]);
    const reached = answered(await attempt({ contact_id: first.id, outcome: 'reached', note: '隔離の承認を得た' }));
    assert.deepEqual([reached.state, reached.ended_by], ['reached', engineer.state.person.name]);
    const caller = engineer.state.person.name;
    assert.deepEqual(reached.attempts.map((one) => [one.outcome, one.phone, one.made_by]),
        [['no_answer', '03-1234-5678', caller], ['reached', '03-1234-5678', caller]]);
    refused(await attempt({ contact_id: first.id, outcome: 'reached' }), 409, 'call-over');
    const [seen] = answered(await customer.get(`/call-tasks?ticket_id=${ticket.id}`)).items;
    assert.equal(seen.attempts.length, 2);
    assert.deepEqual(answered(await harbor.get(`/call-tasks?ticket_id=${ticket.id}`)).items, []);
    const clock = answered(await lead.get(`/tickets/${ticket.id}/clocks`)).items[0];
    assert.equal(clock.state, 'running'); // a call is not the answer that was promised
});

test('how a contact is reached is changed by the service side, with its line in the log', async () => {
    const [contact] = await registered('contact');
    const write = (body) => lead.put(`/service-contacts/${contact.id}`, body, `"${contact.version}"`);
    assert.equal(refused(await write({ phone: 'call me' }), 422).errors[0].pointer, '/phone');
    const changed = answered(await write({ phone: '+81 90-0000-1111', languages: ['ja', 'en'], note: '夜間は可' }));
    assert.equal(changed.phone, '+81 90-0000-1111');
    refused(await write({ phone: '110' }), 412);
    refused(await customer.put(`/service-contacts/${contact.id}`, { phone: '119' }, '"2"'), 403);
    const [line] = answered(await lead.get(`/audit?object_id=${contact.id}&action=service_contact.updated`)).items;
    assert.ok(JSON.stringify(line.change).includes('+81 90-0000-1111'));
});

// ---- the drill ----

test('each quarter a drill begins by itself where there are contacts, once, and overdue ones are told', async () => {
    const port = await house.tenantId('HARBOR');
    const drills = async () => answered(await lead.get(`/contact-drills?tenant_id=${port}`)).items;
    await eventually(async () => assert.deepEqual((await drills()).map((one) => one.quarter), ['2026-Q4']));
    house.clock.advance({ hours: 24 * 15 });
    const told = () => house.sql(`SELECT title_en FROM notice WHERE kind = 'drill' AND title_en LIKE '%Harbor%'`);
    await eventually(async () => assert.ok((await told()).length > 0));
    assert.equal(new Set((await told()).map((row) => row.title_en)).size, 1);
    await lead.signIn(people.lead);
    assert.deepEqual((await drills()).map((one) => one.standing), ['overdue']);
    for (const [who, role] of [[customer, 'customer'], [harbor, 'harbor'], [engineer, 'engineer'],
        [reader, 'reader'], [administrator, 'administrator']]) await who.signIn(people[role]);
});

test('a drill tries each contact by mail link or call, and is finished when it is known of everybody', async () => {
    await house.sql('DELETE FROM contact_drill_line');
    await house.sql('DELETE FROM contact_drill');
    await registered('customer', 'contact', 'reader');
    const drill = answered(await lead.post('/contact-drills', { tenant_id: aoba }), 201);
    assert.deepEqual([drill.quarter, drill.contacts, drill.reached, drill.standing], ['2026-Q4', 3, 0, 'runs']);
    refused(await lead.post('/contact-drills', { tenant_id: aoba }), 409, 'drill-there-already');
    const stranger = house.browser();
    let token;
    let answer;
    do { // the drills of the demonstration are gone, their mails are not
        token = await linkFor(house, 'customer@demo.yagura.example', 'contact-drill');
        answer = await stranger.post(`/drill-answers/${token}`);
    } while (answer.status === 410);
    const thanks = answered(answer);
    assert.deepEqual(Object.keys(thanks).sort(), ['answered_at', 'name', 'tenant_name']);
    house.clock.advance({ seconds: 5 });
    assert.deepEqual(answered(await stranger.post(`/drill-answers/${token}`)), thanks); // twice is once
    const said = answered(await lead.get(`/audit?object_id=${drill.id}&action=contact_drill.answered`)).items;
    assert.deepEqual(said.map((line) => line.actor_name), [thanks.name]);
    refused(await stranger.post(`/drill-answers/${'A'.repeat(43)}`), 410);
    const call = (index, outcome) => lead.post(`/contact-drills/${drill.id}/calls`,
        { line_id: drill.lines[index].id, outcome, note: '番号が使われていない' });
    house.clock.advance({ hours: 24 * 15 });
    for (const [who, mail] of [[lead, people.lead], [customer, people.customer], [harbor, people.harbor]]) {
        await who.signIn(mail);
    }
    assert.equal(answered(await lead.get(`/contact-drills/${drill.id}`)).standing, 'overdue');
    assert.equal(answered(await call(1, 'reached')).standing, 'overdue');
    const done = answered(await call(2, 'failed'));
    assert.deepEqual([done.standing, done.reached, done.failed], ['finished', 2, 1]);
    assert.deepEqual(done.lines.map((line) => line.way), ['mail', 'call', 'call']);
    refused(await customer.post('/contact-drills', { tenant_id: aoba }), 403);
    assert.deepEqual(answered(await harbor.get(`/contact-drills?tenant_id=${aoba}`)).items, []);
});

// ---- from shift to shift ----

test('the pack says what is due within twelve hours and who waits, and the next shift accepts it by name', async () => {
    for (const [who, role] of Object.entries({ administrator, engineer, reader }).map(([role, who]) => [who, role])) {
        await who.signIn(people[role]);
    }
    const soon = await open({ severity: 'b', subject: '引き継ぎ前の件' });
    await open({ severity: 'b', subject: 'the other side', category_id: categories.xdr }, harbor);
    const pack = answered(await lead.post('/handovers', { notes: 'FS01を見ていてください。' }), 201);
    const line = pack.items.filter((item) => item.ticket_id === soon.id).map((item) => item.kind).sort();
    assert.deepEqual(line, ['due', 'unanswered']);
    const until = +house.clock.now + 12 * 3600_000;
    assert.ok(pack.items.every((item) => item.kind !== 'due' || new Date(item.due_at) <= until));
    refused(await lead.post(`/handovers/${pack.id}/accept`, {}), 409, 'handover-yours');
    const limited = answered(await engineer.get(`/handovers/${pack.id}`));
    assert.ok(limited.items.length > 0 && limited.items.length < pack.items.length);
    assert.ok(limited.items.every((item) => item.tenant_id === aoba)); // of customers one sees
    const taken = answered(await engineer.post(`/handovers/${pack.id}/accept`, { remarks: '確認しました。' }));
    assert.deepEqual([taken.state, taken.accepted_by], ['accepted', engineer.state.person.name]);
    refused(await administrator.post(`/handovers/${pack.id}/accept`, {}), 409, 'handover-accepted');
    for (const outsider of [customer, reader]) {
        assert.deepEqual(answered(await outsider.get('/handovers')).items, []);
        refused(await outsider.get(`/handovers/${pack.id}`), 404);
    }
    refused(await customer.post('/handovers', {}), 404);
    refused(await customer.get('/handover-draft'), 404);
    const rows = await house.sql(`SELECT title_ja FROM notice WHERE kind = 'handover'`);
    assert.ok(rows.length > 0);
});

// Calendars and targets: what holds from which day on, what a change would do before it is saved, and that the past
// stays as it was counted.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, eventually, refused } from './harness.mjs';
import { startDemoHouse } from './identity_house.mjs';

const house = await startDemoHouse(); // Tuesday 24 November 2026, 18:00 in Japan
const lead = await house.as('lead');
const engineer = await house.as('engineer');
const customer = await house.as('customer');
const aoba = await house.tenantId('AOBA');
const categories = {};
for (const c of answered(await lead.get('/ticket-categories')).items) categories[c.key] = c.id;

const hours = (from, to, days = [0, 1, 2, 3, 4]) =>
    days.map((weekday) => ({ weekday, from_s: from * 3600, to_s: to * 3600 }));
const office = (over = {}) => ({ windows: hours(9, 17.5), exception_windows: [], exceptions: [], holidays: 'japan',
    ...over });
const [{ id: japan }] = answered(await lead.get('/business-calendars')).items;
const open = async (over = {}) => answered(await customer.post('/tickets', { category_id: categories.xdr,
    severity: 'c', subject: '除外ルールについて', description: '教えてください。', ...over }), 201);
const read = async (ticket) => answered(await lead.get(`/tickets/${ticket.id}`));
const same = (a, b) => assert.equal(a && new Date(a).toISOString(), b && new Date(b).toISOString());

async function pieces(path, body) {
    const all = { cases: [], months: [], looked_at: 0 };
    for (let cursor; ;) {
        const piece = answered(await lead.post(path, { ...body, cursor }));
        all.total ??= piece.total;
        all.looked_at += piece.looked_at;
        all.cases.push(...piece.cases);
        all.months.push(...piece.months);
        if (!piece.next_cursor) return all;
        cursor = piece.next_cursor;
    }
}

test('the year shows every day, its hours, and the holidays by name in the language of the reader', async () => {
    const year = answered(await lead.get(`/business-calendars/${japan}/year?year=2026`));
    assert.equal(year.days.length, 365);
    const day = (text) => year.days.find((one) => one.day === text);
    assert.deepEqual([day('2026-11-23').kind, day('2026-11-23').name], ['holiday', '勤労感謝の日']);
    assert.deepEqual([day('2026-11-24').kind, day('2026-11-24').hours], ['open', '09:00–17:30']);
    assert.equal(day('2026-11-22').kind, 'off');
    assert.equal(day('2026-09-22').kind, 'holiday'); // between two others
    assert.equal(year.open_days, year.days.filter((one) => one.hours).length);
    const english = house.browser({ language: 'en' });
    await english.signIn('emma.clarke@harbor.demo.yagura.example');
    refused(await english.get(`/business-calendars/${japan}/year?year=2026`), 403);
});

test('a calendar without hours, with overlapping hours or with a day named twice is refused at its field', async () => {
    const make = (over) => lead.post('/business-calendars',
        { name: '試し', time_zone: 'Asia/Tokyo', ...office(over) });
    const pointer = async (over) => refused(await make(over), 422).errors[0].pointer;
    assert.equal(await pointer({ windows: [] }), '/windows');
    assert.equal(await pointer({ windows: [...hours(9, 12, [0]), ...hours(11, 17, [0])] }), '/windows');
    const twice = [{ day: '2026-12-29', open: false }, { day: '2026-12-29', open: false }];
    assert.equal(await pointer({ exceptions: twice }), '/exceptions');
    assert.equal(await pointer({ exceptions: [{ day: '2026-12-26', open: true }] }), '/exception_windows');
    refused(await engineer.post('/business-calendars', {}), 403);
});

test('a change holds from tomorrow at the earliest, and a version that has begun is not taken back', async () => {
    const put = (from_day, over) => lead.post(`/business-calendars/${japan}/versions`, { from_day, ...office(over) });
    refused(await put('2026-11-24'), 409, 'calendar-version-began');
    refused(await put('2026-13-01'), 422);
    answered(await put('2028-04-01'));
    const versions = async () => answered(await lead.get(`/business-calendars/${japan}/versions`)).items;
    const [listed] = answered(await lead.get('/business-calendars')).items;
    assert.equal(listed.next_from, (await versions()).find((one) => one.from_day > '2026-11-24').from_day);
    assert.equal((await versions()).at(-1).from_day, '2028-04-01');
    answered(await lead.delete(`/business-calendars/${japan}/versions/2028-04-01`), 204);
    refused(await lead.delete(`/business-calendars/${japan}/versions/2028-04-01`), 404);
    refused(await lead.delete(`/business-calendars/${japan}/versions/2020-01-01`), 409, 'calendar-version-began');
});

test('before a closure is saved one sees which open case is due otherwise; then it is so', async () => {
    const ticket = await open();
    same(ticket.due_at, '2026-11-25T17:30:00+09:00');
    const change = { from_day: '2026-11-25', ...office({ exceptions: [{ day: '2026-11-25', name: '創立記念日' }] }) };
    const seen = await pieces(`/business-calendars/${japan}/what-if`, { ...change, months: 0 });
    const mine = seen.cases.find((one) => one.ticket_id === ticket.id);
    same(mine.due_now, '2026-11-25T17:30:00+09:00');
    same(mine.due_then, '2026-11-26T17:30:00+09:00');
    same((await read(ticket)).due_at, ticket.due_at); // nothing was saved
    answered(await lead.post(`/business-calendars/${japan}/versions`, change));
    await eventually(async () => same((await read(ticket)).due_at, '2026-11-26T17:30:00+09:00'));
    answered(await lead.delete(`/business-calendars/${japan}/versions/2026-11-25`), 204);
    await eventually(async () => same((await read(ticket)).due_at, '2026-11-25T17:30:00+09:00'));
    const lines = answered(await lead.get(`/tickets/${ticket.id}/clocks`)).items[0].lines;
    assert.deepEqual(lines.map((line) => line.event), ['started']); // a calendar is no part of the ledger
});

test('months that are over are counted again as though it had held, and nothing of it is kept', async () => {
    const before = await house.sql(`SELECT id, state, late FROM promise ORDER BY id`);
    const always = office({ windows: hours(0, 24, [0, 1, 2, 3, 4, 5, 6]), holidays: 'none' });
    const seen = await pieces(`/business-calendars/${japan}/what-if`,
        { from_day: '2026-12-01', ...always, months: 3 });
    const sum = (name) => seen.months.reduce((n, month) => n + month[name], 0);
    assert.ok(sum('met_now') + sum('missed_now') > 0);
    assert.equal(sum('met_now') + sum('missed_now'), sum('met_then') + sum('missed_then'));
    assert.ok(seen.months.every((month) => /^2026-(09|10|11)$/.test(month.month) && month.severity === 'c'));
    assert.equal(seen.total, seen.looked_at);
    assert.deepEqual(await house.sql(`SELECT id, state, late FROM promise ORDER BY id`), before);
    refused(await lead.post(`/business-calendars/${japan}/what-if`,
        { from_day: '2026-12-01', ...office(), cursor: 'x:1' }), 422, 'cursor-wrong');
});

test('a calendar file shows its days and, line by line, what was not understood', async () => {
    const file = ['BEGIN:VCALENDAR', 'BEGIN:VEVENT', 'DTSTART;VALUE=DATE:20261229', 'DTEND;VALUE=DATE:20270104',
        'SUMMARY:年末年始', 'END:VEVENT', 'BEGIN:VEVENT', 'DTSTART:someday', 'SUMMARY:?', 'END:VEVENT', 'BEGIN:VEVENT',
        'DTSTART;VALUE=DATE:20260813', 'RRULE:FREQ=WEEKLY', 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n');
    const ask = { time_zone: 'Asia/Tokyo', first_year: 2026, last_year: 2027 };
    const found = answered(await lead.post('/business-calendars/read-ical', { file, ...ask }));
    assert.deepEqual(found.days.map((day) => day.day), ['2026-12-29', '2026-12-30', '2026-12-31', '2027-01-01',
        '2027-01-02', '2027-01-03']);
    assert.deepEqual(found.refusals.map((one) => one.line), [8, 13]);
    assert.match(found.refusals[1].reason, /毎年以外の繰り返し/);
    refused(await lead.post('/business-calendars/read-ical', { file: 'hello', ...ask }), 422);
});

test('a customer goes by the calendar that was chosen for it, from the next case on', async () => {
    const made = answered(await lead.post('/business-calendars', { name: '毎日8時から20時', time_zone: 'Asia/Tokyo',
        ...office({ windows: hours(8, 20, [0, 1, 2, 3, 4, 5, 6]), holidays: 'none' }) }), 201);
    const old = await open();
    answered(await lead.post('/calendar-uses', { tenant_id: aoba, calendar_id: made.id }));
    const uses = answered(await lead.get(`/calendar-uses?calendar_id=${made.id}`)).items;
    assert.deepEqual(uses.map((use) => [use.tenant_id, use.chosen]), [[aoba, true]]);
    const next = await open(); // opened within its hours: the same time of the next day
    same(next.due_at, new Date(+new Date(next.opened_at) + 86_400_000));
    same((await read(old)).due_at, '2026-11-25T17:30:00+09:00');
    answered(await lead.post('/calendar-uses', { tenant_id: aoba }));
    same((await open()).due_at, '2026-11-25T17:30:00+09:00');
});

// ---- targets ----

const target = (over = {}) => ({ severity: 'b', metric: 'first_response', pace: 'around_the_clock', allowance: 3600,
    mercy_s: 1800, starts_on: ['case_opened', 'case_reopened'], stops_on: ['engineer_answered'], pauses_while: [],
    resets_on: [], warn_at: ['50', '75', '90'], ...over });
const set = async (over) => answered(await lead.post('/promise-targets', target(over)), 201);
const clocks = async (ticket) => answered(await lead.get(`/tickets/${ticket.id}/clocks`)).items;

test('a customer’s target takes the place of the provider’s; what is open is kept unless said otherwise', async () => {
    const ticket = await open({ severity: 'b' });
    const seen = await pieces('/promise-targets/what-if', target({ tenant_id: aoba, months: 2 }));
    const mine = seen.cases.find((one) => one.ticket_id === ticket.id);
    assert.equal(mine.left_now_s, 4 * 3600);
    assert.equal(mine.left_then_s, 3600);
    const strict = await pieces('/promise-targets/what-if', target({ tenant_id: aoba, allowance: 1800, months: 2 }));
    assert.ok(strict.months.some((month) => month.missed_then > month.missed_now));
    const made = await set({ tenant_id: aoba });
    assert.equal(made.standing, 'holds');
    assert.equal((await clocks(ticket))[0].allowance_s, 4 * 3600);
    assert.equal((await clocks(await open({ severity: 'b' })))[0].allowance_s, 3600);
    await set({ tenant_id: aoba, allowance: 7200, for_open_cases: true });
    await eventually(async () => assert.equal((await clocks(ticket))[0].allowance_s, 7200));
    assert.deepEqual((await clocks(ticket))[0].lines.map((line) => line.cause), ['ticket.opened', 'target.changed']);
});

test('a target that has begun is not taken back; one that has not, is', async () => {
    const [held] = answered(await lead.get('/promise-targets?standing=holds')).items;
    refused(await lead.delete(`/promise-targets/${held.id}`), 409, 'target-began');
    const coming = await set({ severity: 'c', metric: 'resolve', pace: 'business_days', allowance: 5, stops_on: [],
        from_at: new Date(+house.clock.now + 86_400_000).toISOString() });
    assert.deepEqual([coming.standing, coming.can], ['coming', ['delete']]);
    answered(await lead.delete(`/promise-targets/${coming.id}`), 204);
    refused(await lead.post('/promise-targets', target({ from_at: '2026-01-01T00:00:00Z' })), 422);
    refused(await lead.post('/promise-targets', target({ stops_on: ['case_opened'] })), 422);
    refused(await lead.post('/promise-targets', target({ pace: 'business_days', allowance: 3600 })), 422);
});

test('start, stop, pause and reset are data: the next update runs from each answer, stands while we wait', async () => {
    await set({ tenant_id: aoba, severity: 'a', metric: 'next_update', allowance: 3600,
        starts_on: ['engineer_answered'], stops_on: [], resets_on: ['engineer_answered'],
        pauses_while: ['waiting_third_party'], warn_at: ['80'] });
    const ticket = await open({ severity: 'a' });
    const updates = async () => (await clocks(ticket)).filter((clock) => clock.metric === 'next_update');
    const say = (body) => lead.post(`/tickets/${ticket.id}/posts`, { body, visibility: 'customer' });
    assert.deepEqual(await updates(), []);
    answered(await say('調査を始めます。'), 201);
    house.clock.advance({ minutes: 50 });
    answered(await say('続けています。'), 201);
    assert.deepEqual((await updates()).map((clock) => clock.state), ['met', 'running']);
    answered(await lead.post(`/tickets/${ticket.id}/wait`, { reason: '業者へ確認' }));
    house.clock.advance({ hours: 5 });
    assert.deepEqual((await updates()).map((clock) => [clock.state, clock.elapsed_s]), [['met', 3000], ['paused', 0]]);
    answered(await lead.post(`/tickets/${ticket.id}/start`, {}));
    house.clock.advance({ minutes: 49 });
    const warned = async () => (await updates()).at(-1).warned;
    await eventually(async () => assert.equal(await warned(), 80));
});

test('figures of promises that ended before figures were kept are computed from their ledgers', async () => {
    const kept = `SELECT id, allowance_s, elapsed_s FROM promise WHERE state IN ('met', 'missed') ORDER BY id`;
    const before = await house.sql(kept);
    assert.ok(before.length > 3 && before.every((row) => row.elapsed_s !== null));
    await house.sql(`UPDATE promise SET allowance_s = NULL, elapsed_s = NULL WHERE state IN ('met', 'missed')`);
    await house.sql(`INSERT INTO job (id, kind, args, run_at, created_at)
        VALUES (gen_random_uuid(), 'promise_settle', '{}', '2026-11-01', '2026-11-01')`);
    await eventually(async () => assert.deepEqual(await house.sql(kept), before));
});

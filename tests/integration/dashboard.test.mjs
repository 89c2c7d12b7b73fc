// What a dashboard counts, beside the same counted here from the rows.

import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { test } from 'node:test';
import { answered } from './harness.mjs';
import { startIncidentHouse } from './incident_house.mjs';

const HOUR = 3_600_000, DAY = 24 * HOUR;
const house = await startIncidentHouse();
const { engineer, stranger, aoba, kuro } = house;

// Three quarters of an hour beside full ones: what is counted by the hour of UTC would be wrong here.
const ZONE = 'Asia/Kathmandu', AHEAD = 5.75 * HOUR;
const dayOf = (at) => new Date(at.getTime() + AHEAD).toISOString().slice(0, 10);
const midnight = Math.floor((Date.now() + AHEAD) / DAY) * DAY - AHEAD;
const hourOf = (at) => Math.floor(at / HOUR) * HOUR;
const band = (score) => (score >= 70 ? 'threat' : score >= 40 ? 'warning' : 'low');
const count = (rows, of) => rows.reduce((sums, row) => ({ ...sums, [of(row)]: (sums[of(row)] ?? 0) + 1 }), {});

const incident = (tenant, number, opened, closed) => house.sql(`INSERT INTO incident (tenant_id, id, number, title,
        title_ja, score, status, detections, computers, first_at, last_at, opened_at, closed_at, gather_by,
        window_minutes, updated_at)
    VALUES ($1, gen_random_uuid(), $2, 'a', 'a', 50, $3, 1, 1, $4, $4, $4, $5, '{computer}', 240, $4)`,
[tenant, number, closed ? 'closed' : 'open', opened, closed]);

test('incidents are opened and closed on days of the zone, to the millisecond', async () => {
    const around = [-3 * DAY - 1, -3 * DAY, -2 * DAY + 7 * HOUR, -1, 0, -9 * DAY].map((ms) => new Date(midnight + ms));
    for (const [n, opened] of around.entries()) {
        await incident(aoba, 100 + n, opened, n % 2 ? new Date(opened.getTime() + DAY) : null);
        await incident(kuro, 200 + n, opened, null);
    }
    const rows = await house.sql('SELECT tenant_id, opened_at, closed_at FROM incident');
    const week = Array.from({ length: 7 }, (_, n) => dayOf(new Date(midnight + (n - 6) * DAY)));
    const days = (mine) => week.map((day) => ({
        day, opened: mine.filter((row) => dayOf(row.opened_at) === day).length,
        closed: mine.filter((row) => row.closed_at && dayOf(row.closed_at) === day).length }));
    const asked = `/dashboard?days=7&time_zone=${ZONE}`;
    assert.deepEqual(answered(await engineer.get(asked)).incident_days, days(rows));
    const theirs = days(rows.filter((row) => row.tenant_id === kuro));
    assert.deepEqual(answered(await stranger.get(asked)).incident_days, theirs);
    assert.deepEqual(theirs.map((day) => day.opened), [0, 0, 1, 1, 1, 1, 1]);
});

test('hours that were counted and what has come since are one line, and rules are ranked by both', async () => {
    const [often, seldom] = [crypto.randomUUID(), crypto.randomUUID()];
    for (const score of [10, 40, 69, 70, 99]) await house.detect(kuro, { score, rule_id: seldom, title: 'Seldom',
        title_ja: '稀' });
    const detections = await house.sql('SELECT score, arrived_at FROM detection WHERE tenant_id = $1', [kuro]);
    const past = new Date(hourOf(Date.now()) - 5 * HOUR);
    await house.sql('INSERT INTO detection_hour (tenant_id, hour, low, warning, threat) VALUES ($1, $2, 1, 20, 300)',
        [kuro, past]);
    await house.sql(`INSERT INTO detection_rule_day (tenant_id, day, rule_id, band, title, title_ja, detections)
        VALUES ($1, ($2::timestamptz AT TIME ZONE 'UTC')::date, $3, 'low', 'Often', '頻繁', 6)`, [kuro, past, often]);
    const { times, top_rules: rules } = answered(await stranger.get('/dashboard?days=1'));
    const hours = count(detections, (row) => `${hourOf(row.arrived_at)} ${band(row.score)}`);
    const expected = [...new Set([past.getTime(), ...detections.map((row) => hourOf(row.arrived_at))])].sort()
        .map((at) => {
            const of = (name) => hours[`${at} ${name}`] ?? 0;
            return at === past.getTime() ? [at, 1, 20, 300] : [at, of('low'), of('warning'), of('threat')];
        });
    assert.deepEqual(times.map((row) => [Date.parse(row.at), row.low, row.warning, row.threat]), expected);
    assert.deepEqual(rules.map((row) => [row.rule_id, row.band, row.detections]),
        [[often, 'low', 6], [seldom, 'threat', 5]]);
    assert.deepEqual(answered(await engineer.get(`/dashboard?days=1&tenant_id=${aoba}`)).top_rules, []);
});

test('computers: their colours, when they were heard of, and what is resolved on the worst', async () => {
    const ago = [-1, 0.5, 2, 30, 24 * 9].map((hours) => new Date(Date.now() - hours * HOUR));
    const ids = [];
    for (const [n, last_seen_at] of ago.entries()) ids.push(await house.computer(kuro, `PC-${n}`, { last_seen_at }));
    for (const [n, score] of [[0, 95], [1, 45], [1, 30], [2, 5], [0, 20], [0, 21]])
        await house.detect(kuro, { computer_id: ids[n], computer_name: `PC-${n}`, score });
    await house.sql(`UPDATE detection SET status = 'resolved', verdict = 'false_positive' WHERE score IN (20, 21)`);
    await house.sql(`UPDATE computer c SET open_detections = d.open, worst_score = d.worst FROM (
        SELECT computer_id, count(*) AS open, max(score) AS worst FROM detection WHERE status <> 'resolved' GROUP BY 1)
        d WHERE d.computer_id = c.id`);
    const answer = answered(await stranger.get('/dashboard?days=1'));
    const pairs = (rows) => Object.fromEntries(rows.map((row) => [row.key, row.count]));
    assert.deepEqual(pairs(answer.colours), { none: 2, threat: 1, warning: 1, low: 1 });
    assert.deepEqual(answer.worst_computers.map((row) => [row.name, row.unresolved, row.resolved, row.worst_score]),
        [['PC-0', 1, 2, 95], ['PC-1', 2, 0, 45], ['PC-2', 1, 0, 5]]);
    assert.deepEqual(pairs(answer.unresolved), { threat: 1, warning: 2, low: 1 });
    assert.deepEqual(answer.last_seen.map((row) => [row.key, row.count]),
        [['hour', 1], ['day', 1], ['week', 1], ['older', 1]]); // one clock is ahead
});

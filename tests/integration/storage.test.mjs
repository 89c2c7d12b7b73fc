// What stored telemetry becomes with time: merged, kept as long as agreed, copied where something relies on it.

import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { test } from 'node:test';
import { answered, refused, until } from './harness.mjs';
import { events, sameEvents, send, startIngestHouse, storedEvents } from './ingest_house.mjs';

const START = '2026-11-10T09:00:00Z';
const house = await startIngestHouse({ clock: START });
const [key, theirs, brief] = await Promise.all([house.key(house.aoba), house.key(house.kuro), house.key(house.aoba)]);

// Runs the job now and waits until it has ended and its successor waits.
async function runJob(kind) {
    const due = async () => (await house.sql(
        "UPDATE job SET run_at = $2 WHERE kind = $1 AND state = 'ready' RETURNING id",
        [kind, house.clock.now]))[0]?.id;
    const id = await until(due, `${kind} is ready`);
    await house.sql("SELECT pg_notify('yagura_jobs', '')");
    const ran = async () => (await house.sql("SELECT FROM job WHERE id = $1 AND state <> 'ready'", [id])).length === 1;
    await until(ran, `${kind} has run`, 60_000);
}

// Time passes, and the administrator stays signed in.
async function later(span) {
    house.clock.advance(span);
    await house.sql(`UPDATE session SET last_seen_at = $1::timestamptz,
        expires_at = $1::timestamptz + interval '1 day'`, [house.clock.now]);
}

const days = async (table) => (await house.sql(`SELECT right(c.relname, 8) AS day FROM pg_inherits i
    JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = $1::regclass ORDER BY 1`, [table])).map(({ day }) => day);

test('a clock that stands on a day nobody made: the first batch makes it', async () => {
    const sent = events(4);
    assert.equal(answered(await send(house, key, sent)).accepted, 4);
    assert.ok((await days('segment')).includes('20261110'));
});

test('days are made ahead', async () => {
    await runJob('storage_upkeep');
    const made = await days('segment');
    for (const day of ['20261111', '20261112', '20261113']) assert.ok(made.includes(day), day);
});

test('small segments are merged, and every event keeps its name', async () => {
    const batches = [];
    for (let i = 0; i < 30; i++) {
        const sent = events(3 + (i % 4));
        batches.push({ sent, id: answered(await send(house, brief, sent)).batch_id });
    }
    await later({ minutes: 20 });
    const count = async () => (await house.sql('SELECT id FROM segment WHERE tenant_id = $1', [house.aoba])).length;
    const before = await count();
    await runJob('segment_merge');
    await until(async () => await count() < before, 'they are merged');
    assert.equal(await count(), 1);
    for (const { id, sent } of batches) {
        for (const [index, one] of sent.entries()) {
            assert.equal(answered(await house.admin.get(`/events/${id}/${index}`)).event, JSON.stringify(one));
        }
        refused(await house.admin.get(`/events/${id}/${sent.length}`), 404);
    }
    const again = answered(await send(house, brief, batches[7].sent));
    assert.equal(again.repeated, true);
    assert.equal(again.batch_id, batches[7].id);
});

// A detection as it stands in the database, about one stored event.
async function detectionOf(tenant, batch, index, status) {
    const [{ id }] = await house.sql(`INSERT INTO detection (tenant_id, id, rule_id, rule_key, rule_version, title,
        score, batch_id, event_index, first_at, last_at, arrived_at, status, updated_at)
        SELECT b.tenant_id, overlay(b.id::text placing $4 from 25)::uuid, $3, 'test', 1, 'test', 80, b.id, $5, now(),
               now(), now(), $6, now() FROM ingest_batch b WHERE b.tenant_id = $1 AND b.id = $2 RETURNING id`,
    [tenant, batch, crypto.randomUUID(), crypto.randomBytes(6).toString('hex'), index, status]);
    await house.sql(`INSERT INTO detection_occurrence (tenant_id, id, detection_id, batch_id, event_index, at)
        VALUES ($1, $2, $2, $3, $4, now())`, [tenant, id, batch, index]);
    return id;
}

test('what an open detection relies on outlives its day, longer customers keep theirs, the rest goes', async () => {
    const set = answered(await house.admin.put(`/tenants/${house.kuro}/retention`, { raw_days: 30 }));
    assert.deepEqual([set.raw_days, set.detection_days], [30, null]);
    refused(await house.admin.put(`/tenants/${house.kuro}/retention`, { raw_days: 0 }), 422);
    const [mine, longer] = [events(5), events(5)];
    const batch = answered(await send(house, key, mine)).batch_id;
    const kept = answered(await send(house, theirs, longer)).batch_id;
    await detectionOf(house.aoba, batch, 2, 'new');
    await detectionOf(house.aoba, batch, 3, 'resolved');
    for (let day = 0; day < 9; day++) {
        await later({ days: 1 });
        await runJob('storage_upkeep');
    }
    assert.ok((await days('segment')).includes('20261110'), 'rewritten for the one who keeps it');
    refused(await house.admin.get(`/events/${batch}/1`), 404);
    refused(await house.admin.get(`/events/${batch}/3`), 404);
    const copy = answered(await house.admin.get(`/events/${batch}/2`));
    assert.equal(copy.is_evidence, true);
    assert.equal(copy.event, JSON.stringify(mine[2]));
    for (const index of [0, 4]) {
        const stored = answered(await house.admin.get(`/events/${kept}/${index}`));
        assert.equal(stored.is_evidence, false);
        assert.equal(stored.event, JSON.stringify(longer[index]));
    }
    const row = await house.sql(`SELECT relrowsecurity, relforcerowsecurity FROM pg_class
        WHERE relname = 'segment_20261110'`);
    assert.deepEqual(row, [{ relrowsecurity: true, relforcerowsecurity: true }]);
    await later({ days: 31 });
    await runJob('storage_upkeep');
    assert.ok(!(await days('segment')).includes('20261110'));
    assert.ok(!(await days('ingest_batch')).includes('20261110'));
    refused(await house.admin.get(`/events/${kept}/0`), 404);
    assert.equal(answered(await house.admin.get(`/events/${batch}/2`)).is_evidence, true);
});

test('what an incident tells of stays while it is worked on, and for a year after', async () => {
    const batch = answered(await send(house, key, events(3))).batch_id;
    const told = await detectionOf(house.aoba, batch, 0, 'new');
    const alone = await detectionOf(house.aoba, batch, 1, 'new');
    const [{ id: incident }] = await house.sql(`INSERT INTO incident (tenant_id, id, number, title, title_ja, score,
            first_at, last_at, opened_at, gather_by, window_minutes, updated_at)
        VALUES ($1, gen_random_uuid(), 1, 'a', 'a', 80, $2, $2, $2, '{}', 60, $2) RETURNING id`,
    [house.aoba, house.clock.now]);
    await house.sql('UPDATE detection SET incident_id = $2 WHERE id = $1', [told, incident]);
    const left = async () => (await house.sql(`SELECT id, (SELECT count(*)::int FROM detection_occurrence o
        WHERE o.detection_id = d.id) AS seen FROM detection d WHERE id IN ($1, $2)`, [told, alone]));
    const pass = async (span) => {
        await later(span);
        await runJob('storage_upkeep');
    };
    await pass({ days: 60 });
    assert.deepEqual(await left(), [{ id: told, seen: 1 }]);
    await house.sql("UPDATE incident SET status = 'closed', closed_at = $2 WHERE id = $1", [incident, house.clock.now]);
    await pass({ days: 300 });
    assert.deepEqual(await left(), [{ id: told, seen: 1 }]);
    await pass({ days: 101 });
    assert.deepEqual(await left(), []);
});

test('a customer who keeps less loses it sooner, and nobody else does', async () => {
    answered(await house.admin.put(`/tenants/${house.aoba}/retention`, { raw_days: 2 }));
    answered(await house.admin.put(`/tenants/${house.kuro}/retention`, {}));
    const [mine, other] = [events(2), events(2)];
    const batch = answered(await send(house, key, mine)).batch_id;
    answered(await send(house, theirs, other));
    await later({ days: 3 });
    await runJob('storage_upkeep');
    refused(await house.admin.get(`/events/${batch}/0`), 404);
    sameEvents((await storedEvents(house, house.kuro)).slice(-2), other);
});

// Recorded attacks through the whole house, from a sender's batches to detections that people see, beside what the
// engine alone says of the same events. The recordings and rules are not part of the repository: without them, skipped.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { data, recordings, writeRecordings } from '../bench/recordings.mjs';
import { answered, temporary, until } from './harness.mjs';
import { send, startDetectionHouse } from './detection_house.mjs';
import { binary } from './postgres.mjs';

const rules = path.join(data, 'sigmahq/rules');
const skip = fs.existsSync(recordings) && fs.existsSync(rules) ? false
    : 'no recorded attacks and rules in ../shared/data, nor where YAGURA_DATA points';
const AT_ONCE = 4000;

// [rule, events that it matches], as the engine says on its own
function evaluated(file) {
    const told = execFileSync(binary, ['rules', 'eval', '--rules', rules, '--events', file],
        { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] });
    const counts = new Map();
    for (const line of told.split('\n').filter(Boolean)) {
        const { rule } = JSON.parse(line);
        counts.set(rule, (counts.get(rule) ?? 0) + 1);
    }
    return counts;
}

test('recorded attacks become the detections that the rules demand, each occurrence counted', { skip }, async () => {
    const house = await startDetectionHouse({ env: { YAGURA_INGEST_EVENTS_PER_SECOND: '1000000' } });
    const imported = await house.yagura(['rules', 'import', rules]);
    assert.equal(imported.status, 0, imported.stderr);
    await house.rulesAsked();
    const file = path.join(temporary('recordings'), 'all.ndjson');
    writeRecordings(file);
    const lines = fs.readFileSync(file, 'utf8').split('\n').filter((line) => line.startsWith('{'));
    fs.writeFileSync(file, `${lines.join('\n')}\n`);
    for (let at = 0; at < lines.length; at += AT_ONCE) {
        const batch = lines.slice(at, at + AT_ONCE);
        const { accepted } = answered(await send(house, house.keys.aoba, `${batch.join('\n')}\n`, { coding: 'zstd' }));
        assert.equal(accepted, batch.length);
    }
    const wanted = evaluated(file);
    assert.ok(wanted.size > 100, `${wanted.size} rules match`);
    const found = await house.sql(
        'SELECT rule_key, sum(occurrences)::int AS occurrences FROM detection WHERE tenant_id = $1 GROUP BY 1',
        [house.aoba]);
    const counts = new Map(found.map((row) => [row.rule_key, row.occurrences]));
    const other = [...wanted].filter(([rule, count]) => counts.get(rule) !== count)
        .map(([rule, count]) => `${rule}: ${counts.get(rule) ?? 0} of ${count}`);
    assert.deepEqual(other, []);
    const [{ n }] = await house.sql('SELECT sum(events)::int AS n FROM segment WHERE tenant_id = $1', [house.aoba]);
    assert.equal(n, lines.length);

    // What people see of it: a detection with its event as it arrived, and incidents that gather them.
    const { items } = answered(await house.admin.get('/detections?limit=1&sort=-score'));
    const whole = answered(await house.admin.get(`/detections/${items[0].id}`));
    assert.ok(lines.includes(whole.event));
    await until(async () => (await house.sql('SELECT FROM incident LIMIT 1')).length > 0, 'an incident is opened');
});

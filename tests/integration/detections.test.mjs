// From an event to a detection, and what becomes of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, refused, until } from './harness.mjs';
import { event, send, sigma, startDetectionHouse } from './detection_house.mjs';
import { makePerson, signIn } from './http_people.mjs';

const house = await startDetectionHouse();
const { admin } = house;
const reader = await signIn(house, await makePerson(house, house.aoba, 'customer_reader'));
const stranger = await signIn(house, await makePerson(house, house.kuro, 'customer_administrator'));
const rule = await house.writeRule(sigma({}));
await house.rulesAsked();

let first;

test('an event that a rule matches is a detection at once, and says all it knows', async () => {
    const sent = [event({ command: 'cmd.exe /c whoami /all' }), event({ command: 'cmd.exe /c dir' })];
    await house.tell('aoba', sent);
    const found = await house.found();
    assert.equal(found.length, 1);
    first = answered(await admin.get(`/detections/${found[0].id}`));
    assert.equal(first.rule_id, rule.id);
    assert.equal(first.score, 75);
    assert.deepEqual(first.techniques, ['T1033']);
    assert.deepEqual(first.tactics, ['discovery']);
    assert.equal(first.computer_name, 'PC-01');
    assert.ok(first.computer_id);
    assert.equal(first.user_name, 'AOBA\\taro');
    assert.equal(first.process_name, 'cmd.exe');
    assert.equal(first.command_line, 'cmd.exe /c whoami /all');
    assert.equal(first.status, 'new');
    assert.deepEqual(first.matched, [{ field: 'CommandLine', value: 'cmd.exe /c whoami /all' }]);
    assert.equal(first.event, JSON.stringify(sent[0]));
    assert.equal(first.occurrences, 1);
    assert.equal(answered(await admin.get(`/events/${first.batch_id}/${first.event_index}`)).event, first.event);
});

test('the same thing again is one more occurrence; another command line is another detection', async () => {
    await house.tell('aoba', Array.from({ length: 5 }, () => event({ command: 'cmd.exe /c whoami /all' })));
    await house.tell('aoba', [event({ command: 'cmd.exe /c whoami /groups' })]);
    const again = answered(await admin.get(`/detections/${first.id}`));
    assert.equal(again.occurrences, 6);
    assert.equal((await house.found()).length, 2);
    const where = answered(await admin.get(`/detections/${first.id}/occurrences`)).items;
    assert.equal(where.length, 6);
    assert.equal(new Set(where.map((one) => `${one.batch_id}/${one.event_index}`)).size, 6);
});

test('of a thing that goes on and on every occurrence is counted, and a thousand places are kept', async () => {
    await house.tell('aoba', Array.from({ length: 1200 }, () => event({ command: 'cmd.exe /c whoami /fqdn' })));
    await house.tell('aoba', Array.from({ length: 300 }, () => event({ command: 'cmd.exe /c whoami /fqdn' })));
    const [one] = await house.found('q=fqdn');
    assert.equal(one.occurrences, 1500);
    const [{ count }] = await house.sql('SELECT count(*)::int FROM detection_occurrence WHERE detection_id = $1',
        [one.id]);
    assert.equal(count, 1000);
});

test('the explanation says which part of the condition holds, and why', async () => {
    const why = answered(await admin.get(`/detections/${first.id}/explanation`));
    assert.equal(why.matches, true);
    const tests = [];
    const walk = (part) => (part.kind === 'test' ? tests.push(part) : part.parts.forEach(walk));
    walk(why.tree);
    assert.deepEqual(tests.map(({ field, holds, value }) => [field, holds, value]),
        [['CommandLine', true, 'cmd.exe /c whoami /all']]);
});

test('it is explained with the text that found it, also after the rule has another one', async () => {
    const now = await admin.get(`/rules/${rule.id}`);
    answered(await admin.put(`/rules/${rule.id}`, { body: sigma({ id: rule.key,
        detection: { selection: { 'CommandLine|contains|all': ['whoami', '/groups'] }, condition: 'selection' } }) },
    { headers: { 'if-match': now.etag } }));
    assert.equal(answered(await admin.get(`/detections/${first.id}/explanation`)).matches, true);
    await house.rulesAsked();
    await house.tell('aoba', [event({ command: 'cmd.exe /c whoami /upn' })]);
    assert.deepEqual(await house.found('q=upn'), [], 'the new text is asked');
    const versions = answered(await admin.get(`/rules/${rule.id}/versions`)).items;
    assert.deepEqual(versions.map((one) => one.version), [2, 1]);
});

test('the customer reads its own, and nobody else does', async () => {
    assert.equal(answered(await reader.get(`/detections/${first.id}`)).can.length, 0);
    assert.deepEqual(await house.found('', stranger), []);
    refused(await stranger.get(`/detections/${first.id}`), 404);
    refused(await stranger.get(`/detections/${first.id}/explanation`), 404);
    refused(await reader.post(`/detections/${first.id}/take`, {}), 403);
});

test('it is taken, resolved with verdict and reason, and opened again; the log has it all', async () => {
    assert.equal(answered(await admin.post(`/detections/${first.id}/take`, {})).status, 'in_progress');
    const missing = refused(await admin.post(`/detections/${first.id}/resolve`, {}), 422);
    assert.deepEqual(missing.errors.map((error) => error.pointer).sort(), ['/reason', '/verdict']);
    const done = answered(await admin.post(`/detections/${first.id}/resolve`,
        { verdict: 'expected', reason: 'The administrator looks' }));
    assert.equal(done.status, 'resolved');
    assert.deepEqual(done.can, ['reopen']);
    refused(await admin.post(`/detections/${first.id}/resolve`, { verdict: 'test', reason: 'x' }), 409,
        'detection-cannot');
    assert.equal(answered(await admin.post(`/detections/${first.id}/reopen`, { reason: 'Not he' })).verdict, null);
    const log = answered(await admin.get(`/audit?object_id=${first.id}`)).items.map((row) => row.action).sort();
    assert.deepEqual(log, ['detection.reopened', 'detection.resolved', 'detection.taken']);
});

test('what is resolved gathers nothing more: the same again is a new detection', async () => {
    const command = 'cmd.exe /c whoami /groups /again';
    await house.tell('aoba', [event({ command })]);
    const [one] = await house.found('q=again');
    answered(await admin.post(`/detections/${one.id}/resolve`, { verdict: 'false_positive', reason: 'Script' }));
    await house.tell('aoba', [event({ command })]);
    const now = await house.found('q=again');
    assert.deepEqual(now.map((row) => [row.status, row.occurrences]).sort(), [['new', 1], ['resolved', 1]]);
});

test('a day later the same thing begins anew', async () => {
    const command = 'cmd.exe /c whoami /groups /tomorrow';
    await house.tell('aoba', [event({ command })]);
    await house.sql(`UPDATE detection_group SET first_at = first_at - interval '25 hours'`);
    await house.tell('aoba', [event({ command })]);
    assert.equal((await house.found('q=tomorrow')).length, 2);
});

test('many at once: tried first, then done, each for itself', async () => {
    const ids = (await house.found('status=new')).map((row) => row.id);
    const ask = { action: 'resolve', ids: [...ids, first.rule_id], verdict: 'test', reason: 'Exercise' };
    const tried = answered(await admin.post('/detections/bulk', { ...ask, dry_run: true }));
    assert.deepEqual([tried.succeeded, tried.failed], [ids.length, 1]);
    assert.equal((await house.found('status=new')).length, ids.length, 'nothing has changed');
    assert.equal(answered(await admin.post('/detections/bulk', ask)).succeeded, ids.length);
    assert.deepEqual(await house.found('status=new'), []);
});

test('a computer tells how many are open on it and how bad the worst is', async () => {
    const stands = async () => (await house.sql(
        `SELECT open_detections, worst_score FROM computer WHERE tenant_id = $1 AND name_key = 'pc-07'`,
        [house.aoba]))[0];
    await house.tell('aoba', [event({ host: 'PC-07', command: 'whoami /groups' })]);
    await until(async () => (await stands()).open_detections === 1, 'the open one is counted', 60_000);
    assert.equal((await stands()).worst_score, 75);
    const [one] = await house.found('computer_name=PC-07');
    answered(await admin.post(`/detections/${one.id}/resolve`, { verdict: 'test', reason: 'x' }));
    await until(async () => (await stands()).open_detections === 0, 'and no longer', 60_000);
    assert.equal((await stands()).worst_score, null);
});

test('batches at the same time that tell of the same things, with people in between, all end', async () => {
    const commands = Array.from({ length: 20 }, (_, i) => `whoami /groups /race-${i}`);
    const batches = Array.from({ length: 12 }, (_, n) => {
        const order = n % 2 ? commands : [...commands].reverse();
        return order.map((command) => event({ host: `PC-${n % 3}`, command }));
    });
    let over = false;
    const people = (async () => {
        let done = 0;
        while (!over) {
            const rows = (await house.found('q=race&limit=20')).map((row) => row.id).reverse();
            if (rows.length) done += (await admin.post('/detections/bulk', { action: 'take',
                ids: rows })).status === 200;
        }
        return done;
    })();
    // As many at once as one customer may send.
    const keys = await Promise.all([0, 1, 2, 3, 4, 5].map(() => house.key(house.aoba)));
    await Promise.all(keys.map(async (key, lane) => {
        for (let n = lane; n < batches.length; n += keys.length) answered(await send(house, key, batches[n]));
    }));
    over = true;
    await people;
    const [{ sum }] = await house.sql(
        `SELECT sum(occurrences)::int FROM detection WHERE command_line LIKE '%race-%'`);
    assert.equal(sum, 12 * 20);
    assert.deepEqual(house.log('db.refused').filter((line) => JSON.stringify(line).includes('40P01')), [],
        'no deadlock');
});

test('heaps: by rule and by computer', async () => {
    const since = new Date(Date.now() - 86400e3).toISOString();
    const byRule = answered(await admin.get(`/detection-heaps?by=rule&since=${since}`)).items;
    assert.deepEqual(byRule.map((row) => row.id), [rule.id]);
    assert.ok(byRule[0].computers >= 3);
    const byComputer = answered(await admin.get(`/detection-heaps?by=computer&since=${since}&sort=-detections`)).items;
    assert.ok(byComputer.length >= 3);
});

test('the same elsewhere is counted here, and at others for those who may see them', async () => {
    await house.tell('kuro', [event({ host: 'K-1', command: 'whoami /groups' })]);
    const [one] = await house.found(`tenant_id=${house.kuro}`);
    assert.equal(answered(await admin.get(`/detections/${one.id}/elsewhere`)).rule_tenants, 2);
    assert.equal(answered(await stranger.get(`/detections/${one.id}/elsewhere`)).rule_tenants, 1);
    refused(await stranger.get(`/detections/${first.id}/elsewhere`), 404);

    await house.sql('UPDATE detection SET sha256 = $1 WHERE id = ANY ($2::uuid[])',
        ['e1'.repeat(32), [first.id, one.id]]);
    const rows = await house.sql(`SELECT tenant_id, computer_id, command_line, verdict FROM detection
        WHERE rule_id = $1`, [rule.id]);
    const here = rows.filter((row) => row.tenant_id === first.tenant_id);
    const same = here.filter((row) => row.command_line === first.command_line);
    const computers = (list) => new Set(list.map((row) => row.computer_id)).size;
    assert.ok(same.length > 0 && same.length < here.length && computers(here) > computers(same));
    assert.deepEqual(answered(await admin.get(`/detections/${first.id}/elsewhere`)), {
        rule_here: here.length, rule_computers_here: computers(here), rule_tenants: 2, file_here: 1, file_tenants: 2,
        command_here: same.length, command_computers_here: computers(same),
        true_positives: rows.filter((row) => row.verdict === 'true_positive').length,
        false_positives: rows.filter((row) => ['false_positive', 'expected'].includes(row.verdict)).length });
});

test('what was found and what is asked outlive a restart', async () => {
    const before = (await house.found('limit=200')).length;
    await house.restart();
    assert.equal((await house.found('limit=200')).length, before);
    await house.tell('aoba', [event({ command: 'whoami /groups /after' })]);
    assert.equal((await house.found('q=after')).length, 1);
});

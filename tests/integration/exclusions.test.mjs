// Exclusions: proposed from a detection, tried on what is stored, decided about, counted, ended.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, refused, until } from './harness.mjs';
import { event, sigma, startDetectionHouse } from './detection_house.mjs';
import { makePerson, signIn } from './http_people.mjs';

const house = await startDetectionHouse();
const { admin } = house;
const customer = await signIn(house, await makePerson(house, house.aoba, 'customer_administrator'));
const reader = await signIn(house, await makePerson(house, house.aoba, 'customer_reader'));
const stranger = await signIn(house, await makePerson(house, house.kuro, 'customer_administrator'));
const rule = await house.writeRule(sigma({ level: 'medium' }));
await house.rulesAsked();

const backup = 'C:\\Tools\\backup*?.exe "D:\\data" \'whoami\' 100% \\\\server\\share';
await house.tell('aoba', [
    event({ host: 'PC-1', command: backup }), event({ host: 'PC-1', command: 'cmd /c whoami /evil' }),
    event({ host: 'PC-2', command: backup }),
]);
const [mine] = (await house.found(`q=backup&computer_name=PC-1`));
const [evil] = await house.found('q=evil');
let proposal;
let made;

const asked = (over = {}) => ({ tenant_id: house.aoba, rule_id: rule.id, title: 'The backup',
    reason: 'It asks who it is',
    scope: 'computer', scope_id: proposal.computer_id, from_detection_id: mine.id,
    conditions: proposal.conditions, ...over });

test('a proposal begins with the narrowest, and every condition holds of the event', async () => {
    proposal = answered(await admin.get(`/detections/${mine.id}/exclusion-proposal`));
    assert.deepEqual(proposal.steps.map((step) => [step.name, step.scope]),
        [['exact', 'computer'], ['process', 'all'], ['file', 'all']]);
    assert.deepEqual(proposal.conditions.filter((one) => one.enabled).map((one) => one.field).sort(),
        ['CommandLine', 'Image', 'User']);
    assert.equal(proposal.conditions.find((one) => one.field === 'CommandLine').value, backup);
});

test('replay shows what it would have hidden, narrower and wider', async () => {
    const narrow = answered(await admin.post('/exclusions/replay', { tenant_id: house.aoba, rule_id: rule.id,
        scope: 'computer', scope_id: proposal.computer_id, conditions: proposal.conditions }));
    assert.deepEqual([narrow.examined, narrow.hidden, narrow.true_positives], [2, 1, 0]);
    assert.equal(narrow.samples[0].id, mine.id);
    const wide = answered(await admin.post('/exclusions/replay', { tenant_id: house.aoba, rule_id: rule.id,
        scope: 'all',
        conditions: proposal.conditions.map((one) => ({ ...one, enabled: one.field === 'Image' })) }));
    assert.deepEqual([wide.examined, wide.hidden], [3, 3]);
});

test('replay tells of the stored events, too, and how many were looked at', async () => {
    const about = { tenant_id: house.aoba, rule_id: rule.id, scope: 'all',
        conditions: proposal.conditions.map((one) => ({ ...one, enabled: one.field === 'Image' })) };
    // The rule does not match this one, so there is nothing of it to hide.
    await house.tell('aoba', [event({ host: 'PC-1', command: 'cmd /c dir' })]);
    const told = answered(await admin.post('/exclusions/replay', about));
    assert.deepEqual([told.events_stored, told.events_looked, told.events_bounded], [4, 4, false]);
    assert.deepEqual([told.events_hidden, told.event_computers, told.event_true_positives], [3, 2, 0]);
    assert.ok(told.events_read > 0 && told.bytes_read > 0);
    assert.deepEqual(told.event_samples.map((one) => one.summary).sort(),
        [backup, backup, 'cmd /c whoami /evil'].sort());
    const [first] = told.event_samples;
    const raw = answered(await admin.get(`/events/${first.batch_id}/${first.event_index}`));
    assert.equal(JSON.parse(raw.event).CommandLine, first.summary);
    const here = answered(await admin.post('/exclusions/replay', { ...about, scope: 'computer',
        scope_id: proposal.computer_id }));
    assert.deepEqual([here.events_hidden, here.event_computers], [2, 1]);
    // Of any rule: all that are active are asked.
    const any = answered(await admin.post('/exclusions/replay', { ...about, rule_id: undefined }));
    assert.equal(any.events_hidden, 3);
    // A word that no stored block holds: nothing is unpacked, and all was looked at.
    const none = answered(await admin.post('/exclusions/replay', { ...about, conditions: [{ field: 'Image',
        operator: 'equals', value: 'C:\\never\\installed.exe', enabled: true }] }));
    assert.deepEqual([none.events_hidden, none.events_looked, none.events_read], [0, 4, 0]);
    const foreign = await house.sql('SELECT id FROM computer WHERE tenant_id = $1', [house.kuro]);
    assert.deepEqual(foreign, []);
    refused(await admin.post('/exclusions/replay', { ...about, scope: 'group',
        scope_id: '00000000-0000-7000-8000-0000000000ff' }), 422);
});

test('an event of a true positive is found where its detection gathered several', async () => {
    // One detection, two events; it keeps the first. The exclusion holds of the second alone.
    const twice = [event({ host: 'PC-7', command: 'cmd /c whoami /seven', ParentCommandLine: 'first' }),
        event({ host: 'PC-7', command: 'cmd /c whoami /seven', ParentCommandLine: 'second.bat' })];
    await house.tell('aoba', twice);
    const [seven] = await house.found('q=seven');
    assert.equal(seven.occurrences, 2);
    answered(await admin.post(`/detections/${seven.id}/resolve`, { verdict: 'true_positive', reason: 'An attack' }));
    const about = { tenant_id: house.aoba, rule_id: rule.id, scope: 'all',
        conditions: [{ field: 'ParentCommandLine', operator: 'contains', value: 'second', enabled: true }] };
    const told = answered(await admin.post('/exclusions/replay', about));
    assert.deepEqual([told.hidden, told.true_positives], [0, 0], 'the detection alone would not tell');
    assert.deepEqual([told.events_hidden, told.event_true_positives], [1, 1]);
    assert.deepEqual([told.event_samples[0].is_true, told.event_samples[0].detection_id], [true, seven.id]);
    refused(await admin.post('/exclusions', { ...about, title: 'x', reason: 'x' }), 409, 'exclusion-hides-true');
});

test('what would hide a true positive is refused until somebody says why', async () => {
    answered(await admin.post(`/detections/${evil.id}/resolve`, { verdict: 'true_positive', reason: 'An attack' }));
    const wide = asked({ scope: 'all', scope_id: null,
        conditions: proposal.conditions.map((one) => ({ ...one, enabled: one.field === 'Image' })) });
    delete wide.scope_id;
    refused(await admin.post('/exclusions', wide), 409, 'exclusion-hides-true');
    const told = answered(await admin.post('/exclusions/replay', { tenant_id: house.aoba, rule_id: rule.id,
        scope: 'all',
        conditions: wide.conditions }));
    assert.deepEqual([told.true_positives, told.samples[0].verdict], [2, 'true_positive']);
    const draft = answered(await admin.post('/exclusions', { ...wide, acknowledgement: 'That machine is gone' }), 201);
    assert.equal((await admin.delete(`/exclusions/${draft.id}`)).status, 204);
});

test('a draft is the service\'s own; put to the customer they see it and decide', async () => {
    made = answered(await admin.post('/exclusions', asked()), 201);
    assert.equal(made.state, 'draft');
    refused(await customer.get(`/exclusions/${made.id}`), 404);
    answered(await admin.post(`/exclusions/${made.id}/submit`, {}));
    assert.ok(answered(await customer.get('/me/notices')).items.some((one) => one.kind === 'exclusion_waiting'
        && one.path === `/exclusions/${made.id}`));
    assert.deepEqual(answered(await customer.get(`/exclusions/${made.id}`)).can, ['activate', 'reject']);
    refused(await stranger.post(`/exclusions/${made.id}/activate`, {}), 404);
    refused(await reader.post(`/exclusions/${made.id}/activate`, {}), 403);
    refused(await customer.post(`/exclusions/${made.id}/end`, { reason: 'x' }), 403);
    const now = answered(await customer.post(`/exclusions/${made.id}/activate`, { reason: 'Yes, ours' }));
    assert.deepEqual([now.state, now.decision], ['active', 'Yes, ours']);
    refused(await customer.post(`/exclusions/${made.id}/reject`, { reason: 'No' }), 403);
});

test('what it covers is no detection but counted; elsewhere, on another computer or command, it is one', async () => {
    await house.rulesAsked();
    const before = answered(await admin.get(`/detections/${mine.id}`)).occurrences;
    await house.tell('aoba', [event({ host: 'PC-1', command: backup }), event({ host: 'pc-1.aoba.example',
        command: backup })]);
    assert.equal(answered(await admin.get(`/detections/${mine.id}`)).occurrences, before);
    await house.tell('aoba', [event({ host: 'PC-2', command: backup }), event({ host: 'PC-1',
        command: `${backup} x` })]);
    await house.tell('kuro', [event({ host: 'PC-1', command: backup })]);
    assert.equal((await house.found('q=backup')).length, 4);
    await until(async () => answered(await admin.get(`/exclusions/${made.id}`)).hits === 2, 'its hits are counted',
        60_000);
    const now = answered(await admin.get(`/exclusions/${made.id}`));
    assert.ok(now.last_hit_at);
    assert.equal(answered(await admin.get(`/rules/${rule.id}`)).hidden, 2);
});

test('one holds for a group, also of those who come into it or leave it later', async () => {
    const command = 'cmd /c whoami /group';
    await house.tell('aoba', [event({ host: 'G-1', command: 'x' }), event({ host: 'G-2', command: 'x' })]);
    const [{ id: one }] = answered(await admin.get('/computers?name=G-1')).items;
    const [{ id: two }] = answered(await admin.get('/computers?name=G-2')).items;
    const tag = (id, action) => admin.post(`/computers/${id}/act`, { action, tags: ['lab'] });
    answered(await tag(one, 'tag'));
    const lab = answered(await admin.post('/computer-groups', { tenant_id: house.aoba, name: 'Laboratory',
        kind: 'dynamic', conditions: [{ field: 'tag', operator: 'has', values: ['lab'] }] }), 201);
    const foreign = answered(await admin.post('/computer-groups', { tenant_id: house.kuro, name: 'Theirs',
        kind: 'static' }), 201);
    const words = { tenant_id: house.aoba, rule_id: rule.id, title: 'The laboratory', reason: 'They try things',
        scope: 'group', conditions: [{ field: 'CommandLine', operator: 'contains', value: '/group', enabled: true }] };
    refused(await admin.post('/exclusions', { ...words, scope_id: foreign.id }), 422);
    const x = answered(await admin.post('/exclusions', { ...words, scope_id: lab.id }), 201);
    answered(await admin.post(`/exclusions/${x.id}/activate`, {}));
    await house.rulesAsked();
    const seen = async (host) => (await house.found(`q=${encodeURIComponent('/group')}&computer_name=${host}`)).length;
    await house.tell('aoba', [event({ host: 'G-1', command }), event({ host: 'G-2', command })]);
    assert.deepEqual([await seen('G-1'), await seen('G-2')], [0, 1], 'in force at once for who is in it');
    const { title, reason, ...asks } = words;
    const told = answered(await admin.post('/exclusions/replay', { ...asks, scope_id: lab.id }));
    assert.deepEqual([told.events_hidden, told.event_computers], [1, 1]);
    // Who comes and leaves: asked each minute; here the minute is over at once.
    answered(await tag(two, 'tag'));
    answered(await tag(one, 'untag'));
    const generation = async () => Number((await house.sql('SELECT number FROM rule_generation'))[0].number);
    const rounds = async () => (await house.sql(`SELECT count(*)::int AS n FROM job
        WHERE kind = 'exclusion_groups' AND state = 'done'`))[0].n;
    const minute = async () => {
        const before = await rounds();
        await until(async () => {
            await house.sql(`UPDATE job SET run_at = now() WHERE kind = 'exclusion_groups' AND state = 'ready'`);
            return await rounds() > before + 1;
        }, 'the groups are asked', 60_000);
    };
    await minute();
    await house.rulesAsked();
    await house.tell('aoba', [event({ host: 'G-1', command }), event({ host: 'G-2', command })]);
    const [{ occurrences }] = await house.found(`q=${encodeURIComponent('/group')}&computer_name=G-2`);
    assert.deepEqual([await seen('G-1'), occurrences], [1, 1]);
    // Nobody came or left: the rules are not compiled again.
    const before = await generation();
    await minute();
    assert.equal(await generation(), before);
    answered(await admin.post(`/exclusions/${x.id}/end`, { reason: 'Closed' }));
    await minute();
    assert.deepEqual(await house.sql('SELECT 1 FROM computer_group_now'), []);
});

test('one of the provider holds at every customer', async () => {
    const all = answered(await admin.post('/exclusions', { tenant_id: '00000000-0000-7000-8000-000000000001',
        title: 'Our scanner', reason: 'Ours', scope: 'all',
        conditions: [{ field: 'CommandLine', operator: 'ends', value: 'scanner.exe whoami', enabled: true }] }), 201);
    answered(await admin.post(`/exclusions/${all.id}/activate`, {}));
    await house.rulesAsked();
    for (const who of ['aoba', 'kuro']) await house.tell(who, [event({ command: 'C:\\scanner.exe whoami' })]);
    assert.deepEqual(await house.found('q=scanner'), []);
    await until(async () => answered(await admin.get(`/exclusions/${all.id}`)).hits === 2, 'counted for both', 60_000);
    refused(await customer.get(`/exclusions/${all.id}`), 404);
});

test('ended, or past its time, it hides nothing', async () => {
    refused(await admin.post(`/exclusions/${made.id}/end`, {}), 422);
    assert.equal(answered(await admin.post(`/exclusions/${made.id}/end`, { reason: 'No more backups' })).state,
        'ended');
    await house.rulesAsked();
    const before = answered(await admin.get(`/detections/${mine.id}`)).occurrences;
    await house.tell('aoba', [event({ host: 'PC-1', command: backup })]);
    assert.equal(answered(await admin.get(`/detections/${mine.id}`)).occurrences, before + 1);
    const short = answered(await admin.post('/exclusions',
        asked({ expires_at: new Date(Date.now() + 86400e3).toISOString() })), 201);
    answered(await admin.post(`/exclusions/${short.id}/activate`, {}));
    await house.sql(`UPDATE exclusion SET expires_at = now() - interval '1 second' WHERE id = $1`, [short.id]);
    await house.rulesAsked();
    await house.tell('aoba', [event({ host: 'PC-1', command: backup })]);
    assert.equal(answered(await admin.get(`/detections/${mine.id}`)).occurrences, before + 2);
    await house.sql(`UPDATE job SET run_at = now() WHERE kind = 'exclusion_upkeep' AND state = 'ready'`);
    await until(async () => answered(await admin.get(`/exclusions/${short.id}`)).state === 'ended', 'it is ended',
        60_000);
    const log = answered(await admin.get(`/audit?object_id=${short.id}`)).items.map((row) => row.action);
    assert.ok(log.includes('exclusion.expired'));
});

test('advanced: a text in the rule language, Sigma or XML, refused with its line when it is wrong', async () => {
    const body = ['title: By hand', 'logsource:', '    category: process_creation', 'detection:', '    a:',
        '        User|contains: svc-', '    condition: a', ''].join('\n');
    const x = answered(await admin.post('/exclusions', { tenant_id: house.aoba, title: 'By hand',
        reason: 'Service accounts',
        scope: 'all', body }), 201);
    assert.equal(x.body, body);
    const error = refused(await admin.post('/exclusions', { tenant_id: house.aoba, title: 'x', reason: 'x',
        scope: 'all',
        body: body.replace('condition: a', 'condition: b') }), 422).errors[0];
    assert.equal(error.pointer, '/body');
    refused(await admin.post('/exclusions', { tenant_id: house.aoba, title: 'x', reason: 'x', scope: 'all' }), 422);
    refused(await admin.post('/exclusions', { tenant_id: house.aoba, title: 'x', reason: 'x', scope: 'computer',
        body }), 422);
});

test('learning mode proposes what happens again and again, and nothing holds by itself', async () => {
    const quiet = await house.writeRule(sigma({ level: 'low', detection: { a: { 'CommandLine|contains': 'daily' },
        condition: 'a' } }));
    await house.rulesAsked();
    await house.tell('aoba', Array.from({ length: 12 }, (_, i) => event({ host: `L-${i % 3}`, command: 'daily.exe' })));
    await house.tell('aoba', [event({ host: 'L-1', command: 'daily.exe once' })]);
    answered(await admin.put(`/learning/${house.aoba}`,
        { learning_until: new Date(Date.now() + 7 * 86400e3).toISOString() }));
    refused(await admin.put(`/learning/${house.aoba}`,
        { learning_until: new Date(Date.now() + 90 * 86400e3).toISOString() }), 422);
    assert.equal(answered(await admin.post(`/learning/${house.aoba}/propose`, {})).proposals, 1);
    const [learnt] = answered(await admin.get(`/exclusions?rule_id=${quiet.id}`)).items;
    assert.deepEqual([learnt.state, learnt.learned, learnt.scope], ['draft', true, 'all']);
    assert.deepEqual(learnt.conditions.filter((one) => one.enabled).map((one) => one.value).sort(),
        ['C:\\Windows\\System32\\cmd.exe', 'daily.exe']);
    assert.equal(answered(await admin.post(`/learning/${house.aoba}/propose`, {})).proposals, 0, 'once is enough');
    await house.tell('aoba', [event({ host: 'L-0', command: 'daily.exe' })]);
    assert.equal((await house.found('q=daily&computer_name=L-0'))[0].occurrences, 5);
});

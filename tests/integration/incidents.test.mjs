// Detections become stories, and stories are worked on until they are over.

import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { test } from 'node:test';
import { answered, refused, until } from './harness.mjs';
import { makePerson, PROVIDER, signIn } from './http_people.mjs';
import { startIncidentHouse } from './incident_house.mjs';

const house = await startIncidentHouse();
const { engineer, contact, stranger, admin, aoba, kuro } = house;
const sha256 = () => crypto.randomBytes(32).toString('hex');

test('one grave threat is an incident; what shares its computer joins, what does not waits', async () => {
    const grave = await house.detect(aoba, { computer_name: 'PC-01', score: 95, title: 'Credential dumping',
        title_ja: '認証情報のダンプ', tactics: ['credential_access'], techniques: ['T1003'] });
    const near = await house.detect(aoba, { computer_name: 'pc-01.aoba.example', score: 20, minutes: 90 });
    const elsewhere = await house.detect(aoba, { computer_name: 'PC-02', score: 20 });
    const longAgo = await house.detect(aoba, { computer_name: 'PC-01', score: 20, minutes: 60 * 9 });
    await house.gather(aoba);
    const [one, ...more] = await house.incidents(`tenant_id=${aoba}`);
    assert.deepEqual(more, []);
    assert.equal(one.reference, 'AOBA-I1');
    assert.equal(one.title, 'Credential dumping on PC-01');
    assert.equal(one.severity, 'a');
    assert.equal(one.score, 95);
    assert.equal(one.detections, 2);
    assert.equal(one.rule_name, 'One grave threat');
    const tokyo = await signIn(house, await makePerson(house, PROVIDER, 'engineer', { language: 'ja' }));
    assert.equal(answered(await tokyo.get(`/incidents/${one.id}`)).rule_name, '重大な脅威の検知');
    assert.equal(await house.incidentOf(grave), one.id);
    assert.equal(await house.incidentOf(near), one.id);
    assert.equal(await house.incidentOf(elsewhere), null);
    assert.equal(await house.incidentOf(longAgo), null);
});

test('what comes later joins the open incident, and its title stays one of what happened', async () => {
    await house.detect(aoba, { computer_name: 'PC-01', score: 40, tactics: ['execution'] });
    await house.gather(aoba);
    const [one] = await house.incidents(`tenant_id=${aoba}`);
    assert.equal(one.detections, 3);
    assert.deepEqual(one.tactics, ['credential_access', 'execution']);
});

test('the same file on another computer is the same story; a file of the system is not', async () => {
    const hash = sha256();
    const tool = { sha256: hash, process_path: 'C:\\Users\\Public\\mm.exe', process_name: 'mm.exe' };
    const shell = { sha256: sha256(), process_path: 'C:\\Windows\\System32\\cmd.exe', process_name: 'cmd.exe' };
    const first = await house.detect(aoba, { computer_name: 'SRV-1', score: 92, ...tool });
    const second = await house.detect(aoba, { computer_name: 'SRV-2', score: 30, ...tool });
    const third = await house.detect(aoba, { computer_name: 'SRV-1', score: 30, ...shell });
    const fourth = await house.detect(aoba, { computer_name: 'SRV-9', score: 30, ...shell });
    await house.gather(aoba);
    const id = await house.incidentOf(first);
    assert.ok(id);
    assert.equal(await house.incidentOf(second), id);
    assert.equal(await house.incidentOf(third), id);
    assert.equal(await house.incidentOf(fourth), null);
    const objects = answered(await engineer.get(`/incidents/${id}/objects`)).items;
    assert.deepEqual(objects.filter((one) => one.kind === 'computer').map((one) => one.label).sort(),
        ['SRV-1', 'SRV-2']);
});

test('a chain of tactics is an incident without any grave threat', async () => {
    const chain = ['initial_access', 'execution', 'persistence'];
    for (const [i, tactic] of chain.entries()) {
        await house.detect(kuro, { computer_name: 'KU-7', score: 45, tactics: [tactic], minutes: 30 - i });
    }
    await house.gather(kuro);
    const [one] = await house.incidents(`tenant_id=${kuro}`);
    assert.equal(one.rule_name, 'A chain of attack steps');
    assert.equal(one.title, 'Initial access to persistence on KU-7: Something odd');
    assert.equal(one.detections, 3);
});

test('many jobs at once make one incident of one story, and lose nothing', async () => {
    const ids = [];
    for (let round = 0; round < 4; round++) {
        ids.push(...await Promise.all(Array.from({ length: 6 }, (_, i) =>
            house.detect(kuro, { computer_name: 'KU-STORM', score: 90 + i % 3 }))));
        await Promise.all(Array.from({ length: 5 }, () => house.askToGather(kuro)));
    }
    await house.gathered();
    await house.gather(kuro);
    const found = new Set(await Promise.all(ids.map(house.incidentOf)));
    assert.equal(found.size, 1);
    assert.ok(!found.has(null));
    const [storm] = await house.incidents(`id=${[...found][0]}`);
    assert.equal(storm.detections, 24);
});

test('two incidents that turn out to be one are one, unless somebody works on the younger', async () => {
    const [a, b] = [{ computer_name: 'LAT-A' }, { computer_name: 'LAT-B' }];
    const tool = { sha256: sha256(), process_path: 'C:\\ProgramData\\x.exe' };
    const one = await house.detect(aoba, { ...a, score: 91 });
    await house.gather(aoba);
    const two = await house.detect(aoba, { ...b, score: 91 });
    await house.gather(aoba);
    assert.notEqual(await house.incidentOf(one), await house.incidentOf(two));
    await house.detect(aoba, { ...a, ...tool, score: 30 });
    await house.detect(aoba, { ...b, ...tool, score: 30 });
    await house.gather(aoba);
    const survivor = await house.incidentOf(one);
    assert.equal(await house.incidentOf(two), survivor);
    const [ended] = await house.sql(`SELECT * FROM incident WHERE merged_into_id = $1`, [survivor]);
    assert.equal(ended.status, 'closed');

    const c = await house.detect(aoba, { computer_name: 'LAT-C', score: 91 });
    await house.gather(aoba);
    const young = await house.incidentOf(c);
    answered(await engineer.post(`/incidents/${young}/assign`, { assignee_id: house.engineerPerson.id }));
    await house.detect(aoba, { computer_name: 'LAT-C', ...tool, score: 30 });
    await house.gather(aoba);
    assert.equal(await house.incidentOf(c), young);
    const entries = answered(await engineer.get(`/incidents/${young}/entries`)).items;
    assert.ok(entries.some((entry) => entry.kind === 'related'));
});

test('engineers hear of a new incident, and at once of a grave one', async () => {
    const bell = answered(await engineer.get('/me/notices?limit=100')).items;
    assert.ok(bell.some((row) => row.kind === 'incident_urgent' && row.title.includes('AOBA-I1')));
    assert.ok(bell.some((row) => row.kind === 'incident_new' && row.title.includes('KURO-I1')));
});

test('a muted computer makes incidents, and no noise', async () => {
    const computer = await house.computer(aoba, 'QUIET-1');
    answered(await engineer.post(`/computers/${computer}/act`,
        { action: 'mute', until: new Date(Date.now() + 3600_000).toISOString() }));
    const quiet = await house.detect(aoba, { computer_name: 'QUIET-1', computer_id: computer, score: 95 });
    await house.gather(aoba);
    const [incident] = await house.incidents(`id=${await house.incidentOf(quiet)}`);
    const bell = answered(await engineer.get('/me/notices?limit=100')).items;
    assert.ok(!bell.some((row) => row.title.includes(incident.reference)));
});

// ---- what people do ----

let story;

test('an engineer takes it, decides its level, and the customer is told', async () => {
    [story] = await house.incidents(`tenant_id=${aoba}&number=1`);
    answered(await engineer.post(`/incidents/${story.id}/start`, {}));
    refused(await engineer.post(`/incidents/${story.id}/start`, {}), 409);
    const decided = answered(await engineer.post(`/incidents/${story.id}/level`,
        { level: 2, reason: 'Did you run this tool?' }));
    assert.equal(decided.level, 2);
    assert.ok(decided.told_at);
    const bell = answered(await contact.get('/me/notices')).items;
    assert.ok(bell.some((row) => row.kind === 'incident_told' && row.body === 'Did you run this tool?'));
    const low = refused(await engineer.post(`/incidents/${story.id}/level`, { level: 7, reason: 'x' }), 422);
    assert.equal(low.errors[0].pointer, '/level');
});

test('what engineers say among themselves does not exist for the customer', async () => {
    answered(await engineer.post(`/incidents/${story.id}/comments`,
        { body: 'Looks like the red team.', internal: true }), 201);
    const said = answered(await engineer.post(`/incidents/${story.id}/comments`,
        { body: 'Please isolate the computer.', sections: [{ heading: 'tools', body: 'mimikatz' },
            { heading: 'initial_exploitation', body: 'Phishing' }] }), 201);
    assert.deepEqual(said.sections, { initial_exploitation: 'Phishing', tools: 'mimikatz' });
    assert.equal(said.by_staff, true);
    const theirs = JSON.stringify(answered(await contact.get(`/incidents/${story.id}/timeline?limit=200`)));
    assert.ok(theirs.includes('Please isolate the computer.'));
    assert.ok(!theirs.includes('red team'));
    assert.ok(!JSON.stringify(answered(await contact.get(`/incidents/${story.id}/entries`))).includes('red team'));
    assert.ok(!JSON.stringify(answered(await contact.get('/audit?limit=200'))).includes('noted'));
    const answer = answered(await contact.post(`/incidents/${story.id}/comments`, { body: 'We did not.' }), 201);
    assert.equal(answer.by_staff, false);
    refused(await contact.post(`/incidents/${story.id}/comments`, { body: 'x', internal: true }), 422);
    refused(await engineer.post(`/incidents/${story.id}/comments`, { sections: [{ heading: 'nonsense', body: 'x' }] }),
        422);
    refused(await engineer.post(`/incidents/${story.id}/comments`, { body: '  ' }), 422);
});

test('the customer reads and comments, and does not work on it; a stranger sees nothing', async () => {
    const theirs = answered(await contact.get(`/incidents/${story.id}`));
    assert.deepEqual(theirs.can, ['comment']);
    for (const verb of ['start', 'wait', 'tell'])
        refused(await contact.post(`/incidents/${story.id}/${verb}`, {}), 403);
    refused(await contact.post(`/incidents/${story.id}/close`, { verdict: 'test', reason: 'x' }), 403);
    for (const path of ['', '/timeline', '/objects', '/entries', '/graph']) {
        const answer = await stranger.get(`/incidents/${story.id}${path}`);
        if (answer.status === 200) assert.deepEqual(answered(answer).items, [], path);
        else refused(answer, 404);
    }
    refused(await stranger.post(`/incidents/${story.id}/comments`, { body: 'x' }), 404);
});

test('the graph says what started what, and keeps where nodes were moved', async () => {
    const guid = (n) => `{11111111-0000-0000-0000-00000000000${n}}`;
    await house.detect(aoba, { computer_name: 'PC-01', score: 60, user_name: 'AOBA\\taro', process_guid: guid(2),
        process_path: 'C:\\Temp\\a.exe', parent_guid: guid(1), parent_path: 'C:\\Program Files\\winword.exe',
        command_line: 'a.exe -x', sha256: sha256(), addresses: ['203.0.113.9', 'evil.example'] });
    await house.gather(aoba);
    const graph = answered(await engineer.get(`/incidents/${story.id}/graph`));
    const node = (id) => graph.nodes.find((one) => one.id === id);
    assert.equal(node(`process:${guid(2)}`).label, 'a.exe');
    assert.equal(node(`process:${guid(1)}`).label, 'winword.exe');
    const edges = graph.edges.map((one) => `${one.source} ${one.kind} ${one.target}`);
    assert.ok(edges.includes(`process:${guid(1)} started process:${guid(2)}`));
    assert.ok(edges.includes(`user:aoba\\taro as process:${guid(2)}`));
    assert.ok(edges.includes(`process:${guid(2)} reached address:203.0.113.9`));
    assert.ok(edges.includes(`process:${guid(2)} reached domain:evil.example`));
    const layout = { [`process:${guid(2)}`]: [10, 20] };
    assert.equal((await engineer.put(`/incidents/${story.id}/layout`, { layout })).status, 204);
    assert.deepEqual(answered(await contact.get(`/incidents/${story.id}/graph`)).layout, layout);
    refused(await contact.put(`/incidents/${story.id}/layout`, { layout }), 403);
});

test('one click opens the case, with its computers, and both know each other', async () => {
    const opened = answered(await engineer.post(`/incidents/${story.id}/case`, {}));
    assert.match(opened.ticket_reference, /^AOBA-\d+$/);
    const ticket = answered(await engineer.get(`/tickets/${opened.ticket_id}`));
    assert.equal(ticket.severity, 'a');
    assert.deepEqual([ticket.incident_id, ticket.incident], [story.id, story.reference]);
    const theirs = answered(await contact.get(`/tickets/${opened.ticket_id}`));
    assert.equal(theirs.incident_id, story.id);
    const clerk = await signIn(house, await makePerson(house, aoba, 'customer_reader'));
    await house.sql(`UPDATE permission_set SET grants = '{tickets:read}' WHERE tenant_id = $1
        AND key = 'customer_reader'`, [aoba]);
    refused(await clerk.get(`/incidents/${story.id}`), 403);
    const plain = answered(await clerk.get(`/tickets/${opened.ticket_id}`));
    assert.deepEqual([plain.incident_id, plain.incident], [null, null]);
    assert.ok(ticket.description.includes('AOBA-I1'));
    const work = answered(await engineer.get(`/tickets/${opened.ticket_id}/work`));
    assert.deepEqual(work.computers.map((one) => one.name), ['PC-01']);
    assert.equal((await house.incidents(`ticket_id=${opened.ticket_id}`)).length, 1);
    refused(await engineer.post(`/incidents/${story.id}/case`, {}), 409);
});

test('splitting and merging move detections, and both sides say so', async () => {
    const own = answered(await admin.get(`/detections?incident_id=${story.id}&limit=100`)).items;
    const before = own.length;
    const parted = answered(await engineer.post(`/incidents/${story.id}/split`,
        { detection_ids: [own[0].id], title: 'Another matter' }));
    assert.equal(parted.title, 'Another matter');
    assert.equal(parted.detections, 1);
    assert.equal(answered(await engineer.get(`/incidents/${story.id}`)).detections, before - 1);
    refused(await engineer.post(`/incidents/${story.id}/split`, { detection_ids: [crypto.randomUUID()] }), 422);
    const merged = answered(await engineer.post(`/incidents/${parted.id}/merge`,
        { into: 'AOBA-I1', reason: 'The same' }));
    assert.equal(merged.id, story.id);
    assert.equal(merged.detections, before);
    const ended = answered(await engineer.get(`/incidents/${parted.id}`));
    assert.equal(ended.merged_into, 'AOBA-I1');
    refused(await engineer.post(`/incidents/${parted.id}/reopen`, {}), 409);
    refused(await engineer.post(`/incidents/${story.id}/merge`, { into: 'AOBA-I1' }), 422);
    refused(await engineer.post(`/incidents/${story.id}/merge`, { into: 'KURO-I1' }), 422);
});

test('closing resolves its detections if asked; what comes then begins anew', async () => {
    refused(await engineer.post(`/incidents/${story.id}/close`, { verdict: 'test' }), 422);
    const closed = answered(await engineer.post(`/incidents/${story.id}/close`,
        { verdict: 'true_positive', reason: 'Cleaned', resolve_detections: true }));
    assert.equal(closed.status, 'closed');
    assert.equal(closed.open_detections, 0);
    const [{ count }] = await house.sql(`SELECT count(*)::int FROM detection WHERE incident_id = $1
        AND (status <> 'resolved' OR verdict <> 'true_positive' OR reason <> 'Cleaned')`, [story.id]);
    assert.equal(count, 0);
    const again = await house.detect(aoba, { computer_name: 'PC-01', score: 95 });
    await house.gather(aoba);
    assert.notEqual(await house.incidentOf(again), story.id);
    const reopened = answered(await engineer.post(`/incidents/${story.id}/reopen`, { reason: 'It is back' }));
    assert.equal(reopened.status, 'in_progress');
    const log = answered(await admin.get(`/audit?object_id=${story.id}&limit=100`)).items.map((row) => row.action);
    for (const action of ['incident.opened', 'incident.start', 'incident.level-decided', 'incident.case-opened',
        'incident.closed', 'incident.reopened']) assert.ok(log.includes(action), action);
});

test('rules are rows: a customer\'s own of the same name stands in for the provider\'s', async () => {
    const words = { name_ja: '重大', min_score: 99, gather_by: ['computer'], window_minutes: 60, severity: 'c',
        enabled: true, position: 1 };
    refused(await contact.post('/incident-rules', { ...words, tenant_id: aoba, name: 'x' }), 403);
    const { min_score: _, ...nothing } = words;
    refused(await admin.post('/incident-rules', { ...nothing, tenant_id: kuro, name: 'Everything' }), 422);
    const own = answered(await admin.post('/incident-rules', { ...words, tenant_id: kuro, name: 'One grave threat' }),
        201);
    const grave = await house.detect(kuro, { computer_name: 'KU-RULE', score: 95 });
    await house.gather(kuro);
    assert.equal(await house.incidentOf(grave), null);
    assert.equal((await admin.delete(`/incident-rules/${own.id}`)).status, 204);
    await house.gather(kuro);
    assert.ok(await house.incidentOf(grave), 'it had waited');
});

test('what a level means is said for everybody or for one customer, and taken back', async () => {
    const own = { tenant_id: kuro, level: 1, meaning_en: 'Call us', meaning_ja: '電話', by_mail: true, by_phone: false };
    refused(await contact.post('/incident-levels', { ...own, tenant_id: aoba }), 403);
    refused(await admin.post('/incident-levels', { ...own, level: 5 }), 422);
    const made = answered(await admin.post('/incident-levels', own));
    assert.deepEqual(made.can, ['update', 'delete']);
    const seen = (client) => client.get('/incident-levels?level=1').then((one) =>
        answered(one).items.map((row) => row.meaning_en).sort());
    assert.deepEqual(await seen(stranger), ['Call us', 'Needs watching before it can be judged.']);
    assert.deepEqual(await seen(contact), ['Needs watching before it can be judged.']);
    const [shared] = answered(await admin.get(`/incident-levels?level=1&tenant_id=${PROVIDER}`)).items;
    assert.deepEqual(shared.can, ['update']);
    refused(await admin.delete(`/incident-levels/${shared.id}`), 409);
    refused(await stranger.delete(`/incident-levels/${made.id}`), 403);
    assert.equal((await admin.delete(`/incident-levels/${made.id}`)).status, 204);
    assert.deepEqual(await seen(stranger), ['Needs watching before it can be judged.']);
    const log = answered(await admin.get(`/audit?object_id=${made.id}`)).items.map((row) => row.action);
    assert.deepEqual(log.sort(), ['incident_level.deleted', 'incident_level.updated']);
});

test('an incident opened by hand begins with chosen detections, and gathers on', async () => {
    const chosen = await house.detect(aoba, { computer_name: 'HAND-1', score: 10 });
    const made = answered(await engineer.post('/incidents', { tenant_id: aoba, title: 'A hunter\'s find', severity: 'b',
        detection_ids: [chosen] }), 201);
    assert.equal(made.title, 'A hunter\'s find');
    assert.equal(made.detections, 1);
    const later = await house.detect(aoba, { computer_name: 'HAND-1', score: 10 });
    await house.gather(aoba);
    assert.equal(await house.incidentOf(later), made.id);
    const strange = refused(await engineer.post('/incidents', { tenant_id: kuro, title: 'x', severity: 'b',
        detection_ids: [chosen] }), 422);
    assert.equal(strange.errors[0].pointer, '/detection_ids/0');
    refused(await contact.post('/incidents', { tenant_id: aoba, title: 'x', severity: 'b' }), 403);
});

test('the dashboard counts what one sees, and nothing of others', async () => {
    const all = answered(await engineer.get('/dashboard?days=7&time_zone=Asia/Tokyo'));
    const theirs = answered(await stranger.get('/dashboard?days=1'));
    const sum = (rows) => rows.reduce((total, row) => total + row.count, 0);
    const [{ count }] = await house.sql(`SELECT count(*)::int FROM incident WHERE tenant_id = $1`, [kuro]);
    assert.equal(sum(theirs.incidents), count);
    assert.ok(sum(all.incidents) > sum(theirs.incidents));
    assert.equal(all.incident_days.length, 7);
    const [{ detections }] = await house.sql('SELECT count(*)::int AS detections FROM detection WHERE tenant_id = $1',
        [kuro]);
    const times = theirs.times.reduce((total, row) => total + row.low + row.warning + row.threat, 0);
    assert.equal(times, detections);
    assert.ok(all.top_rules.length > 0 && all.top_rules.length <= 10);
    refused(await engineer.get('/dashboard?days=400'), 422);
    const files = async (tenant, ...on) => house.sql(`INSERT INTO executable (tenant_id, id, hash, name, path,
            computers, verdict, first_seen_at, last_seen_at, updated_at)
        SELECT $1, gen_random_uuid(), gen_random_uuid()::text, 'a.exe', 'a.exe', n,
            CASE WHEN n > 100 THEN 'malicious' END, now(), now(), now() FROM unnest($2::int[]) n`, [tenant, on]);
    await house.sql('DELETE FROM executable');
    await files(kuro, 1, 1, 3, 21, 150, 900);
    await files(aoba, 7);
    const { popularity, verdicts } = answered(await stranger.get('/dashboard?days=1'));
    assert.deepEqual(popularity.map((row) => [row.key, row.count]), [['1', 2], ['2-5', 1], ['21-100', 1], ['101-', 2]]);
    assert.deepEqual(verdicts.map((row) => [row.key, row.count]), [['malicious', 2], ['unknown', 4]]);
    assert.equal(sum(answered(await engineer.get('/dashboard?days=1')).popularity), 7);
});

test('of a customer with very many files they are counted ahead, and the dashboard says when', async () => {
    const sum = (rows) => rows.reduce((total, row) => total + row.count, 0);
    const counted = async (ready) => until(async () => {
        await house.sql("UPDATE job SET run_at = $1 WHERE kind = 'file_figures' AND state = 'ready'",
            [house.clock?.now ?? new Date()]);
        await house.sql("SELECT pg_notify('yagura_jobs', '')");
        return (await house.sql('SELECT FROM file_figure')).length > 0 === ready;
    }, 'files are counted');
    const before = answered(await stranger.get('/dashboard?days=1'));
    assert.equal(before.files_at, null);
    await house.sql(`INSERT INTO executable (tenant_id, id, hash, name, path, computers, first_seen_at, last_seen_at,
            updated_at) SELECT $1, gen_random_uuid(), gen_random_uuid()::text, 'b.exe', 'b.exe', 30, now(), now(), now()
        FROM generate_series(1, 5000)`, [kuro]);
    await counted(true);
    const after = answered(await stranger.get('/dashboard?days=1'));
    assert.ok(after.files_at);
    assert.equal(sum(after.popularity), sum(before.popularity) + 5000);
    assert.equal(sum(after.verdicts), sum(after.popularity));
    const all = answered(await engineer.get('/dashboard?days=1'));
    assert.equal(sum(all.popularity), 1 + sum(after.popularity), 'those of others as they are');
    await house.sql("DELETE FROM executable WHERE name = 'b.exe'");
    await counted(false);
    assert.equal(answered(await stranger.get('/dashboard?days=1')).files_at, null);
});

test('one that somebody works on is gathered, too; one that was resolved is not', async () => {
    const [taken, wrong] = [await house.detect(aoba, { score: 90, computer_name: 'WORKED-1' }),
        await house.detect(aoba, { score: 90, computer_name: 'WORKED-2' })];
    answered(await engineer.post(`/detections/${taken}/take`, {}));
    answered(await engineer.post(`/detections/${wrong}/resolve`, { verdict: 'false_positive', reason: 'Ours' }));
    await house.gather(aoba);
    assert.ok(await house.incidentOf(taken));
    assert.equal(await house.incidentOf(wrong), null);
    // Opened again it is looked at by itself.
    answered(await engineer.post(`/detections/${wrong}/reopen`, { reason: 'It was not' }));
    await until(async () => await house.incidentOf(wrong), 'it is gathered', 60_000);
});

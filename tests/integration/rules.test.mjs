// Rules: written, tried, switched off for one, owned by another, brought in from a folder or an archive.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { answered, refused, until } from './harness.mjs';
import { event, sigma, startDetectionHouse } from './detection_house.mjs';
import { makePerson, signIn } from './http_people.mjs';

const house = await startDetectionHouse();
const { admin } = house;
const kuro = await signIn(house, await makePerson(house, house.kuro, 'customer_administrator'));

test('a text that is wrong is refused with its line, and a right one says what it is about', async () => {
    const broken = ['title: Broken', 'logsource:', '    product: windows', 'detection:', '    a:', '        X: 1',
        '    condition: b', ''].join('\n');
    const told = answered(await admin.post('/rules/check', { body: broken }));
    assert.equal(told.ok, false);
    assert.equal(told.troubles.length, 1);
    assert.ok(told.troubles[0].line > 0);
    const error = refused(await admin.post('/rules', { body: broken }), 422).errors[0];
    assert.equal(error.pointer, '/body');
    assert.match(error.message ?? error.detail, /Line \d+/);
    const fine = answered(await admin.post('/rules/check', { body: sigma({ level: 'critical' }) }));
    assert.deepEqual([fine.ok, fine.score, fine.tactics, fine.fields], [true, 95, ['discovery'], ['CommandLine']]);
});

test('its own tests are run: what must match, and what must not', async () => {
    const tests = { match: [event({ command: 'whoami' }), event({ command: 'dir' })],
        no_match: [event({ command: 'ls' })] };
    const told = answered(await admin.post('/rules/check', { body: sigma({}), tests }));
    assert.deepEqual([told.passed, told.failed], [2, 1]);
    assert.deepEqual(told.results.filter((row) => !row.passed), [{ expected: 'match', index: 1, passed: false,
        problem: null }]);
    refused(await admin.post('/rules/check', { body: sigma({}), tests: [1] }), 422);
});

test('why a text matches an event, or another log source is meant', async () => {
    const ask = (body, one) => admin.post('/rules/explain', { body, event: JSON.stringify(one) });
    assert.equal(answered(await ask(sigma({}), event({ command: 'whoami' }))).matches, true);
    assert.equal(answered(await ask(sigma({}), event({ command: 'dir' }))).tree.holds, false);
    assert.equal(answered(await ask(sigma({ product: 'linux' }), event({ command: 'whoami' }))).note, 'other_source');
    refused(await admin.post('/rules/explain', { body: sigma({}), event: 'no json' }), 422);
});

test('a draft is not asked, a tested rule is counted, an active one finds', async () => {
    const rule = await house.writeRule(sigma({ detection: { a: { 'CommandLine|contains': 'grow' }, condition: 'a' } }),
        { state: 'draft' });
    const become = async (state) => {
        answered(await admin.post(`/rules/${rule.id}/state`, { state, note: 'as planned' }));
        await house.rulesAsked();
        await house.tell('aoba', [event({ command: 'grow up' })]);
        return house.found('q=grow');
    };
    await house.rulesAsked();
    await house.tell('aoba', [event({ command: 'grow up' })]);
    assert.deepEqual(await house.found('q=grow'), []);
    assert.deepEqual(await become('testing'), []);
    await until(async () => answered(await admin.get(`/rules/${rule.id}`)).seen === 1, 'it was counted', 60_000);
    assert.equal((await become('active')).length, 1);
    assert.equal((await become('retired'))[0].occurrences, 1);
    refused(await admin.post(`/rules/${rule.id}/state`, { state: 'retired', note: 'x' }), 409, 'rule-state');
    const states = answered(await admin.get(`/rules/${rule.id}/versions`)).items.map((row) => row.state);
    assert.deepEqual(states, ['retired', 'active', 'testing', 'draft']);
});

test('switched off for one customer it still finds at another; a score of one is that one\'s', async () => {
    const rule = await house.writeRule(sigma({ detection: { a: { 'CommandLine|contains': 'noisy' },
        condition: 'a' } }));
    answered(await admin.post(`/rules/${rule.id}/set`,
        { tenant_id: house.aoba, enabled: false, reason: 'Their backup does that' }));
    answered(await admin.post(`/rules/${rule.id}/set`,
        { tenant_id: house.kuro, enabled: true, score: 20, reason: 'Known here' }));
    await house.rulesAsked();
    const both = () => Promise.all(['aoba', 'kuro'].map((who) => house.tell(who, [event({ command: 'noisy.exe' })])));
    await both();
    const found = await house.found('q=noisy');
    assert.deepEqual(found.map((row) => [row.tenant_id, row.score]), [[house.kuro, 20]]);
    assert.equal(answered(await admin.get(`/rules/${rule.id}`)).switched_off, 1);
    assert.equal((await admin.post(`/rules/${rule.id}/unset`, { tenant_id: house.aoba })).status, 204);
    await house.rulesAsked();
    await both();
    assert.equal((await house.found(`q=noisy&tenant_id=${house.aoba}`)).length, 1);
});

test('a customer\'s own rule is never asked about the events of another, also when both own one of the same id',
    async () => {
    const id = crypto.randomUUID();
    const words = (word) => sigma({ id, title: `Own ${word}`,
        detection: { a: { 'CommandLine|contains': word }, condition: 'a' } });
    await house.writeRule(words('red'), { tenant: house.aoba });
    await house.writeRule(words('blue'), { tenant: house.kuro });
    refused(await admin.post('/rules', { tenant_id: house.aoba, body: words('green') }), 409);
    await house.rulesAsked();
    for (const who of ['aoba', 'kuro']) await house.tell(who, [event({ command: 'red or blue' })]);
    const found = await house.found('q=red');
    assert.deepEqual(found.map((row) => [row.tenant_id, row.title]).sort(),
        [[house.aoba, 'Own red'], [house.kuro, 'Own blue']].sort());
    const seen = answered(await kuro.get('/rules?q=Own')).items;
    assert.deepEqual(seen.map((row) => row.title), ['Own blue']);
});

test('a text with the id of another rule is another rule', async () => {
    const rule = await house.writeRule(sigma({}), { state: 'draft' });
    const { etag } = await admin.get(`/rules/${rule.id}`);
    refused(await admin.put(`/rules/${rule.id}`, { body: sigma({}) }, { headers: { 'if-match': etag } }), 422);
});

test('correlations fire over event time, across batches, late events included, and once for a burst', async () => {
    const base = crypto.randomUUID();
    const body = `${sigma({ id: base, title: 'Logon failed', level: 'low',
        detection: { a: { 'CommandLine|contains': 'guess' }, condition: 'a' } })}\n---\n${JSON.stringify({
        title: 'Many guesses', id: crypto.randomUUID(), level: 'high', status: 'test',
        correlation: { type: 'event_count', rules: [base], 'group-by': ['User'], timespan: '5m',
            condition: { gte: 3 } },
    })}`;
    const rule = await house.writeRule(body);
    assert.equal(rule.title, 'Many guesses');
    assert.equal(rule.correlates, true);
    await house.rulesAsked();
    const start = Date.now() - 3600e3;
    const guess = (minute, user = 'AOBA\\\\eve') => event({ command: `guess ${minute}`, User: user,
        at: new Date(start + minute * 60e3) });
    const many = () => house.found(`rule_id=${rule.id}`);
    await house.tell('aoba', [guess(0), guess(1, 'AOBA\\\\bob')]);
    await house.tell('kuro', [guess(1), guess(2)]);
    await house.tell('aoba', [guess(4)]);
    await house.worked('correlate');
    assert.deepEqual(await many(), [], 'two of one user, and two at another customer, are none');
    await house.tell('aoba', [guess(2)]);
    await until(async () => (await many()).length === 1, 'the late one makes three', 60_000);
    const [one] = await many();
    assert.deepEqual([one.origin, one.tenant_id, one.score], ['correlation', house.aoba, 75]);
    await house.tell('aoba', [guess(4.5), guess(20)]);
    await house.worked('correlate');
    assert.equal((await many()).length, 1);
    assert.deepEqual(await house.found('q=Logon+failed'), [], 'what only feeds it is silent');
});

test('while rules change under load nothing is lost and nothing waits', async () => {
    const rule = await house.writeRule(sigma({ detection: { a: { 'CommandLine|contains': 'steady' },
        condition: 'a' } }));
    await house.rulesAsked();
    const keys = await Promise.all([1, 2, 3].map(() => house.key(house.aoba)));
    const sending = keys.map(async (key, n) => {
        const { send } = await import('./ingest_house.mjs');
        for (let i = 0; i < 15; i++) answered(await send(house, key, [event({ host: `S-${n}`, command: 'steady' })]));
    });
    for (let i = 0; i < 8; i++) await house.writeRule(sigma({ title: `Churn ${i}` }));
    await Promise.all(sending);
    const [{ sum }] = await house.sql('SELECT sum(occurrences)::int FROM detection WHERE rule_id = $1', [rule.id]);
    assert.equal(sum, 45);
});

test('rules come from a folder, a zip and a tarball; what was changed here stays as it is', async () => {
    const folder = path.join(house.folder, 'new-rules');
    fs.mkdirSync(path.join(folder, 'deep'), { recursive: true });
    const id = crypto.randomUUID();
    fs.writeFileSync(path.join(folder, 'one.yml'), sigma({ id, title: 'Imported one' }));
    fs.writeFileSync(path.join(folder, 'one.test.json'), JSON.stringify({ match: [event()] }));
    fs.writeFileSync(path.join(folder, 'deep', 'two.yml'), sigma({ title: 'Imported two' }));
    fs.writeFileSync(path.join(folder, 'deep', 'bad.yml'), 'title: none\n');
    const bring = async (what) => {
        const run = await house.yagura(['rules', 'import', what]);
        assert.equal(run.status, 0, run.stderr);
        return [Object.fromEntries(run.stdout.trim().split('\n').map((line) => line.split(': '))), run.stderr];
    };
    const [first, told] = await bring(folder);
    assert.deepEqual([first.added, first.refused], ['2', '1']);
    assert.match(told, /bad\.yml: line \d+/);
    assert.equal((await bring(folder))[0].same, '2');
    const zip = path.join(house.folder, 'rules.zip');
    execFileSync('python3', ['-c', 'import shutil,sys; shutil.make_archive(sys.argv[1][:-4], "zip", sys.argv[2])',
        zip, folder]);
    assert.equal((await bring(zip))[0].same, '2');
    fs.writeFileSync(path.join(folder, 'deep', 'three.yml'), sigma({ title: 'Imported three' }));
    fs.writeFileSync(path.join(folder, 'one.yml'), sigma({ id, title: 'Imported one, anew' }));
    const tarball = path.join(house.folder, 'rules.tar.gz');
    execFileSync('tar', ['-czf', tarball, '-C', folder, '.']);
    const [third] = await bring(tarball);
    assert.deepEqual([third.added, third.changed, third.same], ['1', '1', '1']);
    // Names of more than a hundred characters, in each of the ways they are written.
    for (const format of ['ustar', 'gnu', 'pax']) {
        const long = path.join(folder, 'deep', 'a'.repeat(60), 'b'.repeat(60));
        fs.mkdirSync(long, { recursive: true });
        fs.writeFileSync(path.join(long, `${'c'.repeat(40)}.yml`), sigma({ title: `Imported from ${format}` }));
        execFileSync('tar', ['-czf', tarball, `--format=${format}`, '-C', folder, '.']);
        assert.equal((await bring(tarball))[0].added, '1', format);
    }
    fs.rmSync(path.join(folder, 'deep', 'a'.repeat(60)), { recursive: true });
    const one = answered(await admin.get(`/rules?key=${id}`)).items[0];
    const now = await admin.get(`/rules/${one.id}`);
    assert.equal(answered(now).tests.match.length, 1);
    answered(await admin.put(`/rules/${one.id}`, { body: sigma({ id, title: 'Ours now' }) },
        { headers: { 'if-match': now.etag } }));
    assert.equal((await bring(folder))[0].kept, '1');
    assert.equal(answered(await admin.get(`/rules/${one.id}`)).title, 'Ours now');
    assert.equal((await house.yagura(['rules', 'import', '/nowhere'])).status, 1);
});

test('a rule that the engine cannot take leaves all others at work, and the status page says so', async () => {
    await house.sql(`UPDATE rule SET body = 'title: x' WHERE title = 'Own red'`);
    await house.rulesAsked();
    await house.tell('aoba', [event({ command: 'steady as ever' })]);
    assert.ok((await house.found('q=as+ever')).length >= 1);
    const tiles = answered(await admin.get('/platform/status')).tiles;
    assert.equal(tiles.find((tile) => tile.key === 'rules').state, 'yellow');
});

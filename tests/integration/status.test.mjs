// The status page says what is true, in the reader's language, and no more than the reader may see.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { answered, refused, startHouse, until } from './harness.mjs';
import { operator } from './operator.mjs';

const house = await startHouse({ smtp: true });
const api = await operator(house);
const tiles = async (client = api) => {
    const { tiles: list } = answered(await client.get('/platform/status'));
    return Object.fromEntries(list.map((tile) => [tile.key, tile]));
};

test('a healthy platform is green, and what is a choice is blue', async () => {
    let seen;
    const others = () => ['services', 'database', 'migrations', 'jobs', 'mail', 'people', 'files']
        .filter((key) => seen[key].state !== 'green');
    // What is busy with its start may be yellow for a moment, and the mail server is yet to be looked at.
    await until(async () => {
        seen = await tiles();
        return others().length === 0;
    }, 'all is green').catch((late) => {
        const told = others().map((key) => `${key}: ${seen[key].summary} ${seen[key].detail}`);
        throw new Error(told.join('; '), { cause: late });
    });
    assert.equal(seen.certificate.state, 'blue');
    assert.match(seen.database.summary, /^PostgreSQL 15/);
    assert.match(seen.services.summary, /^The mail server answers: 220 /);
    assert.equal(seen.database.remedy, null);
});

test('a refused mail turns the tile yellow and says how to mend it', async () => {
    house.mail.refuse('rcpt', 550, 'no such user');
    answered(await api.post('/mails/test', { template: 'test', language: 'ja', to: 'x@example.jp' }), 201);
    const { mail } = await until(async () => {
        const now = await tiles();
        return now.mail.state === 'yellow' && now;
    }, 'the tile is yellow');
    assert.equal(mail.summary, '1 mails were refused');
    assert.match(mail.detail, /550 no such user/);
    assert.match(mail.remedy, /outbox/);
    house.mail.accept();
});

test('a mail that waits for more than an hour is red', async () => {
    await house.sql("UPDATE mail SET state = 'queued', created_at = now() - interval '2 hours'");
    assert.equal((await tiles()).mail.state, 'red');
    await house.sql('DELETE FROM mail');
});

test('dead jobs are yellow and are revived or given up by hand', async () => {
    await house.sql(`INSERT INTO job (id, kind, state, run_at, created_at, ended_at, attempts, last_error)
                     SELECT gen_random_uuid(), 'mail_send', 'dead', now(), now(), now(), 10, 'broken'
                       FROM generate_series(1, 2)`);
    assert.equal((await tiles()).jobs.state, 'yellow');
    const { items: summary } = answered(await api.get('/jobs/summary'));
    assert.equal(summary.find((row) => row.state === 'dead').count, 2);
    const { items: [first, second] } = answered(await api.get('/jobs?state=dead'));
    assert.deepEqual(first.can, ['retry', 'discard']);
    answered(await api.post(`/jobs/${first.id}/retry`));
    const done = await until(async () => {
        const job = answered(await api.get(`/jobs/${first.id}`));
        return job.state === 'done' && job;
    }, 'the revived job ran');
    refused(await api.post(`/jobs/${done.id}/retry`), 409, 'job-not-dead');
    const given = answered(await api.post(`/jobs/${second.id}/discard`));
    assert.equal(given.state, 'done');
    assert.match(given.last_error, /^discarded by Operator of a test \/ broken$/);
    assert.equal((await tiles()).jobs.state, 'green');
    refused(await api.post('/jobs/019abc00-0000-7000-8000-000000000000/retry'), 404);
});

test('jobs that nobody runs are red', async () => {
    await house.sql(`INSERT INTO job (id, kind, run_at, created_at)
                     VALUES (gen_random_uuid(), 'nobody_knows_it', now() - interval '1 hour', now())`);
    assert.equal((await tiles()).jobs.state, 'red');
    await house.sql("DELETE FROM job WHERE kind = 'nobody_knows_it'");
});

test('what is set up and cannot work is told', async () => {
    assert.equal((await tiles()).objects.state, 'green');
    await house.sql(`INSERT INTO tenant (id, kind, name, short_code, plan, language, time_zone, status, created_at,
                                         updated_at)
                     VALUES (gen_random_uuid(), 'customer', 'Nobody', 'NOBODY', 'lite', 'ja', 'Asia/Tokyo', 'active',
                             now(), now())`);
    await house.sql("UPDATE api_key SET expires_at = now() + interval '3 days'");
    const { objects } = await tiles();
    assert.equal(objects.state, 'yellow');
    assert.match(objects.detail, /1 customers have nobody/);
    assert.match(objects.detail, /API keys end within two weeks/);
    await house.sql('UPDATE api_key SET expires_at = NULL');
    await house.sql("UPDATE tenant SET status = 'ended' WHERE short_code = 'NOBODY'");
    assert.equal((await tiles()).objects.state, 'green');
});

test('the age of the backup is told', async () => {
    assert.equal((await tiles()).backup.state, 'yellow');
    const stamp = path.join(house.folder, 'backup.stamp');
    fs.writeFileSync(stamp, '');
    house.env.YAGURA_BACKUP_STAMP = stamp;
    await house.restart();
    assert.equal((await tiles()).backup.state, 'green');
    const hours = (n) => Date.now() / 1000 - n * 3600;
    fs.utimesSync(stamp, hours(30), hours(30));
    assert.equal((await tiles()).backup.state, 'yellow');
    fs.utimesSync(stamp, hours(49), hours(49));
    assert.equal((await tiles()).backup.state, 'red');
});

test('every tile speaks Japanese to a Japanese reader', async () => {
    const reader = await operator(house, { language: 'ja' });
    for (const tile of Object.values(await tiles(reader))) {
        assert.match(tile.title + tile.summary, /[ぁ-んァ-ヶ一-龠]/, tile.key);
        if (tile.remedy) assert.match(tile.remedy, /[ぁ-んァ-ヶ一-龠]/, tile.key);
    }
});

test('what one may not see is grey, and the page itself needs its permission', async () => {
    const narrow = await operator(house, { grants: ['platform:read'] });
    const seen = await tiles(narrow);
    for (const key of ['jobs', 'mail', 'people']) assert.equal(seen[key].state, 'grey', key);
    assert.equal(seen.database.state, 'green');
    refused(await (await operator(house, { grants: ['mail:read'] })).get('/platform/status'), 403);
});

test('a mail server that is gone is red', async () => {
    await house.mail.stop();
    await house.sql("UPDATE job SET run_at = now() WHERE kind = 'status_probe' AND state = 'ready'");
    const { services } = await until(async () => {
        const now = await tiles();
        return now.services.state === 'red' && now;
    }, 'the tile is red');
    assert.match(services.summary, /Connection refused/);
    assert.match(services.remedy, /smtp_url/);
});

// What the service does now and then without anybody asking.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { startHouse, until } from './harness.mjs';
import { operator } from './operator.mjs';

const house = await startHouse({ smtp: true });
await operator(house); // an administrator without a mailbox
const provider = '00000000-0000-7000-8000-000000000001';

async function person(email, { kind = 'person', administrator = false } = {}) {
    const id = randomUUID();
    await house.sql(`INSERT INTO person (tenant_id, id, kind, email, name, language, time_zone, status, created_at,
                                         updated_at)
                     VALUES ($1, $2, $3, $4, '青葉 太郎', 'ja', 'Asia/Tokyo', 'active', now(), now())`,
    [provider, id, kind, kind === 'person' ? email : null]);
    if (administrator) {
        await house.sql(`INSERT INTO person_permission_set
                         SELECT tenant_id, $2, id FROM permission_set WHERE tenant_id = $1 AND key = 'administrator'`,
        [provider, id]);
    }
    return id;
}

const key = (owner, name, days, age = 100) => house.sql(
    `INSERT INTO api_key (tenant_id, id, person_id, name, prefix, key_hash, scopes, expires_at, created_at)
     VALUES ($1, gen_random_uuid(), $2, $3, 'ygk_test', decode(md5(random()::text), 'hex'), '{}',
             now() + make_interval(days => $4), now() - make_interval(days => $5))`,
    [provider, owner, name, days, age]);

// Lets the next run begin and waits for its end. The run with which the service began may still be under way.
async function upkeep() {
    const done = "SELECT count(*)::int AS n FROM job WHERE kind = 'upkeep' AND state = 'done'";
    await until(async () => (await house.sql(done))[0].n > 0, 'the first upkeep ran');
    const [{ n: before }] = await house.sql(done);
    await house.sql("UPDATE job SET run_at = now() WHERE kind = 'upkeep' AND state = 'ready'");
    await until(async () => (await house.sql(done))[0].n > before, 'upkeep ran');
}

const reminded = async () => (await house.sql(
    "SELECT to_address, subject FROM mail WHERE kind = 'api_key_expiring' ORDER BY to_address, subject"));

test('whoever owns a key that ends within two weeks hears of it, once', async () => {
    const owner = await person('owner@example.jp');
    const administrator = await person('boss@example.jp', { administrator: true });
    const robot = await person(null, { kind: 'service' });
    await key(owner, 'SIEM', 10);
    await key(owner, 'later', 20);
    await key(owner, 'ended', -1);
    await key(owner, 'short', 5, 2);
    await key(robot, 'robot', 3);
    assert.ok(administrator);
    await upkeep();
    const expected = [
        { to_address: 'boss@example.jp', subject: 'Yagura – APIキー「robot」の有効期限が近づいています' },
        { to_address: 'owner@example.jp', subject: 'Yagura – APIキー「SIEM」の有効期限が近づいています' },
    ];
    assert.deepEqual(await reminded(), expected);
    await upkeep();
    assert.deepEqual(await reminded(), expected);
    const mail = await house.mail.next('owner@example.jp');
    assert.match(mail.text, /\/account\/api-keys/);
});

test('one address that cannot be written to does not keep the others from hearing', async () => {
    const [broken, sound] = [await person('broken@example.jp'), await person('sound@example.jp')];
    await house.sql('ALTER TABLE person DISABLE TRIGGER USER');
    await house.sql("UPDATE person SET email = 'no address' WHERE id = $1", [broken]);
    await house.sql('ALTER TABLE person ENABLE TRIGGER USER');
    await key(broken, 'a', 10);
    await key(sound, 'b', 10);
    await upkeep();
    assert.ok((await reminded()).some((mail) => mail.to_address === 'sound@example.jp'));
    assert.equal(house.log('upkeep.reminder_failed').length, 1);
});

test('mails of half a year ago go, waiting ones stay', async () => {
    await house.sql(`INSERT INTO mail (tenant_id, id, kind, language, to_address, subject, text, html, message_id,
                                       state, give_up_at, created_at, updated_at)
                     SELECT $1, gen_random_uuid(), 'test', 'ja', 'old@example.jp', state, '', '', 'x', state, now(),
                            now() - age, now() - age
                       FROM (VALUES ('failed', interval '181 days'), ('kept', interval '179 days'),
                                    ('queued', interval '400 days')) AS v (state, age)`, [provider]);
    await upkeep();
    const left = await house.sql("SELECT state FROM mail WHERE to_address = 'old@example.jp' ORDER BY state");
    assert.deepEqual(left.map((row) => row.state), ['kept', 'queued']);
});

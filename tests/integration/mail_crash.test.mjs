// What a killed process leaves of a mail: never nothing, and twice only where SMTP cannot tell.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, test } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { answered, startHouse, until } from './harness.mjs';
import { operator } from './operator.mjs';
import { wholeMail } from './smtp.mjs';

// A mail server that calls `at` when a step is reached, before it answers.
const taken = [];
let at = {};
const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onMailFrom: (address, session, done) => Promise.resolve(at.from?.()).then(() => done()),
    onData: async (stream, session, done) => {
        const raw = await wholeMail(stream);
        if (raw === null) return;
        taken.push(raw.toString('utf8'));
        await at.taken?.();
        done();
    },
});
server.on('error', () => {});
server.listen(0, '127.0.0.1');
await once(server.server, 'listening');
after(() => new Promise((done) => { server.close(done); }));

const house = await startHouse({ env: { YAGURA_SMTP_URL: `smtp://127.0.0.1:${server.server.address().port}` } });
const api = await operator(house);
const send = async (to) => answered(await api.post('/mails/test', { template: 'test', language: 'ja', to }), 201);
const idOf = (raw) => /^Message-ID: (<.*>)\r$/m.exec(raw)[1];

// Resolves when the mail server has reached that step and the service is dead.
const killWhen = (step) => new Promise((done) => {
    at = { [step]: async () => { at = {}; await house.kill(); done(); } };
});

const whenSent = (id) => until(async () => {
    const mail = answered(await api.get(`/mails/${id}`));
    return mail.state === 'sent' && mail;
}, 'the mail is sent');

test('killed while the mail is on its way: it arrives once after the restart', async () => {
    const killed = killWhen('from');
    const { id } = await send('a@example.jp').catch(() => ({}));
    await killed;
    await house.start();
    const [{ id: queued }] = await house.sql("SELECT id FROM mail WHERE to_address = 'a@example.jp'");
    assert.ok(id === undefined || id === queued);
    await whenSent(queued);
    assert.equal(taken.length, 1);
});

test('killed after the server took it, before we wrote it down: twice, under one Message-ID, and marked', async () => {
    taken.length = 0;
    const killed = killWhen('taken');
    await send('b@example.jp').catch(() => {});
    await killed;
    await house.start();
    const [{ id }] = await house.sql("SELECT id FROM mail WHERE to_address = 'b@example.jp'");
    const sent = await whenSent(id);
    assert.equal(taken.length, 2);
    assert.equal(idOf(taken[0]), idOf(taken[1]));
    assert.equal(idOf(taken[1]), `<${sent.message_id}>`);
    assert.equal(sent.repeated, true);
});

test('killed again and again, no mail is lost', async () => {
    taken.length = 0;
    const wanted = Array.from({ length: 30 }, (_, n) => `many${n}@example.jp`);
    for (const to of wanted.slice(0, 10)) await send(to);
    await house.kill();
    await house.start();
    for (const to of wanted.slice(10, 20)) await send(to);
    await house.kill();
    await house.start();
    for (const to of wanted.slice(20)) await send(to);
    await until(async () => {
        const [{ open }] = await house.sql("SELECT count(*)::int AS open FROM mail WHERE state <> 'sent'");
        return open === 0;
    }, 'every mail is sent');
    const ids = new Set(taken.map(idOf));
    assert.equal(ids.size, wanted.length);
    const rows = await house.sql("SELECT message_id, repeated FROM mail WHERE to_address LIKE 'many%'");
    for (const { message_id: messageId, repeated } of rows) {
        // Both kills may have fallen between the mail server's answer and our writing it down.
        const times = taken.filter((raw) => idOf(raw) === `<${messageId}>`).length;
        assert.ok(times === 1 || (times > 1 && times <= 3 && repeated), `${messageId} arrived ${times} times`);
    }
});

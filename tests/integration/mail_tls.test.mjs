// A password crosses the network inside TLS with a server that is who it says, or not at all.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { answered, startHouse, temporary, until } from './harness.mjs';
import { operator } from './operator.mjs';

const folder = temporary('tls');

function certificate(name, host) {
    const [key, cert] = [path.join(folder, `${name}.key`), path.join(folder, `${name}.pem`)];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert,
        '-days', '30', '-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`], { stdio: 'pipe' });
    return { key: fs.readFileSync(key), cert: fs.readFileSync(cert), file: cert };
}

const heard = { auth: [], mails: [] };
async function serve(options) {
    const server = new SMTPServer({
        logger: false,
        onAuth: (auth, session, done) => {
            heard.auth.push({ ...auth, secure: session.secure });
            done(null, { user: auth.username });
        },
        onData: (stream, session, done) => {
            stream.resume();
            stream.on('end', () => { heard.mails.push(session); done(); });
        },
        ...options,
    });
    server.on('error', () => {});
    server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
    after(() => server.close());
    return server.server.address().port;
}

const own = certificate('own', 'localhost');
const other = certificate('other', 'mail.example.jp');
const house = await startHouse({ start: false });
const api = await operator(house);

// Starts the service with these settings and tries one mail.
async function send(port, settings = {}) {
    heard.auth.length = heard.mails.length = 0;
    house.env.YAGURA_SMTP_URL = `smtp://hub:secret@localhost:${port}?tls=required`;
    house.env.YAGURA_SMTP_CA_FILE = own.file;
    Object.assign(house.env, settings);
    await house.restart();
    const body = { template: 'test', language: 'ja', to: 'a@example.jp' };
    const { id } = answered(await api.post('/mails/test', body), 201);
    return until(async () => {
        const mail = answered(await api.get(`/mails/${id}`));
        return mail.attempts === 1 && mail;
    }, 'tried once');
}

test('with a certificate we trust the mail goes, and user and password inside TLS', async () => {
    const mail = await send(await serve({ key: own.key, cert: own.cert }));
    assert.equal(mail.state, 'sent', mail.answer);
    assert.deepEqual(heard.auth.map(({ username, password, secure }) => [username, password, secure]),
        [['hub', 'secret', true]]);
    assert.equal(heard.mails[0].secure, true);
});

// A server that sends session tickets at once made libesmtp wait for itself, now and then.
test('twenty mails in a row find their way', async () => {
    const port = await serve({ key: own.key, cert: own.cert });
    await send(port);
    for (let n = 0; n < 20; n++) {
        answered(await api.post('/mails/test', { template: 'test', language: 'ja', to: `b${n}@example.jp` }), 201);
    }
    await until(() => heard.mails.length === 21, 'all arrived');
});

test('a certificate nobody vouches for is not trusted: no password, no mail, and the reason is told', async () => {
    const mail = await send(await serve({ key: own.key, cert: own.cert }), { YAGURA_SMTP_CA_FILE: other.file });
    assert.equal(mail.state, 'queued');
    assert.match(mail.answer, /certificate is not trusted/);
    assert.deepEqual(heard.auth, []);
});

test('a good certificate of another host is no better', async () => {
    const mail = await send(await serve({ key: other.key, cert: other.cert }), { YAGURA_SMTP_CA_FILE: other.file });
    assert.equal(mail.state, 'queued');
    assert.match(mail.answer, /certificate is for another host/);
    assert.deepEqual(heard.auth, []);
});

test('a server that offers no STARTTLS, or somebody who took the offer away, gets no password', async () => {
    const mail = await send(await serve({ disabledCommands: ['STARTTLS'], allowInsecureAuth: true }));
    assert.equal(mail.state, 'queued');
    assert.match(mail.answer, /does not offer STARTTLS/);
    assert.deepEqual(heard.auth, []);
});

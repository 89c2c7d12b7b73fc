// A mail server for tests: keeps what it accepted, refuses what it is told to.

import { once } from 'node:events';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';

// What arrived, or null where the client hung up in the middle: then nothing was taken.
export async function wholeMail(stream) {
    const chunks = [];
    try {
        for await (const chunk of stream) chunks.push(chunk);
    } catch {
        return null;
    }
    return Buffer.concat(chunks);
}

export async function startMailServer({ user, password, tls = false, port = 0 } = {}) {
    const messages = [];
    const waiting = [];
    const state = { refuse: null };

    // refuse: null, or { at: 'rcpt' | 'data', code, text }
    const refusal = (at) => state.refuse?.at === at
        && Object.assign(new Error(state.refuse.text ?? 'refused by the test'), { responseCode: state.refuse.code });

    const server = new SMTPServer({
        authOptional: user === undefined,
        disabledCommands: tls ? [] : ['STARTTLS'],
        allowInsecureAuth: !tls,
        logger: false,
        onAuth: (auth, session, done) => (auth.username === user && auth.password === password
            ? done(null, { user })
            : done(Object.assign(new Error('wrong user or password'), { responseCode: 535 }))),
        onRcptTo: (address, session, done) => done(refusal('rcpt') || undefined),
        onData: async (stream, session, done) => {
            const raw = await wholeMail(stream);
            if (raw === null) return;
            const refused = refusal('data');
            if (refused) {
                done(refused);
                return;
            }
            const mail = await PostalMime.parse(raw);
            messages.push({
                raw: raw.toString('utf8'),
                from: session.envelope.mailFrom.address,
                to: session.envelope.rcptTo.map((rcpt) => rcpt.address),
                subject: mail.subject,
                text: mail.text,
                html: mail.html,
                messageId: mail.messageId,
                headers: new Map(mail.headers.map(({ key, value }) => [key, value])), // keys in lower case
                attachments: mail.attachments,
                secure: session.secure,
            });
            done();
            waiting.splice(0).forEach((wake) => wake());
        },
    });
    server.on('error', () => {}); // a client that hangs up is the client's matter
    server.listen(port, '127.0.0.1');
    await once(server.server, 'listening');
    const bound = server.server.address().port;

    return {
        port: bound,
        url: `smtp://${user ? `${user}:${password}@` : ''}127.0.0.1:${bound}`,
        messages,
        refuse(at, code, text) { state.refuse = { at, code, text }; },
        accept() { state.refuse = null; },
        // next(to): waits for a mail to this address that was not returned before
        async next(to, within = 60_000) {
            const deadline = Date.now() + within;
            for (;;) {
                const found = messages.find((mail) => !mail.seen && mail.to.includes(to));
                if (found) {
                    found.seen = true;
                    return found;
                }
                if (Date.now() > deadline) throw new Error(`no mail for ${to} within ${within} ms`);
                await new Promise((wake) => {
                    waiting.push(wake);
                    setTimeout(wake, Math.max(1, deadline - Date.now())).unref?.();
                });
            }
        },
        stop: () => new Promise((done) => { server.close(done); }),
    };
}

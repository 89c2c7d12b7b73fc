// A house with the demonstration in it, and people who can sign in: what the tests of identity share.

import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { answered, startHouse } from './harness.mjs';

export const password = 'yagura-demo-2026';
export const people = {
    administrator: 'admin@demo.yagura.example',
    lead: 'engineer@demo.yagura.example',
    engineer: 'kobayashi.aya@demo.yagura.example', // sees Aoba alone
    hunter: 'ishii.takumi@demo.yagura.example',
    auditor: 'audit@demo.yagura.example',
    customer: 'customer@demo.yagura.example', // administrator of Aoba
    contact: 'hayashi@aoba.demo.yagura.example',
    reader: 'reader@demo.yagura.example',
    harbor: 'emma.clarke@harbor.demo.yagura.example', // administrator of Harbor
};

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export function base32(text) {
    let bits = '';
    for (const letter of text.replace(/[^A-Z2-7]/g, '')) bits += alphabet.indexOf(letter).toString(2).padStart(5, '0');
    return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

// RFC 6238, written down a second time: a test that asked the product for its codes would test nothing.
export function totp(secret, at) {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
    const mac = crypto.createHmac('sha1', secret).update(counter).digest();
    const value = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
    return String(value % 1_000_000).padStart(6, '0');
}

export const demoSecret = (mail) =>
    crypto.createHash('sha256').update(`yagura demo totp ${mail}`).digest().subarray(0, 20);

// Keeps the CSRF token as the portal does: whatever answer brings one.
export class Browser {
    constructor(house, options) {
        this.house = house;
        this.client = house.client(options);
    }

    async request(method, path, options) {
        const answer = await this.client.request(method, path, options);
        if (typeof answer.body?.csrf_token === 'string') this.client.headers['x-csrf-token'] = answer.body.csrf_token;
        return answer;
    }

    get(path, options) { return this.request('GET', path, options); }
    post(path, body, options) { return this.request('POST', path, { body, ...options }); }
    put(path, body, etag) { return this.request('PUT', path, { body, headers: etag ? { 'if-match': etag } : {} }); }
    delete(path) { return this.request('DELETE', path); }

    // The password alone.
    begin(email, secret = password) {
        delete this.client.headers['x-csrf-token'];
        this.client.cookies.delete('yagura_session');
        return this.post('/sign-in', { email, password: secret });
    }

    // Both factors; the clock goes on half a minute, since a code is good once.
    async signIn(email, { secret = demoSecret(email), word = password } = {}) {
        this.house.clock.advance({ seconds: 30 });
        answered(await this.begin(email, word));
        const state = answered(await this.post('/sign-in/totp', { code: totp(secret, +this.house.clock.now) }));
        assert.equal(state.stage, 'complete');
        this.state = state;
        return this;
    }
}

// The demonstration at a time that stands still; `as(role)` gives a browser that is signed in.
export async function startDemoHouse(options = {}) {
    const house = await startHouse({ clock: '2026-11-24T09:00:00Z', start: false, ...options });
    const filled = await house.yagura(['demo']);
    assert.equal(filled.status, 0, filled.stderr);
    await house.start();
    house.as = (role) => new Browser(house).signIn(people[role] ?? role);
    house.browser = (clientOptions) => new Browser(house, clientOptions);
    house.idOf = async (mail) =>
        (await house.sql('SELECT id FROM person WHERE email = $1', [people[mail] ?? mail]))[0].id;
    house.tenantId = async (code) => (await house.sql('SELECT id FROM tenant WHERE short_code = $1', [code]))[0].id;
    house.setId = async (code, key) => (await house.sql(
        `SELECT s.id FROM permission_set s JOIN tenant t ON t.id = s.tenant_id WHERE t.short_code = $1 AND s.key = $2`,
        [code, key]))[0].id;
    return house;
}

// The next mail to this address that says so; the demonstration's own mails are passed over.
export async function mailSaying(house, to, pattern) {
    for (;;) {
        const mail = await house.mail.next(to);
        if (pattern.test(mail.text)) return mail;
    }
}

export async function linkFor(house, to, path) {
    const pattern = new RegExp(`/${path}/([A-Za-z0-9_-]{20,})`);
    return pattern.exec((await mailSaying(house, to, pattern)).text)[1];
}

// One caller of the API: keeps cookies as a browser does, or carries an API key.

import assert from 'node:assert/strict';
import net from 'node:net';

export class Client {
    constructor(url, { key, language } = {}) {
        this.url = url;
        this.cookies = new Map();
        this.headers = {};
        if (key) this.headers.authorization = `Bearer ${key}`;
        if (language) this.headers['accept-language'] = language;
    }

    // A path that does not begin with /api/ is one of /api/v1.
    async request(method, path, { body, headers = {}, redirect = 'manual' } = {}) {
        const full = path.startsWith('/api/') || path.startsWith('//') ? path.replace(/^\/\//, '/') : `/api/v1${path}`;
        const sent = { ...this.headers, ...headers };
        if (this.cookies.size > 0) {
            sent.cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
        }
        const isText = typeof body === 'string' || body instanceof Uint8Array;
        if (body !== undefined && !isText && !(body instanceof FormData)) sent['content-type'] ??= 'application/json';
        const response = await fetch(this.url + full, {
            method,
            redirect,
            headers: sent,
            body: body === undefined || isText || body instanceof FormData ? body : JSON.stringify(body),
        });
        this.#keepCookies(response);
        const text = await response.text();
        const isJson = /^application\/([a-z.]+\+)?json/.test(response.headers.get('content-type') ?? '');
        return {
            status: response.status,
            headers: response.headers,
            text,
            body: isJson && text !== '' ? JSON.parse(text) : undefined,
            etag: response.headers.get('etag'),
            wanted: `${method} ${full}`,
        };
    }

    get(path, options) { return this.request('GET', path, options); }
    post(path, body, options) { return this.request('POST', path, { body, ...options }); }
    put(path, body, options) { return this.request('PUT', path, { body, ...options }); }
    delete(path, options) { return this.request('DELETE', path, options); }

    #keepCookies(response) {
        for (const line of response.headers.getSetCookie()) {
            const [pair, ...attributes] = line.split(';').map((part) => part.trim());
            const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
            const ended = value === '' || attributes.some((word) => /^max-age=0$/i.test(word));
            if (ended) this.cookies.delete(name);
            else this.cookies.set(name, value);
        }
    }
}

// answered(response, status): the body, or a failure that shows what came instead
export function answered(response, status = 200) {
    assert.equal(response.status, status,
        `${response.wanted} answered ${response.status}: ${response.text.slice(0, 2000)}`);
    return response.body;
}

// refused(response, status, code): a problem+json of this code, in the form that RFC 9457 asks for
export function refused(response, status, code) {
    answered(response, status);
    assert.match(response.headers.get('content-type'), /^application\/problem\+json/);
    assert.equal(response.body.status, status);
    for (const member of ['type', 'title']) assert.equal(typeof response.body[member], 'string', `${member} is a text`);
    if (code !== undefined) assert.equal(response.body.code, code, response.text);
    return response.body;
}

// Bytes as they are, for requests that no HTTP client would send. Resolves with all that came until the end.
export function rawRequest(url, bytes, { within = 60_000, end = false } = {}) {
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
        const got = [];
        const socket = net.connect({ host: hostname, port }, () => (end ? socket.end(bytes) : socket.write(bytes)));
        const timer = setTimeout(() => socket.destroy(new Error(`no end within ${within} ms`)), within);
        socket.on('data', (chunk) => got.push(chunk));
        socket.on('error', (error) => (got.length > 0 && error.code === 'ECONNRESET' ? undefined : reject(error)));
        socket.on('close', () => {
            clearTimeout(timer);
            resolve(Buffer.concat(got).toString('utf8'));
        });
    });
}

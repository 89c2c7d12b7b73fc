// Every route, asked by everybody: nobody signed in, a sign-in that is half done, each permission set, and with the
// ids of one's own customer, of another one, and of nothing. What must come follows from the OpenAPI document, so a
// new route is asked as soon as it exists.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered } from './harness.mjs';
import { people, startDemoHouse } from './identity_house.mjs';

const house = await startDemoHouse({ env: { YAGURA_RATE_PER_ADDRESS: '0', YAGURA_RATE_PER_PERSON: '0' } });
const { paths } = answered(await house.client().get('/openapi.json'));
const routes = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods)
    .filter(([method]) => ['get', 'post', 'put', 'delete'].includes(method))
    .map(([method, route]) => ({ method: method.toUpperCase(), path, permission: route['x-permission'],
        anyStage: route['x-any-stage'] === true, fresh: route['x-fresh-factor'] === true,
        stream: path === '/stream', name: `${method.toUpperCase()} ${path}` })));

const rank = { read: 1, use: 2, write: 3 };
const allows = (grants, permission) => {
    const [noun, level] = permission.split(':');
    return grants.some((grant) => grant.startsWith(`${noun}:`) && rank[grant.split(':')[1]] >= rank[level]);
};
const needsGrant = (route) => !['public', 'signed_in'].includes(route.permission);

// What every {member} of a path could be for this tenant: a row of the table that the noun is called after.
const nowhere = '00000000-0000-7000-8000-00000000ffff';
const nouns = [...new Set(routes.filter((route) => /\{id\}/.test(route.path))
    .map((route) => route.path.split('/').filter((part) => part !== 'me')[1]))];
const tableOf = (noun) => (noun === 'people' ? 'person'
    : noun.replaceAll('-', '_').replace(/ies$/, 'y').replace(/s$/, ''));
const handled = { people: `kind = 'person' AND status = 'invited'`, sessions: 'revoked_at IS NULL' };

async function idsOf(tenant) {
    const ids = { tenants: tenant };
    for (const noun of nouns.filter((name) => name !== 'tenants')) {
        const [{ known }] = await house.sql('SELECT to_regclass($1) IS NOT NULL AS known', [tableOf(noun)]);
        if (!known) continue;
        const rows = await house.sql(`SELECT id FROM ${tableOf(noun)}
            WHERE tenant_id = $1 AND ${handled[noun] ?? 'true'} ORDER BY id LIMIT 1`, [tenant]);
        ids[noun] = rows[0]?.id;
    }
    return ids;
}
const others = { token: 'A'.repeat(43), key: 'invitation', provider_id: nowhere };

function fill(route, ids) {
    const noun = route.path.split('/').filter((part) => part !== 'me')[1];
    return route.path.replace(/\{(\w+)\}/g, (whole, member) => others[member] ?? ids?.[noun] ?? nowhere);
}

const ask = (browser, route, ids) => browser.request(route.method, fill(route, ids), {
    body: ['POST', 'PUT'].includes(route.method) ? {} : undefined,
    headers: { ...(route.method === 'PUT' ? { 'if-match': '"1"' } : {}), accept: 'application/json' },
});
// Those that end the session that asks, or answer for ever, are asked elsewhere.
const leavesOut = (route) => route.stream || ['POST /sign-out', 'POST /session/stop-acting', 'POST /sign-in',
    'POST /tenants/{id}/act', 'DELETE /me/sessions/{id}', 'POST /sessions/{id}/revoke'].includes(route.name);

test('the document names the permission of every route, and there are many', () => {
    assert.ok(routes.length > 70, String(routes.length));
    const spelled = /^(public|signed_in|[a-z_]+:(read|use|write))$/;
    assert.deepEqual(routes.filter((route) => !spelled.test(route.permission)), []);
});

// Senders of telemetry come with an ingest key, which opens nothing else.
const isForSenders = (route) => route.path === '/ingest' || /^\/elastic(\/|$)/.test(route.path);

test('only these routes are open to strangers', () => {
    const open = routes.filter((route) => route.permission === 'public' && !isForSenders(route));
    assert.deepEqual(open.map((route) => route.name).sort(), [
        'DELETE /upload-visits/{token}/uploads/{id}', 'GET /invitations/{token}', 'GET /oidc/callback',
        'GET /oidc/{provider_id}/start', 'GET /session', 'GET /sign-in/providers', 'GET /upload-visits/{token}',
        'GET /upload-visits/{token}/uploads/{id}', 'GET /version', 'POST /drill-answers/{token}',
        'POST /invitations/{token}/complete',
        'POST /password-reset', 'POST /password-reset/confirm', 'POST /sign-in', 'POST /sign-out',
        'POST /upload-visits/{token}/uploads']);
});

test('where senders come in, nobody does without an ingest key', async () => {
    const senders = routes.filter(isForSenders);
    assert.ok(senders.length > 2);
    for (const browser of [house.browser(), await house.as('administrator'),
        house.browser({ key: `ygi_0000000000_${'0'.repeat(64)}` })]) {
        for (const route of senders) {
            const answer = await ask(browser, route, { elastic: 'x' });
            assert.equal(answer.status, 401, `${route.name} answered ${answer.status} ${answer.text}`);
        }
    }
});

test('a stranger, an unknown key and a forged session get 401 everywhere else', async () => {
    const forged = house.browser();
    forged.client.cookies.set('yagura_session', 'B'.repeat(43));
    const key = house.browser({ key: `ygk_0000000000_${'0'.repeat(64)}` });
    const visitors = { stranger: house.browser(), key, forged };
    for (const [who, browser] of Object.entries(visitors)) {
        for (const route of routes.filter((row) => row.permission !== 'public')) {
            const answer = await ask(browser, route);
            assert.equal(answer.status, 401, `${who}: ${route.name} answered ${answer.status} ${answer.text}`);
        }
    }
});

test('a sign-in that has not proven the second factor opens its own next steps alone', async () => {
    for (const route of routes.filter((row) => row.permission !== 'public' && !row.anyStage)) {
        const browser = house.pending ??= house.browser();
        if (browser.client.cookies.size === 0) {
            assert.equal(answered(await browser.begin(people.auditor)).stage, 'totp');
        }
        const answer = await ask(browser, route);
        assert.equal(answer.status, 401, `${route.name} answered ${answer.status} ${answer.text}`);
    }
});

const roles = ['administrator', 'lead', 'engineer', 'hunter', 'auditor', 'customer', 'contact', 'reader', 'harbor'];
for (const role of roles) {
    test(`${role}: a route answers 403 exactly where the permission is missing`, async () => {
        const browser = await house.as(role);
        const { permissions } = browser.state;
        for (const route of routes.filter((row) => needsGrant(row) && !leavesOut(row))) {
            const answer = await ask(browser, route); // ids of nothing: nobody changes anything
            if (allows(permissions, route.permission)) {
                assert.notEqual(answer.status, 401, `${route.name} ${answer.text}`);
                assert.ok(answer.status !== 403 || answer.body.code === 'fresh-factor-needed',
                    `${route.name} is allowed and answered ${answer.text}`);
                assert.ok(answer.status < 500, `${route.name} answered ${answer.text}`);
            } else {
                assert.equal(answer.status, 403, `${route.name} needs ${route.permission}: ${answer.text}`);
            }
        }
        answered(await browser.get('/me'));
    });

    test(`${role}: what belongs to a customer one does not see is not found, whatever is asked of it`, async () => {
        const browser = await house.as(role);
        const { permissions, tenants_count: customers } = browser.state;
        if (customers === 2 || ['administrator', 'lead', 'hunter', 'auditor'].includes(role)) return; // sees them all
        const foreign = await idsOf(await house.tenantId(role === 'harbor' ? 'AOBA' : 'HARBOR'));
        const touched = routes.filter((route) => needsGrant(route) && /\{id\}/.test(route.path) && !leavesOut(route)
            && allows(permissions, route.permission));
        for (const route of touched) {
            const answer = await ask(browser, route, foreign);
            const listOfNothing = answer.status === 200 && answer.body.items?.length === 0;
            const tooEarly = answer.status === 422 // a body that does not fit is told before the object is looked for
                || answer.body.code === 'fresh-factor-needed';
            assert.ok(answer.status === 404 || listOfNothing || tooEarly, `${route.name} answered ${answer.text}`);
        }
        const lists = routes.filter((route) => route.method === 'GET' && needsGrant(route) && !/\{/.test(route.path)
            && allows(permissions, route.permission) && !leavesOut(route));
        // The bare id of a customer may stand among the grants of a colleague at the provider; nothing of it does.
        const hidden = Object.entries(foreign).filter(([noun, id]) => id && (noun !== 'tenants' || role === 'harbor'))
            .map(([noun, id]) => ({ noun, id }));
        assert.ok(hidden.length >= 2);
        for (const route of lists) {
            const answer = await browser.get(`${route.path}?limit=200`);
            for (const { noun, id } of hidden) {
                assert.ok(!answer.text.includes(id), `${route.name} shows ${noun} ${id}`);
            }
        }
    });
}

test('asked with a whole body, a change to another customer’s object is not found either', async () => {
    const browser = await house.as('harbor');
    const ids = await idsOf(await house.tenantId('AOBA'));
    const bodies = {
        [`/people/${ids.people}`]: { name: 'x', language: 'en', time_zone: 'Asia/Tokyo',
            permission_set_ids: [await house.setId('HARBOR', 'customer_reader')] },
        [`/permission-sets/${ids['permission-sets']}`]: { name_en: 'x', name_ja: 'x', grants: ['tickets:read'] },
    };
    for (const [path, body] of Object.entries(bodies)) {
        const answer = await browser.request('PUT', path, { body, headers: { 'if-match': '"1"' } });
        assert.equal(answer.status, 404, `${path} ${answer.text}`);
    }
});

test('nothing that was asked above changed anything it should not have', async () => {
    const left = await house.sql(`SELECT count(*) AS n FROM person WHERE status = 'disabled'`);
    assert.equal(left[0].n, '2'); // as the demonstration has it
    const proof = answered(await (await house.as('auditor')).get('/audit/verify'));
    assert.equal(proof.whole, true);
});

// Administration of customers, people, rights and keys: what is allowed, and who is stopped.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, refused } from './harness.mjs';
import { people, startDemoHouse } from './identity_house.mjs';

const house = await startDemoHouse();
const [administrator, lead, engineer, customer, harbor] =
    await Promise.all(['administrator', 'lead', 'engineer', 'customer', 'harbor'].map((role) => house.as(role)));
const aoba = await house.tenantId('AOBA');
const harborId = await house.tenantId('HARBOR');
const provider = await house.tenantId('MDR');
const contact = await house.setId('AOBA', 'customer_contact');

const invitation = (over = {}) => ({
    tenant_id: aoba, email: `person${Math.random().toString(36).slice(2)}@aoba.demo.yagura.example`, name: '山本',
    permission_set_ids: [contact], ...over,
});

test('people see those of the tenants granted to them, and nobody else', async () => {
    const tenants = async (browser) =>
        new Set(answered(await browser.get('/people?limit=200')).items.map((person) => person.tenant_name));
    assert.deepEqual(await tenants(customer), new Set(['株式会社青葉製作所']));
    assert.deepEqual(await tenants(harbor), new Set(['Harbor Logistics Ltd.']));
    assert.deepEqual(await tenants(engineer), new Set(['Yagura MDR', '株式会社青葉製作所']));
    assert.equal((await tenants(lead)).size, 3);
});

test('the tenant switcher narrows what is seen, and not to others', async () => {
    const narrowed = answered(await lead.get('/people?limit=200', { headers: { 'x-yagura-tenant': harborId } })).items;
    assert.ok(narrowed.length > 0 && narrowed.every((person) => person.tenant_id === harborId));
    refused(await engineer.get('/people', { headers: { 'x-yagura-tenant': harborId } }), 404);
    refused(await customer.get('/people', { headers: { 'x-yagura-tenant': provider } }), 404);
    answered(await lead.get('/me', { headers: { 'x-yagura-tenant': harborId } }));
});

test('an address belongs to one person, whoever asks and however it is spelled', async () => {
    const email = people.harbor.toUpperCase();
    const taken = refused(await customer.post('/people/invite', invitation({ email })), 409);
    assert.equal(taken.errors[0].pointer, '/email');
});

test('nobody gives more than they hold', async () => {
    const administratorSet = await house.setId('MDR', 'administrator');
    const mail = 'climber@demo.yagura.example';
    refused(await lead.post('/people/invite', {
        tenant_id: provider, email: mail, name: 'x', permission_set_ids: [administratorSet] }), 403, 'more-than-held');
    const readers = await house.setId('AOBA', 'customer_reader');
    refused(await customer.post('/people/invite', invitation({ permission_set_ids: [administratorSet] })), 422);
    refused(await customer.post('/people/invite', invitation({ tenant_id: harborId })), 422);
    refused(await customer.post('/people/invite', invitation({ all_tenants: true })), 422);
    refused(await customer.post('/people/invite', invitation({ tenant_ids: [harborId] })), 422);
    answered(await customer.post('/people/invite', invitation({ permission_set_ids: [readers] })), 201);
    refused(await customer.post('/permission-sets', {
        key: 'too-much', name_en: 'x', name_ja: 'x', grants: ['tickets:write'] }), 403, 'more-than-held');
    const provided = refused(await customer.post('/permission-sets', {
        key: 'not-theirs', name_en: 'x', name_ja: 'x', grants: ['tenants:read'] }), 422);
    assert.equal(provided.errors[0].pointer, '/grants/0');
});

test('nobody administrates a person who holds more', async () => {
    const above = await house.idOf('administrator');
    refused(await lead.post(`/people/${above}/disable`), 403, 'more-than-held');
    const seen = answered(await lead.get(`/people/${above}`));
    assert.deepEqual(seen.can, []);
    assert.ok(answered(await administrator.get(`/people/${await house.idOf('lead')}`)).can.includes('disable'));
});

test('the last administrator of a tenant stays, also when two try at once', async () => {
    const [one, other] = [people.customer, 'hashimoto@aoba.demo.yagura.example'];
    const second = await house.as(other);
    const both = await Promise.all([
        customer.post(`/people/${await house.idOf(other)}/disable`),
        second.post(`/people/${await house.idOf(one)}/disable`),
    ]);
    const statuses = both.map((answer) => answer.status).sort();
    assert.equal(statuses[0], 200, JSON.stringify(both.map((answer) => answer.text)));
    assert.ok([401, 409].includes(statuses[1]), String(statuses[1]));
    const left = await house.sql(`SELECT email FROM person WHERE email = ANY ($1) AND status = 'active'`,
        [[one, other]]);
    assert.equal(left.length, 1);
    refused(await administrator.post(`/people/${await house.idOf(left[0].email)}/disable`), 409, 'last-administrator');
    const last = answered(await administrator.get(`/people/${await house.idOf(left[0].email)}`));
    const demoted = await administrator.client.request('PUT', `/people/${last.id}`, {
        headers: { 'if-match': `"${last.version}"` },
        body: { name: last.name, language: last.language, time_zone: last.time_zone, permission_set_ids: [contact] },
    });
    refused(demoted, 409, 'last-administrator');
    answered(await administrator.post(`/people/${await house.idOf(left[0].email === one ? other : one)}/enable`));
});

test('who was faster wins: a change needs the version it is based on', async () => {
    const id = await house.idOf('contact');
    const read = await administrator.get(`/people/${id}`);
    const before = answered(read);
    const { permission_set_ids } = before;
    const body = { name: '林 大介', language: 'ja', time_zone: 'Asia/Tokyo', permission_set_ids };
    refused(await administrator.put(`/people/${id}`, body), 428);
    const after = answered(await administrator.put(`/people/${id}`, body, read.etag));
    assert.equal(after.name, '林 大介');
    assert.equal(after.version, before.version + 1);
    refused(await administrator.put(`/people/${id}`, { ...body, name: '林 大輔' }, read.etag), 412);
    const [logged] = answered(await administrator.get(`/audit?object_id=${id}&action=person.updated&limit=1`)).items;
    assert.deepEqual(logged.change, { name: ['林 大輔', '林 大介'] });
    assert.equal(logged.actor_name, '櫓 守');
    assert.equal(logged.address, '127.0.0.1');
});

test('a disabled person is out at once', async () => {
    const person = await house.as('mori@aoba.demo.yagura.example');
    const id = await house.idOf('mori@aoba.demo.yagura.example');
    answered(await person.get('/me'));
    answered(await administrator.post(`/people/${id}/disable`));
    refused(await person.get('/me'), 401);
    refused(await house.browser().begin('mori@aoba.demo.yagura.example'), 401, 'sign-in-refused');
    refused(await administrator.post(`/people/${id}/disable`), 409, 'person-state');
    answered(await administrator.post(`/people/${id}/enable`));
    await house.as('mori@aoba.demo.yagura.example');
});

test('many at once: a result per person, and a dry run that changes nothing', async () => {
    const ids = [await house.idOf('ikeda@aoba.demo.yagura.example'), await house.idOf('administrator'),
        await house.idOf('lead'), '00000000-0000-7000-8000-00000000ffff'];
    const dry = answered(await lead.post('/people/bulk', { action: 'disable', ids, dry_run: true }));
    assert.deepEqual(dry.items.map((item) => item.code), [null, 'more-than-held', 'not-yourself', 'not-found']);
    assert.deepEqual([dry.succeeded, dry.failed], [1, 3]);
    assert.equal((await house.sql('SELECT status FROM person WHERE id = $1', [ids[0]]))[0].status, 'active');
    const wet = answered(await lead.post('/people/bulk', { action: 'disable', ids }));
    assert.deepEqual(wet.items.map((item) => item.ok), [true, false, false, false]);
    assert.equal((await house.sql('SELECT status FROM person WHERE id = $1', [ids[0]]))[0].status, 'disabled');
    refused(await lead.post('/people/bulk', { action: 'explode', ids }), 422);
});

test('a reset second factor is linked anew at the next sign-in', async () => {
    const id = await house.idOf('reader');
    house.clock.advance({ minutes: 20 });
    refused(await administrator.post(`/people/${id}/reset-second-factor`), 403, 'fresh-factor-needed');
    const again = await house.as('administrator');
    assert.equal(answered(await again.post(`/people/${id}/reset-second-factor`)).second_factor, false);
    assert.equal(answered(await house.browser().begin(people.reader)).stage, 'totp_enrolment');
    refused(await again.post(`/people/${await house.idOf('administrator')}/reset-second-factor`), 409, 'not-yourself');
});

test('customers are added, changed, suspended and resumed; a suspended one is out', async () => {
    const body = { name: '株式会社みなと', short_code: 'MINATO', plan: 'mss', language: 'ja', time_zone: 'Asia/Tokyo' };
    const read = await administrator.post('/tenants', body);
    const made = answered(read, 201);
    assert.equal(made.status, 'onboarding');
    refused(await administrator.post('/tenants', body), 409);
    refused(await administrator.post('/tenants', { ...body, short_code: 'mi nato' }), 422);
    refused(await administrator.post('/tenants', { ...body, short_code: 'OTHER', time_zone: 'Mars/Olympus' }), 422);
    refused(await engineer.post('/tenants', { ...body, short_code: 'OTHER' }), 403);
    const changed = answered(await administrator.put(`/tenants/${made.id}`, { ...body, plan: 'lite' }, read.etag));
    assert.equal(changed.plan, 'lite');
    answered(await administrator.get(`/people?tenant_id=${made.id}`)); // seen at once
    refused(await engineer.get(`/tenants/${made.id}`), 404);

    answered(await harbor.get('/me'));
    answered(await administrator.post(`/tenants/${harborId}/suspend`));
    refused(await harbor.get('/me'), 401);
    refused(await house.browser().begin(people.harbor), 401);
    refused(await administrator.post(`/tenants/${harborId}/suspend`), 409);
    answered(await administrator.post(`/tenants/${harborId}/resume`));
    answered(await harbor.get('/me'));
});

test('an engineer looks as the customer: sees and does what they may, and both logs say so', async () => {
    const state = answered(await lead.post(`/tenants/${aoba}/act`));
    assert.equal(state.side, 'customer');
    assert.equal(state.acting_tenant.id, aoba);
    assert.ok(!state.permissions.some((grant) => grant.startsWith('tenants:')));
    refused(await lead.get('/tenants'), 403);
    const seen = answered(await lead.get('/people?limit=200')).items;
    assert.ok(seen.length > 0 && seen.every((person) => person.tenant_id === aoba));
    const made = answered(await lead.post('/permission-sets', {
        key: 'made-while-acting', name_en: 'Made while acting', name_ja: '代理で作成', grants: ['tickets:use'] }), 201);
    assert.equal(made.tenant_id, aoba);
    const back = answered(await lead.post('/session/stop-acting'));
    assert.equal(back.side, 'provider');
    const rows = await house.sql(`SELECT t.short_code, e.action, e.on_behalf_of FROM audit_entry e
        JOIN tenant t ON t.id = e.tenant_id WHERE e.on_behalf_of IS NOT NULL ORDER BY e.action, t.short_code`);
    assert.deepEqual(rows.map((row) => `${row.short_code} ${row.action}`), [
        'AOBA permission_set.created', 'MDR permission_set.created', 'AOBA tenant.act_as', 'MDR tenant.act_as',
        'AOBA tenant.stop_acting', 'MDR tenant.stop_acting']);
    assert.ok(rows.every((row) => row.on_behalf_of === '株式会社青葉製作所'));
    refused(await engineer.post(`/tenants/${harborId}/act`), 404);
    refused(await (await house.as('customer')).post(`/tenants/${aoba}/act`), 403);
});

test('permission sets: built-in ones do not change, own ones do until somebody holds them', async () => {
    const builtin = await house.setId('AOBA', 'customer_contact');
    const read = await administrator.get(`/permission-sets/${builtin}`);
    const words = { name_en: 'Desk', name_ja: '窓口', grants: ['tickets:use', 'people:read'] };
    refused(await administrator.put(`/permission-sets/${builtin}`, words, read.etag), 409, 'permission-set-builtin');
    const created = await administrator.post('/permission-sets', { ...words, tenant_id: aoba, key: 'desk' });
    const made = answered(created, 201);
    const less = { ...words, grants: ['tickets:read'] };
    const changed = answered(await administrator.put(`/permission-sets/${made.id}`, less, created.etag));
    assert.deepEqual(changed.grants, ['tickets:read']);
    answered(await administrator.post('/people/invite', invitation({ permission_set_ids: [made.id] })), 201);
    refused(await administrator.delete(`/permission-sets/${made.id}`), 409, 'permission-set-in-use');
    const spare = { ...words, tenant_id: aoba, key: 'unused' };
    const unused = answered(await administrator.post('/permission-sets', spare), 201);
    answered(await administrator.delete(`/permission-sets/${unused.id}`), 204);
    refused(await administrator.get(`/permission-sets/${unused.id}`), 404);
});

test('an API key does what its scopes say, no more than its owner, until it ends', async () => {
    const until = new Date(+house.clock.now + 30 * 86_400_000).toISOString();
    const account = answered(await administrator.post('/service-accounts', {
        tenant_id: aoba, name: '連携', permission_set_ids: [await house.setId('AOBA', 'customer_administrator')] }), 201);
    const order = { name: '連携キー', person_id: account.id, scopes: ['people:read', 'audit:read'], expires_at: until };
    refused(await administrator.post('/api-keys', { ...order, scopes: ['tenants:read'] }), 422);
    refused(await administrator.post('/api-keys', { ...order, expires_at: '2020-01-01T00:00:00Z' }), 422);
    refused(await administrator.post('/api-keys', { ...order, expires_at: '2099-01-01T00:00:00Z' }), 422);
    const key = answered(await administrator.post('/api-keys', order), 201);
    assert.match(key.secret, /^ygk_[0-9a-f]+_[0-9a-f]{64}$/);
    const program = house.client({ key: key.secret });
    assert.ok(answered(await program.get('/people')).items.every((person) => person.tenant_id === aoba));
    refused(await program.post('/people/invite', invitation()), 403);
    refused(await program.get('/permission-sets'), 403);
    refused(await program.post('/me/api-keys', { name: 'x', scopes: ['people:read'], expires_at: until }), 403);
    assert.equal(answered(await administrator.get(`/api-keys/${key.id}`)).secret, undefined);
    assert.ok(answered(await administrator.get(`/api-keys/${key.id}`)).last_used_at);
    const wrong = key.secret.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    refused(await house.client({ key: wrong }).get('/people'), 401);
    answered(await administrator.post(`/api-keys/${key.id}/revoke`));
    refused(await program.get('/people'), 401);

    const owner = await house.as('customer');
    const mine = answered(await owner.post('/me/api-keys',
        { name: 'mine', scopes: ['people:read'], expires_at: until }), 201);
    const myProgram = house.client({ key: mine.secret });
    answered(await myProgram.get('/people'));
    house.clock.advance({ days: 31 });
    refused(await myProgram.get('/people'), 401);
});

test('views are saved, shared within the organisation, and changed by their owner alone', async () => {
    const one = await house.as('customer');
    const other = await house.as('contact');
    const stranger = await house.as('harbor');
    const view = { page: 'people', name: '停止中', state: { filters: { status: ['disabled'] } }, shared: false };
    const created = await one.post('/saved-views', view);
    const made = answered(created, 201);
    assert.deepEqual(made.state, view.state);
    const own = async (browser) => answered(await browser.get('/saved-views')).items.map((row) => row.id);
    assert.ok(!(await own(other)).includes(made.id));
    answered(await one.put(`/saved-views/${made.id}`, { ...view, shared: true }, created.etag));
    const [seen] = answered(await other.get('/saved-views?page=people')).items;
    assert.deepEqual([seen.name, seen.can], ['停止中', []]);
    assert.deepEqual(await own(stranger), []);
    refused(await other.delete(`/saved-views/${made.id}`), 403);
    refused(await stranger.delete(`/saved-views/${made.id}`), 404);
    answered(await one.delete(`/saved-views/${made.id}`), 204);
});

test('the palette finds by a few letters, within what the caller may see', async () => {
    const mine = await house.as('lead');
    const found = answered(await mine.get('/search?q=aoba')).items;
    assert.ok(found.some((hit) => hit.kind === 'tenant') && found.some((hit) => hit.kind === 'person'));
    const theirs = answered(await (await house.as('harbor')).get('/search?q=aoba')).items;
    assert.deepEqual(theirs, []);
    refused(await mine.get('/search?q='), 422);
});

test('the command line makes an administrator and helps those who are locked out', async () => {
    const made = await house.yagura(['user', 'invite', 'root@demo.yagura.example', '--name', 'Root']);
    assert.equal(made.status, 0, made.stderr);
    assert.match(made.stdout, /\/invitations\/\S+\n$/);
    const twice = await house.yagura(['user', 'invite', 'root@demo.yagura.example', '--name', 'Root']);
    assert.equal(twice.status, 1);
    const weak = await house.yagura(['user', 'password', people.contact], { input: 'password12345\n' });
    assert.equal(weak.status, 1);
    const strong = await house.yagura(['user', 'password', people.contact], { input: 'silver river 91 carpet\n' });
    assert.equal(strong.status, 0, strong.stderr);
    answered(await house.browser().begin(people.contact, 'silver river 91 carpet'));
    assert.equal((await house.yagura(['user', 'unlock', 'nobody@demo.yagura.example'])).status, 1);
    assert.equal((await house.yagura(['user', 'dance', people.contact])).status, 2);
});

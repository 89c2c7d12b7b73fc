// What a contract includes a number of times: counted by its cases, refused when used up, given on by a duty lead.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, refused } from './harness.mjs';
import { startDemoHouse } from './identity_house.mjs';

const house = await startDemoHouse(); // 24 November 2026
const lead = await house.as('lead');
const engineer = await house.as('engineer');
const customer = await house.as('customer');
const harbor = await house.as('harbor');
const aoba = await house.tenantId('AOBA');
const categories = Object.fromEntries(answered(await lead.get('/ticket-categories')).items.map((c) => [c.key, c.id]));
await house.sql('DELETE FROM entitlement_use'); // the demonstration's own

// What the category's form asks for, with something that fits.
const forms = answered(await customer.get('/case-forms?limit=100')).items;
const answersFor = (category) => (forms.find((one) => one.id === categories[category])?.fields ?? [])
    .filter((field) => field.required).map((field) => ({ key: field.key,
        value: { number: '5', choice: field.choices?.[0]?.key, date: '2026-12-01', text: 'x' }[field.kind] }));
const open = (who, category, over = {}) => who.post('/tickets', { category_id: categories[category], severity: 'c',
    subject: `${category}のご依頼`, description: 'お願いします。', answers: answersFor(category), ...over });
const counters = async (who = customer, tenant = aoba) =>
    answered(await who.get(`/tenants/${tenant}/entitlements`)).items;
const counter = async (key, current = true) => (await counters()).find((one) => one.key === key
    && one.current === current);

async function setStart(day) {
    const { body: now, etag } = await lead.get(`/tenants/${aoba}`);
    const words = ['name', 'name_kana', 'short_code', 'plan', 'language', 'time_zone', 'holiday_country',
        'reopen_days'];
    return lead.put(`/tenants/${aoba}`, { ...Object.fromEntries(words.map((word) => [word, now[word]])),
        contract_start: day }, etag);
}

test('contract years count from the day of the licence, also one that comes every fourth year', async () => {
    for (const [day, from, to] of [['2024-04-01', '2026-04-01', '2027-03-31'], ['2026-11-24', '2026-11-24',
        '2027-11-23'],
        ['2025-11-25', '2025-11-25', '2026-11-24'], ['2024-02-29', '2026-02-28', '2027-02-27']]) {
        assert.equal(answered(await setStart(day)).contract_start, day);
        const one = await counter('hunting');
        assert.deepEqual([one.period_from, one.period_to], [from, to], day);
    }
    assert.equal(refused(await setStart('2026-02-30'), 422).errors[0].pointer, '/contract_start');
    answered(await setStart('2024-04-01'));
});

test('a case uses one, declining returns it, and the next one is refused or counts for the next year', async () => {
    const first = answered(await open(customer, 'hunting'), 201);
    const used = await counter('hunting');
    assert.deepEqual([used.amount, used.used, used.remaining], [1, 1, 0]);
    assert.equal(used.uses[0].reference, first.reference);
    const refusal = refused(await open(customer, 'hunting'), 409, 'entitlement-used-up');
    assert.match(refusal.title, /すべて利用済み/);
    assert.match(refusal.detail, /2027-04-01/);
    refused(await open(customer, 'hunting', { override_reason: 'please' }), 422);
    refused(await open(engineer, 'hunting', { tenant_id: aoba, override_reason: 'please' }), 422);

    const next = answered(await open(customer, 'hunting', { for_next_period: true }), 201);
    assert.equal((await counter('hunting')).used, 1);
    const later = await counter('hunting', false);
    assert.deepEqual([later.period_from, later.used, later.uses[0].reference], ['2027-04-01', 1, next.reference]);
    refused(await open(customer, 'hunting', { for_next_period: true }), 409, 'entitlement-used-up');

    const more = answered(await open(lead, 'hunting', { tenant_id: aoba, override_reason: '侵害の疑いが強いため。' }), 201);
    const over = await counter('hunting');
    assert.deepEqual([over.used, over.remaining], [2, 0]);
    assert.equal(over.uses.find((use) => use.reference === more.reference).override_reason, '侵害の疑いが強いため。');
    const log = answered(await lead.get('/audit?action=entitlement.overridden')).items;
    assert.equal(log[0].object_name, more.reference);
});

test('what is declined is not used up, and is again when it is reopened', async () => {
    await house.sql("UPDATE ticket_category SET may_be_declined = true WHERE key = 'deployment'");
    const ticket = answered(await open(customer, 'deployment'), 201);
    assert.equal((await counter('deployment')).remaining, 1);
    answered(await engineer.post(`/tickets/${ticket.id}/decline`, { reason: '対象外の製品です。' }));
    const back = await counter('deployment');
    assert.deepEqual([back.used, back.remaining, back.uses[0].counts, back.uses[0].return_cause], [0, 2, false,
        'declined']);
    answered(await engineer.post(`/tickets/${ticket.id}/reopen`, { reason: '対象でした。' }));
    assert.equal((await counter('deployment')).used, 1);
    const [{ id }] = (await counter('deployment')).uses;
    refused(await customer.post(`/entitlement-uses/${id}/give-back`, { reason: 'x' }), 403);
    refused(await engineer.post(`/entitlement-uses/${id}/give-back`, { reason: 'x' }), 403);
    assert.equal(refused(await lead.post(`/entitlement-uses/${id}/give-back`, {}), 422).errors[0].pointer, '/reason');
    answered(await lead.post(`/entitlement-uses/${id}/give-back`, { reason: '当社都合による中止のため。' }));
    assert.equal((await counter('deployment')).used, 0);
    refused(await lead.post(`/entitlement-uses/${id}/give-back`, { reason: 'again' }), 409);
});

test('two at the same moment do not both get the last one', async () => {
    await house.sql('DELETE FROM entitlement_use');
    const all = await Promise.all(Array.from({ length: 4 }, () => open(customer, 'hunting')));
    assert.deepEqual(all.map(({ status }) => status).sort(), [201, 409, 409, 409]);
});

test('other contracts and inquiries count nothing, and nobody reads the counters of others', async () => {
    assert.deepEqual(await counters(harbor, await house.tenantId('HARBOR')), []);
    assert.deepEqual(await counters(harbor, aoba), []);
    for (let i = 0; i < 3; i++) answered(await open(customer, 'xdr'), 201);
    const [{ n }] = await house.sql('SELECT count(*)::int AS n FROM entitlement_use');
    assert.equal(n, 1);
});

test('the hash of a file is enough, and has the length of one', async () => {
    const hash = async (value) => {
        const form = forms.find((one) => one.id === categories.suspicious_file);
        const field = form.fields.find((one) => one.kind === 'hash');
        return open(customer, 'suspicious_file', { answers: [{ key: field.key, value }] });
    };
    for (const digits of [32, 40, 64]) {
        const ticket = answered(await hash('aB'.repeat(digits / 2)), 201);
        const words = 'ab'.repeat(digits / 2).slice(0, 40);
        assert.equal(answered(await engineer.get(`/tickets?words=${words}`)).items[0].id, ticket.id);
    }
    for (const wrong of ['ab'.repeat(15), 'ab'.repeat(31), `${'ab'.repeat(19)}zz`, 'ab'.repeat(65)])
        assert.match(refused(await hash(wrong), 422).errors[0].pointer, /^\/answers/);
});

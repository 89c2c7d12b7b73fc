// What a category asks for when a case is opened, and what customers read or approve in it.

import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { test } from 'node:test';
import { answered, refused } from './harness.mjs';
import { startDemoHouse } from './identity_house.mjs';

const house = await startDemoHouse();
const signed = {};
for (const role of ['lead', 'engineer', 'customer', 'contact', 'reader', 'harbor']) signed[role] = await house.as(role);
const { lead, engineer, customer, contact, reader, harbor } = signed;
const categories = {};
for (const c of answered(await lead.get('/ticket-categories?limit=100')).items) categories[c.key] = c.id;

const story = (category, answers, over) => ({ category_id: categories[category], severity: 'c', subject: '依頼',
    description: '詳しくは以下のとおりです。', answers, ...over });
const open = async (who, category = 'xdr', answers = undefined) =>
    answered(await who.post('/tickets', story(category, answers)), 201);
const sha256 = (text) => crypto.createHash('sha256').update(text).digest('hex');
const read = async (who, ticket) => answered(await who.get(`/tickets/${ticket.id}`));

// ---- forms ----

test('CREATE is accepted only when every mandatory field of the category is filled', async () => {
    const empty = refused(await customer.post('/tickets', story('false_positive')), 422);
    assert.deepEqual(empty.errors.map((e) => e.pointer).sort(),
        ['/answers/object', '/answers/purpose', '/answers/software', '/answers/vendor']);
    const made = await open(customer, 'false_positive', [
        { key: 'software', value: 'Kassenbuch' }, { key: 'vendor', value: '自社' }, { key: 'object', value: 'agg.exe' },
        { key: 'purpose', value: '月次の集計' }]);
    assert.deepEqual(made.answers.map((a) => [a.key, a.value]), [['object', 'agg.exe'], ['software', 'Kassenbuch'],
        ['vendor', '自社'], ['purpose', '月次の集計']]);
    assert.equal(answered(await customer.get('/tickets?words=Kassenbuch')).items.length, 1, 'answers can be found');
});

test('what the form does not ask is refused, and so is a hash that is none', async () => {
    refused(await customer.post('/tickets', story('xdr', [{ key: 'hash', value: 'x' }])), 422);
    const short = story('suspicious_file', [{ key: 'hash', value: '4b1c' }]);
    const bad = refused(await customer.post('/tickets', short), 422);
    assert.deepEqual(bad.errors.map((e) => e.pointer), ['/answers/hash']);
    const sha1 = 'A'.repeat(40);
    const given = [{ key: 'hash', value: sha1 }, { key: 'opened', value: 'no' }];
    const made = await open(customer, 'suspicious_file', given);
    assert.deepEqual(made.answers.map((a) => a.value), [sha1.toLowerCase(), 'no']);
    assert.equal(made.answers[1].shown_ja, 'いいえ');
});

test('units of a deployment are added up and stay within a hundred', async () => {
    const units = (products, agents, connectors) => [['programs', 'EPP'], ['products', products], ['agents', agents],
        ['connectors', connectors], ['scope', '本社'], ['date', '2026-12-10']]
        .map(([key, value]) => ({ key, value: String(value) }));
    const over = refused(await customer.post('/tickets', story('deployment', units(34, 34, 33))), 422);
    assert.deepEqual(over.errors.map((e) => e.pointer), ['/answers']);
    await open(customer, 'deployment', units(34, 33, 33));
});

test('a form is changed by who keeps the catalogue; cases keep what they were asked', async () => {
    const path = `/case-forms/${categories.endpoint}`;
    const field = { key: 'version', kind: 'text', label_en: 'Version', label_ja: '製品の版', required: true };
    const form = answered(await customer.get(path));
    assert.deepEqual([form.version, form.fields], [0, []]);
    refused(await engineer.put(path, { fields: [field] }, '"0"'), 403);
    const put = (fields, etag, over) => lead.put(path, { fields, ...over }, etag);
    assert.equal(refused(await put([{ ...field, key: 'Bad Key' }], '"0"'), 422).errors[0].pointer, '/fields/0/key');
    assert.equal(refused(await put([field, field], '"0"'), 422).errors[0].pointer, '/fields/1/key');
    assert.equal(refused(await put([{ ...field, kind: 'choice' }], '"0"'), 422).errors[0].pointer, '/fields/0/choices');
    assert.equal(refused(await put([{ ...field, max: 3 }], '"0"'), 422).errors[0].pointer, '/fields/0/kind');
    assert.equal(answered(await put([field], '"0"')).version, 1);
    refused(await put([field], '"0"'), 412);
    const made = await open(customer, 'endpoint', [{ key: 'version', value: '12.1' }]);
    answered(await put([{ ...field, label_ja: '別の名前', required: false }], '"1"'));
    assert.equal((await read(customer, made)).answers[0].label_ja, '製品の版');
    await open(customer, 'endpoint');
});

// ---- documents ----

const put = (who, ticket, over = {}) => who.post(`/tickets/${ticket.id}/documents`, {
    kind: 'proposal', title: '導入のご提案', body: '# 提案\n\n2段階で導入します。', wants: 'approve',
    asks: 'administrators', ...over });
const say = (who, document, verb, over = {}) =>
    who.post(`/ticket-documents/${document.id}/${verb}`, { sha256: document.sha256, ...over });
const documents = async (who, query = '') => answered(await who.get(`/ticket-documents${query}`)).items;

test('a document waits for who is asked; the answer keeps name, time, address and what was seen', async () => {
    const ticket = await open(customer);
    const made = answered(await put(engineer, ticket), 201);
    assert.equal(made.sha256, sha256('# 提案\n\n2段階で導入します。'));
    const waiting = async (who) => (await documents(who, '?awaits_me=true')).some((d) => d.id === made.id);
    assert.deepEqual([await waiting(customer), await waiting(reader), await waiting(engineer)], [true, false, false]);
    refused(await say(reader, made, 'accept'), 403, 'document-not-asked');
    refused(await say(engineer, made, 'accept'), 403, 'document-not-asked');
    refused(await say(harbor, made, 'accept'), 404);
    refused(await say(customer, made, 'accept', { sha256: 'a'.repeat(64) }), 412);
    const done = answered(await say(customer, made, 'accept'));
    assert.equal(done.state, 'accepted');
    const [answer] = done.answers;
    assert.deepEqual([answer.person_name, answer.answer, answer.sha256, new Date(answer.at).getTime()],
        [customer.state.person.name, 'approved', made.sha256, +house.clock.now]);
    assert.match(answer.address, /^127\.0\.0\.1$|^::1$/);
    refused(await say(customer, made, 'accept'), 409, 'document-is-over');
    assert.equal(await waiting(customer), false);
    const log = answered(await customer.get(`/audit?object_id=${ticket.id}`)).items.map((line) => line.action);
    assert.ok(log.includes('ticket.document-put') && log.includes('ticket.document-approved'));
    const told = answered(await engineer.get('/me/notices')).items.find((n) => n.kind === 'document_done');
    assert.match(told.title, /導入のご提案/);
});

test('everybody named must agree; one refusal ends it with its reason', async () => {
    const ticket = await open(customer);
    const named = [customer, contact].map((who) => who.state.person.id);
    const over = { asks: 'people', person_ids: named, wants: 'confirm', kind: 'report', title: '月次報告' };
    const made = answered(await put(engineer, ticket, over), 201);
    assert.equal(answered(await say(contact, made, 'accept')).state, 'open');
    refused(await say(contact, made, 'accept'), 403);
    const both = answered(await say(customer, made, 'accept')).answers.map((a) => a.answer);
    assert.deepEqual(both, ['confirmed', 'confirmed']);
    const second = answered(await put(engineer, ticket, over), 201);
    refused(await say(contact, second, 'refuse'), 422);
    const end = answered(await say(contact, second, 'refuse', { reason: '台数が違います' }));
    assert.deepEqual([end.state, end.answers[0].reason], ['refused', '台数が違います']);
    refused(await say(customer, second, 'accept'), 409);
});

test('only the customer\'s own people are asked, and only about what the case holds', async () => {
    const ticket = await open(customer);
    const ask = (over) => put(lead, ticket, { asks: 'people', ...over });
    for (const id of [harbor, engineer].map((who) => who.state.person.id)) {
        assert.equal(refused(await ask({ person_ids: [id] }), 422).errors[0].pointer, '/person_ids');
    }
    refused(await ask({}), 422);
    refused(await put(customer, ticket), 403);
    refused(await put(lead, ticket, { body: undefined }), 422);
    assert.equal(refused(await put(lead, ticket, { body: undefined, attachment_id: ticket.id }), 422).errors[0].pointer,
        '/attachment_id');
});

test('a document is taken back with the reason, and then nobody answers it', async () => {
    const ticket = await open(customer);
    const made = answered(await put(engineer, ticket), 201);
    refused(await customer.post(`/ticket-documents/${made.id}/withdraw`, { reason: 'x' }), 403);
    const gone = answered(await engineer.post(`/ticket-documents/${made.id}/withdraw`, { reason: '誤記' }));
    assert.equal(gone.state, 'withdrawn');
    refused(await say(customer, made, 'accept'), 409);
});

test('what was put before somebody cannot be changed, nor an answer, not even by the program', async () => {
    const roles = ['yagura_api', 'yagura_jobs', 'yagura_ingest'];
    for (const [table, columns] of [['ticket_document', 'body'], ['ticket_document', 'sha256'],
        ['ticket_document_answer', 'answer'], ['ticket_document_answer', 'at']]) {
        const found = await house.sql(`SELECT r.rolname FROM unnest($1::text[]) r (rolname)
            WHERE has_column_privilege(r.rolname, $2, $3, 'UPDATE') OR has_table_privilege(r.rolname, $2, 'DELETE')`,
        [roles, table, columns]);
        assert.deepEqual(found, [], `${table}.${columns}`);
    }
});

test('a service that ends on the customer\'s approval is not closed by the service side before it', async () => {
    const ticket = await open(customer, 'deployment', [['programs', 'EPP'], ['products', '1'], ['agents', '1'],
        ['connectors', '1'], ['scope', '本社'], ['date', '2026-12-10']].map(([key, value]) => ({ key, value })));
    answered(await engineer.post(`/tickets/${ticket.id}/resolve`, { reason: '作業を終えました' }));
    refused(await engineer.post(`/tickets/${ticket.id}/close`, {}), 409, 'completion-not-approved');
    const sheet = answered(await put(engineer, ticket, { kind: 'completion', title: '作業完了のご報告' }), 201);
    refused(await engineer.post(`/tickets/${ticket.id}/close`, {}), 409);
    answered(await say(customer, sheet, 'accept'));
    assert.equal(answered(await engineer.post(`/tickets/${ticket.id}/close`, {})).status, 'closed');
});

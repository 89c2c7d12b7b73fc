// Words in a case: who may correct them and who reads what stood there before, how a note becomes a message, who can be
// named, who hears that somebody writes, and answers that are used again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, refused } from './harness.mjs';
import { startDemoHouse } from './identity_house.mjs';

const house = await startDemoHouse();
const [lead, engineer, customer, contact, reader, harbor] = await Promise.all(
    ['lead', 'engineer', 'customer', 'contact', 'reader', 'harbor'].map((role) => house.as(role)));
const categories = {};
for (const c of answered(await lead.get('/ticket-categories')).items) categories[c.key] = c.id;

const open = async (over) => answered(await customer.post('/tickets', {
    category_id: categories.xdr, severity: 'b', subject: '検知について', description: '教えてください。', ...over }), 201);
const say = async (who, ticket, body, over = {}) =>
    answered(await who.post(`/tickets/${ticket.id}/posts`, { body, visibility: 'customer', ...over }), 201);
const note = (ticket, body, over = {}) => say(engineer, ticket, body, { visibility: 'internal', ...over });
const edit = (who, post, body, version = post.version) =>
    who.put(`/ticket-posts/${post.id}`, { body }, `"${version}"`);
const posts = async (who, ticket) => answered(await who.get(`/tickets/${ticket.id}/posts?limit=200`)).items;
const edits = async (who, post) => answered(await who.get(`/ticket-posts/${post.id}/edits`)).items;
const found = async (who, words) =>
    answered(await who.get(`/tickets?words=${encodeURIComponent(words)}`)).items.map((row) => row.id);

test('an author corrects a message; what stood there before is for the author and for staff', async () => {
    const ticket = await open();
    const post = await say(customer, ticket, 'Server zwolf ist betroffen');
    assert.deepEqual(post.can, ['edit']);
    const now = answered(await edit(customer, post, 'Server zwanzig ist betroffen'));
    assert.ok(now.edited_at);
    assert.equal(now.version, post.version + 1);
    for (const who of [customer, engineer])
        assert.deepEqual((await edits(who, post)).map((row) => [row.body, row.by_name]),
            [['Server zwolf ist betroffen', customer.state.person.name]]);
    for (const who of [contact, reader, harbor]) assert.deepEqual(await edits(who, post), []);
    assert.ok((await found(contact, 'zwanzig')).includes(ticket.id));
    assert.ok(!(await found(contact, 'zwolf')).includes(ticket.id), 'corrected words are not found');
    refused(await edit(customer, post, 'based on the first words'), 412, 'stale');
    refused(await edit(engineer, now, 'not mine'), 403);
    refused(await edit(harbor, now, 'not mine'), 404);
    const log = answered(await customer.get(`/audit?object_id=${ticket.id}&action=ticket.post-edited`)).items;
    assert.equal(log.length, 1);
    assert.doesNotMatch(JSON.stringify(log), /zwolf|zwanzig/);
});

test('a customer has fifteen minutes, an engineer as long as the case is open', async () => {
    const ticket = await open();
    const theirs = await say(customer, ticket, 'Frage');
    const ours = await say(engineer, ticket, 'Antwort');
    house.clock.advance({ minutes: 16 });
    refused(await edit(customer, theirs, 'spaeter'), 409, 'edit-too-late');
    assert.deepEqual((await posts(customer, ticket)).find((post) => post.id === theirs.id).can, []);
    answered(await edit(engineer, ours, 'Bessere Antwort'));
    answered(await customer.post(`/tickets/${ticket.id}/close`, {}));
    const last = (await posts(engineer, ticket)).find((post) => post.id === ours.id);
    refused(await edit(engineer, last, 'nach Schluss'), 409, 'ticket-cannot');
});

test('correcting a note tells customers nothing', async () => {
    const ticket = await open();
    const secret = await note(ticket, 'Verdacht eins');
    answered(await edit(engineer, secret, 'Verdacht zwei'));
    assert.deepEqual(await edits(customer, secret), []);
    assert.deepEqual(await found(customer, 'Verdacht'), []);
    refused(await edit(customer, secret, 'x'), 404);
    const log = answered(await customer.get(`/audit?object_id=${ticket.id}`)).items;
    assert.doesNotMatch(JSON.stringify(log), /edited|note/);
});

test('a note is made visible by saying its words anew, once, and the note stays a note', async () => {
    const ticket = await open();
    const hidden = await note(ticket, 'Das Passwort steht im Tresor');
    assert.deepEqual(hidden.can, ['edit', 'reveal']);
    const message = answered(await engineer.post(`/ticket-posts/${hidden.id}/reveal`,
        { body: 'Bitte setzen Sie das Passwort neu.' }), 201);
    assert.equal(message.visibility, 'customer');
    assert.equal(message.quotes_id, null);
    const seen = await posts(customer, ticket);
    assert.deepEqual(seen.map((post) => post.id), [message.id]);
    assert.doesNotMatch(JSON.stringify(seen), /Tresor/);
    assert.equal((await posts(engineer, ticket)).find((post) => post.id === hidden.id).revealed_as_id, message.id);
    refused(await engineer.post(`/ticket-posts/${hidden.id}/reveal`, {}), 409, 'ticket-cannot');
    refused(await customer.post(`/ticket-posts/${hidden.id}/reveal`, {}), 404);
    refused(await engineer.post(`/ticket-posts/${message.id}/reveal`, {}), 409, 'ticket-cannot');
    const log = answered(await lead.get(`/audit?object_id=${hidden.id}&action=ticket.note-revealed`)).items;
    assert.equal(log.length, 1);
});

test('whoever may read a message can be named in it, and hears of it', async () => {
    const ticket = await open();
    const names = async (who, internal) => answered(
        await who.get(`/tickets/${ticket.id}/mentionable?limit=200${internal ? '&internal=true' : ''}`)).items;
    const idsOf = (rows) => rows.map((row) => row.person_id);
    assert.ok(idsOf(await names(customer)).includes(contact.state.person.id));
    assert.ok(!idsOf(await names(customer)).includes(engineer.state.person.id), 'an engineer nobody has heard of');
    await say(engineer, ticket, 'こんにちは');
    assert.ok(idsOf(await names(customer)).includes(engineer.state.person.id));
    assert.ok((await names(engineer, true)).every((row) => row.side === 'provider'));
    assert.ok(!idsOf(await names(engineer)).includes(harbor.state.person.id));
    assert.deepEqual(await names(harbor), []);
    assert.deepEqual(await names(customer, true), []);

    const bell = async (who) => answered(await who.get('/me/notices?limit=200')).items
        .filter((row) => row.ticket_id === ticket.id && row.kind === 'mention');
    const post = await say(customer, ticket, `@${contact.state.person.name} ご確認ください`,
        { mentions: [contact.state.person.id, engineer.state.person.id] });
    assert.deepEqual([...post.mentions].sort(), [contact.state.person.name, engineer.state.person.name].sort());
    assert.equal((await bell(contact)).length, 1);
    assert.equal((await bell(engineer)).length, 1);
    const waiting = async (who) => answered(await who.get('/tickets?query=mention:new')).items.map((row) => row.id);
    assert.ok((await waiting(contact)).includes(ticket.id));
    house.clock.advance({ minutes: 1 });
    answered(await contact.post(`/tickets/${ticket.id}/read`, {}), 204);
    assert.ok(!(await waiting(contact)).includes(ticket.id));
});

test('nobody is named who may not read: customers in notes, strangers anywhere', async () => {
    const ticket = await open();
    const refusedNames = async (who, mentions, visibility = 'customer') => {
        const before = (await posts(lead, ticket)).length;
        const no = refused(await who.post(`/tickets/${ticket.id}/posts`, { body: '@x', visibility, mentions }), 422);
        assert.equal(no.errors[0].pointer, '/mentions');
        assert.equal((await posts(lead, ticket)).length, before, 'nothing was said');
    };
    await refusedNames(engineer, [customer.state.person.id], 'internal');
    await refusedNames(engineer, [harbor.state.person.id]);
    await refusedNames(customer, [harbor.state.person.id]);
    const secret = await note(ticket, '@lead', { mentions: [lead.state.person.id] });
    assert.deepEqual(secret.mentions, [lead.state.person.name]);
    assert.ok(answered(await lead.get('/tickets?query=mention:me')).items.some((row) => row.id === ticket.id));
});

test('who writes is shown for some seconds, and notes only to engineers', async () => {
    const ticket = await open();
    const writers = async (who) => answered(await who.get(`/tickets/${ticket.id}/writers`)).items
        .map((row) => row.person_name);
    answered(await engineer.post(`/tickets/${ticket.id}/writing`, {}), 204);
    assert.deepEqual(await writers(customer), [engineer.state.person.name]);
    assert.deepEqual(await writers(engineer), []);
    assert.deepEqual(await writers(harbor), []);
    answered(await engineer.post(`/tickets/${ticket.id}/writing`, { internal: true }), 204);
    assert.deepEqual(await writers(customer), []);
    assert.deepEqual(await writers(lead), [engineer.state.person.name]);
    refused(await customer.post(`/tickets/${ticket.id}/writing`, { internal: true }), 422);
    refused(await reader.post(`/tickets/${ticket.id}/writing`, {}), 403);
    answered(await customer.post(`/tickets/${ticket.id}/writing`, {}), 204);
    assert.deepEqual(await writers(contact), [customer.state.person.name]);
    await say(customer, ticket, 'fertig');
    assert.deepEqual(await writers(contact), []);
    answered(await customer.post(`/tickets/${ticket.id}/writing`, {}), 204);
    house.clock.advance({ minutes: 1 });
    assert.deepEqual(await writers(contact), []);
});

test('canned answers are filled with the facts of the case, in both languages', async () => {
    const ticket = await open({ category_id: categories.incident, subject: '{{engineer}} <b>' });
    const words = { category_id: categories.incident, title_en: 'Greeting', title_ja: 'あいさつ',
        body_en: 'Dear {{ requester }} of {{customer}}: {{reference}} {{subject}}',
        body_ja: '{{requester}}様 {{category}}' };
    const made = answered(await lead.post('/canned-answers', words), 201);
    const filled = answered(await engineer.get(`/tickets/${ticket.id}/canned-answers`));
    assert.equal(filled.language, 'ja');
    assert.equal(filled.items[0].of_category, true);
    const mine = filled.items.find((row) => row.id === made.id);
    assert.equal(mine.body_en,
        `Dear ${ticket.requester_name} of ${ticket.tenant_name}: ${ticket.reference} {{engineer}} <b>`);
    assert.match(mine.body_ja, new RegExp(`^${ticket.requester_name}様 `));
    const wrong = refused(await lead.post('/canned-answers', { ...words, title_en: 'x', title_ja: 'y',
        body_ja: '{{password}}' }), 422);
    assert.deepEqual(wrong.errors.map((error) => error.pointer), ['/body_ja']);
    refused(await lead.post('/canned-answers', words), 409);
    const changed = answered(await lead.put(`/canned-answers/${made.id}`, { ...words, title_en: 'Hello' },
        `"${made.version}"`));
    assert.equal(changed.title_en, 'Hello');
    refused(await lead.put(`/canned-answers/${made.id}`, words, `"${made.version}"`), 412);
    for (const who of [customer, harbor]) {
        refused(await who.get('/canned-answers'), 403);
        refused(await who.post('/canned-answers', words), 403);
        assert.deepEqual(answered(await who.get(`/tickets/${ticket.id}/canned-answers`),
            who === harbor ? 404 : 200).items ?? [], []);
    }
    answered(await lead.delete(`/canned-answers/${made.id}`), 204);
});

test('home says what waits, with counts that the list agrees with', async () => {
    const ticket = await open();
    answered(await lead.post(`/tickets/${ticket.id}/assign`, { assignee_id: engineer.state.person.id }));
    await say(customer, ticket, '急ぎです', { mentions: [] });
    await note(ticket, 'look', { mentions: [lead.state.person.id] });
    for (const who of [engineer, lead, customer, harbor]) {
        const { sections } = answered(await who.get('/tickets/home'));
        for (const { key, query, sort, total, items } of sections) {
            const list = answered(await who.get(
                `/tickets?total=true&limit=5&sort=${sort}&query=${encodeURIComponent(query)}`));
            assert.equal(total, list.total, key);
            assert.deepEqual(items.map((row) => row.id), list.items.map((row) => row.id), key);
        }
    }
    const of = async (who, key) => answered(await who.get('/tickets/home')).sections.find((s) => s.key === key);
    assert.ok((await of(engineer, 'answer')).total >= 1);
    assert.ok((await of(lead, 'mentions')).items.some((row) => row.id === ticket.id));
    assert.deepEqual((await of(harbor, 'open')).items.filter((row) => row.tenant_id === ticket.tenant_id), []);
});

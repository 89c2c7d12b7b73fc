// What is kept beside the words of a case: tags, watchers, computers, links, merging, splitting, checklists, time, and
// many cases at once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, refused } from './harness.mjs';
import { startDemoHouse } from './identity_house.mjs';

const house = await startDemoHouse(); // Tuesday, 18:00 in Japan
const signed = {};
for (const role of ['lead', 'engineer', 'customer', 'contact', 'reader', 'harbor']) signed[role] = await house.as(role);
const { lead, engineer, customer, contact, reader, harbor } = signed;
const categories = {};
for (const c of answered(await lead.get('/ticket-categories')).items) categories[c.key] = c.id;

const open = async (who, over = {}) => answered(await who.post('/tickets', {
    category_id: categories.xdr, severity: 'b', subject: '検知ルールについて', description: '端末が戻りません。', ...over }), 201);
const say = async (who, ticket, body, over = {}) => answered(await who.post(`/tickets/${ticket.id}/posts`,
    { body, visibility: 'customer', ...over }), 201);
const read = async (who, ticket) => answered(await who.get(`/tickets/${ticket.id}`));
const work = async (who, ticket) => answered(await who.get(`/tickets/${ticket.id}/work`));
const posts = async (who, ticket) => answered(await who.get(`/tickets/${ticket.id}/posts`)).items;
const verb = (who, ticket, name, body = {}) => who.post(`/tickets/${ticket.id}/${name}`, body);
const clock = async (who, ticket) => answered(await who.get(`/tickets/${ticket.id}/clocks`)).items
    .filter((p) => p.metric === 'first_response').at(-1);
const pass = (minutes) => house.clock.advance({ minutes });

test('tags are given and taken without losing anybody else\'s, and are offered afterwards', async () => {
    const ticket = await open(customer, { tags: [' VPN ', 'vpn', '経理'] });
    assert.deepEqual(ticket.tags, ['VPN', '経理'], 'trimmed, each once');
    const tagged = answered(await verb(engineer, ticket, 'tags', { add: ['至急'], remove: ['vpn'] }));
    assert.deepEqual(tagged.tags, ['経理', '至急']);
    const offered = answered(await engineer.get(`/ticket-tags?tenant_id=${ticket.tenant_id}&q=至`)).items;
    assert.deepEqual(offered.map((row) => row.tag), ['至急']);
    assert.deepEqual(answered(await harbor.get('/ticket-tags?q=至')).items, []);
    refused(await verb(engineer, ticket, 'tags', { add: ['x'.repeat(41)] }), 422);
    refused(await verb(harbor, ticket, 'tags', { add: ['mine'] }), 404);
    refused(await verb(reader, ticket, 'tags', { add: ['mine'] }), 403);
});

test('people follow a case themselves, colleagues are added, strangers are not', async () => {
    const ticket = await open(customer);
    answered(await verb(reader, ticket, 'watch'));
    answered(await verb(customer, ticket, 'watch', { person_id: contact.state.person.id }));
    answered(await verb(engineer, ticket, 'watch'));
    const names = async (who) => (await work(who, ticket)).watchers.map((w) => w.side).sort();
    assert.deepEqual(await names(customer), ['customer', 'customer'], 'engineers who follow are not shown outside');
    assert.deepEqual(await names(engineer), ['customer', 'customer', 'provider']);
    assert.equal((await work(reader, ticket)).watching, true);
    assert.equal((await work(customer, ticket)).watching, false);
    refused(await verb(engineer, ticket, 'watch', { person_id: harbor.state.person.id }), 422);
    refused(await verb(customer, ticket, 'watch', { person_id: engineer.state.person.id }), 422);
    refused(await verb(reader, ticket, 'watch', { person_id: contact.state.person.id }), 403);
    const harbors = await open(harbor);
    refused(await verb(lead, harbors, 'watch', { person_id: engineer.state.person.id }), 422); // sees Aoba alone
    answered(await verb(reader, ticket, 'unwatch'));
    assert.equal((await work(engineer, ticket)).watchers.length, 2);
});

test('affected computers have a name and a true address, each once', async () => {
    const ticket = await open(customer);
    const computers = [{ name: 'AOBA-PC-0231', address: '192.0.2.31' }, { name: 'FS01' }];
    answered(await verb(customer, ticket, 'computers', { computers }));
    const { computers: named } = answered(await verb(engineer, ticket, 'computers', {
        computers: [{ name: 'fs01' }, { name: 'GW', address: '2001:db8::1' }] }));
    assert.deepEqual(named.map((c) => c.name), ['AOBA-PC-0231', 'FS01', 'GW']);
    const bad = refused(await verb(customer, ticket, 'computers',
        { computers: [{ name: 'a' }, { name: 'b', address: '192.0.2.300' }] }), 422);
    assert.equal(bad.errors[0].pointer, '/computers/1/address');
    assert.equal((await work(customer, ticket)).computers.length, 3, 'a refused list adds nothing');
    refused(await harbor.delete(`/ticket-computers/${named[0].id}`), 404);
    answered(await customer.delete(`/ticket-computers/${named[0].id}`), 204);
    assert.deepEqual((await work(customer, ticket)).computers.map((c) => c.name), ['FS01', 'GW']);
});

test('an affected computer that the inventory knows is linked, also when it appears later', async () => {
    const ticket = await open(customer);
    answered(await verb(customer, ticket, 'computers', { computers: [{ name: 'FS09' }, { name: '192.0.2.9' }] }));
    const [{ id: known }] = await house.sql(`INSERT INTO computer (tenant_id, id, name, name_key, first_seen_at,
        last_seen_at, created_at, updated_at) VALUES ($1, gen_random_uuid(), 'FS09', 'fs09', now(), now(), now(), now())
        RETURNING id`, [ticket.tenant_id]);
    answered(await verb(customer, ticket, 'computers', { computers: [{ name: 'fs09.aoba.example' }] }));
    const linked = (await work(customer, ticket)).computers.map((one) => [one.name, one.computer_id ?? null]);
    assert.deepEqual(linked.sort(), [['192.0.2.9', null], ['FS09', known], ['fs09.aoba.example', known]]);
    const [{ computer_id: kept }] = await house.sql(
        `SELECT computer_id FROM ticket_computer WHERE name = 'fs09.aoba.example'`);
    assert.equal(kept, known, 'what was known is written down');
});

test('links are read from both ends, never reach another customer, and parts form no ring', async () => {
    const [a, b, c] = [await open(customer), await open(customer), await open(customer)];
    const link = (from, relation, to) => verb(engineer, from, 'links', { relation, reference: to.reference });
    const relations = async (who, t) => (await work(who, t)).links.map((l) => `${l.relation} ${l.reference}`);
    answered(await link(a, 'duplicate_of', b));
    assert.deepEqual(await relations(customer, b), [`duplicated_by ${a.reference}`]);
    answered(await link(b, 'child_of', c));
    answered(await link(a, 'child_of', b));
    refused(await link(c, 'child_of', a), 409, 'ticket-link-cannot');
    refused(await link(c, 'parent_of', c), 422);
    answered(await link(a, 'child_of', c));
    assert.deepEqual((await relations(engineer, a)).sort(), [`child_of ${c.reference}`, `duplicate_of ${b.reference}`]);
    refused(await link(a, 'duplicate_of', b), 409);
    refused(await link(a, 'merged_into', b), 422);
    const foreign = await open(harbor);
    refused(await link(a, 'related', foreign), 422);
    refused(await verb(lead, a, 'links', { relation: 'related', reference: foreign.reference }), 422);
    refused(await verb(customer, a, 'links', { relation: 'related', reference: c.reference }), 403);
    const { links } = await work(engineer, b);
    answered(await engineer.delete(`/ticket-links/${links.find((l) => l.relation === 'duplicated_by').id}`), 204);
    assert.deepEqual(await relations(engineer, b), [`child_of ${c.reference}`]);
});

test('a merged case ends in the other: its words, its watchers and its number lead there', async () => {
    const survivor = await open(customer, { subject: '残る件' });
    const twin = await open(contact, { subject: '同じ件', description: 'Schnabeltier' });
    await say(contact, twin, '同じ症状です。Wombat');
    await say(engineer, twin, '内部の確認', { visibility: 'internal' });
    answered(await verb(reader, twin, 'watch'));
    pass(20);
    const merged = answered(await verb(engineer, twin, 'merge',
        { into: survivor.reference, reason: '同じ原因のため。' }));
    assert.equal(merged.id, survivor.id);
    const gone = await read(customer, twin);
    assert.deepEqual([gone.status, gone.merged_into, gone.merged_into_id, gone.due_at],
        ['closed', survivor.reference, survivor.id, null]);
    const ledger = await clock(customer, twin);
    assert.equal(ledger.lines.at(-1).cause, 'ticket.merged');
    assert.match(ledger.lines.at(-1).note, new RegExp(`${survivor.reference}.*同じ原因`));
    assert.equal((await clock(customer, survivor)).state, 'running');
    const told = answered(await contact.get('/me/notices')).items.find((n) => n.ticket_id === twin.id);
    assert.deepEqual([told.kind, told.body], ['closed', '同じ原因のため。'], 'who opened it is told');
    const seen = (await posts(customer, survivor)).filter((p) => p.kind !== 'automatic');
    assert.deepEqual(seen.map((p) => [p.body, p.origin]), [['**同じ件**\n\nSchnabeltier', twin.reference],
        ['同じ症状です。Wombat', twin.reference]], 'also the words with which it was opened');
    const notes = (await posts(engineer, survivor)).filter((p) => p.visibility === 'internal');
    assert.deepEqual(notes.map((p) => p.origin), [twin.reference]);
    assert.equal((await read(customer, survivor)).post_count, 1);
    const found = answered(await customer.get('/tickets?words=Wombat')).items.map((t) => t.reference).sort();
    assert.deepEqual(found, [survivor.reference, twin.reference].sort());
    const followers = (await work(engineer, survivor)).watchers.map((w) => w.person_id).sort();
    assert.deepEqual(followers, [reader.state.person.id, contact.state.person.id].sort(), 'and who opened it');
    refused(await verb(customer, twin, 'reopen', { reason: 'まだです' }), 409, 'ticket-cannot');
    refused(await customer.post(`/tickets/${twin.id}/posts`, { body: 'x', visibility: 'customer' }), 409);
});

test('a merge is refused across customers, into itself, into what is over, and to customers', async () => {
    const [a, b, foreign] = [await open(customer), await open(customer), await open(harbor)];
    const merge = (who, from, into) => verb(who, from, 'merge', { into: into.reference, reason: '同じ件' });
    refused(await merge(lead, a, foreign), 422);
    refused(await merge(lead, a, a), 422);
    refused(await merge(customer, a, b), 403);
    refused(await merge(harbor, a, foreign), 404);
    answered(await verb(customer, b, 'close'));
    refused(await merge(lead, a, b), 409);
    refused(await verb(lead, a, 'merge', { into: b.reference }), 422);
});

test('two who merge the same pair into each other at once: one does, and nobody waits for ever', async () => {
    for (let round = 0; round < 4; round++) {
        const [a, b] = [await open(customer), await open(customer)];
        const merge = (who, from, into) => verb(who, from, 'merge', { into: into.reference, reason: '同じ件' });
        const [one, other] = await Promise.all([merge(engineer, a, b), merge(lead, b, a)]);
        assert.deepEqual([one.status, other.status].sort(), [200, 409], `${one.text} ${other.text}`);
        const merged = [await read(customer, a), await read(customer, b)].filter((t) => t.merged_into_id);
        assert.equal(merged.length, 1);
    }
});

test('what was merged into a merged case goes on with it, and a merge can be taken back', async () => {
    const [a, b, c] = [await open(customer), await open(customer), await open(customer)];
    await say(customer, a, 'von a');
    answered(await verb(engineer, a, 'merge', { into: b.reference, reason: '1' }));
    answered(await verb(engineer, b, 'merge', { into: c.reference, reason: '2' }));
    assert.equal((await read(customer, a)).merged_into, c.reference);
    assert.ok((await posts(customer, c)).some((p) => p.body === 'von a' && p.origin === a.reference));
    pass(5);
    const back = answered(await verb(engineer, a, 'separate', { reason: '別の原因でした' }));
    assert.deepEqual([back.status, back.merged_into_id, back.cycle], ['in_progress', null, 2]);
    assert.ok(back.due_at, 'its promises run anew');
    assert.ok(!(await posts(customer, c)).some((p) => p.body === 'von a'));
    assert.equal((await read(customer, c)).post_count, 0);
    refused(await verb(engineer, a, 'separate', { reason: 'noch einmal' }), 409);
});

test('messages split off take their clock with them: it began when the customer wrote the first of them', async () => {
    const ticket = await open(customer);
    pass(10);
    const kept = await say(engineer, ticket, 'こちらの件は調査中です。');
    pass(10);
    const asked = await say(customer, ticket, '別件ですが、印刷もできません。');
    pass(30);
    const made = answered(await verb(engineer, ticket, 'split', { post_ids: [asked.id], subject: '印刷ができない' }));
    assert.equal(made.description, '別件ですが、印刷もできません。');
    assert.equal(made.requester_id, customer.state.person.id);
    assert.deepEqual([made.status, made.awaits], ['new', 'provider']);
    assert.equal(+new Date(made.opened_at), +new Date(asked.created_at));
    const ledger = await clock(customer, made);
    assert.equal(ledger.elapsed_s, 1800);
    assert.deepEqual([ledger.lines[0].cause, ledger.lines[0].note], ['ticket.split', ticket.reference]);
    assert.deepEqual((await posts(customer, ticket)).filter((p) => p.kind !== 'automatic').map((p) => p.id), [kept.id]);
    assert.deepEqual((await posts(customer, made)).filter((p) => p.kind !== 'automatic').map((p) => p.id), [asked.id]);
    assert.deepEqual((await work(customer, made)).links.map((l) => l.relation), ['split_from']);
    assert.deepEqual((await work(customer, ticket)).links.map((l) => l.relation), ['split_into']);
    assert.equal(answered(await customer.get('/tickets?words=印刷もできません')).items.length, 1);
});

test('an answer that moves with its question keeps the promise; an open question waits where it goes', async () => {
    const ticket = await open(customer, { severity: 'a' });
    pass(5);
    const asked = await say(customer, ticket, '二つ目の質問です。');
    pass(50);
    const answer = await say(engineer, ticket, '二つ目の回答です。');
    const question = await say(engineer, ticket, '型番は何ですか。', { ask: true });
    assert.equal((await read(customer, ticket)).status, 'waiting_customer');
    pass(100);
    const made = answered(await verb(engineer, ticket, 'split',
        { post_ids: [asked.id, answer.id, question.id], subject: '二つ目' }));
    const ledger = await clock(customer, made);
    assert.deepEqual([ledger.state, ledger.elapsed_s], ['met', 3000]);
    assert.equal(made.status, 'waiting_customer');
    assert.equal((await read(customer, ticket)).status, 'in_progress', 'the old case waits for nothing any more');
    await say(customer, made, 'X-200です。');
    assert.equal((await read(customer, made)).status, 'in_progress');
});

test('only messages of the case are split off, and a note never becomes what customers read', async () => {
    const [ticket, other] = [await open(customer), await open(customer)];
    const note = await say(engineer, ticket, 'Zwiebelfisch', { visibility: 'internal' });
    const foreign = await say(customer, other, 'anderswo');
    const split = (who, ids, over) => verb(who, ticket, 'split', { post_ids: ids, subject: 'neu', ...over });
    assert.equal(refused(await split(engineer, [foreign.id]), 422).errors[0].pointer, '/post_ids');
    assert.equal(refused(await split(engineer, [note.id]), 422).errors[0].pointer, '/description');
    refused(await split(customer, [note.id]), 403);
    const made = answered(await split(engineer, [note.id], { description: '確認の結果をまとめます。' }));
    assert.deepEqual((await posts(customer, made)).filter((p) => p.kind !== 'automatic'), []);
    assert.equal(answered(await customer.get('/tickets?words=Zwiebelfisch')).items.length, 0);
    assert.equal((await clock(customer, made)).elapsed_s, 0, 'nobody was kept waiting by a note');
});

test('checklists and time are the provider\'s own: who, when, and nothing of it outside', async () => {
    const ticket = await open(customer, { category_id: categories.incident, severity: 'a' });
    const { checks } = await work(engineer, ticket);
    assert.ok(checks.length >= 3, 'an incident begins with its list, also when a customer opens it');
    const done = answered(await engineer.post(`/ticket-checks/${checks[0].id}/tick`, {}));
    assert.equal(done.done_by_name, engineer.state.person.name);
    assert.equal(answered(await lead.post(`/ticket-checks/${checks[0].id}/tick`, {})).done_by_name, done.done_by_name);
    answered(await verb(engineer, ticket, 'checks', { text: 'SOCへ共有' }));
    answered(await verb(engineer, ticket, 'times', { worked_on: '2026-11-24', minutes: 45, note: 'ログの確認' }));
    const { minutes, times } = answered(await verb(lead, ticket, 'times', { worked_on: '2026-11-23', minutes: 30 }));
    assert.equal(minutes, 75);
    refused(await verb(engineer, ticket, 'times', { worked_on: '2026-11-24', minutes: 0 }), 422);
    refused(await verb(engineer, ticket, 'times', { worked_on: '2026-02-30', minutes: 5 }), 422);
    refused(await engineer.delete(`/ticket-times/${times.find((e) => e.minutes === 30).id}`), 403);
    const outside = await work(customer, ticket);
    assert.deepEqual([outside.checks, outside.times, outside.minutes], [[], [], 0]);
    refused(await customer.post(`/ticket-checks/${checks[1].id}/tick`, {}), 404);
    refused(await verb(customer, ticket, 'times', { worked_on: '2026-11-24', minutes: 5 }), 403);
    assert.deepEqual(answered(await customer.get('/ticket-times')).items, []);
    assert.deepEqual(answered(await customer.get('/checklist-templates')).items, []);
    const sums = answered(await lead.get(`/ticket-time-sums?id=${ticket.id}`)).items;
    assert.deepEqual(sums.map((row) => [row.minutes, row.entries, row.last_worked_on]), [[75, 2, '2026-11-24']]);
    assert.deepEqual(answered(await customer.get('/ticket-time-sums')).items, []);
    const csv = await lead.get(`/ticket-times?ticket_id=${ticket.id}`, { headers: { accept: 'text/csv' } });
    assert.match(csv.text, new RegExp(`${ticket.reference}[^\\n]*"2026-11-24",45,"ログの確認"`));
    const logged = answered(await customer.get(`/audit?object_id=${ticket.id}`)).items.map((line) => line.action);
    assert.deepEqual([...new Set(logged)], ['ticket.opened']);
});

test('templates are written in both languages; a case keeps the list it got', async () => {
    const items = [{ text_en: 'One', text_ja: '一' }, { text_en: 'Two', text_ja: '二' }];
    const body = { name_en: 'List', name_ja: '一覧', items, active: true, automatic: false };
    const made = answered(await lead.post('/checklist-templates', body), 201);
    refused(await engineer.post('/checklist-templates', body), 403);
    refused(await lead.post('/checklist-templates', { ...body, items: [{ text_en: 'One' }] }), 422);
    const ticket = await open(customer);
    answered(await verb(engineer, ticket, 'checklists', { template_id: made.id }));
    refused(await verb(engineer, ticket, 'checklists', { template_id: made.id }), 422);
    answered(await lead.put(`/checklist-templates/${made.id}`, { ...body, items: items.slice(0, 1) }, '"1"'));
    refused(await lead.put(`/checklist-templates/${made.id}`, body, '"1"'), 412);
    assert.deepEqual((await work(engineer, ticket)).checks.map((c) => c.text_ja), ['一', '二']);
});

test('many cases at once: each for itself, with its reason, and a dry run that changes nothing', async () => {
    const [a, b, closed] = [await open(customer), await open(customer), await open(customer)];
    answered(await verb(customer, closed, 'close'));
    const foreign = await open(harbor);
    const bulk = (who, body) => who.post('/tickets/bulk', body);
    const items = [a, b, closed, foreign].map(({ id }) => ({ id }));
    const resolve = { action: 'resolve', reason: '対応しました', items };
    const dry = answered(await bulk(engineer, { ...resolve, dry_run: true }));
    assert.deepEqual(dry.items.map((i) => [i.ok, i.code]),
        [[true, null], [true, null], [false, 'ticket-cannot'], [false, 'not-found']]);
    assert.equal((await read(engineer, a)).status, 'new');
    await say(engineer, b, '確認しました。');
    const stale = answered(await bulk(engineer, { ...resolve,
        items: [{ id: a.id, version: a.version }, { id: b.id, version: b.version }] }));
    assert.deepEqual([stale.succeeded, stale.failed, stale.items[1].code], [1, 1, 'stale']);
    assert.deepEqual([(await read(engineer, a)).status, (await read(engineer, b)).status], ['resolved', 'in_progress']);
    const both = [{ id: a.id }, { id: b.id }];
    answered(await bulk(engineer, { action: 'assign', items: both, assignee_id: engineer.state.person.id }));
    answered(await bulk(engineer, { action: 'tag', items: both, tags: ['月次'] }));
    answered(await bulk(engineer, { action: 'team', items: both, team: '夜間' }));
    answered(await bulk(engineer, { action: 'severity', items: both, severity: 'c', reason: '影響なし' }));
    answered(await bulk(engineer, { action: 'watch', items: both }));
    const now = await read(engineer, b);
    assert.deepEqual([now.assignee_name, now.tags, now.team, now.severity],
        [engineer.state.person.name, ['月次'], '夜間', 'c']);
    assert.equal((await work(engineer, b)).watching, true);
    assert.equal(refused(await bulk(engineer, { action: 'tag', items: both }), 422).errors[0].pointer, '/tags');
    const own = answered(await bulk(customer, { action: 'close', items: [{ id: b.id }] }));
    assert.equal(own.succeeded, 1);
    const denied = answered(await bulk(customer, { action: 'assign', items: [{ id: b.id }] }));
    assert.equal(denied.items[0].code, 'forbidden');
});

test('the history of a case says who changed what, and keeps the provider\'s own lines inside', async () => {
    const ticket = await open(customer, { category_id: categories.incident });
    answered(await verb(engineer, ticket, 'assign', { assignee_id: engineer.state.person.id }));
    answered(await verb(engineer, ticket, 'tags', { add: ['VPN'] }));
    const note = await say(engineer, ticket, 'Zwiebelfisch', { visibility: 'internal' });
    answered(await verb(engineer, ticket, 'times', { worked_on: '2026-11-24', minutes: 5, note: 'Wombat' }));
    const { checks } = await work(engineer, ticket);
    answered(await engineer.post(`/ticket-checks/${checks[0].id}/tick`, {}));
    answered(await verb(engineer, ticket, 'watch'));
    const history = async (who) => answered(await who.get(`/tickets/${ticket.id}/history?sort=at`)).items;
    const seen = await history(reader); // who may not read the audit log may read what happened to the case
    assert.deepEqual(seen.map((line) => line.action), ['ticket.opened', 'ticket.assigned', 'ticket.tagged']);
    assert.deepEqual(seen[2].change.tags, [[], ['VPN']]);
    assert.equal(seen[1].actor_name, engineer.state.person.name);
    const inside = (await history(engineer)).filter((line) => line.internal);
    assert.deepEqual(inside.map((line) => line.action),
        ['ticket.noted', 'ticket_time.added', 'ticket_check.ticked', 'ticket.watched']);
    assert.ok(!JSON.stringify(await history(engineer)).includes('Wombat'), 'words stay where they were written');
    assert.ok(note.id);
    assert.deepEqual(await history(harbor), []);
});

// The language in which people ask for cases: the same in the list, in exports and for programs, and never more than
// the caller may see.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, refused } from './harness.mjs';
import { startDemoHouse } from './identity_house.mjs';

const house = await startDemoHouse(); // Tuesday, 18:00 in Japan
const lead = await house.as('lead');
const engineer = await house.as('engineer');
const customer = await house.as('customer');
const harbor = await house.as('harbor');
const categories = {};
for (const c of answered(await lead.get('/ticket-categories')).items) categories[c.key] = c.id;

const open = async (who, over) => answered(await who.post('/tickets', {
    category_id: categories.xdr, severity: 'b', subject: 'plain', description: 'nothing in particular', ...over,
}), 201);
const say = async (who, ticket, body, visibility = 'customer') =>
    answered(await who.post(`/tickets/${ticket.id}/posts`, { body, visibility }), 201);
const found = async (who, query, rest = '') =>
    answered(await who.get(`/tickets?limit=200&query=${encodeURIComponent(query)}${rest}`)).items;
const has = async (who, query, ticket) => (await found(who, query)).some((row) => row.id === ticket.id);

const mine = [];
for (const [over, post] of [
    [{ subject: 'Ransom note on a file server', severity: 'a', tags: ['ransomware', 'training'] }, '犯人からの連絡'],
    [{ subject: 'VPNが切れる', severity: 'c', tags: ['vpn'] }, 'the exact words of somebody'],
    [{ subject: 'Question about rules', severity: 'b' }, 'words, but not exact'],
]) {
    const ticket = await open(customer, over);
    await say(customer, ticket, post);
    mine.push(ticket);
}
const [ransom, vpn, rules] = mine;
const theirs = await open(harbor, { subject: 'Ransom note of somebody else', severity: 'a', tags: ['ransomware'] });
answered(await lead.post(`/tickets/${ransom.id}/assign`, { assignee_id: lead.state.person.id }));

test('each field of the language finds what it says and nothing else', async () => {
    const number = (ticket) => ticket.reference;
    const rows = [
        ['severity:a tag:ransomware', [ransom, theirs], [vpn, rules]],
        ['severity:a,c', [ransom, vpn, theirs], [rules]],
        ['tag:ransomware -tag:training', [theirs], [ransom, vpn]],
        ['status:open customer:aoba', [ransom, vpn, rules], [theirs]],
        ['customer:"Harbor Logistics"', [theirs], [ransom]],
        ['-customer:harbor tag:ransomware', [ransom], [theirs]],
        ['assignee:me', [ransom], [vpn, theirs]],
        ['assignee:none', [vpn, theirs], [ransom]],
        ['assignee:me,none tag:ransomware', [ransom, theirs], [vpn]],
        ['due<3h', [ransom, theirs], [vpn, rules]],
        ['due>3h', [vpn, rules], [ransom]],
        ['due:none', [], [ransom, vpn]],
        ['due:any', [ransom, vpn], []],
        ['category:xdr', [ransom, vpn], []],
        ['category:incident', [], [ransom, vpn]],
        ['service:inquiry', [ransom, vpn], []],
        ['awaits:us', [ransom, vpn, theirs], []],
        ['awaits:customer', [], [ransom, vpn]],
        ['opened<1h', [ransom, theirs], []],
        ['opened>1h', [], [ransom, theirs]],
        ['opened:today', [ransom], []],
        ['opened<2026-01-01', [], [ransom]],
        ['opened>=2026-01-01', [ransom], []],
        ['resolved:none', [ransom], []],
        ['messages>0', [ransom, vpn], [theirs]],
        ['is:late', [], [ransom]],
        ['subject:vpn', [vpn], [ransom]],
        ['ransom note', [ransom, theirs], [vpn]],
        ['"exact words"', [vpn], [rules]],
        ['exact words', [vpn, rules], [ransom]],
        ['ransom -server', [theirs], [ransom]],
        ['-"exact words" words', [rules], [vpn]],
        ['犯人', [ransom], [vpn]],
        [`case:${number(vpn)}`, [vpn], [ransom, rules]],
        [number(vpn).toLowerCase(), [vpn], [ransom, rules]],
        ['重大度：A 担当者:自分', [ransom], [theirs]],
        ['100%_\\ "' + "'; DROP TABLE ticket; --" + '"', [], [ransom]],
    ];
    for (const [query, in_, out] of rows) {
        const ids = (await found(lead, query)).map((row) => row.id);
        for (const ticket of in_) assert.ok(ids.includes(ticket.id), `${query} finds "${ticket.subject}"`);
        for (const ticket of out) assert.ok(!ids.includes(ticket.id), `${query} does not find "${ticket.subject}"`);
    }
});

test('whatever is asked, nobody finds another customer\'s case or an internal note', async () => {
    await say(engineer, vpn, 'Verdacht auf Innentaeter', 'internal');
    assert.ok(await has(lead, 'Innentaeter', vpn));
    assert.ok(await has(lead, '"auf Innentaeter"', vpn));
    for (const query of ['Innentaeter', '"auf Innentaeter"', 'subject:Innentaeter'])
        assert.deepEqual(await found(customer, query), [], query);
    assert.ok(await has(customer, '-Innentaeter', vpn), 'that a word is absent tells nothing of notes');
    for (const query of ['tag:ransomware', 'customer:aoba', ransom.reference, `case:${ransom.reference}`,
        'ransom server', '-tag:nothing', 'is:unread'])
        assert.ok(!(await has(harbor, query, ransom)), query);
});

test('it goes with filters, sorting, pages, totals and CSV', async () => {
    const query = encodeURIComponent('customer:aoba status:open');
    const path = `/tickets?query=${query}&sort=subject&limit=1&severity=a&severity=c`;
    const first = answered(await lead.get(`${path}&total=true`));
    assert.equal(first.items[0].tenant_id, ransom.tenant_id);
    const second = answered(await lead.get(`${path}&cursor=${first.next_cursor}`));
    assert.notEqual(second.items[0].id, first.items[0].id);
    assert.ok(first.total >= 2);
    const csv = await lead.get(`/tickets?query=${encodeURIComponent('tag:ransomware -tag:training')}`,
        { headers: { accept: 'text/csv' } });
    assert.equal(csv.status, 200);
    assert.match(csv.text, /somebody else/);
    assert.doesNotMatch(csv.text, /Question about rules|file server/);
});

test('days begin where the caller says', async () => {
    const at = new Date(ransom.opened_at);
    const day = (zone) => new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(at);
    for (const zone of ['Asia/Tokyo', 'Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
        const rows = await found(lead, `opened:${day(zone)} customer:aoba ransom`, `&time_zone=${zone}`);
        assert.deepEqual(rows.map((row) => row.id), [ransom.id], zone);
    }
    refused(await lead.get('/tickets?query=opened:today&time_zone=Moon/Crater'), 422);
});

test('what cannot be understood is refused with the place and what was meant, in the reader\'s language', async () => {
    const wrong = refused(await lead.get(`/tickets?query=${encodeURIComponent('status:open severty:a')}`), 422);
    assert.equal(wrong.errors[0].pointer, '/query');
    assert.match(wrong.errors[0].message, /13.*severity/);
    const said = answered(await customer.get(`/tickets/query/check?text=${encodeURIComponent('期限 severty:a')}`));
    assert.equal(said.understood, false);
    assert.deepEqual([said.fault.at, said.fault.length, said.fault.suggestion], [3, 7, 'severity']);
    assert.match(said.fault.message, /4文字目：「severty」という項目はありません/);
    assert.equal(answered(await customer.get('/tickets/query/check?text=due%3C2h')).understood, true);
    const fields = answered(await lead.get('/tickets/query/fields')).items;
    for (const { name, example } of fields) {
        const checked = answered(await lead.get(`/tickets/query/check?text=${encodeURIComponent(example)}`));
        assert.ok(checked.understood, `the example of ${name}`);
        await found(lead, example);
    }
});

test('among very many cases, a first page that the newest fill is read without asking how many there are', async () => {
    const ids = async (who, text, rest = '') => {
        const page = answered(await who.get(`/tickets?limit=2&query=${encodeURIComponent(text)}${rest}`));
        return [page.items.map((row) => row.id), page.total ?? null, page.next_cursor ?? null];
    };
    const texts = ['平凡な言葉', '"平凡な言葉"', 'subject:重ね'];
    for (let n = 0; n < 4; n += 1) {
        const made = await open(n % 2 ? customer : harbor, { subject: `重ねての質問 ${n}`, description: '平凡な言葉で書く' });
        await say(lead, made, '内緒の話', 'internal');
    }
    const before = [];
    for (const text of texts) before.push(await ids(lead, text), (await ids(lead, text, '&total=true'))[1]);
    await house.sql('UPDATE ticket_counter SET last = last + 10000');
    await house.sql('ALTER TABLE ticket SET (autovacuum_enabled = false)');
    await house.sql("UPDATE pg_class SET reltuples = 1000000 WHERE oid = 'ticket'::regclass");
    const after = [];
    for (const text of texts) after.push(await ids(lead, text), (await ids(lead, text, '&total=true'))[1]);
    assert.deepEqual(after, before);
    assert.deepEqual((await ids(customer, '内緒の話'))[0], []);
    // Indexes that find nothing are asked by the second page alone; what few say is not among the newest in vain.
    for (const name of ['ticket_said(asked text, phrases text[], most bigint DEFAULT NULL)',
        'ticket_titled(parts text[], most bigint DEFAULT NULL)'])
        await house.sql(`CREATE OR REPLACE FUNCTION ${name} RETURNS SETOF uuid LANGUAGE plpgsql STABLE
            SECURITY DEFINER AS 'BEGIN RETURN; END'`);
    for (const [n, text] of texts.entries()) {
        const first = await ids(lead, text);
        assert.deepEqual(first, before[2 * n], text);
        assert.deepEqual((await ids(lead, text, `&cursor=${first[2]}`))[0], [], text);
    }
    assert.deepEqual(await ids(lead, '内緒の話'), [before[0][0], null, before[0][2]]);
    assert.deepEqual((await ids(lead, 'VPNが切れる'))[0], [], 'too rare among the newest: the index is asked');
});

test('hostile and enormous queries are bounded', async () => {
    for (const query of ['"', '-', 'is:', 'a'.repeat(1001), `status:${'open,'.repeat(50)}`, 'x '.repeat(40),
        'due<99999999h'])
        refused(await lead.get(`/tickets?query=${encodeURIComponent(query)}`), 422);
    for (const query of ["tag:'{a,b}\"", 'tag:"a\\"', 'customer:%', 'case:AOBA-99999999999999999999', 'case:---',
        '?', '$1 :words'])
        assert.ok(Array.isArray(await found(lead, query)), query);
});

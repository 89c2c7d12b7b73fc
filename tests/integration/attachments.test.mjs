// Files of a case: what is known of them, who may see and fetch them, what is written down, and how samples leave.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { answered, refused, until } from './harness.mjs';
import { blobOf, custodyOf, put, startAttachmentHouse } from './attachment_house.mjs';
import { bytesOf, sha256 } from './upload_house.mjs';

const house = await startAttachmentHouse();
const ticket = await house.caseOf('AOBA');
const contact = await house.as('contact');
const lead = await house.as('lead');
const engineer = await house.as('engineer');
const harbor = await house.as('harbor');
const reader = await house.as('reader');
const read = async (browser, id) => answered(await browser.get(`/attachments/${id}`));
const eventsOf = async (browser, id) => (await custodyOf(browser, id)).map((row) => row.event);

test('a file has its hashes, a type by its content, and a custody that begins with who sent it', async () => {
    const content = Buffer.from('<html><script>alert(1)</script>');
    const id = await put(house, contact, ticket, 'picture.png', content, { filetype: 'image/png' });
    const row = await read(engineer, id);
    assert.equal(row.media_type, 'text/html');
    assert.equal(row.sha256, sha256(content));
    assert.match(row.sha1, /^[0-9a-f]{40}$/);
    assert.match(row.md5, /^[0-9a-f]{32}$/);
    assert.equal(row.size, content.length);
    assert.equal(row.scan_state, 'not_scanned');
    const [received] = await custodyOf(engineer, id);
    assert.deepEqual([received.event, received.actor_side], ['received', 'customer']);
    assert.ok(received.address);
});

test('a file leaves as an attachment that no browser shows, and who fetched it is written down', async () => {
    const content = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
    const id = await put(house, contact, ticket, 'logo.svg', content);
    const answer = await engineer.get(`/attachments/${id}/content`);
    assert.equal(answer.status, 200);
    assert.equal(answer.text, content.toString());
    assert.equal(answer.headers.get('content-type'), 'application/octet-stream');
    assert.match(answer.headers.get('content-disposition'), /^attachment;.*logo\.svg/);
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    assert.match(answer.headers.get('content-security-policy'), /sandbox/);
    const rows = await custodyOf(contact, id);
    assert.deepEqual(rows.map((row) => row.event), ['received', 'fetched']);
    assert.equal(rows[1].actor_side, 'provider');
    assert.equal(rows[1].address ?? null, null, 'where the provider sits is not for customers');
    assert.ok((await custodyOf(engineer, id))[1].address);
    assert.equal((await read(engineer, id)).preview, 'text', 'SVG is a text here');
});

test('what hostile names become is harmless to show and to save', async () => {
    const names = { '../../etc/passwd': 'passwd',
        'C:\\windows\\evil.exe': 'evil.exe', 'gpj.\u202Eexe.png': 'gpj.exe.png',
        'CON.txt': '_CON.txt', '<img src=x>.html': /^_img src=x_\.html$/ };
    for (const [sent, kept] of Object.entries(names)) {
        const row = await read(engineer, await put(house, contact, ticket, sent, `of ${sent}`));
        if (kept instanceof RegExp) assert.match(row.name, kept);
        else assert.equal(row.name, kept);
    }
    for (const name of ['a\u0000b.txt', 'a\u0007b.txt', '\u001b[31m.txt']) {
        await assert.rejects(put(house, contact, ticket, name, 'nothing'), /no text/);
    }
    const long = await read(engineer, await put(house, contact, ticket, `${'長'.repeat(300)}.log`, 'long'));
    assert.ok(Buffer.byteLength(long.name) <= 255);
    assert.match(long.name, /^長+\.log$/);
    const name = `${'a'.repeat(190)}${'長'.repeat(21)}x`;
    const mixed = await read(engineer, await put(house, contact, ticket, name, 'mixed'));
    assert.equal([...mixed.name].length, 212, 'its line in the audit log is cut between characters');
    const answer = await engineer.get(`/attachments/${long.id}/content`);
    assert.match(answer.headers.get('content-disposition'), /filename\*=UTF-8''%E9%95%B7/);
});

test('another customer knows nothing of a file, and a reader fetches it but changes nothing', async () => {
    const id = await put(house, contact, ticket, 'ours.txt', 'ours');
    for (const path of ['', '/custody', '/content', '/text', '/archive', '/picture']) {
        const answer = await harbor.get(`/attachments/${id}${path}`);
        if (path === '/custody') assert.deepEqual(answered(answer).items, []);
        else refused(answer, 404);
    }
    refused(await harbor.post(`/attachments/${id}/flag`, { reason: 'x' }), 404);
    assert.equal((await reader.get(`/attachments/${id}/content`)).text, 'ours');
    refused(await reader.post(`/attachments/${id}/flag`, { reason: 'x' }), 403);
    refused(await house.browser().get(`/attachments/${id}/content`), 401);
});

test('internal files do not exist for customers: not by id, in lists, custody, search, feed or log', async () => {
    const id = await put(house, lead, ticket, 'zebrafinch-notes.txt', 'between us', { visibility: 'internal' });
    assert.equal((await read(engineer, id)).internal, true);
    for (const browser of [contact, await house.as('customer')]) {
        refused(await browser.get(`/attachments/${id}`), 404);
        refused(await browser.get(`/attachments/${id}/content`), 404);
        assert.deepEqual(answered(await browser.get(`/attachments/${id}/custody`)).items, []);
        const listed = answered(await browser.get(`/tickets/${ticket}/attachments`)).items;
        assert.ok(listed.every((row) => row.id !== id));
        assert.deepEqual(answered(await browser.get('/tickets?words=zebrafinch')).items, []);
    }
    const customer = await house.as('customer');
    assert.ok(!JSON.stringify(answered(await customer.get('/audit?limit=200'))).includes(id));
    assert.ok(!JSON.stringify(answered(await customer.get('/changes?since='))).includes(id));
    assert.equal(answered(await engineer.get('/tickets?words=zebrafinch')).items.length, 1);
    const shown = answered(await lead.post(`/attachments/${id}/publish`));
    assert.equal(shown.internal, false);
    assert.equal((await read(contact, id)).name, 'zebrafinch-notes.txt');
    assert.equal(answered(await contact.get('/tickets?words=zebrafinch')).items.length, 1);
});

test('files come with a message, as internal as it is; only the writer\'s own', async () => {
    const say = (browser, visibility, ids) => browser.post(`/tickets/${ticket}/posts`,
        { body: 'see the file', visibility, attachment_ids: ids });
    const hidden = await put(house, lead, ticket, 'for-the-note.txt', 'note', { visibility: 'internal' });
    const note = answered(await say(lead, 'internal', [hidden]), 201);
    assert.deepEqual([(await read(lead, hidden)).post_id, (await read(lead, hidden)).internal], [note.id, true]);
    const shown = await put(house, lead, ticket, 'for-the-answer.txt', 'answer', { visibility: 'internal' });
    refused(await contact.get(`/attachments/${shown}`), 404);
    const post = answered(await say(lead, 'customer', [shown]), 201);
    assert.equal((await read(contact, shown)).post_id, post.id);
    refused(await say(lead, 'customer', [shown]), 422);
    const theirs = await put(house, contact, ticket, 'theirs.txt', 'theirs');
    refused(await say(lead, 'internal', [theirs]), 422);
    assert.equal((await read(contact, theirs)).internal, false);
});

test('files go with their messages when a case is split, and are seen where it is merged into', async () => {
    const [{ id: category }] = await house.sql("SELECT id FROM ticket_category WHERE key = 'endpoint'");
    const open = async () => answered(await contact.post('/tickets',
        { category_id: category, subject: 'split me', description: 'x', severity: 'c' }), 201);
    const whole = await open();
    const goes = await put(house, contact, whole.id, 'goes.txt', 'goes');
    const stays = await put(house, contact, whole.id, 'stays.txt', 'stays');
    const post = answered(await contact.post(`/tickets/${whole.id}/posts`,
        { body: 'another matter', visibility: 'customer', attachment_ids: [goes] }), 201);
    const filesOf = async (id) => answered(await contact.get(`/tickets/${id}/attachments`)).items
        .map((row) => row.name).sort();
    const part = answered(await lead.post(`/tickets/${whole.id}/split`,
        { post_ids: [post.id], subject: 'split off' }));
    assert.deepEqual([await filesOf(whole.id), await filesOf(part.id)], [['stays.txt'], ['goes.txt']]);
    answered(await lead.post(`/tickets/${part.id}/merge`, { into: whole.reference, reason: 'one matter after all' }));
    assert.deepEqual(await filesOf(whole.id), ['goes.txt', 'stays.txt']);
    assert.equal((await contact.get(`/attachments/${stays}/content`)).status, 200);
});

test('what a customer says of visibility makes nothing internal', async () => {
    const id = await put(house, contact, ticket, 'mine.txt', 'mine', { visibility: 'internal' });
    assert.equal((await read(contact, id)).internal, false);
});

test('a text is shown by its beginning, with everything in it made visible', async () => {
    const text = async (content) => answered(await engineer.get(
        `/attachments/${await put(house, contact, ticket, 'a.log', content)}/text`));
    const plain = await text('first\r\nsecond \u202Etxt\n\u001b[31mred <b>x</b>\n');
    assert.equal(plain.text, 'first\nsecond ⟦U+202E⟧txt\n␛[31mred <b>x</b>\n');
    assert.equal(plain.encoding, 'UTF-8');
    const japanese = await text(Buffer.from([0x83, 0x8d, 0x83, 0x4f, 0x0a, 0x41, 0x0a]));
    assert.deepEqual([japanese.text, japanese.encoding], ['ログ\nA\n', 'CP932']);
    assert.equal((await text(Buffer.from('\ufeffwide', 'utf16le'))).text.replace('\ufeff', ''), 'wide');
    const long = await text('0123456789abcde\n'.repeat(20000));
    assert.deepEqual([long.text.length, long.shown, long.truncated], [262144, 262144, true]);
});

test('a file is renamed by its sender and by engineers, and its custody keeps the old name', async () => {
    const id = await put(house, contact, ticket, 'scan.txt', 'renamed');
    const rename = (who, name) => who.post(`/attachments/${id}/rename`, { name });
    const colleague = await house.as('customer');
    refused(await rename(colleague, 'not-mine.txt'), 409);
    refused(await rename(contact, ''), 422);
    assert.equal(answered(await rename(contact, '../../quokka\u202Etxt.exe')).name, 'quokkatxt.exe');
    assert.equal(answered(await rename(engineer, 'quokka.txt')).name, 'quokka.txt');
    assert.equal(answered(await rename(engineer, 'quokka.txt')).name, 'quokka.txt');
    const custody = answered(await engineer.get(`/attachments/${id}/custody`)).items;
    assert.deepEqual(custody.map(({ event, detail }) => [event, detail]), [['received', null],
        ['renamed', 'scan.txt → quokkatxt.exe'], ['renamed', 'quokkatxt.exe → quokka.txt']]);
    assert.equal(answered(await contact.get('/tickets?words=quokka')).items[0].id, ticket);
    const log = answered(await lead.get(`/audit?object_id=${id}&action=attachment.renamed`)).items;
    assert.deepEqual(log[0].change.name, ['quokkatxt.exe', 'quokka.txt']);
});

test('removing takes the content and leaves record and custody', async () => {
    const content = bytesOf(70_000, 'removed');
    const id = await put(house, contact, ticket, 'secret.bin', content);
    const twin = await put(house, contact, ticket, 'twin.bin', content);
    const colleague = await house.as('customer');
    refused(await colleague.post(`/attachments/${id}/remove`, { reason: 'not mine' }), 409);
    refused(await contact.post(`/attachments/${id}/remove`, { }), 422);
    const gone = answered(await contact.post(`/attachments/${id}/remove`, { reason: 'sent by mistake' }));
    assert.equal(gone.removed_reason, 'sent by mistake');
    assert.deepEqual(gone.can, []);
    refused(await engineer.get(`/attachments/${id}/content`), 410, 'attachment-gone');
    assert.deepEqual(await eventsOf(engineer, id), ['received', 'removed']);
    assert.equal((await engineer.get(`/attachments/${twin}/content`)).status, 200, 'another row needs the content');
    answered(await lead.post(`/attachments/${twin}/remove`, { reason: 'that one, too' }));
    await until(() => !fs.existsSync(blobOf(house, 'objects', sha256(content))), 'the content goes');
    refused(await contact.post(`/attachments/${id}/flag`, { reason: 'late' }), 410);
});

test('custody is only ever added to', async () => {
    const [{ count }] = await house.sql(
        `SELECT count(*) FROM unnest(ARRAY['yagura_api', 'yagura_jobs', 'yagura_ingest']) r
          WHERE has_table_privilege(r, 'attachment_custody', 'UPDATE, DELETE, TRUNCATE')
             OR has_any_column_privilege(r, 'attachment_custody', 'UPDATE')
             OR has_table_privilege(r, 'attachment', 'DELETE, TRUNCATE')`);
    assert.equal(count, '0');
});

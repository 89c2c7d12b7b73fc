// Files that travel with a mail come from the blob store, and only whole.

import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { answered, startHouse, until } from './harness.mjs';
import { operator } from './operator.mjs';

const house = await startHouse({ smtp: true });
const api = await operator(house);
const provider = '00000000-0000-7000-8000-000000000001';

function store(bytes) {
    const hash = createHash('sha256').update(bytes).digest('hex');
    const file = path.join(house.env.YAGURA_BLOB_DIR, 'objects', hash.slice(0, 2), hash.slice(2));
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, bytes);
    return { sha256: hash, bytes: bytes.length, file };
}

// A mail with files, as reports will queue it: no route attaches files yet.
async function queue(to, files) {
    const id = randomUUID();
    await house.sql(`INSERT INTO mail (tenant_id, id, kind, language, to_address, to_name, subject, text, html, files,
                                       message_id, state, next_attempt_at, give_up_at, created_at, updated_at)
                     VALUES ($1, $2, 'test', 'ja', $3, '青葉 太郎', '月次報告書をお送りします', '本文',
                             '<p><img src="cid:logo"></p>', $4, $5, 'queued', now(), now() + interval '2 days',
                             now(), now())`,
    [provider, id, to, JSON.stringify(files.map(({ file, ...row }) => row)), `${id}@example.jp`]);
    await house.sql(`INSERT INTO job (id, kind, args, run_at, created_at)
                     VALUES (gen_random_uuid(), 'mail_send', $1, now(), now())`,
    [JSON.stringify({ mail_id: id, attempts: 0 })]);
    await house.sql("SELECT pg_notify('yagura_job', '')");
    return until(async () => {
        const mail = answered(await api.get(`/mails/${id}`));
        return mail.attempts === 1 && mail;
    }, 'tried once');
}

const pdf = Buffer.from('%PDF-1.7\n\0\r\n.\r\n本物ではありません', 'utf8');
const png = Buffer.from('89504e470d0a1a0a', 'hex');

test('attachments and inline images arrive byte for byte, with their Japanese names', async () => {
    const name = '株式会社青葉製作所様_セキュリティ監視月次報告書_2026年11月度.pdf';
    const mail = await queue('files@example.jp', [
        { ...store(pdf), name, content_type: 'application/pdf', content_id: null },
        { ...store(png), name: 'logo.png', content_type: 'image/png', content_id: 'logo' },
    ]);
    assert.equal(mail.state, 'sent', mail.answer);
    assert.deepEqual(mail.files.map((file) => file.name), [name, 'logo.png']);
    const { attachments, html, subject, raw } = await house.mail.next('files@example.jp');
    assert.equal(subject, '月次報告書をお送りします');
    assert.match(html, /cid:logo/);
    const report = attachments.find((file) => file.mimeType === 'application/pdf');
    assert.equal(report.filename, name);
    assert.equal(report.disposition, 'attachment');
    assert.deepEqual(Buffer.from(report.content), pdf);
    const logo = attachments.find((file) => file.mimeType === 'image/png');
    assert.equal(logo.contentId, '<logo>');
    assert.equal(logo.disposition, 'inline');
    assert.deepEqual(Buffer.from(logo.content), png);
    for (const line of raw.split('\r\n')) assert.ok(line.length <= 78 && /^[\x00-\x7f]*$/.test(line), line);
});

test('a file that is gone fails the mail visibly', async () => {
    const lost = store(Buffer.from('soon gone'));
    fs.rmSync(lost.file);
    const mail = await queue('lost@example.jp', [{ ...lost, name: 'a.txt', content_type: 'text/plain' }]);
    assert.equal(mail.state, 'failed');
    assert.match(mail.answer, /\(blob [0-9a-f/]+\)$/);
});

test('a file that was spoilt on the disk is not sent', async () => {
    const spoilt = store(Buffer.from('as it was'));
    fs.writeFileSync(spoilt.file, 'otherwise');
    const mail = await queue('spoilt@example.jp', [{ ...spoilt, name: 'a.txt', content_type: 'text/plain' }]);
    assert.notEqual(mail.state, 'sent');
    assert.ok(!house.mail.messages.some((message) => message.to.includes('spoilt@example.jp')));
});

test('a name that would begin a header of its own is refused', async () => {
    const mail = await queue('evil@example.jp', [
        { ...store(Buffer.from('x')), name: 'a\r\nBcc: b@example.jp', content_type: 'text/plain' },
    ]);
    assert.equal(mail.state, 'failed');
    assert.match(mail.answer, /file name/);
});

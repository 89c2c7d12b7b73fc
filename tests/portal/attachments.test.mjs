// Files as people meet them: a customer sends them, the engineer sees them come, looks, flags and fetches; and somebody
// without a login hands one in by a link.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { until } from '../integration/harness.mjs';
import { bytesOf, sha256 } from '../integration/upload_house.mjs';
import { accessible, listening } from './browser.mjs';
import { startPortal } from './portal_house.mjs';

const portal = await startPortal({ clock: new Date().toISOString() });
const { house, browser } = portal;
const [{ id: ticket }] = await house.sql(
    "SELECT id FROM ticket WHERE subject LIKE '隔離した端末%'");
const customer = await portal.as('contact', { path: `/tickets/${ticket}` });
const engineer = await portal.as('lead', { path: `/tickets/${ticket}` });
const area = (page) => page.getByRole('region', { name: 'ファイル', exact: true });
const rowOf = (page, name) => area(page).getByRole('listitem').filter({ hasText: name });
const choose = (page, files) => area(page).locator('input[type=file]').setInputFiles(files);
const more = async (page, name, verb) => {
    await area(page).getByRole('button', { name: `${name}のその他の操作` }).click();
    await page.getByRole('menuitem', { name: verb }).click();
    await until(async () => await page.locator('[role=menu]:visible').count() === 0, 'the menu is gone');
};
const dialog = (page) => page.getByRole('dialog');
const close = (page) => dialog(page).getByRole('button', { name: '閉じる' }).click();

async function bytesOfDownload(page, click) {
    const [download] = await Promise.all([page.waitForEvent('download'), click()]);
    const file = path.join(house.folder, download.suggestedFilename());
    await download.saveAs(file);
    return { name: download.suggestedFilename(), bytes: fs.readFileSync(file) };
}

test('what a customer sends appears at the engineer\'s by itself', async () => {
    await area(engineer).getByText('agent-AOBA-PC-0231.log').waitFor();
    await listening(engineer);
    const content = bytesOf(3_000_000, 'browser');
    await choose(customer, [
        { name: '起動ログ.txt', mimeType: 'text/plain', buffer: Buffer.from('一行目\n<script>alert(1)</script>\n') },
        { name: 'suspicious.bin', mimeType: 'image/png', buffer: content },
    ]);
    await rowOf(customer, 'suspicious.bin').getByRole('button', { name: 'suspicious.binのその他の操作' }).waitFor();
    await rowOf(engineer, '起動ログ.txt').waitFor();
    await rowOf(engineer, 'suspicious.bin').waitFor();
    await accessible(customer);
    await accessible(engineer);
});

test('a file gets another name, and its custody keeps the old one', async () => {
    await more(engineer, 'suspicious.bin', '名前を変更');
    await dialog(engineer).getByRole('textbox', { name: 'ファイル名' }).fill('renamed-sample.bin');
    await dialog(engineer).getByRole('button', { name: '名前を変更' }).click();
    await rowOf(engineer, 'renamed-sample.bin').waitFor();
    await more(engineer, 'renamed-sample.bin', 'ハッシュ値と取り扱い記録');
    await dialog(engineer).getByText('suspicious.bin → renamed-sample.bin').waitFor();
    await close(engineer);
    await rowOf(customer, 'renamed-sample.bin').waitFor();
    await more(customer, 'renamed-sample.bin', '名前を変更');
    await dialog(customer).getByRole('textbox', { name: 'ファイル名' }).fill('suspicious.bin');
    await dialog(customer).getByRole('button', { name: '名前を変更' }).click();
    await rowOf(engineer, 'suspicious.bin').waitFor();
});

test('a text is looked at without becoming a page, a picture is drawn anew', async () => {
    await area(engineer).getByRole('button', { name: '起動ログ.txtのプレビュー' }).click();
    await dialog(engineer).getByText('<script>alert(1)</script>').waitFor();
    await accessible(engineer);
    await more(customer, 'suspicious.bin', '名前を変更'); // what changes meanwhile is no second look
    await dialog(customer).getByRole('textbox', { name: 'ファイル名' }).fill('suspicious-2.bin');
    await dialog(customer).getByRole('button', { name: '名前を変更' }).click();
    await area(engineer).getByText('suspicious-2.bin').waitFor();
    await close(engineer);
    const looks = await house.sql(`SELECT count(*)::int FROM attachment_custody c JOIN attachment a
        ON a.id = c.attachment_id WHERE a.name = '起動ログ.txt' AND c.event = 'previewed'`);
    assert.deepEqual(looks, [{ count: 1 }]);
    await more(engineer, 'suspicious-2.bin', '名前を変更');
    await dialog(engineer).getByRole('textbox', { name: 'ファイル名' }).fill('suspicious.bin');
    await dialog(engineer).getByRole('button', { name: '名前を変更' }).click();
    await rowOf(customer, 'suspicious.bin').waitFor();
    await area(engineer).getByRole('button', { name: '画面_AOBA-PC-0231.pngのプレビュー' }).click();
    const picture = dialog(engineer).getByRole('img', { name: '画面_AOBA-PC-0231.png' });
    await picture.waitFor();
    assert.ok(await picture.evaluate((img) => img.naturalWidth) === 960);
    await close(engineer);
});

test('hashes are there to copy, and custody says who looked', async () => {
    await more(engineer, '起動ログ.txt', 'ハッシュ値と取り扱い記録');
    const hash = sha256('一行目\n<script>alert(1)</script>\n');
    await dialog(engineer).getByText(hash).waitFor();
    assert.equal(await dialog(engineer).getByRole('button', { name: 'コピー' }).count(), 3);
    const custody = dialog(engineer).getByRole('list', { name: '取り扱い記録' });
    await custody.getByText('受領').waitFor();
    await custody.getByText('プレビュー').waitFor();
    await accessible(engineer);
    await close(engineer);
});

test('the engineer flags a file; both see it, and it leaves as an encrypted archive alone', async () => {
    await more(engineer, 'suspicious.bin', '不正なファイルに指定');
    await dialog(engineer).getByRole('textbox', { name: '理由' }).fill('通信先が既知の不正なサーバー');
    await accessible(engineer);
    await dialog(engineer).getByRole('button', { name: '不正なファイルに指定' }).click();
    await rowOf(engineer, 'suspicious.bin').getByText('不正なファイル', { exact: true }).waitFor();
    await rowOf(customer, 'suspicious.bin').getByText('不正なファイル', { exact: true }).waitFor();
    await until(async () => (await house.sql(
        "SELECT sealed FROM attachment WHERE name = 'suspicious.bin'"))[0].sealed, 'it is encrypted');
    const { name, bytes } = await bytesOfDownload(engineer, () =>
        rowOf(engineer, 'suspicious.bin').getByRole('link', { name: '暗号化ZIP' }).click());
    assert.equal(name, 'suspicious.bin.zip');
    assert.equal(bytes.readUInt32LE(0), 0x04034b50);
    assert.equal(bytes.readUInt16LE(8), 99, 'AES');
    assert.equal(bytes.includes(bytesOf(3_000_000, 'browser').subarray(0, 64)), false);
});

test('an internal file is the engineers\' own until it is shown', async () => {
    await area(engineer).getByRole('checkbox', { name: 'エンジニアのみに表示' }).check();
    await choose(engineer, { name: '社内メモ.txt', mimeType: 'text/plain', buffer: Buffer.from('社内だけ') });
    await rowOf(engineer, '社内メモ.txt').getByText('エンジニアのみ', { exact: true }).waitFor();
    await customer.reload();
    await rowOf(customer, '起動ログ.txt').waitFor();
    assert.equal(await customer.getByText('社内メモ.txt').count(), 0);
    await listening(customer);
    await more(engineer, '社内メモ.txt', 'お客様に公開');
    await dialog(engineer).getByRole('button', { name: 'お客様に公開' }).click();
    await rowOf(customer, '社内メモ.txt').waitFor();
});

test('files go with a message and stand below it', async () => {
    await customer.getByRole('button', { name: 'ファイルを添付' }).click();
    await customer.getByRole('textbox', { name: 'メッセージ' }).fill('ログをお送りします。');
    const composer = customer.locator('[data-visibility=customer]').last();
    await composer.locator('input[type=file]').setInputFiles(
        { name: '添付ログ.log', mimeType: 'text/plain', buffer: Buffer.from('添付') });
    await composer.getByText('送信済み').waitFor();
    await customer.getByRole('textbox', { name: 'メッセージ' }).press('Control+Enter');
    const post = engineer.getByRole('listitem').filter({ hasText: 'ログをお送りします。' });
    await post.getByText('添付ログ.log').waitFor();
});

test('an upload that was paused goes on after a reload with the same file, from where it stood', async () => {
    const file = path.join(house.folder, 'memory-image.bin');
    fs.writeFileSync(file, bytesOf(24_000_000, 'reload'));
    const network = await customer.context().newCDPSession(customer);
    const speed = (bytes) => network.send('Network.emulateNetworkConditions',
        { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: bytes });
    await network.send('Network.enable');
    await speed(1_000_000); // time enough to pause it, also on a busy machine
    await area(customer).locator('input[type=file]').setInputFiles(file);
    await area(customer).getByText(/^(1[5-9]|[2-6]\d) %$/).waitFor();
    await area(customer).getByRole('button', { name: 'memory-image.binを一時停止' }).click();
    await area(customer).getByText(/^一時停止中/).waitFor();
    const received = async () => (await house.sql(
        "SELECT received FROM upload WHERE name = 'memory-image.bin'"))[0].received;
    await until(async () => await received() > 1_000_000, 'some of it is durable');
    await customer.reload();
    await area(customer).getByText('同じファイルをもう一度選ぶと', { exact: false }).waitFor();
    await accessible(customer);
    await speed(-1);
    const offsets = [];
    customer.on('request', (request) => {
        if (request.method() === 'PATCH') offsets.push(Number(request.headers()['upload-offset']));
    });
    await area(customer).locator('input[type=file]').setInputFiles(file);
    await rowOf(customer, 'memory-image.bin').getByRole('button', { name: /その他の操作/ }).waitFor();
    assert.ok(offsets[0] > 1_000_000, `it went on from ${offsets[0]}`);
    const rows = await house.sql("SELECT sha256, size FROM attachment WHERE name = 'memory-image.bin'");
    assert.deepEqual(rows, [{ sha256: sha256(bytesOf(24_000_000, 'reload')), size: '24000000' }]);
});

test('a link: made, handed on, used by somebody without a login, and revoked', async () => {
    await area(engineer).getByRole('button', { name: 'アップロード用リンク' }).click();
    await dialog(engineer).getByRole('textbox', { name: '依頼内容' }).fill('メモリダンプをお送りください');
    await dialog(engineer).getByRole('button', { name: 'リンクを作成' }).click();
    const address = await dialog(engineer).locator('code').innerText();
    await dialog(engineer).getByRole('img', { name: 'リンクのQRコード' }).waitFor();
    await accessible(engineer);

    const visitor = await browser.page({ language: 'ja', width: 390, height: 800 });
    await visitor.goto(new URL(address).pathname);
    await visitor.getByText('メモリダンプをお送りください').waitFor();
    const words = await visitor.locator('body').innerText();
    assert.match(words, /AOBA-\d+/);
    assert.ok(!words.includes('隔離した端末'), 'nothing else of the case');
    await accessible(visitor);
    await visitor.locator('input[type=file]').setInputFiles(
        { name: 'memory.dmp', mimeType: '', buffer: bytesOf(500_000, 'visitor') });
    await visitor.getByText('すべてのファイルが届きました').waitFor();
    await close(engineer);
    await rowOf(engineer, 'memory.dmp').getByText('アップロード用リンク').waitFor();

    await area(engineer).getByRole('button', { name: 'アップロード用リンク' }).click();
    await dialog(engineer).getByRole('listitem').first().getByRole('button', { name: '無効にする' }).click();
    await dialog(engineer).last().getByRole('button', { name: '無効にする' }).last().click();
    await dialog(engineer).getByText('無効', { exact: true }).waitFor();
    browser.expectFailure(/status of 410/);
    await visitor.reload();
    await visitor.getByText('このリンクは使用できません').waitFor();
});

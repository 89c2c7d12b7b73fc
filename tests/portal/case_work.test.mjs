// What stands beside the words of a case, as engineer and customer meet it: computers, followers, checklist, time,
// merging and splitting, and verbs on a selection of the queue.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../integration/harness.mjs';
import { accessible } from './browser.mjs';
import { startPortal } from './portal_house.mjs';

const portal = await startPortal({ clock: new Date().toISOString() });
const { house, browser } = portal;
const idOf = async (subject) => (await house.sql('SELECT id FROM ticket WHERE subject = $1', [subject]))[0].id;
const [story, twin] = ['ファイルサーバーで暗号化が疑われる挙動', '隔離した端末がネットワークに戻りません'];
const engineer = await portal.as('engineer', { path: `/tickets/${await idOf(story)}` });
const customer = await portal.as('customer', { path: `/tickets/${await idOf(story)}` });
const area = (page, name) => page.getByRole('region', { name, exact: true });
const button = (page, name) => page.getByRole('button', { name, exact: true });

test('an engineer ticks off what is done, and the list says who and when', async () => {
    const list = area(engineer, 'チェックリスト');
    await list.getByText('5件中2件完了').waitFor();
    await list.getByRole('checkbox', { name: /隔離の要否/ }).click();
    await list.getByText('5件中3件完了').waitFor();
    await until(async () => await list.getByText(/小林 彩/).count() === 3, 'each says who');
    await list.getByRole('textbox', { name: '項目を追加' }).fill('お客様のSOCへ共有');
    await engineer.keyboard.press('Enter');
    await list.getByRole('checkbox', { name: 'お客様のSOCへ共有' }).waitFor();
    await accessible(engineer);
});

test('time is written down in minutes and summed; the customer sees neither it nor the list', async () => {
    const time = area(engineer, '作業時間');
    await button(time, '時間を記録').click();
    const dialog = engineer.getByRole('dialog');
    await dialog.getByLabel('時間（分）').fill('65');
    await dialog.getByLabel('作業内容').fill('ログの解析');
    await dialog.getByRole('button', { name: '時間を記録' }).click();
    await time.getByText('合計 1時間 15分').waitFor();
    await area(customer, '対象のコンピューター').getByText('AOBA-PC-0417').waitFor();
    assert.equal(await area(customer, '作業時間').count() + await area(customer, 'チェックリスト').count(), 0);
});

test('computers are pasted as lines, and appear for the other side by themselves', async () => {
    const computers = area(customer, '対象のコンピューター');
    const [{ id: known }] = await house.sql(`INSERT INTO computer (tenant_id, id, name, name_key, first_seen_at,
        last_seen_at, created_at, updated_at) SELECT tenant_id, gen_random_uuid(), 'DESIGN-02', 'design-02', now(),
        now(), now(), now() FROM ticket WHERE subject = $1 RETURNING id`, [story]);
    await button(computers, '追加する').click();
    const dialog = customer.getByRole('dialog');
    await dialog.getByLabel('名前とIPアドレス').fill('DESIGN-01 192.0.2.41\nDESIGN-02');
    await dialog.getByText('2台').waitFor();
    await dialog.getByRole('button', { name: '追加する' }).click();
    const link = area(engineer, '対象のコンピューター').getByRole('link', { name: 'DESIGN-02' });
    assert.equal(await link.getAttribute('href'), `/computers/${known}`, 'the inventory knows this one');
    assert.equal(await area(engineer, '対象のコンピューター').getByRole('link', { name: 'DESIGN-01' }).count(), 0);
    await accessible(customer);
});

test('a customer adds a colleague as a follower, and follows', async () => {
    const followers = area(customer, 'フォローしている人');
    await button(followers, '人を追加').click();
    const dialog = customer.getByRole('dialog');
    await dialog.getByRole('combobox', { name: '追加する人' }).fill('森');
    await customer.getByRole('option', { name: /森 由美/ }).click();
    await dialog.getByRole('button', { name: '追加する' }).click();
    await followers.getByText('森 由美').waitFor();
    await button(followers, 'フォローする').click();
    await button(followers, 'フォローをやめる').waitFor();
    assert.equal(await followers.getByText('三浦 遥').count(), 0, 'engineers who follow are not shown outside');
});

test('a merged case leads to where it goes on, with its story and its origin', async () => {
    await engineer.goto(`/tickets/${await idOf(twin)}`);
    await button(area(engineer, '関連するお問い合わせ'), '整理する').click();
    await engineer.getByRole('menuitem', { name: '別の件に統合する' }).click();
    const dialog = engineer.getByRole('dialog');
    const [{ number }] = await house.sql('SELECT number FROM ticket WHERE subject = $1', [story]);
    await dialog.getByLabel('統合先の番号').fill(`AOBA-${number}`);
    await dialog.getByLabel('理由').fill('同じ原因のため、まとめて対応します。');
    await accessible(engineer);
    await dialog.getByRole('button', { name: '別の件に統合する' }).click();
    await engineer.getByRole('heading', { level: 1, name: story }).waitFor();
    await customer.goto(`/tickets/${await idOf(twin)}`);
    await customer.getByRole('heading', { level: 1, name: story }).waitFor();
    await customer.getByText(/このお問い合わせに統合されました。/).waitFor();
    const first = customer.getByRole('listitem').filter({ hasText: '先ほど隔離を解除した端末' });
    assert.match(await first.innerText(), /AOBA-\d+から/);
    await accessible(customer);
});

test('a merge is taken back, and the case stands alone again', async () => {
    const links = area(engineer, '関連するお問い合わせ');
    await button(links, '統合を取り消す').click();
    await engineer.getByRole('dialog').getByLabel('理由').fill('別の原因でした。');
    await engineer.getByRole('dialog').getByRole('button', { name: '統合を取り消す' }).click();
    await engineer.getByRole('heading', { level: 1, name: twin }).waitFor();
    await engineer.getByText(/統合を取り消しました/).first().waitFor();
});

test('messages are split off into a case of their own', async () => {
    await engineer.goto(`/tickets/${await idOf('更新後に経理端末の動作が遅くなりました')}`);
    await button(area(engineer, '関連するお問い合わせ'), '整理する').click();
    await engineer.getByRole('menuitem', { name: 'メッセージを分割する' }).click();
    const dialog = engineer.getByRole('dialog');
    await dialog.getByRole('checkbox', { name: /影響のある端末の名前/ }).check();
    await dialog.getByLabel('新しい件名').fill('端末の名前の確認');
    await dialog.getByRole('button', { name: '1件を移して作成' }).click();
    await engineer.getByRole('heading', { level: 1, name: '端末の名前の確認' }).waitFor();
    await area(engineer, '関連するお問い合わせ').getByText('分割元').waitFor();
});

test('a selection of the queue gets one verb, with a look before and a result per case', async () => {
    await engineer.goto('/tickets?view=ours');
    const row = (name) => engineer.getByRole('row', { name });
    await row('除外ルールの書き方について').getByRole('checkbox').check();
    await row('管理サーバーの更新手順').getByRole('checkbox').check();
    await button(engineer, 'タグを付ける').click();
    const dialog = engineer.getByRole('dialog');
    const tags = dialog.getByRole('combobox', { name: 'タグ', exact: true });
    await tags.fill('月末');
    await tags.press('Enter');
    await tags.press('Tab'); // the list of known tags folds
    await button(dialog, '内容を確認する').click();
    await dialog.getByRole('status').getByText(/2/).waitFor();
    await accessible(engineer);
    await button(dialog, 'タグを付ける').click();
    await dialog.getByText('2件に実行しました', { exact: false }).waitFor();
    const tagged = await house.sql(`SELECT count(*)::int AS n FROM ticket WHERE '月末' = ANY (tags)`);
    assert.equal(tagged[0].n, 2);
});

test('premium support stands above ordinary inquiries that are due earlier', async () => {
    await engineer.goto('/tickets');
    const rows = engineer.getByRole('row');
    await rows.nth(1).filter({ hasText: 'プレミアム' }).waitFor();
});

test('the history says in sentences who did what, and shows engineers alone what is theirs', async () => {
    for (const page of [engineer, customer]) {
        await page.goto(`/tickets/${await idOf(story)}`);
        await area(page, '変更履歴').getByRole('link', { name: 'すべて見る' }).click();
        await page.getByRole('heading', { level: 1, name: /AOBA-\d+ の変更履歴/ }).waitFor();
        await page.getByText('佐々木 健一さんがお問い合わせを作成しました').waitFor();
        await page.getByText('小林 彩さんが別のお問い合わせを統合しました').first().waitFor();
        await accessible(page);
    }
    assert.ok(await engineer.getByText('小林 彩さんが作業時間を記録しました').count() > 0);
    assert.equal(await customer.getByText(/作業時間|チェック項目|社内メモ/).count(), 0);
});

test.after(() => browser.close());

// The daily work of those who administrate: lists, views, bulk, customers, permission sets, keys, sessions, the log.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { accessible } from './browser.mjs';
import { startPortal } from './portal_house.mjs';

const portal = await startPortal();
const { house, browser } = portal;
const aoba = '株式会社青葉製作所';
const rowsOf = (page) => page.getByRole('main').getByRole('row');
const toast = (page, text) => page.getByRole('status').filter({ hasText: text }).waitFor();

test('a list is narrowed by search and filter, and the address says so', async () => {
    const page = await portal.as('lead', { path: '/people' });
    await page.getByRole('button', { name: '状態', exact: true }).first().click();
    await page.getByRole('checkbox', { name: '招待中' }).check();
    await page.waitForURL(/status=invited/);
    await page.keyboard.press('Escape');
    await page.getByText(/3件中 3件を表示/).waitFor();
    await page.getByRole('searchbox', { name: '名前・メールで検索' }).fill('george');
    await page.getByText('1件中 1件を表示').waitFor();
    await page.getByRole('link', { name: /George Walker/ }).waitFor();

    // The link goes to a colleague, who sees the same.
    const address = page.url();
    await page.reload();
    assert.equal(page.url(), address);
    await page.getByText('1件中 1件を表示').waitFor();

    await page.getByRole('searchbox').fill('nobody is called so');
    await page.getByText('条件に合うものがありません').waitFor();
    await page.getByRole('main').getByRole('button', { name: '条件をクリア' }).last().click();
    await page.getByRole('link', { name: /George Walker/ }).waitFor();
    assert.ok(!page.url().includes('status='));
    await page.context().close();
});

test('columns are chosen and sorted, and a view keeps the choice', async () => {
    const page = await portal.as('lead', { path: '/people' });
    await page.getByRole('columnheader', { name: '所属' }).getByRole('button').click();
    await page.waitForURL(/sort=tenant_name/);
    await page.getByRole('columnheader', { name: '所属' }).and(page.locator('[aria-sort=ascending]')).waitFor();
    await page.getByRole('button', { name: '列' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'タイムゾーン' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('columnheader', { name: 'タイムゾーン' }).waitFor();

    await page.getByRole('button', { name: 'ビュー', exact: true }).click();
    await page.getByRole('textbox', { name: '現在の表示をビューとして保存' }).fill('所属順');
    await page.getByRole('button', { name: '保存する' }).click();
    await toast(page, 'ビューを保存しました');

    await page.goto('/people');
    await rowsOf(page).nth(1).getByRole('link').waitFor();
    assert.equal(await page.getByRole('columnheader', { name: 'タイムゾーン' }).count(), 0);
    await page.getByRole('button', { name: 'ビュー', exact: true }).click();
    await page.getByRole('button', { name: '所属順', exact: true }).click();
    await page.getByRole('columnheader', { name: 'タイムゾーン' }).waitFor();
    await page.waitForURL(/sort=tenant_name/);
    await page.context().close();
});

test('a list leaves as CSV with the filters that stand', async () => {
    const page = await portal.as('lead', { path: '/people?status=invited' });
    await page.getByText('3件中 3件を表示').waitFor();
    const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'CSVをダウンロード' }).click(),
    ]);
    assert.equal(download.suggestedFilename(), 'people.csv');
    const lines = fs.readFileSync(await download.path(), 'utf8').trim().split(/\r?\n/);
    assert.equal(lines.length, 4, 'a head and three people');
    assert.match(lines.join('\n'), /george\.walker@/);
    await page.context().close();
});

test('a bulk action says first what it would do to whom', async () => {
    const page = await portal.as('customer', { path: '/people' });
    await page.getByRole('row', { name: /林 大輔/ }).getByRole('checkbox').check();
    await page.getByRole('row', { name: /岡田 恵/ }).getByRole('checkbox').check();
    const bar = page.getByRole('toolbar', { name: 'まとめて操作' });
    await bar.getByText('2件を選択中').waitFor();
    await bar.getByRole('button', { name: '無効にする' }).click();
    const dialog = page.getByRole('dialog', { name: '利用者を無効にする' });
    await dialog.getByText('2件に実行できます', { exact: false }).waitFor();
    assert.deepEqual(await house.sql("SELECT 1 FROM person WHERE name = '林 大輔' AND status = 'disabled'"), [],
        'the preview changes nothing');
    await accessible(page);
    await dialog.getByRole('button', { name: '無効にする' }).click();
    await dialog.getByText('2件に実行しました', { exact: false }).waitFor();
    await dialog.getByRole('button', { name: '閉じる' }).last().click();
    await page.getByRole('row', { name: /林 大輔/ }).getByText('無効').waitFor();
    await page.context().close();
});

test('a selection of mails is sent again, each with its own result', async () => {
    const page = await portal.as('lead', { path: '/mails' });
    const chosen = page.getByRole('row').filter({ hasText: 'Yagura' });
    for (const place of [0, 1]) await chosen.nth(place).getByRole('checkbox').check();
    await page.getByRole('toolbar', { name: 'まとめて操作' }).getByRole('button', { name: 'もう一度送る' }).click();
    const dialog = page.getByRole('dialog', { name: 'もう一度送る' });
    await dialog.getByText('2件に実行できます', { exact: false }).waitFor();
    await accessible(page);
    const before = await house.sql("SELECT count(*)::int AS n FROM audit_entry WHERE action = 'mail.retried'");
    await dialog.getByRole('button', { name: 'もう一度送る' }).click();
    await dialog.getByText('2件に実行しました', { exact: false }).waitFor();
    const after = await house.sql("SELECT count(*)::int AS n FROM audit_entry WHERE action = 'mail.retried'");
    assert.equal(after[0].n - before[0].n, 2);
    await page.context().close();
});

const csvOf = async (page, act) => {
    const [download] = await Promise.all([page.waitForEvent('download'), act()]);
    return fs.readFileSync(await download.path(), 'utf8').trim().split(/\r?\n/);
};
const choose = (page, name) => page.getByRole('main').getByRole('row', { name }).getByRole('checkbox').check();
const verb = (page, name) => page.getByRole('toolbar', { name: 'まとめて操作' }).getByRole('button', { name });

// Tells what is asked, does it, and waits for the result: how many were done, how many were not.
async function runVerb(page, name, fine, refused = 0) {
    await verb(page, name).click();
    const dialog = page.getByRole('dialog', { name });
    await dialog.getByRole('button', { name, exact: true }).click();
    await dialog.getByText(`${fine}件に実行しました。実行できなかったもの：${refused}件`).waitFor();
    await dialog.getByRole('button', { name: '閉じる' }).last().click();
    await dialog.waitFor({ state: 'detached' });
}

test('chosen lines of the log leave as CSV, those and no others', async () => {
    const page = await portal.as('lead', { path: '/audit' });
    const rows = rowsOf(page);
    for (const place of [1, 3]) await rows.nth(place).getByRole('checkbox').check();
    await page.getByRole('toolbar', { name: 'まとめて操作' }).getByText('2件を選択中').waitFor();
    const lines = await csvOf(page, () => verb(page, '選択した行をCSVに出力').click());
    assert.equal(lines.length, 3, 'a head and two lines');
    await page.context().close();
});

test('every list lets a selection leave', async () => {
    const page = await portal.as('administrator');
    const lists = ['/people', '/tenants', '/permission-sets', '/api-keys', '/audit', '/mails', '/tickets'];
    for (const list of lists) {
        await page.goto(list);
        await page.getByRole('checkbox', { name: 'この行を選択' }).first().check();
        assert.equal((await csvOf(page, () => verb(page, '選択した行をCSVに出力').click())).length, 2, list);
    }
    await page.context().close();
});

test('permission sets are copied and removed together; what came with Yagura stays', async () => {
    const page = await portal.as('administrator', { path: '/permission-sets?side=provider' });
    for (const name of [/ハンター/, /エンジニア/]) await choose(page, name);
    await verb(page, '複製して作成').waitFor();
    await accessible(page);
    assert.equal(await verb(page, '削除する').isDisabled(), true, 'builtin sets cannot be removed');
    await runVerb(page, '複製して作成', 2);
    const copies = () => house.sql("SELECT key FROM permission_set WHERE key LIKE '%\\_copy' ORDER BY key");
    assert.equal((await copies()).length, 2);
    // Their keys are taken now, and each says so.
    browser.expectFailure(/status of 4(09|22)/);
    await runVerb(page, '複製して作成', 0, 2);
    await page.reload();
    await page.getByRole('searchbox').fill('_copy');
    await page.getByText('2件中 2件を表示').waitFor();
    await page.getByRole('checkbox', { name: 'すべて選択' }).check();
    await runVerb(page, '削除する', 2);
    assert.equal((await copies()).length, 0);
    await page.context().close();
});

test('several mails are tried at once', async () => {
    const page = await portal.as('administrator', { path: '/mail-templates' });
    const boxes = page.getByRole('checkbox', { name: /を選択$/ });
    for (const place of [0, 2]) await boxes.nth(place).check();
    await accessible(page);
    const tests = async () => (await house.sql('SELECT count(*)::int AS n FROM mail'))[0].n;
    const before = await tests();
    await runVerb(page, '自分あてにテスト送信', 2);
    assert.equal(await tests() - before, 2);
    await page.context().close();
});

test('the switcher narrows everything to one customer', async () => {
    const page = await portal.as('lead', { path: '/people' });
    await page.getByRole('link', { name: /Emma Clarke/ }).waitFor();
    await page.getByRole('button', { name: /表示するお客様/ }).click();
    await page.getByRole('combobox', { name: 'お客様を検索' }).fill('aoba');
    await page.getByRole('option', { name: new RegExp(aoba) }).click();
    await page.getByRole('button', { name: `表示するお客様: ${aoba}` }).waitFor();
    await page.getByRole('link', { name: /佐々木 健一/ }).waitFor();
    await page.getByRole('link', { name: /Emma Clarke/ }).waitFor({ state: 'detached' });
    const companies = await page.getByRole('main').locator('tbody td[data-label="所属"]').allInnerTexts();
    assert.deepEqual([...new Set(companies)], [aoba]);
    await page.context().close();
});

test('seeing the portal as a customer is announced all the time, and ends with one click', async () => {
    const page = await portal.as('lead', { path: '/tenants' });
    await page.getByRole('link', { name: new RegExp(aoba) }).click();
    await page.getByRole('button', { name: 'お客様の画面を見る' }).click();
    const banner = page.getByRole('status').filter({ hasText: `「${aoba}」様の画面を表示しています` });
    await banner.waitFor();
    await page.getByRole('navigation', { name: 'メニュー' }).getByRole('link', { name: '利用者' }).click();
    await page.getByRole('link', { name: /佐々木 健一/ }).waitFor();
    assert.equal(await page.getByRole('link', { name: 'ジョブキュー' }).count(), 0, 'the menu is the customer\'s');
    await accessible(page);
    await banner.getByRole('button', { name: '元の画面に戻る' }).click();
    await page.getByRole('button', { name: /表示するお客様/ }).waitFor();
    await page.context().close();
    const deeds = await house.sql("SELECT action FROM audit_entry WHERE action ~ '^tenant.(act_as|stop_acting)$'");
    assert.ok(deeds.length >= 2, 'both are in the log');
});

test('a customer is added and changed; a stale form is refused and says so', async () => {
    const page = await portal.as('administrator', { path: '/tenants' });
    browser.expectFailure(/status of (412|422|409)/);
    await page.getByRole('button', { name: 'お客様を追加' }).click();
    const dialog = page.getByRole('dialog', { name: 'お客様を追加' });
    await dialog.getByRole('textbox', { name: 'お客様名' }).fill('みどり総合病院');
    await dialog.getByRole('textbox', { name: '略号' }).fill('AOBA');
    await dialog.getByRole('button', { name: '作成する' }).click();
    await dialog.locator('[aria-invalid=true][name=short_code]').waitFor(); // already taken, said at the field
    await dialog.getByRole('textbox', { name: '略号' }).fill('MIDORI');
    await dialog.getByRole('button', { name: '作成する' }).click();
    await page.getByRole('heading', { name: 'みどり総合病院' }).waitFor();

    await page.getByRole('button', { name: '編集する' }).click();
    const edit = page.getByRole('dialog', { name: 'お客様の設定' });
    await edit.getByRole('textbox', { name: 'フリガナ' }).fill('ミドリソウゴウビョウイン');
    await house.sql("UPDATE tenant SET version = version + 1 WHERE short_code = 'MIDORI'");
    await edit.getByRole('button', { name: '保存する' }).click();
    await edit.getByRole('alert').filter({ hasText: 'ほかの方が先に変更しました' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: '編集する' }).click();
    await edit.getByRole('textbox', { name: 'フリガナ' }).fill('ミドリソウゴウビョウイン');
    await edit.getByRole('button', { name: '保存する' }).click();
    await page.getByText('ミドリソウゴウビョウイン').waitFor();
    await page.context().close();
});

test('a permission set is made in the matrix and changed there', async () => {
    const page = await portal.as('customer', { path: '/permission-sets' });
    await page.getByRole('button', { name: '権限セットを作成' }).click();
    const dialog = page.getByRole('dialog', { name: '権限セットを作成' });
    await dialog.getByRole('textbox', { name: '名前（日本語）' }).fill('監査窓口');
    await dialog.getByRole('textbox', { name: '名前（英語）' }).fill('Audit desk');
    await dialog.getByRole('textbox', { name: '識別名' }).fill('audit_desk');
    await dialog.getByRole('radio', { name: '監査ログ: 閲覧' }).check();
    await dialog.getByRole('button', { name: '作成する' }).click();
    await page.getByRole('heading', { name: '監査窓口' }).waitFor();
    await page.getByRole('radio', { name: '利用者: 閲覧' }).check();
    // Making the set said "saved" as well: wait for this answer, not for that sentence.
    const answer = page.waitForResponse((response) => response.request().method() === 'PUT');
    await page.getByRole('button', { name: '保存する' }).click();
    assert.equal((await answer).status(), 200);
    await toast(page, '保存しました');
    const [set] = await house.sql("SELECT grants FROM permission_set WHERE key = 'audit_desk'");
    assert.deepEqual([...set.grants].sort(), ['audit:read', 'people:read']);
    await page.getByRole('button', { name: '削除する' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '削除する' }).click();
    await page.waitForURL(/\/permission-sets$/);
    await page.context().close();
});

test('an API key is shown once, works, and works no more when it is revoked', async () => {
    const page = await portal.as('customer', { path: '/account/api-keys' });
    await page.getByRole('button', { name: 'APIキーを作成' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: '名前' }).fill('チケット連携');
    await dialog.getByRole('combobox', { name: '範囲' }).click();
    await page.getByRole('option', { name: '利用者: 閲覧' }).click();
    await page.keyboard.press('Escape');
    await dialog.getByRole('button', { name: 'APIキーを作成' }).click();
    const key = (await dialog.locator('code').first().innerText()).trim();
    assert.match(key, /^ygk_/);
    assert.equal((await house.client({ key }).get('/people')).status, 200);
    await dialog.getByRole('button', { name: '保管しました' }).click();
    await page.getByRole('row', { name: /チケット連携/ }).waitFor();
    assert.equal((await page.content()).includes(key), false, 'the page has forgotten it');
    await page.getByRole('row', { name: /チケット連携/ }).getByRole('button', { name: '失効させる' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '失効させる' }).click();
    await toast(page, '失効させました');
    assert.equal((await house.client({ key }).get('/people')).status, 401);
    await page.context().close();
});

test('a dangerous action asks for a fresh code and then goes through', async () => {
    const page = await portal.as('administrator', { path: '/people' });
    browser.expectFailure(/status of 40[13]/);
    await page.getByRole('searchbox').fill('daniel');
    await page.getByText('1件中 1件を表示').waitFor();
    await page.getByRole('link', { name: /Daniel Weber/ }).click();
    await page.getByRole('heading', { name: 'Daniel Weber' }).waitFor();
    house.clock.advance({ minutes: 12 });
    await page.getByRole('button', { name: '操作' }).click();
    await page.getByRole('menuitem', { name: '2要素認証を解除する' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '2要素認証を解除する' }).click();
    const proof = page.getByRole('dialog', { name: '本人確認' });
    await proof.getByRole('textbox', { name: '6桁のコード' }).fill(portal.code('administrator'));
    await proof.getByRole('button', { name: '確認する' }).click();
    await toast(page, '完了しました');
    const [person] = await house.sql("SELECT second_factor FROM person WHERE name = 'Daniel Weber'");
    assert.equal(person.second_factor, false);
    await page.context().close();
});

test('one ends what one is signed in to elsewhere', async () => {
    const elsewhere = await portal.as('reader');
    const page = await portal.as('reader', { path: '/account/security' });
    browser.expectFailure(/status of 401/);
    await page.getByText('この端末').waitFor();
    await page.getByRole('button', { name: 'ログインを終了する' }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'ログインを終了する' }).click();
    await toast(page, 'ログインを終了しました');
    await elsewhere.goto('/account');
    await elsewhere.getByRole('heading', { name: 'ログイン' }).waitFor();
    await elsewhere.context().close();
    await page.context().close();
});

test('the log shows what changed, before and after, and that nobody touched it', async () => {
    const page = await portal.as('administrator', { path: '/people' });
    await page.getByRole('link', { name: /小林 彩/ }).click();
    await page.getByRole('button', { name: '編集する' }).click();
    const edit = page.getByRole('dialog', { name: '利用者の編集' });
    await edit.getByRole('textbox', { name: '名前' }).fill('小林 あや');
    await edit.getByRole('button', { name: '保存する' }).click();
    await page.getByRole('heading', { name: '小林 あや' }).waitFor();
    await page.getByRole('link', { name: '監査ログで見る' }).click();
    await page.getByRole('button', { name: /2026\/11\/24/ }).first().click();
    const line = page.getByRole('dialog', { name: '記録の詳細' });
    await line.getByRole('cell', { name: '小林 彩' }).waitFor();
    await line.getByRole('cell', { name: '小林 あや' }).waitFor();
    await accessible(page);
    await line.getByRole('button', { name: '閉じる' }).click();
    await page.getByRole('button', { name: '改ざんを検査' }).click();
    await page.getByText(/改ざんはありませんでした/).waitFor();
    await page.context().close();
});

test('mails are read in a frame that can do nothing', async () => {
    const page = await portal.as('administrator', { path: '/mails' });
    await rowsOf(page).nth(1).getByRole('link').click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    const frame = page.locator('iframe');
    assert.equal(await frame.getAttribute('sandbox'), '');
    await page.frameLocator('iframe').getByText('Yagura').first().waitFor();
    await page.getByText('テキスト').click();
    await page.locator('pre').waitFor();
    await page.context().close();
});

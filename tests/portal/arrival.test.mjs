// A person's first day: invited by mail, profile, second factor, and the portal in their language.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import jsQR from 'jsqr';
import { PNG } from 'pngjs';
import { accessible } from './browser.mjs';
import { until } from '../integration/harness.mjs';
import { linkFor } from '../integration/identity_house.mjs';
import { password, people, startPortal } from './portal_house.mjs';

const portal = await startPortal({ smtp: true });
const { house, browser } = portal;
const newcomer = 'hanako.mori@aoba.demo.yagura.example';
const ownPassword = 'kawa no hotori de asagohan 7';
const languageIs = async (language) =>
    (await house.sql('SELECT language FROM person WHERE email = $1', [newcomer]))[0].language === language;
const seen = {}; // what the newcomer keeps from one step to the next

test('an administrator of the customer invites a colleague', async () => {
    const page = await portal.as('customer', { path: '/people' });
    await page.getByRole('button', { name: '利用者を招待' }).click();
    const dialog = page.getByRole('dialog', { name: '利用者を招待' });
    await dialog.getByRole('textbox', { name: '名前' }).fill('森 花子');
    await dialog.getByRole('button', { name: '招待メールを送る' }).click();
    await dialog.getByText('入力してください').first().waitFor();
    await dialog.getByRole('textbox', { name: 'メールアドレス' }).fill(newcomer);
    await dialog.getByRole('combobox', { name: '権限セット' }).click();
    await page.getByRole('option', { name: 'お客様ご担当者' }).click();
    await page.keyboard.press('Escape');
    if (!(await dialog.isVisible())) assert.fail('Escape closed the dialog and not the list');
    await dialog.getByRole('button', { name: '招待メールを送る' }).click();
    await page.getByRole('heading', { name: '森 花子' }).waitFor();
    await page.getByText('招待中').first().waitFor();
    await page.context().close();
});

test('the link in the mail opens the profile, which says what is wrong with a password', async () => {
    const token = await linkFor(house, newcomer, 'invitations');
    const page = await browser.page();
    browser.expectFailure(/complete.*status of 422|status of 422/);
    await page.goto(`/invitations/${token}`);
    await page.getByRole('heading', { name: 'プロフィールの登録' }).waitFor();
    await page.getByText('株式会社青葉製作所').waitFor();
    await accessible(page);
    const field = page.getByRole('textbox', { name: 'パスワード' });
    await field.fill('password1234');
    await page.getByRole('checkbox', { name: '利用規約に同意します' }).check();
    await page.getByRole('button', { name: '登録を完了する' }).click();
    await page.getByText(/よく使われ/).waitFor();
    assert.equal(await field.getAttribute('aria-invalid'), 'true', 'the field at fault is marked');
    await field.fill(ownPassword);
    await page.getByRole('button', { name: '登録を完了する' }).click();
    await page.getByText('登録が完了しました', { exact: false }).waitFor();
    await page.context().close();
});

test('at the first sign-in the authenticator is connected, and nothing is shown before', async () => {
    const page = await browser.page();
    await page.goto('/people');
    await portal.givePassword(page, newcomer, { word: ownPassword });
    await page.getByRole('heading', { name: '認証アプリの登録' }).waitFor();
    await page.goto('/people');
    await page.getByRole('heading', { name: '認証アプリの登録' }).waitFor();
    await accessible(page);

    seen.secret = (await page.locator('code').first().innerText()).replaceAll(' ', '');
    const picture = PNG.sync.read(await page.getByRole('img', { name: /QR/ }).screenshot());
    const scanned = jsQR(new Uint8ClampedArray(picture.data), picture.width, picture.height);
    assert.equal(new URL(scanned.data).searchParams.get('secret'), seen.secret, 'the picture holds the same secret');

    browser.expectFailure(/status of 401/);
    await portal.giveCode(page, '000000');
    await page.getByRole('alert').waitFor();
    await portal.giveCode(page, portal.codeOfText(seen.secret));
    await page.getByRole('heading', { name: '復旧コード' }).waitFor();
    seen.codes = await page.getByRole('list', { name: '復旧コード' }).getByRole('listitem').allInnerTexts();
    assert.ok(seen.codes.length >= 8, 'there are recovery codes');
    const enter = page.getByRole('button', { name: 'ポータルを開く' });
    assert.equal(await enter.isDisabled(), true, 'nobody passes by the codes unread');
    await accessible(page);
    await page.getByRole('checkbox', { name: '復旧コードを保管しました' }).check();
    await enter.click();
    await page.getByRole('heading', { name: '利用者', exact: true }).waitFor(); // where the newcomer wanted to go
    await page.context().close();
});

test('a language chosen at the door holds in the portal and stays with the person', async () => {
    const page = await browser.page();
    await page.goto('/sign-in');
    await page.getByText('English', { exact: true }).click();
    await portal.givePassword(page, newcomer, { language: 'en', word: ownPassword });
    await page.getByRole('textbox', { name: 'Six-digit code' }).waitFor();
    await portal.giveCode(page, portal.codeOfText(seen.secret), { language: 'en' });
    await page.getByRole('heading', { name: /Good (morning|evening)|Hello/ }).waitFor();
    await until(() => languageIs('en'), 'the profile is English');
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');

    await page.getByRole('button', { name: '日本語に切り替える' }).click();
    await page.getByRole('heading', { name: /森 花子さん/ }).waitFor();
    await until(() => languageIs('ja'), 'the profile is Japanese again');
    await page.getByRole('button', { name: 'アカウント' }).click();
    await page.getByRole('menuitem', { name: 'ログアウト' }).click();
    await page.getByRole('heading', { name: 'ログイン' }).waitFor();
    await page.goto('/account');
    await page.getByRole('heading', { name: 'ログイン' }).waitFor();
    await page.context().close();
});

test('who has lost the phone comes in with a recovery code, and that code once', async () => {
    const page = await browser.page();
    for (const [time, heading] of [[1, /森 花子さん/], [2, '2要素認証']]) {
        await page.goto('/sign-in');
        await portal.givePassword(page, newcomer, { word: ownPassword });
        await page.getByRole('button', { name: '復旧コードを使う' }).click();
        await page.getByRole('textbox', { name: '復旧コード' }).fill(seen.codes[0]);
        await page.getByRole('button', { name: '確認する' }).click();
        if (time === 2) await page.getByRole('alert').waitFor();
        await page.getByRole('heading', { name: heading }).waitFor();
        await page.context().clearCookies();
    }
    await page.context().close();
});

test('a forgotten password is replaced by mail, whether or not the address is known', async () => {
    const page = await browser.page();
    for (const mail of ['nobody@nowhere.example', newcomer]) {
        await page.goto('/sign-in');
        await page.getByRole('link', { name: 'パスワードをお忘れの方' }).click();
        await page.getByRole('textbox', { name: 'メールアドレス' }).fill(mail);
        await page.getByRole('button', { name: 'リンクを送る' }).click();
        await page.getByText('メールをご確認ください').waitFor();
    }
    await page.goto(`/password-reset/${await linkFor(house, newcomer, 'password-reset')}`);
    await page.getByRole('textbox', { name: '新しいパスワード' }).fill('yama no ue no ookina ki 9');
    await page.getByRole('button', { name: 'パスワードを変更する' }).click();
    await page.getByText('パスワードを変更しました', { exact: false }).waitFor();
    await portal.givePassword(page, newcomer, { word: 'yama no ue no ookina ki 9' });
    await page.getByRole('heading', { name: '2要素認証' }).waitFor();
    await page.context().close();
});

test('a password that became too old is announced, and then replaced on the way in', async () => {
    const lead = await portal.as('administrator', { path: '/tenants' });
    await lead.getByRole('link', { name: /Harbor/ }).click();
    await lead.getByRole('button', { name: '編集する' }).click();
    const edit = lead.getByRole('dialog', { name: 'お客様の設定' });
    await edit.getByLabel('パスワードの有効日数').fill('90');
    await accessible(lead);
    await edit.getByRole('button', { name: '保存する' }).click();
    await edit.waitFor({ state: 'detached' });
    await lead.getByText('90', { exact: true }).waitFor();
    await lead.getByRole('link', { name: 'お客様', exact: true }).first().click();
    await lead.getByRole('link', { name: '自社の設定' }).click();
    await lead.getByText('期限なし').waitFor();
    await lead.context().close();

    const age = (days) => house.sql(
        `UPDATE person_credential SET password_changed_at = $1::timestamptz - make_interval(days => $2)
          WHERE person_id = (SELECT id FROM person WHERE email = $3)`, [house.clock.now, days, people.harbor]);
    await age(80);
    const page = await portal.as('harbor', { language: 'en' });
    await page.getByRole('status').filter({ hasText: /good until/ }).waitFor();
    await accessible(page);
    await age(91);
    await page.context().clearCookies();
    await page.goto('/sign-in');
    await portal.givePassword(page, 'harbor', { language: 'en' });
    await page.getByRole('textbox', { name: 'Six-digit code' }).waitFor();
    await portal.giveCode(page, portal.code('harbor'), { language: 'en' });
    await page.getByRole('heading', { name: 'Change your password' }).waitFor();
    await accessible(page);
    await page.goto('/people');
    await page.getByRole('heading', { name: 'Change your password' }).waitFor(); // there is no way around
    await page.getByRole('textbox', { name: 'New password' }).fill(password);
    await page.getByRole('button', { name: 'Change and go on' }).click();
    await page.getByText('is the present password').waitFor();
    await page.getByRole('textbox', { name: 'New password' }).fill('a heron stands in the reeds 12');
    await page.getByRole('button', { name: 'Change and go on' }).click();
    await page.getByRole('heading', { name: 'People', exact: true }).waitFor();
    await page.context().close();
});

test('an invitation that is over says so and leads to the door', async () => {
    const page = await browser.page();
    browser.expectFailure(/status of (404|410)/);
    await page.goto('/invitations/this-was-never-one-of-ours-000000000000');
    await page.getByRole('heading', { name: 'この招待は使えません' }).waitFor();
    await page.getByRole('link', { name: 'ログイン画面へ' }).click();
    await page.getByRole('heading', { name: 'ログイン' }).waitFor();
    await page.context().close();
});

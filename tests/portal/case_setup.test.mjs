// Forms and checklists, written in the portal by who keeps the service, and met by the customer in the next new case.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible } from './browser.mjs';
import { startPortal } from './portal_house.mjs';

const portal = await startPortal({ clock: new Date().toISOString() });
const { house, browser } = portal;
const lead = await portal.as('lead', { path: '/case-setup' });
const customer = await portal.as('customer', { path: '/tickets/new' });
const button = (page, name) => page.getByRole('button', { name, exact: true });

test('a mandatory field is added to a category, and the next customer is asked', async () => {
    await button(lead, '編集する：ヘルスチェック').click();
    const dialog = lead.getByRole('dialog');
    await button(dialog, '項目を追加').click();
    await dialog.getByLabel('名称（日本語）').fill('対象の製品');
    await dialog.getByLabel('名称（英語）').fill('Product');
    await dialog.getByLabel('キー（半角英小文字）').fill('Bad Key');
    await dialog.getByLabel('必須').check();
    await accessible(lead);
    browser.expectFailure(/case-setup logged .* status of 422/);
    await button(dialog, '保存する').click();
    await dialog.getByRole('alert').getByText(/1番目 key/).waitFor();
    await dialog.getByLabel('キー（半角英小文字）').fill('product');
    await button(dialog, '保存する').click();
    await lead.getByText('対象の製品 *').waitFor();
    await customer.reload();
    await customer.getByRole('radio', { name: /ヘルスチェック/ }).check();
    await customer.getByLabel('対象の製品').waitFor();
    await button(customer, '作成する').click();
    await customer.getByText('入力してください').first().waitFor();
    assert.equal(await customer.getByText('入力してください').count(), 3);
});

test('a checklist is written in both languages and stands in the next case of its category', async () => {
    await button(lead, '新しいチェックリスト').click();
    const dialog = lead.getByRole('dialog');
    await dialog.getByLabel('名称（日本語）').fill('誤検知の確認');
    await dialog.getByLabel('名称（英語）').fill('False positive');
    await dialog.getByLabel('お問い合わせの種類').selectOption({ label: 'XDRに関するお問い合わせ' });
    await dialog.getByLabel('1番目の項目（日本語）').fill('署名を確認する');
    await dialog.getByLabel('1番目の項目（英語）').fill('Check the signature');
    await dialog.getByLabel('この種類の新しいお問い合わせに自動で追加する').check();
    await accessible(lead);
    await button(dialog, '保存する').click();
    await lead.getByText('誤検知の確認').waitFor();
    await customer.goto('/tickets/new');
    await customer.getByRole('radio', { name: /XDRに関する/ }).check();
    await customer.getByRole('textbox', { name: '件名' }).fill('チェックリストの確認');
    await customer.getByRole('textbox', { name: '内容' }).fill('内容です。');
    await button(customer, '作成する').click();
    await customer.getByRole('heading', { level: 1, name: 'チェックリストの確認' }).waitFor();
    const [{ id }] = await house.sql('SELECT id FROM ticket WHERE subject = $1', ['チェックリストの確認']);
    await lead.goto(`/tickets/${id}`);
    await lead.getByRole('checkbox', { name: '署名を確認する' }).waitFor();
});

test('time spent is summed per case, and leads to the case', async () => {
    await lead.goto('/case-times');
    const row = lead.getByRole('row', { name: /更新後に経理端末の動作が遅くなりました/ });
    assert.match(await row.innerText(), /1時間 15分\s+2/);
    await accessible(lead);
    const [file] = await Promise.all([lead.waitForEvent('download'), button(lead, '明細をダウンロード').click()]);
    assert.equal(file.suggestedFilename(), 'case-times.csv');
    await row.getByRole('link').click();
    await lead.getByRole('heading', { level: 1, name: '更新後に経理端末の動作が遅くなりました' }).waitFor();
});

test('the page fits a phone', async () => {
    const phone = await portal.as('lead', { path: '/case-setup', width: 390, height: 800 });
    await phone.getByText('受付項目とチェックリスト').first().waitFor();
    const wide = await phone.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${wide} pixels too wide`);
    await accessible(phone);
});

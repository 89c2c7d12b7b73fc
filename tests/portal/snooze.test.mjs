// Putting a case aside, with a key and by the menu; and what a contract includes a number of times.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered } from '../integration/harness.mjs';
import { accessible } from './browser.mjs';
import { people, startPortal } from './portal_house.mjs';

const portal = await startPortal({ clock: new Date().toISOString() });
const { house, browser } = portal;
const customer = await house.as('customer');
const lead = await house.as('lead');
const categories = Object.fromEntries(answered(await customer.get('/ticket-categories')).items.map((c) => [c.key,
    c.id]));
const open = async (subject) => answered(await customer.post('/tickets', {
    category_id: categories.xdr, severity: 'b', subject, description: '後で確認します。' }), 201);

test('a key on the row of the queue puts the case aside, and the view of snoozed cases has it', async () => {
    const ticket = await open('スヌーズしたい問い合わせ');
    const page = await portal.as('lead', { path: '/tickets' });
    const row = page.getByRole('row').filter({ hasText: 'スヌーズしたい問い合わせ' });
    await row.focus();
    await page.keyboard.press('z');
    const dialog = page.getByRole('dialog', { name: `${ticket.reference} スヌーズ` });
    await dialog.waitFor();
    await accessible(page);
    await dialog.getByRole('button', { name: 'スヌーズ', exact: true }).click();
    await page.getByText(`${ticket.reference}をスヌーズしました`).waitFor();
    await row.waitFor({ state: 'detached' });
    await page.getByRole('navigation', { name: '一覧の表示' }).getByRole('link', { name: /スヌーズ中/ }).click();
    await row.waitFor();
    await row.getByRole('link').first().click();
    await page.getByText(/までスヌーズ/).waitFor();
    await page.getByRole('button', { name: 'その他の操作', exact: true }).click();
    await page.getByRole('menuitem', { name: 'スヌーズ', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: '一覧に戻す' }).click();
    await page.getByText(/までスヌーズ/).waitFor({ state: 'detached' });
    assert.equal(answered(await lead.get(`/tickets/${ticket.id}`)).snoozed_until, null);
});

test('the form of a new case says what is left, and lets it count for the next period', async () => {
    const before = answered(await customer.get(`/tenants/${await house.tenantId('AOBA')}/entitlements`)).items
        .find((one) => one.key === 'hunting' && one.current);
    assert.equal(before.remaining, 0, 'the demonstration has used it');
    browser.expectFailure(/status of 409/);
    const page = await portal.as('customer', { path: '/tickets/new' });
    await page.getByText('ヘルスチェック', { exact: true }).click();
    await page.getByText('残り1回（1回中）').waitFor();
    await page.getByText('オンデマンド脅威ハンティング', { exact: true }).click();
    await page.getByText('利用済みです（1回中1回）').waitFor();
    await accessible(page);
    await page.getByRole('textbox', { name: '件名' }).fill('次の調査のお願い');
    await page.getByRole('textbox', { name: '調査のテーマ' }).fill('横展開の痕跡');
    await page.getByRole('textbox', { name: '内容' }).fill('よろしくお願いします。');
    await page.getByRole('button', { name: '作成する', exact: true }).click();
    await page.getByText('ご契約に含まれる回数を、今期はすべて利用済みです。').waitFor();
    await page.getByLabel('次の期間の分として受け付ける').check();
    await page.getByRole('button', { name: '作成する', exact: true }).click();
    await page.getByRole('heading', { name: '次の調査のお願い' }).waitFor();
});

test('the customer\'s page shows the counters with their cases, and a duty lead gives one back', async () => {
    await house.sql("UPDATE person SET language = 'en' WHERE email = $1", [people.lead]);
    const page = await portal.as('lead', { path: `/tenants/${await house.tenantId('AOBA')}`, language: 'en',
        colorScheme: 'dark' });
    const counters = page.getByRole('region', { name: 'Included in the contract' });
    await counters.getByText('1 of 1 used, 0 left').first().waitFor();
    await accessible(page);
    const use = counters.getByRole('listitem').filter({ hasText: 'リモート管理ツール' }).last();
    await use.getByRole('button', { name: 'Do not count' }).click();
    const dialog = page.getByRole('dialog', { name: 'Do not count' });
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('Ended early on our side.');
    await dialog.getByRole('button', { name: 'Do not count' }).click();
    await use.getByText('does not count: given back').waitFor();
    await counters.getByText('0 of 1 used, 1 left').first().waitFor();
});

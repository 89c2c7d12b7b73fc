// Without a mouse: shortcuts, the command palette, rows, the skip link; and changes that arrive by themselves.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, listening } from './browser.mjs';
import { startPortal } from './portal_house.mjs';

const portal = await startPortal();
const { house } = portal;

test('the first stop of the tab key leads past the menu', async () => {
    const page = await portal.as('lead');
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.textContent), '本文へ移動');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'content');
    await page.context().close();
});

test('the palette finds pages and people and opens them', async () => {
    const page = await portal.as('lead');
    await page.keyboard.press('Control+k');
    const box = page.getByRole('combobox', { name: /ページ、お客様、利用者/ });
    await box.fill('監査');
    await page.getByRole('option', { name: '監査ログ' }).waitFor();
    await accessible(page);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '監査ログ' }).waitFor();
    await page.keyboard.press('Control+k');
    await box.fill('佐々木');
    await page.getByRole('option', { name: /佐々木 健一/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '佐々木 健一' }).waitFor();
    await page.context().close();
});

test('rows are walked, chosen and opened with keys', async () => {
    const page = await portal.as('administrator', { path: '/people' });
    await page.getByRole('row').nth(1).waitFor();
    await page.keyboard.press('/');
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('type')), 'search');
    await page.getByRole('row').nth(1).focus();
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByRole('row').nth(2).and(page.locator('[aria-selected=true]')).waitFor();
    await page.keyboard.press('k');
    const name = (await page.getByRole('row').nth(1).getByRole('link').innerText()).split('\n')[0];
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name }).waitFor();
    await page.context().close();
});

test('the question mark tells the keys, and they do what it says', async () => {
    const page = await portal.as('lead');
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'キーボードショートカット' });
    await help.waitFor();
    await accessible(page);
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'detached' });
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await page.getByRole('heading', { name: '利用者', exact: true }).waitFor();
    const menu = page.getByRole('button', { name: /メニューをたたむ/ });
    await page.keyboard.press('[');
    await page.getByRole('button', { name: 'メニューを広げる' }).waitFor();
    await page.keyboard.press('[');
    await menu.waitFor();
    await page.context().close();
});

test('what somebody else changes appears without a reload', async () => {
    const page = await portal.as('customer', { path: '/people' });
    await page.getByRole('link', { name: /林 大輔/ }).waitFor();
    await listening(page);
    const colleague = await house.as('customer');
    const id = await house.idOf('contact');
    const { body } = await colleague.get(`/people/${id}`);
    await colleague.put(`/people/${id}`, {
        name: '林 大介', language: body.language, time_zone: body.time_zone, permission_set_ids: body.permission_set_ids,
    }, `"${body.version}"`);
    await page.getByRole('link', { name: /林 大介/ }).waitFor();
    await page.context().close();
});

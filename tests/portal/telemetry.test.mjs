// Ingest keys as people make them: shown once, with configurations that work as they stand.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { accessible } from './browser.mjs';
import { event, lines } from '../integration/ingest_house.mjs';
import { startPortal } from './portal_house.mjs';

const portal = await startPortal();
const { house } = portal;
const toast = (page, text) => page.getByRole('status').filter({ hasText: text }).waitFor();

test('a key for one computer is made, its curl line sends, and it is revoked', async () => {
    const page = await portal.as('customer', { path: '/ingest-keys' });
    await page.getByRole('button', { name: '取り込みキーを作成' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: '名前' }).fill('経理のPC');
    await dialog.getByRole('textbox', { name: 'コンピューター', exact: true }).fill('PC-01.aoba.example');
    await dialog.getByRole('button', { name: '取り込みキーを作成' }).click();
    const key = (await dialog.locator('code').first().innerText()).trim();
    assert.match(key, /^ygi_/);
    await accessible(page);
    const configuration = await dialog.getByRole('tabpanel').locator('pre').innerText();
    fs.writeFileSync(path.join(house.folder, 'events.ndjson'), lines([event(), event({ host: 'PC-02' })]));
    const answer = JSON.parse(execFileSync('bash', ['-c', configuration.replace('$(uuidgen)', 'first')],
        { cwd: house.folder, encoding: 'utf8' }));
    assert.equal(answer.accepted, 1);
    assert.equal(answer.refused_count, 1);
    for (const sender of ['Winlogbeat', 'Filebeat', 'Fluent Bit', 'Vector', 'rsyslog']) {
        await dialog.getByRole('tab', { name: sender }).click();
        await dialog.getByRole('tabpanel').filter({ hasText: key }).waitFor();
    }
    await dialog.getByRole('button', { name: '保管しました' }).click();
    const row = page.getByRole('row', { name: /経理のPC/ });
    await row.waitFor();
    assert.equal((await page.content()).includes(key), false, 'the page has forgotten it');
    await row.getByText('PC-01.aoba.example').waitFor();
    await row.getByRole('button', { name: '失効させる' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '失効させる' }).click();
    await toast(page, '失効させました');
    await row.getByText('失効', { exact: false }).first().waitFor();
    await page.context().close();
});

test('who may only look sees the keys and makes none', async () => {
    const page = await portal.as('auditor', { path: '/ingest-keys' });
    await page.getByRole('row', { name: /経理のPC/ }).waitFor();
    assert.equal(await page.getByRole('button', { name: '取り込みキーを作成' }).count(), 0);
    await page.context().close();
});

test('a forwarder needs no computer, and a computer must be named', async () => {
    const page = await portal.as('administrator', { path: '/ingest-keys' });
    await page.getByRole('button', { name: '取り込みキーを作成' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: '名前' }).fill('転送');
    await dialog.getByText('転送サーバー（複数台）').first().click();
    await dialog.getByRole('textbox', { name: 'コンピューター', exact: true }).waitFor({ state: 'detached' });
    await page.context().close();
});

// The triage of an engineer: a new detection appears, is explained, taken, excluded with a look at what that hides,
// and resolved; and the customer who decides about the exclusion.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, until } from '../integration/harness.mjs';
import { event, send, sigma } from '../integration/detection_house.mjs';
import { accessible } from './browser.mjs';
import { startPortal } from './portal_house.mjs';

const portal = await startPortal({ clock: new Date().toISOString() });
const { house, browser } = portal;
const api = await house.as('administrator');
const aoba = await house.tenantId('AOBA');
const key = answered(await api.post('/ingest-keys', { tenant_id: aoba, name: 'forwarder', kind: 'forwarder' }), 201);
const tell = async (list) => answered(await send(house, key, list));
const at = () => new Date(house.clock.now);
const shell = (command, more = {}) => event({ command, at: at(), ...more });

async function rulesAsked() {
    const [{ number }] = await house.sql('SELECT number FROM rule_generation');
    await until(() => house.log('detector.loaded').some((line) =>
        Number(/generation=(\d+)/.exec(JSON.stringify(line))[1]) >= Number(number)), 'the rules are loaded', 60_000);
}

const rule = answered(await api.post('/rules', { state: 'active',
    body: sigma({ title: 'Shell asks who it is', title_ja: 'シェルによるユーザー確認', level: 'medium' }) }), 201);
await rulesAsked();

test('an empty queue says what to expect, and a new detection appears by itself', async () => {
    const page = await portal.as('lead', { path: '/detections' });
    await page.getByText('未解決の検知はありません').waitFor();
    await accessible(page);
    await page.waitForRequest(/\/api\/v1\/stream/, { timeout: 15_000 });
    await tell([shell('cmd.exe /c whoami /all'), shell('cmd.exe /c dir')]);
    const row = page.getByRole('row', { name: /シェルによるユーザー確認/ });
    await row.waitFor({ timeout: 30_000 });
    await accessible(page);
    await browser.picture(page, 'detections');
    await page.context().close();
});

test('with the keyboard alone: take it, open it, see why it was found', async () => {
    const page = await portal.as('lead', { path: '/detections' });
    await page.getByRole('row', { name: /シェルによるユーザー確認/ }).waitFor();
    await page.getByRole('row').nth(1).focus();
    await page.keyboard.press('m');
    await page.getByRole('row', { name: /調査中/ }).waitFor();
    await page.getByRole('row').nth(1).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'シェルによるユーザー確認' }).waitFor();
    const why = page.getByRole('region', { name: '検知した理由' });
    await why.getByText('contains "whoami"').waitFor();
    await why.getByText('cmd.exe /c whoami /all').waitFor();
    await page.getByRole('region', { name: 'イベント', exact: true }).getByText('AOBA\\taro').waitFor();
    await page.getByText('受信時のまま').click();
    await page.getByText('"EventID":1').waitFor();
    await accessible(page);
    await browser.picture(page, 'detection');
    await page.context().close();
});

test('an exclusion begins with what the event has, is looked at on the stored days, and the customer decides', async () => {
    await tell([shell('cmd.exe /c whoami /attack', { host: 'PC-09' })]);
    const [evil] = answered(await api.get('/detections?q=attack')).items;
    answered(await api.post(`/detections/${evil.id}/resolve`, { verdict: 'true_positive', reason: 'An attack' }));
    const page = await portal.as('lead', { path: '/detections' });
    await page.getByRole('row', { name: /whoami \/all/ }).focus();
    await page.keyboard.press('u');
    await page.getByRole('heading', { level: 1, name: '除外の作成' }).waitFor();
    await page.getByRole('textbox', { name: 'CommandLine の値' }).waitFor();
    await accessible(page);
    // Wide: it would hide a true positive, and says so before anything is saved.
    await page.getByText('ファイルのみ').click();
    await page.getByRole('button', { name: '除外される検知を確認' }).click();
    await page.getByText('2 件が除外されます', { exact: false }).waitFor();
    await page.getByText('このうち 1 件は真陽性と判定されています。').waitFor();
    await page.getByRole('textbox', { name: '真陽性を除外してよい理由' }).waitFor();
    await browser.picture(page, 'exclusion-replay');
    // Narrow: exactly this one.
    await page.getByText('完全に同じ').click();
    await page.getByRole('button', { name: '除外される検知を確認' }).click();
    await page.getByText('1 件が除外されます', { exact: false }).waitFor();
    await page.getByRole('textbox', { name: '理由', exact: true }).fill('管理者による定期確認');
    await accessible(page);
    await page.getByRole('button', { name: '下書きとして保存' }).click();
    await page.getByRole('button', { name: 'お客様に確認を依頼' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'お客様に確認を依頼' }).click();
    await page.getByText('お客様の判断を待っています').waitFor();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await accessible(page);
    await browser.picture(page, 'exclusion');
    const path = new URL(page.url()).pathname;
    await page.context().close();

    const customer = await portal.as('customer', { path });
    await customer.getByRole('button', { name: '有効化' }).click();
    await customer.getByRole('dialog').getByRole('button', { name: '有効化' }).click();
    await customer.getByRole('main').getByText('有効', { exact: true }).first().waitFor();
    await customer.context().close();
    await rulesAsked();
    const before = answered(await api.get('/detections?q=%2Fall')).items[0].occurrences;
    await tell([shell('cmd.exe /c whoami /all')]);
    assert.equal(answered(await api.get('/detections?q=%2Fall')).items[0].occurrences, before);
});

test('several are resolved together, tried first', async () => {
    await tell([shell('whoami /one'), shell('whoami /two')]);
    const page = await portal.as('lead', { path: '/detections', language: 'en' });
    await page.getByRole('row', { name: /whoami \/two/ }).waitFor();
    for (const word of ['one', 'two']) {
        await page.getByRole('row', { name: new RegExp(`whoami /${word}`) }).focus();
        await page.keyboard.press('x');
    }
    await page.getByRole('button', { name: 'Resolve' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'Verdict' }).or(dialog.getByRole('textbox', { name: 'Verdict' })).first().click();
    await page.getByRole('option', { name: 'Test', exact: true }).click();
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('Exercise');
    await dialog.getByRole('button', { name: 'See what would happen' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Resolve' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('row', { name: /whoami \/two/ }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'By rule' }).click();
    await page.getByRole('row', { name: /Shell asks who it is/ }).waitFor();
    await accessible(page);
    await page.context().close();
});

test('a rule is written with a look over the shoulder: what is wrong, its tests, why it matches', async () => {
    const page = await portal.as('lead', { path: '/rules/new', language: 'en' });
    const text = page.getByRole('textbox', { name: 'Text' });
    await text.fill('title: x\nlogsource:\n    product: windows\ndetection:\n    a:\n        X: 1\n    condition: b\n');
    await page.getByText('The text cannot be used').waitFor();
    await page.getByText(/Line \d+:/).waitFor();
    await accessible(page);
    await text.fill(sigma({ title: 'Mine', detection: { a: { 'CommandLine|contains': 'nmap' }, condition: 'a' } }));
    await page.getByText('The text is right').waitFor();
    await page.getByRole('textbox', { name: 'Tests' }).fill(JSON.stringify({ match: [event({ command: 'nmap -sS' }), event({ command: 'dir' })] }));
    await page.getByText('Tests: 1 as expected, 1 otherwise').waitFor();
    await page.getByRole('textbox', { name: 'Event as JSON' }).fill(JSON.stringify(event({ command: 'nmap x' })));
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.getByText('It matches', { exact: true }).waitFor();
    await browser.picture(page, 'rule-editor');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { level: 1, name: 'Mine' }).waitFor();
    await page.getByRole('button', { name: 'Edit' }).click();
    await text.waitFor();
    await text.fill((await text.inputValue()).replace('nmap', 'masscan'));
    await page.getByText('The text is right').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('region', { name: 'Versions' }).first().getByText(/\+ .*masscan/).waitFor();
    await accessible(page);
    await browser.picture(page, 'rule');
    await page.context().close();
});

test('a rule is switched off for one customer, with the reason', async () => {
    const page = await portal.as('lead', { path: `/rules/${rule.id}`, language: 'en' });
    await page.getByRole('button', { name: 'Set for a customer' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'For' }).or(dialog.getByRole('textbox', { name: 'For' })).first().click();
    await page.getByRole('option').first().click();
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('Their own tool');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Their own tool').waitFor();
    await accessible(page);
    await page.context().close();
});

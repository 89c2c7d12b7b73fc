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
    const row = page.getByRole('row', { name: /シェルによるユーザー確認/ });
    // What happens before the page listens is no news to it: it happens until the page tells of it.
    await until(async () => {
        await tell([shell('cmd.exe /c whoami /all'), shell('cmd.exe /c dir')]);
        return row.waitFor({ timeout: 3_000 }).then(() => true, () => false);
    }, 'the detection appears', 120_000);
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
    await why.getByText('に "whoami" を含む').waitFor();
    await why.getByText('cmd.exe /c whoami /all').waitFor();
    await page.getByRole('region', { name: 'イベント', exact: true }).getByText('AOBA\\taro').waitFor();
    // What is still loading above moves it, and a press that ends elsewhere is none.
    await until(async () => {
        await page.getByText('受信時のまま').click();
        return page.getByText('"EventID":1').isVisible();
    }, 'the event as it arrived');
    await accessible(page);
    await browser.picture(page, 'detection');
    await page.context().close();
});

test('an exclusion begins with what the event has, is looked at on the stored days, and the customer decides',
    async () => {
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
    await page.getByText(/2 件のイベントが除外されます|3 件のイベントが除外されます/).waitFor();
    await page.getByText(/保存されているイベント \d+ 件をすべて確認しました。/).waitFor();
    await page.getByText('件は、真陽性と判定された検知に含まれます。', { exact: false }).waitFor();
    await page.getByRole('textbox', { name: '真陽性を除外してよい理由' }).waitFor();
    await browser.picture(page, 'exclusion-replay');
    // On a group: one is chosen first.
    await page.getByText('グループ', { exact: true }).click();
    const look = page.getByRole('button', { name: '除外される検知を確認' });
    await page.getByRole('combobox', { name: 'コンピューターのグループ' }).waitFor();
    assert.equal(await look.isDisabled(), true);
    await page.getByRole('combobox', { name: 'コンピューターのグループ' })
        .selectOption({ label: await page.getByRole('option', { name: /^Windows/ }).textContent() });
    await look.click();
    await page.getByText('件のイベントが除外されます', { exact: false }).waitFor();
    await accessible(page);
    // Narrow: exactly this one.
    await page.getByText('完全に同じ').click();
    await page.getByRole('button', { name: '除外される検知を確認' }).click();
    await page.getByText('1 件が除外されます', { exact: false }).waitFor();
    await page.getByRole('textbox', { name: /^理由/ }).fill('管理者による定期確認');
    // What was asked before still stood there when the text was awaited; the answer decides what can be saved.
    const save = page.getByRole('button', { name: '下書きとして保存' });
    await until(async () => await look.isEnabled() && await save.isEnabled(), 'the answer is there');
    await accessible(page);
    await save.click();
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
    const page = await portal.as('lead', { path: '/detections' });
    await page.getByRole('row', { name: /whoami \/two/ }).waitFor();
    for (const word of ['one', 'two']) {
        await page.getByRole('row', { name: new RegExp(`whoami /${word}`) }).focus();
        await page.keyboard.press('x');
    }
    await page.getByRole('button', { name: '解決', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: '判定' }).or(dialog.getByRole('textbox', { name: '判定' })).first().click();
    await page.getByRole('option', { name: 'テスト', exact: true }).click();
    await dialog.getByRole('textbox', { name: /^理由/ }).fill('Exercise');
    await dialog.getByRole('button', { name: '結果を確認' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '解決', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: '閉じる' }).last().click();
    await page.getByRole('row', { name: /whoami \/two/ }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'ルール別' }).click();
    await page.getByRole('row', { name: /シェルによるユーザー確認/ }).waitFor();
    await accessible(page);
    await page.context().close();
});

test('a rule is written with a look over the shoulder: what is wrong, its tests, why it matches', async () => {
    const page = await portal.as('lead', { path: '/rules/new' });
    const text = page.getByRole('textbox', { name: '内容' });
    await text.fill('title: x\nlogsource:\n    product: windows\ndetection:\n    a:\n        X: 1\n    condition: b\n');
    await page.getByText('このままでは使用できません').waitFor();
    await page.getByText(/\d+ 行目:/).waitFor();
    await accessible(page);
    await text.fill(sigma({ title: 'Mine', detection: { a: { 'CommandLine|contains': 'nmap' }, condition: 'a' } }));
    await page.getByText('問題ありません').waitFor();
    await page.getByRole('textbox', { name: 'テスト' }).fill(JSON.stringify({ match: [event({ command: 'nmap -sS' }),
        event({ command: 'dir' })] }));
    await page.getByText('テスト: 期待どおり 1 件、不一致 1 件').waitFor();
    await page.getByRole('textbox', { name: 'イベント(JSON)' }).fill(JSON.stringify(event({ command: 'nmap x' })));
    await page.getByRole('button', { name: '説明を表示' }).click();
    await page.getByText('一致します', { exact: true }).waitFor();
    const past = page.getByRole('region', { name: '過去のイベントで試す' });
    await past.getByRole('button', { name: '検索する' }).click();
    await past.getByText(/^0件 · (\d+)件中\1件を確認$/).waitFor();
    assert.equal(await past.getByRole('link').count(), 0);
    await text.fill((await text.inputValue()).replace('nmap', 'whoami'));
    await past.getByText('検索した後にルールが変わりました。もう一度検索してください。').waitFor();
    await past.getByRole('button', { name: '検索する' }).click();
    await past.getByText(/^[1-9]\d*件 · (\d+)件中\1件を確認$/).waitFor();
    const [found] = await Promise.all([page.context().waitForEvent('page'), past.getByRole('link').click()]);
    await found.getByRole('row', { name: /whoami \/all/ }).first().waitFor();
    await found.close();
    await text.fill((await text.inputValue()).replace('whoami', 'nmap'));
    await page.getByText('問題ありません').waitFor();
    await accessible(page);
    await browser.picture(page, 'rule-editor');
    await page.getByRole('button', { name: '保存する' }).click();
    await page.getByRole('heading', { level: 1, name: 'Mine' }).waitFor();
    await page.getByRole('button', { name: '編集する' }).click();
    await text.waitFor();
    await text.fill((await text.inputValue()).replace('nmap', 'masscan'));
    await page.getByText('問題ありません').waitFor();
    await page.getByRole('button', { name: '保存する' }).click();
    await page.getByRole('region', { name: '版' }).first().getByText(/\+ .*masscan/).waitFor();
    await accessible(page);
    await browser.picture(page, 'rule');
    await page.context().close();
});

test('a rule is switched off for one customer, with the reason', async () => {
    const page = await portal.as('lead', { path: `/rules/${rule.id}` });
    await page.getByRole('button', { name: 'お客様ごとに設定' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: '対象のお客様' }).or(dialog.getByRole('textbox',
        { name: '対象のお客様' })).first().click();
    await page.getByRole('option').first().click();
    await dialog.getByRole('textbox', { name: /^理由/ }).fill('自社ツール');
    await dialog.getByRole('button', { name: '保存する' }).click();
    await page.getByText('自社ツール').waitFor();
    await accessible(page);
    await page.context().close();
});

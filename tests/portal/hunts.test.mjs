// Looking into what computers told: a search by fields with its events, a rule that is refused at its line, who sees
// what was asked, and where a process came from. The demonstration's intrusion began half an hour ago.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered } from '../integration/harness.mjs';
import { sigma } from '../integration/detection_house.mjs';
import { accessible } from './browser.mjs';
import { startPortal } from './portal_house.mjs';

const portal = await startPortal({ clock: new Date().toISOString() });
const { house, browser } = portal;
const api = await house.as('administrator');
answered(await api.post('/rules', { state: 'active', body: sigma({ title: 'Download by PowerShell',
    detection: { a: { 'CommandLine|contains': 'DownloadString' }, condition: 'a' } }) }), 201);
const told = await house.yagura(['demo', '--history', '1']);
assert.equal(told.status, 0, told.stderr);

// In the language that the person chose.
async function as(role, { language = 'ja', ...more }) {
    await house.sql('UPDATE person SET language = $1', [language]);
    return portal.as(role, { language, ...more });
}

// PowerShell, started by a script that came by mail.
async function intrusion() {
    const { items } = answered(await api.get('/detections?computer_name=AOB-PC07&limit=200'));
    const found = items.find((one) =>
        /powershell\.exe$/i.test(one.process_path) && /DownloadString/.test(one.command_line));
    assert.ok(found, `${told.stdout} ${items.map((one) => one.command_line).join('\n')}`);
    return found;
}

const over = (page) => page.getByText('完了', { exact: true }).first().waitFor({ timeout: 60_000 });

test('a search by fields finds the intrusion, ends, and shows each event as it arrived', async () => {
    const page = await as('lead', { path: '/events' });
    await page.getByRole('combobox', { name: '項目' }).or(page.getByRole('textbox', { name: '項目' })).first()
        .fill('CommandLine');
    const values = page.getByRole('textbox', { name: '値' }).or(page.getByRole('combobox', { name: '値' })).first();
    await values.fill('DownloadString');
    await page.keyboard.press('Enter');
    await accessible(page);
    await browser.picture(page, 'events');
    await page.getByRole('form').getByRole('button', { name: '検索', exact: true }).click();
    await over(page);
    assert.equal(await page.getByRole('progressbar').getAttribute('aria-valuenow'), '100');
    const row = page.getByRole('row', { name: /AOB-PC07.*DownloadString/s }).first();
    await row.waitFor();
    await accessible(page);
    await browser.picture(page, 'hunt');
    await row.click();
    const drawer = page.getByRole('dialog');
    await drawer.getByRole('row', { name: /ProcessGuid/ }).first().waitFor();
    await accessible(page);
    await browser.picture(page, 'event-drawer');
    await drawer.getByText('受信時のまま').click();
    await drawer.getByText('"EventID"', { exact: false }).first().waitFor();
    // A value of the event is the next question.
    await drawer.getByText('項目', { exact: true }).click();
    await drawer.getByRole('row', { name: /DownloadString/ }).getByRole('link').first().click();
    await page.getByRole('heading', { level: 1, name: 'イベント検索' }).waitFor();
    await page.getByText(/DownloadString/).first().waitFor();
    await page.context().close();
});

test('an address that is typed is offered to be sought as a word, and found', async () => {
    const page = await as('lead', { path: '/events?period=7d' });
    const values = page.getByRole('textbox', { name: '値' }).or(page.getByRole('combobox', { name: '値' })).first();
    await values.fill('203.0.113.77');
    await page.keyboard.press('Enter');
    await browser.picture(page, 'events-address');
    await accessible(page);
    await page.getByRole('button', { name: '単語として検索' }).click();
    await page.getByRole('button', { name: '単語として検索' }).waitFor({ state: 'detached' });
    await page.getByRole('form').getByRole('button', { name: '検索', exact: true }).click();
    await over(page);
    await page.getByRole('row', { name: /AOB-/ }).first().waitFor();
    assert.match(await page.getByRole('main').innerText(), /という単語を含む/);
    await page.context().close();
});

test('a search is kept as a view, and comes back with its conditions', async () => {
    const conditions = JSON.stringify([{ field: 'Image', operator: 'ends', values: ['\\whoami.exe'] }]);
    const page = await as('lead', { language: 'en',
        path: `/events?period=1h&conditions=${encodeURIComponent(conditions)}` });
    await page.getByText('\\whoami.exe').waitFor();
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('textbox', { name: 'Save what you see as a view' }).fill('Who asks who they are');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Who asks who they are', exact: true }).waitFor();
    await page.goto('/events');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('button', { name: 'Who asks who they are', exact: true }).click();
    await page.getByText('\\whoami.exe').waitFor();
    await page.context().close();
});

test('a rule with a mistake is refused with its line, and nothing is asked', async () => {
    browser.expectFailure(/status of 422/);
    const page = await as('lead', { path: '/events?language=sigma', language: 'en', colorScheme: 'dark' });
    const text = page.getByRole('textbox', { name: 'Rule' });
    await text.fill('title: Broken\nlogsource:\n    product: windows\ndetection:\n'
        + '    a:\n        X: 1\n    condition: b\n');
    await page.getByRole('button', { name: 'Run as a Hunt' }).click();
    await page.getByText(/line \d+/i).waitFor();
    await accessible(page);
    await browser.picture(page, 'events-sigma');
    assert.equal(new URL(page.url()).pathname, '/events');
    await page.goto('/hunts');
    await page.getByRole('row', { name: /DownloadString/ }).first().waitFor();
    assert.equal(await page.getByRole('row', { name: /Broken/ }).count(), 0);
    await accessible(page);
    await browser.picture(page, 'hunts');
    await page.context().close();
});

test('a customer searches their own events, and sees nothing of what an engineer asked', async () => {
    const page = await as('customer', { path: '/hunts' });
    await page.getByText('まだ検索はありません').waitFor();
    await accessible(page);
    const conditions = JSON.stringify([{ field: 'EventID', operator: 'is', values: ['1'] }]);
    await page.goto(`/events?period=1h&conditions=${encodeURIComponent(conditions)}`);
    await page.getByRole('form').getByRole('button', { name: '検索', exact: true }).click();
    await over(page);
    await page.getByRole('row', { name: /AOB-/ }).first().waitFor();
    const hosts = await page.getByRole('row').allInnerTexts();
    assert.ok(hosts.slice(1).every((line) => !/HBR-|HAR/.test(line)), 'only their own computers');
    await page.context().close();
});

test('the process tree leads from the script to PowerShell, with what it did beside it', async () => {
    const found = await intrusion();
    const page = await as('lead', { path: `/detections/${found.id}`, height: 1000 });
    const section = page.getByRole('region', { name: 'プロセスツリー' });
    await section.scrollIntoViewIfNeeded();
    const tree = section.getByRole('tree');
    const script = tree.getByRole('treeitem', { name: /wscript\.exe/i });
    const shell = tree.getByRole('treeitem', { name: /powershell\.exe.*検知したプロセス/s });
    await script.waitFor();
    await shell.waitFor();
    const level = async (item) => Number(await item.getAttribute('aria-level'));
    assert.equal(await level(shell), await level(script) + 1);
    assert.equal(await shell.getAttribute('aria-selected'), 'true');
    // What it did stands beside it.
    await section.getByRole('list', { name: 'このプロセスの動作' }).getByRole('listitem').first().waitFor();
    await accessible(page);
    await section.scrollIntoViewIfNeeded();
    await browser.picture(page, 'process-tree');
    // With the keyboard: up to the parent, closed, and the child is gone; opened, and it is there again.
    await shell.focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    assert.equal(await script.getAttribute('aria-selected'), 'true');
    await page.keyboard.press('ArrowLeft');
    await shell.waitFor({ state: 'detached' });
    await page.keyboard.press('ArrowRight');
    await shell.waitFor();
    await page.context().close();
});

test('around a detection, the computer tells what else happened', async () => {
    const found = await intrusion();
    const page = await as('lead', { path: `/detections/${found.id}`, language: 'en', colorScheme: 'dark',
        height: 1000 });
    const section = page.getByRole('region', { name: 'Events around it' });
    await section.scrollIntoViewIfNeeded();
    const lines = section.getByRole('list', { name: 'Events around it' }).getByRole('listitem');
    await lines.first().waitFor();
    await section.scrollIntoViewIfNeeded();
    await accessible(page);
    await browser.picture(page, 'host-timeline');
    await section.getByRole('combobox', { name: 'Kinds of events' })
        .or(section.getByRole('textbox', { name: 'Kinds of events' })).first().click();
    await page.getByRole('option', { name: 'Name asked' }).click();
    await page.keyboard.press('Escape');
    const kinds = section.getByRole('list', { name: 'Events around it' });
    await kinds.getByText('Process started').first().waitFor({ state: 'detached' });
    await kinds.getByText('Name asked').first().waitFor();
    await lines.first().getByRole('button').click();
    await page.getByRole('dialog').getByRole('row', { name: /QueryName/ }).waitFor();
    await page.context().close();
});

test('detections are asked about their events, and what is found leads to them', async () => {
    const { id } = await intrusion();
    const page = await as('lead', { path: '/detections' });
    await page.getByRole('button', { name: '条件で検索' }).click();
    await page.getByText('検知に保存されたイベントの内容を検索します。', { exact: false }).waitFor();
    await page.getByRole('radio', { name: 'すべてのルール' }).waitFor({ state: 'detached' });
    await page.getByRole('combobox', { name: '項目' }).or(page.getByRole('textbox', { name: '項目' })).first()
        .fill('CommandLine');
    const values = page.getByRole('textbox', { name: '値' }).or(page.getByRole('combobox', { name: '値' })).first();
    await values.fill('DownloadString');
    await page.keyboard.press('Enter');
    await accessible(page);
    await browser.picture(page, 'events-detections');
    await page.getByRole('form').getByRole('button', { name: '検索', exact: true }).click();
    await over(page);
    const row = page.getByRole('row', { name: /Download by PowerShell.*AOB-PC07/s }).first();
    await row.waitFor();
    await accessible(page);
    await browser.picture(page, 'hunt-detections');
    await row.click();
    await page.waitForURL((url) => url.pathname.startsWith('/detections/'));
    await page.getByRole('heading', { level: 1, name: 'Download by PowerShell' }).waitFor();
    assert.ok(answered(await api.get(`/detections/${id}`)).id);
    await page.context().close();
});

// An incident arises while somebody looks, is seen as a graph and a timeline, commented on, and becomes a case; and
// the computers, files and figures around it.

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
const hash = 'ab'.repeat(32);
const evil = (more = {}) => event({ host: 'AOBA-PC-77', at: new Date(house.clock.now), command: 'mm.exe dump lsass',
    Image: 'C:\\Users\\Public\\mm.exe', Hashes: `SHA256=${hash}`, ParentImage: 'C:\\Windows\\explorer.exe',
    ParentProcessGuid: '{22222222-0000-0000-0000-000000000001}', ProcessGuid: '{22222222-0000-0000-0000-000000000002}',
    ...more });

answered(await api.post('/rules', { state: 'active', body: sigma({ title: 'Credentials are dumped',
    title_ja: '認証情報のダンプ', level: 'critical', tags: ['attack.credential_access', 'attack.t1003'],
    detection: { selection: { 'CommandLine|contains': 'dump lsass' }, condition: 'selection' } }) }), 201);
const [{ number }] = await house.sql('SELECT number FROM rule_generation');
await until(() => house.log('detector.loaded').some((line) =>
    Number(/generation=(\d+)/.exec(JSON.stringify(line))[1]) >= Number(number)), 'the rules are loaded', 60_000);

let reference;

test('the list is empty, and a new incident appears by itself', async () => {
    const page = await portal.as('lead');
    const stream = page.waitForRequest(/\/api\/v1\/stream/, { timeout: 60_000 });
    await page.goto('/incidents');
    await page.getByText('対応中のインシデントはありません').waitFor();
    await stream;
    await accessible(page);
    await tell([evil()]);
    const row = page.getByRole('row', { name: /認証情報のダンプ/ });
    await row.waitFor({ timeout: 60_000 });
    reference = /AOBA-I\d+/.exec(await row.textContent())[0];
    await accessible(page);
    await browser.picture(page, 'incidents');
    await page.context().close();
});

test('graph and timeline point at each other, a comment is written, and one click makes the case', async () => {
    const page = await portal.as('lead', { path: '/incidents' });
    await page.getByRole('row', { name: /認証情報のダンプ/ }).click();
    await page.getByRole('heading', { level: 1, name: new RegExp(reference) }).waitFor();
    await page.getByRole('img', { name: /個の対象のグラフです/ }).waitFor();
    await page.getByText('一覧で表示').click();
    const node = page.getByRole('button', { name: 'mm.exe' }).first();
    await node.click();
    const chosen = page.getByRole('list', { name: 'タイムライン' }).getByRole('button', { name: '認証情報のダンプ' });
    await page.waitForFunction(() => document.querySelector('[data-kind="detection"] [aria-pressed="true"]'));
    assert.equal(await chosen.getAttribute('aria-pressed'), 'true');
    await accessible(page);
    await browser.picture(page, 'incident-graph');
    await page.getByLabel('コメント', { exact: true }).fill('隔離をお願いします。');
    await page.getByRole('button', { name: 'コメントを送信' }).click();
    await page.getByRole('list', { name: 'タイムライン' }).getByText('隔離をお願いします。').waitFor();
    await page.getByRole('button', { name: 'お問い合わせを作成' }).click();
    const dialog = page.getByRole('dialog', { name: 'お問い合わせを作成' });
    await dialog.getByRole('button', { name: 'お問い合わせを作成' }).waitFor();
    await accessible(page);
    await dialog.getByRole('button', { name: 'お問い合わせを作成' }).click();
    await page.getByRole('link', { name: /^AOBA-\d+$/ }).waitFor();
    await page.getByRole('link', { name: /^AOBA-\d+$/ }).click();
    await page.getByRole('heading', { level: 1, name: /^(?!AOBA-I).*認証情報のダンプ/ }).waitFor();
    await page.getByRole('link', { name: reference, exact: true }).click();
    await page.getByRole('heading', { level: 1, name: new RegExp(reference) }).waitFor();
    await page.context().close();
});

test('the customer reads the story, without what is internal', async () => {
    const [incident] = answered(await api.get('/incidents')).items;
    answered(await api.post(`/incidents/${incident.id}/comments`, { body: 'Only among us.', internal: true }), 201);
    const page = await portal.as('customer', { path: `/incidents/${incident.id}?tab=timeline`,
        colorScheme: 'dark' });
    await page.getByRole('heading', { level: 1, name: /認証情報のダンプ/ }).waitFor();
    await page.getByRole('list', { name: 'タイムライン' }).getByText('お問い合わせを作成').waitFor();
    assert.equal(await page.getByText('Only among us.').count(), 0);
    assert.equal(await page.getByRole('button', { name: '終了する', exact: true }).count(), 0);
    await accessible(page);
    await browser.picture(page, 'incident-timeline-dark');
    await page.context().close();
});

test('a computer shows its colour, what was found and ran on it; its file shows how widespread it is', async () => {
    await house.sql(`UPDATE job SET run_at = now() WHERE kind = 'detection_tally'`);
    const page = await portal.as('lead', { path: '/computers' });
    await page.getByRole('navigation', { name: 'グループ' }).getByRole('link', { name: /Windowsコンピューター/ }).waitFor();
    await page.getByRole('row', { name: /AOBA-PC-77/ }).waitFor();
    await accessible(page);
    await browser.picture(page, 'computers');
    await page.getByRole('row', { name: /AOBA-PC-77/ }).click();
    await page.getByRole('heading', { level: 1, name: 'AOBA-PC-77' }).waitFor();
    await page.getByRole('tab', { name: '実行ファイル' }).click();
    await page.getByRole('row', { name: /mm\.exe/ }).click();
    await page.getByRole('heading', { level: 1, name: 'mm.exe' }).waitFor();
    await page.getByRole('region', { name: '普及度' }).getByText('自社のコンピューター').waitFor();
    const link = page.getByRole('link', { name: 'VirusTotal' });
    assert.equal(await link.getAttribute('href'), `https://www.virustotal.com/gui/file/${hash}`);
    await accessible(page);
    await browser.picture(page, 'executable');
    await page.context().close();
});

test('the dashboard has its tabs, and its charts as tables, too', async () => {
    const page = await portal.as('lead', { path: '/dashboard', colorScheme: 'dark' });
    for (const tab of ['インシデント', '検知', '実行ファイル', 'コンピューター', '詳細']) {
        await page.getByRole('tab', { name: tab, exact: true }).click();
        await page.getByRole('tabpanel').getByRole('region').first().waitFor();
        await accessible(page);
    }
    await page.getByRole('tab', { name: '検知', exact: true }).click();
    await page.getByRole('link', { name: '認証情報のダンプ' }).waitFor();
    await browser.picture(page, 'dashboard-dark');
    await page.context().close();
});

test('a part becomes an incident of its own, and comes back', async () => {
    await tell([evil({ host: 'AOBA-PC-78' })]);
    const [{ id }] = answered(await api.get(`/incidents?number=${reference.split('-I')[1]}`)).items;
    await until(async () => answered(await api.get(`/incidents/${id}`)).detections === 2, 'both are one story', 60_000);
    const page = await portal.as('administrator', { path: `/incidents/${id}?tab=detections` });
    await page.getByRole('button', { name: '分割' }).click();
    const dialog = page.getByRole('dialog', { name: '分割' });
    const other = dialog.getByRole('checkbox', { name: /AOBA-PC-78/ });
    await other.check();
    await dialog.getByRole('checkbox', { name: /AOBA-PC-77/ }).check();
    await dialog.getByText('1件以上の検知を残してください。', { exact: true }).waitFor();
    assert.ok(await dialog.getByRole('button', { name: '分割' }).isDisabled());
    await dialog.getByRole('checkbox', { name: /AOBA-PC-77/ }).uncheck();
    await dialog.getByLabel('新しいインシデントのタイトル').fill('別の件');
    await accessible(page);
    await browser.picture(page, 'incident-split');
    await dialog.getByRole('button', { name: '分割' }).click();
    await page.getByRole('heading', { level: 1, name: /別の件/ }).waitFor();
    assert.equal(answered(await api.get(`/incidents/${id}`)).detections, 1);

    await page.goto(`/incidents/${id}?tab=detections`);
    await page.getByRole('button', { name: '検知を追加' }).click();
    const adding = page.getByRole('dialog', { name: '検知を追加' });
    await adding.getByRole('searchbox').fill('AOBA-PC-78');
    const found = adding.getByRole('checkbox', { name: /AOBA-PC-78.*他のインシデントに所属/ });
    await found.check();
    await adding.getByText('1件を選択中').waitFor();
    await accessible(page);
    await adding.getByRole('button', { name: '検知を追加' }).click();
    await page.getByRole('region', { name: '検知' }).getByRole('row', { name: /AOBA-PC-78/ }).waitFor();
    assert.equal(answered(await api.get(`/incidents/${id}`)).detections, 2);
    await page.context().close();
});

test('a thing of the graph is hunted for, opened and excluded, by keyboard, too', async () => {
    const [{ id }] = answered(await api.get(`/incidents?number=${reference.split('-I')[1]}`)).items;
    const page = await portal.as('administrator', { path: `/incidents/${id}` });
    const menuOf = async (name) => {
        await page.goto(`/incidents/${id}`);
        await page.getByText('一覧で表示').click();
        const button = page.getByRole('button', { name: `${name}の操作` }).first();
        await button.focus();
        await page.keyboard.press('Enter');
        const menu = page.getByRole('menu', { name });
        await menu.getByRole('menuitem', { name: '検知を表示' }).and(page.locator(':focus')).waitFor();
        return menu;
    };
    const menu = await menuOf('mm.exe');
    await accessible(page);
    await browser.picture(page, 'incident-graph-menu');
    await page.keyboard.press('Escape');
    await menu.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'mm.exeの操作' }).and(page.locator(':focus')).waitFor();
    await (await menuOf('mm.exe')).getByRole('menuitem', { name: 'ハンティングする' }).click();
    await page.waitForURL(/\/events\?/);
    await page.getByRole('heading', { level: 1 }).waitFor();
    assert.deepEqual(JSON.parse(new URL(page.url()).searchParams.get('conditions')),
        [{ field: 'Image', operator: 'ends', values: ['\\mm.exe'] }]);
    await (await menuOf('mm.exe')).getByRole('menuitem', { name: '検知から除外する' }).click();
    await page.waitForURL(/\/exclusions\/new\?detection=/);
    await (await menuOf('AOBA-PC-77')).getByRole('menuitem', { name: '開く', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'AOBA-PC-77' }).waitFor();
    await page.context().close();
});

test('the right button opens the menu of a thing, which is moved with the mouse, stays, and is put back', async () => {
    const [{ id }] = answered(await api.get(`/incidents?number=${reference.split('-I')[1]}`)).items;
    const graph = async () => answered(await api.get(`/incidents/${id}/graph`));
    const { nodes } = await graph();
    // All in one place, which the page shows in its middle.
    const middle = Object.fromEntries(nodes.map((node) => [node.id, [0, 0]]));
    answered(await api.put(`/incidents/${id}/layout`, { layout: middle }), 204);
    const page = await portal.as('administrator', { path: `/incidents/${id}` });
    const drawing = page.getByRole('img', { name: /個の対象のグラフです/ });
    await drawing.scrollIntoViewIfNeeded();
    const box = await drawing.boundingBox();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await until(async () => {
        await page.mouse.click(x, y, { button: 'right' });
        return page.getByRole('menuitem', { name: '検知を表示' }).isVisible();
    }, 'the menu is open');
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 90, y + 60, { steps: 6 });
    await page.mouse.up();
    const moved = async () => Object.values((await graph()).layout ?? {}).filter(([a, b]) => a !== 0 || b !== 0).length;
    await until(async () => await moved() === 1, 'it stays where it was put');
    await page.getByRole('button', { name: '配置を元に戻す' }).click();
    await until(async () => (await graph()).layout === null, 'it is laid out anew');
    await page.context().close();
});

test('a customer without any telemetry is told so, in English', async () => {
    const page = await portal.as('harbor', { path: '/dashboard', language: 'en', colorScheme: 'dark' });
    await page.getByText('Nothing in this span').first().waitFor();
    await accessible(page);
    await page.goto('/incidents');
    await page.getByText('No open incidents').waitFor();
    await accessible(page);
    await browser.picture(page, 'incidents-empty-dark');
    await page.goto('/computers');
    await page.getByText('No computers yet').waitFor();
    await page.context().close();
});

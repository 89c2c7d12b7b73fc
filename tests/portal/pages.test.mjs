// Every page of the portal's table, as people with eyes, ears, phones and two languages meet it. The list comes from
// the portal's own table of pages: a new page is looked at here without anybody thinking of it.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { answered } from '../integration/harness.mjs';
import { event, sigma } from '../integration/detection_house.mjs';
import { top } from '../integration/postgres.mjs';
import { accessible } from './browser.mjs';
import { startPortal } from './portal_house.mjs';

const portal = await startPortal();
const { house, browser } = portal;

const table = fs.readFileSync(path.join(top, 'portal/src/app/pages.ts'), 'utf8');
const rows = [...table.matchAll(/key: "(\w+)",\s*path: "([^"]+)"/g)].map(([, key, address]) => ({ key, address }));

// An object for each page of one object.
async function objectOf(key) {
    const tables = {
        tenant: "tenant WHERE short_code = 'AOBA'",
        person: "person WHERE email = 'reader@demo.yagura.example'",
        permission_set: "permission_set WHERE key = 'customer_reader'",
        identity_provider: 'identity_provider',
        mail: 'mail',
        calendar: 'business_calendar',
        calendar_change: 'business_calendar',
        drill: 'contact_drill',
        handover: "handover WHERE state = 'waiting'",
        ticket: "ticket WHERE status = 'waiting_customer'",
        ticket_history: "ticket WHERE status = 'waiting_customer'",
        webhook: 'webhook',
        detection: 'detection',
        rule: 'rule',
        rule_edit: 'rule',
        exclusion: 'exclusion',
        hunt: 'hunt',
        incident: 'incident',
        computer: 'computer',
        executable: 'executable',
    };
    assert.ok(tables[key], `say here which object the page ${key} is shown with`);
    return (await house.sql(`SELECT id FROM ${tables[key]} LIMIT 1`))[0].id;
}

// The demonstration tells of no events here.
const engineer = await house.as('administrator');
const aoba = await house.tenantId('AOBA');
const rule = answered(await engineer.post('/rules', { body: sigma({}), state: 'active' }), 201);
answered(await engineer.post('/exclusions', { tenant_id: aoba, rule_id: rule.id, title: 'Backup', reason: 'Ours',
    scope: 'all',
    conditions: [{ field: 'Image', operator: 'ends', value: 'backup.exe', enabled: true }] }), 201);
await house.sql(`SELECT day_begin('2026-11-24')`);
await house.sql(`INSERT INTO detection (tenant_id, id, rule_id, rule_key, rule_version, title, score, tactics,
    techniques,
        computer_name, command_line, matched, batch_id, event_index, event, first_at, last_at, arrived_at, updated_at)
    SELECT $1, uuid_from_time('2026-11-24T08:00:00Z'), id, key, version, title, score, tactics, techniques, 'PC-01',
        'cmd /c whoami', '[]', gen_random_uuid(), 0, $2, '2026-11-24T08:00:00Z', '2026-11-24T08:00:00Z',
        '2026-11-24T08:00:00Z',
            '2026-11-24T08:00:00Z' FROM rule`, [aoba, JSON.stringify(event({ command: 'cmd /c whoami' }))]);

await house.sql(`INSERT INTO computer (tenant_id, id, name, name_key, os, first_seen_at, last_seen_at, created_at,
        updated_at) VALUES ($1, gen_random_uuid(), 'PC-01', 'pc-01', 'windows', now(), now(), now(), now())`, [aoba]);
await house.sql(`INSERT INTO executable (tenant_id, id, hash, name, path, first_seen_at, last_seen_at, updated_at)
    VALUES ($1, gen_random_uuid(), repeat('a', 64), 'cmd.exe', 'C:\\Windows\\System32\\cmd.exe', now(), now(), now())`,
[aoba]);
const [{ id: found }] = await house.sql('SELECT id FROM detection LIMIT 1');
answered(await engineer.post('/incidents', { tenant_id: aoba, title: 'Somebody asks who they are', severity: 'b',
    detection_ids: [found] }), 201);

answered(await engineer.post('/hunts', { purpose: 'search', language: 'conditions', from_at: '2026-11-24T00:00:00Z',
    conditions: [{ field: 'CommandLine', operator: 'contains', values: ['whoami'] }] }), 201);

async function addresses() {
    const list = [];
    for (const row of rows) {
        const id = row.address.includes('$id') ? await objectOf(row.key) : '';
        list.push({ ...row, address: row.address.replace('$id', id) });
    }
    return list;
}

// The page itself stands there: a heading, nothing still loading, no failure.
async function settled(page) {
    await page.getByRole('main').getByRole('heading', { level: 1 }).first().waitFor();
    await page.waitForFunction(() => document.querySelectorAll('[aria-busy=true]').length === 0);
    assert.equal(await page.getByRole('main').getByRole('alert').count(), 0, `${page.url()} shows an error`);
}

for (const [language, colorScheme] of [['ja', 'light'], ['en', 'dark']]) {
    test(`every page is accessible and speaks ${language} (${colorScheme})`, async () => {
        await house.sql("UPDATE person SET language = $1 WHERE email = 'admin@demo.yagura.example'", [language]);
        const page = await portal.as('administrator', { language, colorScheme });
        const pages = await addresses();
        assert.ok(pages.length > 15, 'the table of pages was found');
        for (const { key, address } of pages) {
            await page.goto(address);
            await settled(page);
            const title = await page.title();
            assert.equal(await page.locator('html').getAttribute('lang'), language, key);
            assert.notEqual(title, '', key);
            const shown = await page.getByRole('main').innerText();
            const untold = /\b(page|field|value|action|state)\.[a-z_]+(\.[a-z_]+)*\b/.exec(shown);
            assert.equal(untold, null, `${key} shows the name of a text: ${untold?.[0]}`);
            if (language === 'en' && key !== 'mail' && key !== 'mail_templates') {
                // What people typed stays as typed; the portal's own words do not.
                const heads = await page.locator('main th, main button, main label, main h1').allInnerTexts();
                const foreign = heads.filter((text) => /[\u3040-\u30ff]/.test(text) && key !== 'audit');
                assert.deepEqual(foreign.filter((text) => !/[\u4e00-\u9fff]/.test(text)), [], `${key} speaks Japanese`);
            }
            await accessible(page);
        }
        await house.sql("UPDATE person SET language = 'ja' WHERE email = 'admin@demo.yagura.example'");
        await page.context().close();
    });
}

test('every page fits a phone', async () => {
    const page = await portal.as('administrator', { width: 390, height: 844 });
    for (const { key, address } of await addresses()) {
        await page.goto(address);
        await settled(page);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(overflow <= 0, `${key} is ${overflow} pixels too wide`);
        const main = await page.evaluate(() => {
            const content = document.querySelector('main');
            return content.scrollWidth - content.clientWidth;
        });
        assert.ok(main <= 0, `the content of ${key} is ${main} pixels too wide`);
    }
    await page.context().close();
});

test('the doors are accessible in both schemes', async () => {
    browser.expectFailure(/status of (404|410)/);
    for (const colorScheme of ['light', 'dark']) {
        const page = await browser.page({ colorScheme });
        const others = ['/invitations/x', '/contact-drill/x'];
        for (const address of ['/sign-in', '/password-reset', '/password-reset/x', ...others]) {
            await page.goto(address);
            await page.getByRole('heading', { level: 1 }).waitFor();
            await accessible(page);
        }
        await page.context().close();
    }
});

test('the menu offers what a person may open, and the address bar opens no more', async () => {
    const entries = async (role) => {
        const page = await portal.as(role);
        const links = page.getByRole('navigation', { name: 'メニュー' }).getByRole('link');
        await links.first().waitFor();
        const names = await links.allInnerTexts();
        return { page, names: names.map((name) => name.trim()) };
    };
    const administrator = await entries('administrator');
    for (const name of ['お客様', '利用者', '監査ログ', 'ジョブキュー']) assert.ok(administrator.names.includes(name), name);
    await administrator.page.context().close();
    const reader = await entries('reader');
    for (const name of ['お客様', 'ジョブキュー', '送信メール']) assert.ok(!reader.names.includes(name), name);
    await reader.page.goto('/jobs');
    await reader.page.getByText('見つかりませんでした').waitFor();
    await reader.page.context().close();
});

test('a first visit downloads less than the budget of JavaScript', async () => {
    for (const [address, role] of [['/sign-in', undefined], ['/people', 'administrator']]) {
        const page = role ? await portal.as(role) : await browser.page();
        const scripts = new Map();
        page.on('response', async (response) => {
            if (/\.js$/.test(new URL(response.url()).pathname)) {
                scripts.set(response.url(), response.body().then((body) => gzipSync(body, { level: 9 }).length));
            }
        });
        const session = await page.context().newCDPSession(page);
        await session.send('Network.setCacheDisabled', { cacheDisabled: true });
        await page.goto(address);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.waitForLoadState('load');
        const bytes = (await Promise.all(scripts.values())).reduce((sum, size) => sum + size, 0);
        assert.ok(scripts.size > 1, 'scripts were seen');
        assert.ok(bytes <= 250 * 1024, `${address} downloads ${(bytes / 1024).toFixed(1)} KiB of JavaScript`);
        await page.context().close();
    }
});

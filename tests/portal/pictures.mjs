// Pictures of the demonstration for the README: node tests/portal/pictures.mjs FOLDER, or script/docs.

import fs from 'node:fs';
import path from 'node:path';
import { startPortal } from './portal_house.mjs';

const folder = process.argv[2];
const shots = [
    { name: 'home-light', role: 'lead', path: '/', language: 'ja', colorScheme: 'light' },
    { name: 'cases-light', role: 'lead', path: '/tickets', language: 'en', colorScheme: 'light' },
    { name: 'people-dark', role: 'lead', path: '/people', language: 'en', colorScheme: 'dark' },
    { name: 'audit-light', role: 'administrator', path: '/audit', language: 'en', colorScheme: 'light' },
];

const portal = await startPortal({ clock: new Date().toISOString() });
fs.mkdirSync(folder, { recursive: true });
for (const { name, role, language, ...shot } of shots) {
    await portal.house.sql('UPDATE person SET language = $1', [language]);
    const page = await portal.as(role, { ...shot, language, width: 1280, height: 760 });
    await page.waitForFunction(() => document.querySelectorAll('[aria-busy=true]').length === 0);
    await page.waitForLoadState('networkidle').catch(() => {}); // the stream of events stays open
    await page.mouse.move(0, 0);
    await page.screenshot({ path: path.join(folder, `${name}.png`) });
    await page.close();
}
await portal.browser.close();
await portal.house.close();
process.exit();

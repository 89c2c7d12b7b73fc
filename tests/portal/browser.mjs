// browser: Debian's Chromium, without windows, for a test file, in front of a house of ../integration/harness.mjs.
//
//     const house = await startHouse({ smtp: true });
//     const browser = await openBrowser(house);
//     test('a stranger is asked to sign in', async () => {
//         const page = await browser.page({ language: 'en' });
//         await page.goto('/');
//         await page.getByRole('button', { name: 'Sign in' }).click();
//         await accessible(page);
//     });
//
// Find things as a person does: by role and label. Whatever the page throws, logs as an error or loads in vain fails
// the file at its end, with a picture of each page in build/results/pictures; expectFailure() names what must fail.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { atEnd, until } from '../integration/harness.mjs';
import { top } from '../integration/postgres.mjs';

const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pictures = path.join(top, 'build/results/pictures');

class Browser {
    constructor(house, chrome) {
        this.house = house;
        this.chrome = chrome;
        this.contexts = [];
        this.problems = [];
        this.expected = [];
    }

    // A page of a person of its own: nothing is shared with the other pages.
    async page({ language = 'ja', colorScheme = 'light', width = 1280, height = 800, timezone = 'Asia/Tokyo' } = {}) {
        const context = await this.chrome.newContext({
            baseURL: this.house.url,
            locale: language === 'ja' ? 'ja-JP' : 'en-GB',
            timezoneId: timezone,
            colorScheme,
            viewport: { width, height },
            reducedMotion: 'reduce',
        });
        context.setDefaultTimeout(60_000); // ends what hangs, and judges no machine
        this.contexts.push(context);
        const page = await context.newPage();
        page.on('pageerror', (error) => this.problems.push(`${page.url()} threw ${error.stack ?? error}`));
        page.on('console', (message) => {
            if (message.type() === 'error') this.problems.push(`${page.url()} logged ${message.text()}`);
        });
        page.on('response', (response) => {
            if (response.status() >= 500) this.problems.push(`${response.url()} answered ${response.status()}`);
        });
        return page;
    }

    // Chromium logs every 4xx answer as an error: say which the test provokes.
    expectFailure(pattern) { this.expected.push(pattern); }

    async picture(page, name) {
        fs.mkdirSync(pictures, { recursive: true });
        await page.screenshot({ path: path.join(pictures, `${name}.png`) });
    }

    async close() {
        const unexpected = this.problems.filter((problem) => !this.expected.some((pattern) => pattern.test(problem)));
        const pages = this.contexts.flatMap((context) => context.pages());
        if (unexpected.length > 0) {
            const shown = pages.map((page, at) => this.picture(page, `problem-${process.pid}-${at}`));
            await Promise.allSettled(shown);
        }
        await this.chrome.close();
        assert.deepEqual(unexpected, [], 'the pages reported problems');
    }
}

export async function openBrowser(house) {
    const args = ['--disable-dev-shm-usage', '--force-color-profile=srgb'];
    if (process.getuid() === 0) args.push('--no-sandbox'); // Chromium's own refuses root; the pages are ours
    const executablePath = process.env.YAGURA_CHROMIUM ?? '/usr/bin/chromium-headless-shell';
    const chrome = await chromium.launch({ executablePath, args });
    const browser = new Browser(house, chrome);
    atEnd(() => browser.close());
    return browser;
}

// listening(page): the stream of changes is open; what happens from here on arrives by itself
export const listening = (page) => page.locator('html[data-live=on]').waitFor({ state: 'attached' });

// valueIs(field, value): what stands in it, as soon as the page has come that far
export const valueIs = (field, value) => until(async () => await field.inputValue() === value, `it reads "${value}"`);

// accessible(page): no violation of WCAG 2.1 A and AA that axe can see
export async function accessible(page, { except = [] } = {}) {
    // Of a menu that is closing the items go first; in a moment it is gone.
    await until(async () => await page.locator('[role=menu]:visible:not(:has([role^=menuitem]:visible))').count() === 0,
        'no menu is without items');
    await page.evaluate(axe);
    const { violations } = await page.evaluate((disabled) => globalThis.axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
        rules: Object.fromEntries(disabled.map((rule) => [rule, { enabled: false }])),
    }), except);
    const found = violations.map(({ id, help, nodes }) =>
        `${id}: ${help}\n${nodes.slice(0, 5).map((node) => `    ${node.html.slice(0, 160)}`).join('\n')}`);
    assert.deepEqual(found, [], `${page.url()} is hard to use for somebody`);
}

// Cases as two people meet in them: the customer who asks and the engineer who answers, each in a browser of their own.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../integration/harness.mjs';
import { accessible, listening, valueIs } from './browser.mjs';
import { startPortal } from './portal_house.mjs';

const portal = await startPortal({ clock: new Date().toISOString() });
const { house, browser } = portal;
const customer = await portal.as('customer', { path: '/tickets' });
const engineer = await portal.as('engineer', { path: '/tickets' });

const subject = '会議室の端末が繰り返し再起動します';
const note = '前回の件と同じ部品。社内だけの話です。';
const field = (page, name) => page.getByRole('textbox', { name });
const button = (page, name) => page.getByRole('button', { name, exact: true });
const stateOf = async (page) =>
    (await page.getByRole('region', { name: '対応期限' }).getByRole('article').first().innerText()).split('\n')[0];

async function open(page, words) {
    await page.goto('/tickets/new');
    await page.getByRole('radio', { name: /エンドポイントに関する/ }).check();
    await field(page, '件名').fill(words.subject);
    await field(page, '内容').fill(words.description);
    await page.getByRole('radio', { name: /深刻/ }).first().check();
    await button(page, '作成する').click();
    await page.getByRole('heading', { level: 1, name: words.subject }).waitFor();
}

test('a form that is not filled is refused where it is empty', async () => {
    await customer.goto('/tickets');
    await customer.getByRole('link', { name: '新規お問い合わせ' }).click();
    await button(customer, '作成する').click();
    // Category, subject and description are asked for.
    await until(async () => await customer.getByText('入力してください').count() === 3, 'three fields say so');
    await accessible(customer);
});

test('a customer opens a case in a minute, and the engineer sees it appear without reloading', async () => {
    await engineer.goto('/tickets');
    await engineer.getByRole('heading', { name: 'お問い合わせ' }).waitFor();
    await listening(engineer);
    await open(customer, { subject, description: '朝から**3回**再起動しました。\n\n- 会議室A\n- 会議室B' });
    await customer.locator('strong', { hasText: '3回' }).waitFor(); // Markdown is shown as meant
    await engineer.getByRole('link', { name: subject }).waitFor();
    const row = engineer.getByRole('row', { name: subject });
    assert.match(await row.innerText(), /株式会社青葉製作所[\s\S]*深刻[\s\S]*新規[\s\S]*あと(3時間\d+分|4時間)[\s\S]*未定/);
    assert.match(await row.innerText(), /未読あり/);
    await accessible(engineer);
});

test('the clock runs for both sides, and every part of its bar says why', async () => {
    await engineer.getByRole('link', { name: subject }).click();
    await engineer.getByRole('heading', { level: 1, name: subject }).waitFor();
    for (const page of [customer, engineer]) {
        const clocks = page.getByRole('region', { name: '対応期限' });
        await clocks.getByText(/初回回答の期限まであと(3時間\d+分|4時間)/).waitFor();
        await clocks.getByRole('button', { name: /期限まで残り/ }).focus();
        await clocks.getByRole('status').getByText(/期限まで残り/).waitFor();
        await clocks.getByRole('button', { name: '記録をすべて見る' }).click();
        await clocks.getByRole('row', { name: /開始.*お問い合わせの受付.*佐々木 健一/ }).waitFor();
    }
});

test('the engineer begins with a note, which reaches nobody outside', async () => {
    await engineer.getByText('社内のエンジニアだけが読みます', { exact: false }).waitFor();
    await field(engineer, '社内メモの内容').fill(note);
    await button(engineer, '社内メモを残す').click();
    const shown = engineer.getByRole('listitem').filter({ hasText: note });
    await shown.waitFor();
    assert.match(await shown.innerText(), /社内メモ（お客様には表示されません）/);
    assert.match(await stateOf(engineer), /あと/, 'a note stops no clock');
    await accessible(engineer);
});

test('a draft outlives the page, and a note\'s draft is never in the field of a message', async () => {
    await field(engineer, '社内メモの内容').fill('書きかけのメモ');
    await engineer.reload();
    await button(engineer, '社内メモ').click();
    await valueIs(field(engineer, '社内メモの内容'), '書きかけのメモ');
    await button(engineer, 'お客様へ返信').click();
    await valueIs(field(engineer, 'お客様への返信'), '');
    await engineer.getByText('株式会社青葉製作所のお客様に届きます', { exact: false }).waitFor();
});

test('the answer reaches the customer by itself, the note does not, and the clock says it was kept', async () => {
    await field(engineer, 'お客様への返信').fill('調査を始めました。`ログ`を確認しています。');
    await button(engineer, 'お客様に送信').click();
    await customer.getByText('調査を始めました', { exact: false }).waitFor();
    for (const page of [customer, engineer]) {
        await page.getByRole('region', { name: '対応期限' }).getByText('初回回答は期限内に完了しました').waitFor();
    }
    const seen = await customer.locator('body').innerText();
    assert.ok(!seen.includes(note) && !seen.includes('社内メモ'), 'nothing of the note is on the page');
    await valueIs(field(engineer, 'お客様への返信'), ''); // what was sent is no draft any more
    await accessible(customer);
});

test('a question waits, the quoted answer ends the wait, and each sees who has read', async () => {
    await field(engineer, 'お客様への返信').fill('再起動の前に、画面に何か表示されますか。');
    await button(engineer, '質問して回答を待つ').click();
    await customer.getByText('質問（回答待ち）').waitFor();
    await customer.getByText('ご回答をお願いします').first().waitFor();
    await customer.getByRole('button', { name: /引用/ }).last().click();
    await field(customer, 'メッセージ').fill('青い画面が一瞬だけ表示されます。');
    await customer.keyboard.press('Control+Enter');
    await engineer.getByText('青い画面が一瞬だけ', { exact: false }).waitFor();
    await engineer.getByText('質問（回答済み）').waitFor();
    const answer = engineer.getByRole('listitem').filter({ hasText: '青い画面が一瞬だけ' });
    assert.match(await answer.innerText(), /再起動の前に、画面に何か表示されますか/, 'the answer shows what it answers');
    await customer.getByText(/既読：.*小林 彩/).waitFor();
});

test('severity is decided with a reason, and the reason stands in the ledger of the next promise', async () => {
    await button(engineer, 'その他の操作').click();
    await engineer.getByRole('menuitem', { name: '重大度を確定する' }).click();
    const dialog = engineer.getByRole('dialog');
    await dialog.getByRole('radio', { name: /一般/ }).check();
    await dialog.getByRole('button', { name: '確定する' }).click();
    await dialog.getByText('入力してください').waitFor();
    await field(dialog, '理由').fill('業務は続けられるため');
    await accessible(engineer);
    await dialog.getByRole('button', { name: '確定する' }).click();
    await customer.getByText('業務は続けられるため').first().waitFor();
});

test('what is over takes no message from the customer until it is reopened', async () => {
    await button(engineer, '解決済みにする').click();
    await field(engineer.getByRole('dialog'), '理由').fill('電源の部品を交換しました。');
    await engineer.getByRole('dialog').getByRole('button', { name: '解決済みにする' }).click();
    await customer.getByText('電源の部品を交換しました。').first().waitFor();
    await button(customer, '終了する').click();
    await customer.getByRole('dialog').getByRole('button', { name: '終了する' }).click();
    await customer.getByText('このお問い合わせは終了しています', { exact: false }).waitFor();
    assert.equal(await field(customer, 'メッセージ').count(), 0);
    await customer.goto('/tickets?query=status:over');
    await customer.getByRole('row', { name: subject }).getByText('終了').waitFor();
    await accessible(customer);
});

test('Japanese words inside a message find the case', async () => {
    await customer.goto('/tickets');
    await customer.getByRole('searchbox').fill('青い画面');
    await customer.waitForURL(/query=/);
    await customer.getByRole('link', { name: subject }).waitFor();
    await customer.getByRole('searchbox').fill('社内だけの話');
    await customer.getByText('条件に合うものがありません').waitFor();
    assert.equal(await customer.getByRole('link', { name: subject }).count(), 0, 'words of a note find nothing');
});

test('who looks as the customer reads what the customer reads, and writes nothing', async () => {
    browser.expectFailure(/:\d+\/ logged .*status of 403/); // what the home page had asked for as the provider
    const lead = await portal.as('lead', { path: `/tenants/${await house.tenantId('AOBA')}` });
    await lead.getByRole('button', { name: 'お客様の画面を見る' }).click();
    await lead.getByText('監査ログに記録されます', { exact: false }).waitFor();
    const [{ id }] = await house.sql('SELECT id FROM ticket WHERE subject = $1', [subject]);
    await lead.goto(`/tickets/${id}`);
    await lead.getByText('調査を始めました', { exact: false }).waitFor();
    assert.ok(!(await lead.locator('body').innerText()).includes(note));
    assert.equal(await lead.getByRole('textbox').count(), 0, 'there is nothing to write in');
    await lead.context().close();
});

// What people have tried elsewhere: each must stay text.
const attacks = [
    '<script>window.attacked = 1</script>',
    '<img src=x onerror="window.attacked = 2">',
    '[click](javascript:window.attacked=3) [data](data:text/html,<script>window.attacked=4</script>)',
    '[a](JaVaScRiPt:window.attacked=5) [b](  javascript:window.attacked=6) [c](java\tscript:alert(1))',
    '[d](//evil.example/x) [e](/api/v1/sign-out) [f](ftp://evil.example) [g](https://good.example@evil.example/)',
    '[**<b onmouseover=window.attacked=7>x</b>**](https://ok.example/"onmouseover="window.attacked=8)',
    '![x](https://tracker.example/pixel.gif)',
    '`</code><script>window.attacked = 9</script>`\n\n```\n</code></pre><svg onload="window.attacked=10">\n```',
    '<iframe srcdoc="<script>parent.attacked=11</script>"></iframe><style>body{display:none}</style>',
    'javascript:window.attacked=12 vbscript:x &#106;avascript:y',
    '<svg><script>window.attacked=13</script><use href="data:image/svg+xml,x#y"/></svg>',
    '<svg/onload=window.attacked=14><animate onbegin=window.attacked=15 attributeName=x dur=1s>',
    '![svg](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+) ![x](https://tracker.example/a.svg#"onload=1)',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=window.attacked=16&gt;">',
    '<details open ontoggle=window.attacked=17><video><source onerror=window.attacked=18></video>',
    '<a href="https://ok.example" onclick="window.attacked=19">x</a> <form action=/api/v1/sign-out><button>go</button>',
    '[x](https://ok.example/?q=<script>window.attacked=20</script>) [y](https://ok.example/\\x00javascript:1)',
    '[z](data:image/svg+xml;utf8,<svg/onload=window.attacked=21>) [w](blob:https://ok.example/1) [v](file:///etc/passwd)',
    '[\u202eelpmaxe.live//:sptth](javascript:window.attacked=22) https://ok.example\u202e@evil.example/',
    '<https://ok.example> <javascript:window.attacked=23> <img src=x:x onerror&#61;window.attacked=24>',
    '[r]: javascript:window.attacked=25\n\n[r] [link][r]',
    '{{constructor.constructor("window.attacked=26")()}} ${window.attacked=27} <%= 1 %>',
    '<base href="https://ok.example/"><meta http-equiv=refresh content="0;url=https://ok.example/"><link rel=import>',
    '<template><script>window.attacked=28</script></template><noscript><p title="</noscript><img src=x onerror=1>">',
];

test('nothing that is typed becomes anything but text and web links', async () => {
    await open(customer, { subject: 'Markdown', description: attacks.join('\n\n') });
    for (const attack of attacks) {
        await field(customer, 'メッセージ').fill(attack);
        await button(customer, 'プレビュー').click();
        await button(customer, '入力').click();
    }
    const found = await customer.evaluate(() => {
        const inside = (selector) => document.querySelectorAll(`main ${selector}`).length;
        const links = [...document.querySelectorAll('main a[target]')];
        return {
            attacked: globalThis.attacked,
            foreign: inside('script') + inside('iframe') + inside('img') + inside('style') + inside('[onerror]')
                + inside('base') + inside('meta') + inside('video') + inside('details') + inside('math')
                + inside('form[action]') + inside('svg script, svg use, svg animate') + inside('[ontoggle], [onclick]')
                + inside('[onload]') + inside('[onmouseover]'),
            links: links.map((link) => [link.protocol, link.hostname, link.rel]),
            visible: getComputedStyle(document.body).display !== 'none',
            text: document.querySelector('main').innerText,
        };
    });
    assert.equal(found.attacked, undefined);
    assert.equal(found.foreign, 0);
    assert.equal(found.visible, true);
    assert.ok(found.text.includes('<script>window.attacked = 1</script>'), 'what was typed is shown as it was typed');
    for (const [protocol, host, rel] of found.links) {
        assert.match(protocol, /^https?:$/);
        assert.ok(['ok.example', 'tracker.example'].includes(host), host);
        assert.match(rel, /noopener/);
    }
});

test('a text made to be slow is shown as fast as any other', async () => {
    await customer.goto('/tickets/new');
    for (const slow of ['*a '.repeat(16_000), '['.repeat(50_000), '` '.repeat(25_000), '>'.repeat(50_000),
        '**a*b'.repeat(10_000), '- '.repeat(25_000)]) {
        await field(customer, '内容').fill(slow);
        await button(customer, 'プレビュー').click();
        await button(customer, '入力').click();
        await field(customer, '内容').waitFor(); // a time that grows with the square would outlast every wait
    }
});

test('the queue and the case fit a phone, and are accessible in the dark', async () => {
    const phone = await portal.as('lead', { path: '/tickets', width: 390, height: 844, colorScheme: 'dark' });
    const paths = ['/tickets', '/tickets?view=all', '/tickets/new'];
    for (const { id } of await house.sql('SELECT id FROM ticket ORDER BY number LIMIT 4')) paths.push(`/tickets/${id}`);
    for (const path of paths) {
        await phone.goto(path);
        await phone.getByRole('main').getByRole('heading', { level: 1 }).waitFor();
        await phone.waitForFunction(() => document.querySelectorAll('[aria-busy=true]').length === 0);
        const wide = await phone.evaluate(() => {
            const main = document.querySelector('main');
            return Math.max(document.documentElement.scrollWidth - innerWidth, main.scrollWidth - main.clientWidth);
        });
        assert.ok(wide <= 0, `${path} is ${wide} pixels too wide`);
        await accessible(phone);
    }
    await browser.picture(phone, 'ticket-phone');
});

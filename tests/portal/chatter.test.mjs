// What two people do with words in a case, each in a browser of their own: they write at the same time, name each
// other, correct themselves, make notes visible, answer from the collection, and lose nothing when somebody was faster.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, listening, valueIs } from './browser.mjs';
import { startPortal } from './portal_house.mjs';

const portal = await startPortal({ clock: new Date().toISOString() });
const { house, browser } = portal;
const api = Object.fromEntries(await Promise.all(['customer', 'engineer', 'lead']
    .map(async (role) => [role, await house.as(role)])));
const customer = await portal.as('customer', { path: '/tickets' });
const engineer = await portal.as('engineer', { path: '/tickets' });

const field = (page, name) => page.getByRole('textbox', { name });
const button = (page, name) => page.getByRole('button', { name, exact: true });
const post = (page, words) => page.getByRole('listitem').filter({ hasText: words }).last();
const nameOf = (role) => api[role].state.person.name;
const subject = '営業端末のVPNが切れます';

const [category] = (await api.lead.get('/ticket-categories')).body.items.filter((row) => row.key === 'endpoint');
async function make(words = {}) {
    const made = await api.customer.post('/tickets', { category_id: category.id, severity: 'b', subject,
        description: '毎朝9時に切れます。', ...words });
    assert.equal(made.status, 201);
    return made.body;
}
const ticket = await make();

async function act(page, words, verb) {
    await post(page, words).getByRole('button', { name: /のメッセージの操作/ }).click();
    await page.getByRole('menuitem', { name: verb }).click();
    return page.getByRole('dialog');
}

test('the queue takes one line of words, completes it, and says what it does not understand', async () => {
    await engineer.goto('/tickets');
    const box = engineer.getByRole('searchbox');
    await box.fill('cust');
    await engineer.getByRole('option', { name: /customer/ }).waitFor();
    await box.press('ArrowDown');
    await box.press('Enter');
    await box.pressSequentially('青葉');
    await engineer.getByRole('option', { name: '株式会社青葉製作所' }).waitFor();
    await accessible(engineer);
    await box.press('ArrowDown');
    await box.press('Enter');
    await valueIs(box, 'customer:株式会社青葉製作所');
    await box.press('Escape');
    await box.pressSequentially(' severty:b');
    await engineer.getByText('「severty」という項目はありません', { exact: false }).waitFor();
    await accessible(engineer);
    await engineer.getByRole('button', { name: '「severity」に直す' }).click();
    await box.press('Escape');
    await box.press('Enter');
    await engineer.waitForURL(/query=/);
    await engineer.getByRole('link', { name: subject }).waitFor();
    assert.match(decodeURIComponent(engineer.url()), /customer:株式会社青葉製作所\+?.*severity:b/);
    await engineer.getByRole('button', { name: /^重大度：B/ }).waitFor();
    // A quick filter and the words are one question.
    await engineer.getByRole('row', { name: subject }).waitFor();
});

// Frames come only when they are let go, as on a computer that is too slow for the person at it.
async function holdFrames(page) {
    await page.evaluate(() => {
        const held = [];
        const frame = globalThis.requestAnimationFrame;
        globalThis.requestAnimationFrame = (work) => held.push(work);
        globalThis.letFramesGo = () => {
            globalThis.requestAnimationFrame = frame;
            for (const work of held) work(performance.now());
        };
    });
    return () => page.evaluate(() => globalThis.letFramesGo());
}

test('who types faster than the browser draws finds each letter where it belongs', async () => {
    await engineer.goto('/tickets');
    const box = engineer.getByRole('searchbox');
    await box.fill('cust');
    await engineer.getByRole('option', { name: /customer/ }).waitFor();
    let go = await holdFrames(engineer);
    await box.press('ArrowDown');
    await box.press('Enter');
    await box.pressSequentially('青');
    await go();
    await box.pressSequentially('葉');
    assert.equal(await box.inputValue(), 'customer:青葉');

    await box.fill('severty:b');
    const repair = engineer.getByRole('button', { name: '「severity」に直す' });
    await repair.waitFor();
    go = await holdFrames(engineer);
    await repair.evaluate((button) => button.click()); // Playwright's own click waits for frames
    await engineer.keyboard.press('x');
    await go();
    await engineer.keyboard.press('y');
    assert.equal(await box.inputValue(), 'severityxy:b');
});

test('the answer to a question does not take away what was written meanwhile', async () => {
    await engineer.goto('/tickets');
    const box = engineer.getByRole('searchbox');
    let answer;
    const isHeld = new Promise((reached) => {
        void engineer.route('**/api/v1/tickets/query/check?*', (route) => {
            answer = () => route.continue();
            reached();
        }, { times: 1 });
    });
    await box.fill('severity:b ');
    await engineer.getByRole('listbox').waitFor(); // what follows is known: a letter begins one of them
    await box.press('Enter');
    await isHeld;
    await box.press('s');
    await answer();
    await engineer.waitForURL(/query=severity/);
    await engineer.getByRole('button', { name: /^重大度：B/ }).waitFor();
    await box.press('t');
    assert.equal(await box.inputValue(), 'severity:b st');
});

test('a case is taken, judged and answered by keys', async () => {
    await engineer.goto(`/tickets?query=case:${ticket.reference}`);
    const row = engineer.getByRole('row', { name: subject });
    await row.waitFor();
    await row.focus();
    await row.press('m');
    await engineer.getByText(`${ticket.reference}の担当者になりました`).waitFor();
    await row.getByText(nameOf('engineer')).waitFor();
    await row.focus();
    await row.press('s');
    await engineer.getByRole('dialog').getByRole('radio', { name: /深刻/ }).waitFor();
    await engineer.keyboard.press('Escape');
    await engineer.getByRole('dialog').waitFor({ state: 'detached' });
    await row.focus();
    await row.press('r');
    await engineer.getByRole('heading', { level: 1, name: subject }).waitFor();
    await engineer.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
    await field(engineer, 'お客様への返信').waitFor();
});

test('home says what waits, and each number is the way to its list', async () => {
    await engineer.goto('/');
    const waiting = engineer.getByRole('region', { name: '対応が必要なもの' });
    await waiting.getByRole('link', { name: subject }).first().waitFor();
    await accessible(engineer);
    await waiting.getByRole('link', { name: /^自分の担当/ }).click();
    await engineer.getByRole('row', { name: subject }).waitFor();
    await valueIs(engineer.getByRole('searchbox'), 'status:open assignee:me -is:snoozed');
});

test('a view is shared with colleagues, who find it at home and cannot change it', async () => {
    await engineer.goto('/tickets?query=severity:b+status:open');
    await engineer.getByRole('row', { name: subject }).waitFor();
    await button(engineer, 'ビュー').click();
    await field(engineer, '現在の表示をビューとして保存').fill('Bの未完了');
    await engineer.getByRole('checkbox', { name: /共有/ }).check();
    await button(engineer, '保存する').click();
    await engineer.getByRole('button', { name: '「Bの未完了」の共有をやめる' }).waitFor();
    await accessible(engineer);
    const lead = await portal.as('lead');
    await lead.getByRole('navigation', { name: 'ビュー' }).getByRole('link', { name: 'Bの未完了' }).click();
    await lead.getByRole('row', { name: subject }).waitFor();
    await valueIs(lead.getByRole('searchbox'), 'severity:b status:open');
    await button(lead, 'ビュー').click();
    await lead.getByText(`${nameOf('engineer')}さんの共有`).waitFor();
    assert.equal(await lead.getByRole('button', { name: /「Bの未完了」/ }).count(), 0);
    await lead.context().close();
});

test('each sees that the other writes, and of a note the customer sees nothing', async () => {
    await customer.goto(`/tickets/${ticket.id}`);
    await engineer.goto(`/tickets/${ticket.id}?write=customer`);
    await field(customer, 'メッセージ').waitFor();
    await listening(customer);
    await field(engineer, 'お客様への返信').pressSequentially('確認し');
    await customer.getByText(`${nameOf('engineer')}さんが入力しています…`).waitFor();
    await field(engineer, 'お客様への返信').fill('');
    house.clock.advance({ seconds: 10 });
    await customer.getByText(`${nameOf('engineer')}さんが入力しています…`).waitFor({ state: 'detached' });
    await button(engineer, '社内メモ').click();
    const told = engineer.waitForResponse((response) => response.url().endsWith('/writing'));
    await field(engineer, '社内メモの内容').pressSequentially('社外秘の');
    await told;
    // What is said next arrives after what was told before, had that been for the customer.
    const asked = customer.waitForResponse((response) => response.url().endsWith('/writers'));
    assert.equal((await api.lead.post(`/tickets/${ticket.id}/posts`, { body: 'お待ちください。',
        visibility: 'customer' })).status, 201);
    await customer.getByText('お待ちください。').waitFor();
    await asked;
    assert.ok(!(await customer.locator('body').innerText()).includes('入力しています'));
    await field(engineer, '社内メモの内容').fill('');
});

test('an answer of the collection comes with the facts of the case', async () => {
    await button(engineer, 'お客様へ返信').click();
    await button(engineer, '定型文').click();
    await engineer.getByRole('searchbox', { name: '定型文を検索' }).fill('ログ');
    await accessible(engineer);
    await engineer.getByRole('button', { name: /ログ採取のお願い/ }).click();
    const written = await field(engineer, 'お客様への返信').inputValue();
    assert.match(written, new RegExp(`^${nameOf('customer')}様\\s+${ticket.reference}の調査`));
    assert.doesNotMatch(written, /\{\{/);
    // The list goes and the field grows: the button stands still only then.
    await engineer.getByRole('searchbox', { name: '定型文を検索' }).waitFor({ state: 'detached' });
    await button(engineer, 'お客様に送信').click();
    await valueIs(field(engineer, 'お客様への返信'), '');
    await customer.getByText('ログをご提供いただけますでしょうか', { exact: false }).waitFor();
});

test('people are named with an @, and find it among their mentions', async () => {
    const box = field(customer, 'メッセージ');
    await box.pressSequentially('@小林');
    await customer.getByRole('option', { name: /小林 彩/ }).waitFor();
    await accessible(customer);
    const go = await holdFrames(customer);
    await box.press('Enter');
    await box.pressSequentially('ロ');
    await go();
    await box.pressSequentially('グを添付しました。');
    assert.equal(await box.inputValue(), '@小林 彩 ログを添付しました。');
    await customer.keyboard.press('Control+Enter');
    await engineer.getByText('ログを添付しました', { exact: false }).waitFor();
    const named = (await api.engineer.get(`/tickets/${ticket.id}/posts?limit=50`)).body.items
        .find((row) => row.body.includes('ログを添付しました'));
    assert.deepEqual(named.mentions, [nameOf('engineer')]);
    await button(engineer, '社内メモ').click();
    await field(engineer, '社内メモの内容').pressSequentially('@');
    await engineer.getByRole('option').first().waitFor();
    assert.equal(await engineer.getByRole('option', { name: /お客様/ }).count(), 0, 'a note names nobody outside');
    await field(engineer, '社内メモの内容').fill('');
});

test('a message is corrected, and both who wrote and who serves see what stood there', async () => {
    const dialog = await act(customer, 'ログを添付しました', '修正する');
    await field(dialog, 'メッセージ').fill('@小林 彩 ログを**2つ**添付しました。');
    await accessible(customer);
    await button(dialog, '保存する').click();
    await engineer.getByText('修正：', { exact: false }).waitFor();
    assert.match(await post(engineer, 'ログを').innerText(), /ログを2つ添付しました/);
    const history = await act(engineer, 'ログを2つ', '修正の履歴');
    await history.getByText('ログを添付しました。', { exact: false }).waitFor();
    await accessible(engineer);
    await engineer.keyboard.press('Escape');
    await history.waitFor({ state: 'detached' });
});

test('a note is made visible only after a look and a yes, and stays a note', async () => {
    await field(engineer, '社内メモの内容').fill('原因は証明書の期限切れ。部品番号X-9は社外秘。');
    await button(engineer, '社内メモを残す').click();
    await post(engineer, '部品番号X-9').waitFor();
    const dialog = await act(engineer, '部品番号X-9', 'お客様に公開する');
    await dialog.getByText('株式会社青葉製作所のお客様に表示されます').waitFor();
    const send = button(dialog, 'お客様に送信');
    assert.equal(await send.isDisabled(), true);
    await field(dialog, 'お客様への返信').fill('原因は証明書の期限切れでした。');
    await accessible(engineer);
    await dialog.getByRole('checkbox').check();
    await send.click();
    await customer.getByText('原因は証明書の期限切れでした', { exact: false }).waitFor();
    assert.ok(!(await customer.locator('body').innerText()).includes('X-9'));
    await post(engineer, '部品番号X-9').getByText('お客様へのメッセージとして送信済み', { exact: false }).waitFor();
});

test('who was slower sees both sets of words, field by field, and decides', async () => {
    browser.expectFailure(/status of 412/);
    await button(engineer, 'その他の操作').click();
    await engineer.getByRole('menuitem', { name: '内容を編集する' }).click();
    const dialog = engineer.getByRole('dialog');
    await field(dialog, '件名').fill('VPNの切断（私の件名）');
    await field(dialog, '内容').fill('私の説明');
    const now = await api.lead.get(`/tickets/${ticket.id}`);
    const theirs = await api.lead.put(`/tickets/${ticket.id}`, { subject: 'VPNの切断（相手の件名）',
        description: now.body.description, tags: ['vpn'] }, now.etag);
    assert.equal(theirs.status, 200);
    await button(dialog, '保存する').click();
    await dialog.getByText('編集中に、ほかの方が内容を変更しました').waitFor();
    const save = button(dialog, '選んだ内容で保存');
    assert.equal(await save.isDisabled(), true, 'both have changed the subject');
    await accessible(engineer);
    await dialog.getByRole('group', { name: '件名' }).getByRole('radio', { name: /現在の内容/ }).check();
    assert.equal(await dialog.getByRole('group', { name: '内容' }).getByRole('radio', { name: /あなたの入力/ })
        .isChecked(), true, 'what only I have changed is mine');
    await save.click();
    await dialog.waitFor({ state: 'hidden' }); // the heading behind it showed the other words before
    await engineer.getByRole('heading', { level: 1, name: 'VPNの切断（相手の件名）' }).waitFor();
    const merged = (await api.lead.get(`/tickets/${ticket.id}`)).body;
    assert.deepEqual([merged.subject, merged.description, merged.tags],
        ['VPNの切断（相手の件名）', '私の説明', ['vpn']]);
});

test('what was written when the case closed is refused with the reason, and kept until it is open again', async () => {
    const other = await make({ subject: '締切' });
    await customer.goto(`/tickets/${other.id}`);
    browser.expectFailure(/status of 409/);
    // The answer to the read is held back, so that the page does not know yet.
    await customer.route('**/api/v1/stream', (route) => route.abort());
    browser.expectFailure(/ERR_FAILED/); // of the stream that is held back
    await field(customer, 'メッセージ').fill('間に合わなかった一言');
    assert.equal((await api.lead.post(`/tickets/${other.id}/resolve`, { reason: '交換' })).status, 200);
    assert.equal((await api.lead.post(`/tickets/${other.id}/close`, {})).status, 200);
    await button(customer, '送信する').click();
    await customer.getByText('書きかけのメッセージは残してあります', { exact: false })
        .or(customer.getByText('現在の状態では、この操作はできません', { exact: false })).first().waitFor();
    await customer.unroute('**/api/v1/stream');
    await customer.reload();
    await customer.getByText('書きかけのメッセージは残してあります', { exact: false }).waitFor();
    await customer.getByText('間に合わなかった一言').waitFor();
    await button(customer, '再開する').click();
    await field(customer.getByRole('dialog'), '理由').fill('続きがあります');
    await customer.getByRole('dialog').getByRole('button', { name: '再開する' }).click();
    await field(customer, 'メッセージ').waitFor();
    assert.equal(await field(customer, 'メッセージ').inputValue(), '間に合わなかった一言');
});

test('a new case that was begun waits for its author', async () => {
    await customer.goto('/tickets/new');
    await field(customer, '件名').fill('書きかけの件名');
    await field(customer, '内容').fill('書きかけの内容');
    await customer.reload();
    await customer.getByText('書きかけの内容を復元しました').waitFor();
    assert.equal(await field(customer, '件名').inputValue(), '書きかけの件名');
    assert.equal(await field(customer, '内容').inputValue(), '書きかけの内容');
    await button(customer, 'キャンセル').click();
    await customer.goto('/tickets/new');
    assert.equal(await field(customer, '件名').inputValue(), '');
});

test('a pause is disputed in the ledger by the customer, and decided by the duty lead', async () => {
    const target = await api.lead.post('/promise-targets', { tenant_id: ticket.tenant_id, severity: 'c',
        metric: 'resolve', pace: 'around_the_clock', allowance: 7200, mercy_s: 1800, starts_on: ['case_opened'],
        stops_on: [],
        pauses_while: ['waiting_customer'], resets_on: [], warn_at: ['50'] });
    assert.equal(target.status, 201);
    const other = await make({ subject: '異議のある件', severity: 'c' });
    await api.engineer.post(`/tickets/${other.id}/posts`,
        { body: 'どの端末ですか', visibility: 'customer', ask: true });
    await customer.goto(`/tickets/${other.id}`);
    const clocks = customer.getByRole('region', { name: '対応期限' });
    await clocks.getByRole('button', { name: /記録をすべて見る/ }).nth(1).waitFor();
    for (const more of await clocks.getByRole('button', { name: /記録をすべて見る/ }).all()) await more.click();
    await clocks.getByRole('button', { name: 'この一時停止に異議を出す' }).click();
    await field(customer.getByRole('dialog'), '理由').fill('最初に書きました');
    await accessible(customer);
    await button(customer.getByRole('dialog'), '異議を送る').click();
    await clocks.getByText(/一時停止への異議（.*確認中）/).waitFor();
    const lead = await portal.as('lead', { path: `/tickets/${other.id}` });
    const theirs = lead.getByRole('region', { name: '対応期限' });
    await button(theirs, '異議を認める').click();
    await field(lead.getByRole('dialog'), '理由').fill('ご指摘のとおりです');
    await accessible(lead);
    await button(lead.getByRole('dialog'), '異議を認める').click();
    await clocks.getByText('ご指摘のとおりです').first().waitFor();
    await lead.context().close();
});

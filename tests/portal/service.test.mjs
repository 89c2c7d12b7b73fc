// The desk as people use it: a closure looked at before it is saved, a call, a shift that is handed over, and the link
// of a drill.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible } from './browser.mjs';
import { mailSaying, startPortal } from './portal_house.mjs';

const portal = await startPortal({ smtp: true, clock: new Date().toISOString() });
const { house, browser } = portal;
const lead = await portal.as('lead');
const button = (page, name) => page.getByRole('button', { name, exact: true });
const field = (page, name) => page.getByRole('textbox', { name });

test('a closure is saved only after its effect was seen, and then stands on the wall', async () => {
    await lead.goto('/calendars');
    await lead.getByRole('link', { name: /Japan/ }).click();
    await lead.getByText('勤労感謝の日').first().waitFor();
    await lead.getByRole('link', { name: '日付を指定して変更' }).click();
    await lead.getByRole('region', { name: 'この内容での年間予定' }).getByRole('region').first().waitFor();
    await button(lead, '日を追加').click();
    const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
    await lead.getByLabel('日付').last().fill(day);
    await lead.getByPlaceholder('名称（例: 夏季休業）').last().fill('創立記念日');
    assert.ok(await button(lead, '保存する').isDisabled(), 'nothing is saved unseen');
    await button(lead, '影響を確認する').click();
    await lead.getByRole('region', { name: '変更の影響' }).getByText(/期限が変わる|変わるものはありません/).waitFor();
    await accessible(lead);
    await button(lead, '保存する').click();
    await lead.getByRole('heading', { level: 1, name: /Japan/ }).waitFor();
    await lead.getByText('創立記念日').first().waitFor();
});

test('a call is written down with the case, and the customer reads it there', async () => {
    const [{ id }] = await house.sql(`SELECT ticket_id AS id FROM call_task WHERE state = 'open'`);
    await lead.goto(`/tickets/${id}`);
    const calls = lead.getByRole('region', { name: '電話連絡' });
    await button(calls, '結果を記録').click();
    await field(lead.getByRole('dialog'), 'メモ').fill('隔離の承認をいただいた。');
    await button(lead.getByRole('dialog'), '保存する').click();
    await calls.getByText('連絡済み').waitFor();
    const customer = await portal.as('customer', { path: `/tickets/${id}` });
    await customer.getByRole('region', { name: '電話連絡' }).getByText('隔離の承認をいただいた。').waitFor();
    assert.equal(await customer.getByRole('button', { name: '電話連絡を依頼' }).count(), 0);
    await accessible(customer);
    await customer.context().close();
});

test('a shift is handed over with a word, and the next one takes it by name', async () => {
    await lead.goto('/handovers/new');
    await lead.getByRole('heading', { name: '12時間以内の期限' }).waitFor();
    await field(lead, '次のシフトへの申し送り').fill('FS01を見ていてください。');
    await button(lead, '引き継ぐ').click();
    await lead.getByText('ご自身が作成した引き継ぎです').waitFor();
    const next = await portal.as('hunter', { path: new URL(lead.url()).pathname });
    await next.getByText('FS01を見ていてください。').waitFor();
    await field(next, 'コメント').fill('了解です。');
    await next.getByRole('button', { name: /として受け取る/ }).click();
    await next.getByText(/が .* に受け取りました/).waitFor();
    await accessible(next);
    await next.context().close();
});

test('the link of a drill needs no sign-in, and counts when the button is pressed', async () => {
    const pattern = /\/contact-drill\/([A-Za-z0-9_-]{20,})/;
    const stranger = await browser.page({});
    browser.expectFailure(/status of 410/); // the link of last quarter's drill may have ended
    for (let isThere = false; !isThere;) {
        const mail = await mailSaying(house, 'customer@demo.yagura.example', pattern);
        await stranger.goto(`/contact-drill/${pattern.exec(mail.text)[1]}`);
        await button(stranger, '届きました').click();
        await stranger.getByText(/ご協力ありがとうございました|期限切れ/).waitFor();
        isThere = await stranger.getByText('ご協力ありがとうございました').count() > 0;
    }
    await accessible(stranger);
    const [{ n }] = await house.sql(`SELECT count(*) AS n FROM contact_drill_line WHERE way = 'mail'`);
    assert.ok(Number(n) >= 1);
});

test('figures lead to the cases that were missed', async () => {
    // On the first of a month nothing of it may have been missed yet.
    const [{ month, metric }] = await house.sql(`SELECT metric,
        to_char(started_at AT TIME ZONE 'Asia/Tokyo', 'YYYY-MM') AS month
        FROM promise WHERE state = 'missed' ORDER BY started_at DESC LIMIT 1`);
    await lead.goto(`/figures?month=${month}&metric=${metric}`);
    const missed = lead.getByRole('region', { name: 'この月の期限超過' });
    await missed.getByRole('link').first().click();
    await lead.getByRole('region', { name: '対応期限' }).waitFor();
});

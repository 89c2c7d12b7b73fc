// What the detection core is told in the portal: when detections are an incident, what a level means, which services
// are asked about files. And the audit log, which names all of it.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { test } from 'node:test';
import { answered, until } from '../integration/harness.mjs';
import { accessible } from './browser.mjs';
import { startPortal } from './portal_house.mjs';

// A service that knows nothing, and takes one key.
const service = http.createServer((request, response) => {
    response.writeHead(request.headers['x-apikey'] === 'right-key' ? 404 : 401, { 'content-type': 'application/json' });
    response.end('{"error":{"code":"NotFoundError"}}');
}).listen(0, '127.0.0.1');
await once(service, 'listening');
service.unref(); // ends with the tests, whatever became of them

const portal = await startPortal({ env: { YAGURA_FETCH_REACH: '127.0.0.1/32' } });
const { house, browser } = portal;
const api = await house.as('administrator');
const aoba = await house.tenantId('AOBA');
const ruleOf = async (name, tenant) => answered(await api.get('/incident-rules?limit=100')).items
    .find((row) => row.name === name && (!tenant || row.tenant_id === tenant));

test('incident rules are told in sentences, switched, and written with a look at what they do', async () => {
    const page = await portal.as('administrator', { path: '/incident-rules' });
    const grave = page.getByRole('row', { name: /重大な脅威の検知/ });
    await grave.getByText('スコア90以上の検知がある').waitFor();
    await accessible(page);
    await browser.picture(page, 'incident-rules');
    await grave.getByRole('switch').click({ force: true });
    await until(async () => !(await ruleOf('One grave threat')).enabled, 'the rule is off', 60_000);
    await page.getByRole('switch', { name: /重大な脅威の検知/, checked: false }).waitFor();

    await page.getByRole('button', { name: 'インシデントルールを作成' }).click();
    const dialog = page.getByRole('dialog', { name: 'インシデントルールを作成' });
    await dialog.getByText('条件がまだありません').waitFor();
    await dialog.getByLabel('名前(日本語)').fill('横展開');
    await dialog.getByLabel('名前(英語)').fill('Moves on');
    await dialog.getByRole('button', { name: '保存' }).click();
    await dialog.getByRole('spinbutton', { name: '検知1件のスコア' }).and(dialog.locator('[aria-invalid=true]')).waitFor();
    await dialog.getByLabel('コンピューター数').fill('4');
    await dialog.getByText('4台以上のコンピューターで起きた').waitFor();
    await dialog.getByText(/間隔が4\s?時間以内/).waitFor();
    await accessible(page);
    await browser.picture(page, 'incident-rule-form');
    await dialog.getByRole('button', { name: '保存' }).click();
    await page.getByRole('row', { name: /横展開/ }).getByText('4台以上のコンピューターで起きた').waitFor();
    const made = await ruleOf('Moves on');
    assert.equal(made.min_computers, 4);
    assert.equal(made.min_score, null);

    await page.getByRole('button', { name: /横展開/ }).click();
    await page.getByRole('dialog', { name: '横展開' }).getByRole('button', { name: 'このルールを削除' }).click();
    await page.getByRole('dialog', { name: 'このルールを削除' }).getByRole('button', { name: '削除する' }).click();
    await page.getByRole('row', { name: /横展開/ }).waitFor({ state: 'detached' });
    assert.equal(await ruleOf('Moves on'), undefined);
    await page.context().close();
});

test('a customer gets a rule of its own in place of the provider\'s, and reads the rules in English', async () => {
    const speak = (language) => house.sql('UPDATE person SET language = $1 WHERE email = $2',
        [language, 'admin@demo.yagura.example']);
    await speak('en');
    const page = await portal.as('administrator', { path: '/incident-rules', language: 'en', colorScheme: 'dark' });
    await page.getByRole('button', { name: /A threat on several computers/ }).click();
    await page.getByRole('button', { name: 'Own rule for a customer' }).click();
    const dialog = page.getByRole('dialog', { name: 'New incident rule' });
    await dialog.getByRole('combobox', { name: 'Holds for' }).click();
    await page.getByRole('option', { name: /青葉製作所/ }).first().click();
    await dialog.getByLabel('Computers', { exact: true }).fill('2');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await until(() => ruleOf('A threat on several computers', aoba), 'the customer has a rule of its own', 60_000);
    await dialog.waitFor({ state: 'detached' });
    await accessible(page);
    await page.context().close();
    await speak('ja');
    const theirs = await portal.as('customer', { path: '/incident-rules' });
    await theirs.getByText('2台以上のコンピューターで起きた').waitFor();
    assert.equal(await theirs.getByRole('switch').count(), 0);
    assert.equal(await theirs.getByRole('button', { name: 'インシデントルールを作成' }).count(), 0);
    await accessible(theirs);
    await theirs.context().close();
});

test('what a level means is changed for everybody, said otherwise for one customer, and taken back', async () => {
    const page = await portal.as('administrator', { path: '/incident-levels' });
    await page.getByRole('row', { name: /1: 経過観察/ }).waitFor();
    await accessible(page);
    await browser.picture(page, 'incident-levels');
    await page.getByRole('button', { name: /1: 経過観察/ }).click();
    let dialog = page.getByRole('dialog', { name: '1: 経過観察' });
    await dialog.getByLabel('意味(日本語)').fill('しばらく様子を見ます。');
    await dialog.getByRole('button', { name: '保存' }).click();
    await page.getByRole('row', { name: /しばらく様子を見ます。/ }).waitFor();
    await page.getByRole('button', { name: 'お客様専用のレベルを設定' }).click();
    dialog = page.getByRole('dialog', { name: 'お客様専用のレベルを設定' });
    await dialog.getByRole('combobox', { name: 'お客様' }).click();
    await page.getByRole('option', { name: /青葉製作所/ }).first().click();
    await dialog.getByLabel('レベル', { exact: true }).selectOption('0');
    await dialog.getByLabel('意味(日本語)').fill('問題ありません。');
    await dialog.getByLabel('意味(英語)').fill('Nothing to do.');
    await accessible(page);
    await dialog.getByRole('button', { name: '保存' }).click();
    await page.getByRole('row', { name: /問題ありません。/ }).waitFor();
    const [own] = answered(await api.get(`/incident-levels?tenant_id=${aoba}`)).items;
    assert.deepEqual([own.level, own.meaning_en, own.by_mail, own.by_phone], [0, 'Nothing to do.', true, false]);
    await page.getByRole('button', { name: /問題ありません。/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: '共通の設定に戻す' }).click();
    await page.getByRole('dialog', { name: '共通の設定に戻す' }).getByRole('button', { name: '共通の設定に戻す' }).click();
    await page.getByRole('row', { name: /問題ありません。/ }).waitFor({ state: 'detached' });
    await page.context().close();
});

test('a service is added with its key, tested, told what is wrong, mended, and never shows the key', async () => {
    const page = await portal.as('administrator', { path: '/reputation' });
    await page.getByText('サービスはまだありません').waitFor();
    await accessible(page);
    await page.getByRole('button', { name: 'サービスを追加' }).click();
    const dialog = page.getByRole('dialog', { name: 'サービスを追加' });
    await dialog.getByRole('combobox', { name: 'お客様' }).click();
    await page.getByRole('option', { name: /青葉製作所/ }).first().click();
    await dialog.getByLabel('名前').fill('VirusTotal');
    await dialog.getByLabel('アドレス').fill(`http://127.0.0.1:${service.address().port}`);
    await dialog.getByRole('textbox', { name: '鍵' }).fill('wrong-key');
    await accessible(page);
    await dialog.getByRole('button', { name: '保存' }).click();
    const row = page.getByRole('row', { name: /VirusTotal.*127\.0\.0\.1/ });
    await row.getByText('未照会').waitFor();
    await row.getByRole('button', { name: 'VirusTotalをテスト' }).click();
    await row.getByText('鍵が受け付けられませんでした(401)。').waitFor();
    await accessible(page);
    await browser.picture(page, 'reputation-trouble');

    await row.getByRole('button', { name: /VirusTotal/ }).first().click();
    const edit = page.getByRole('dialog', { name: 'VirusTotal' });
    assert.equal(await edit.getByRole('textbox', { name: '鍵' }).inputValue(), '');
    await edit.getByText('空欄なら現在の鍵を使い続けます。').waitFor();
    await edit.getByRole('textbox', { name: '鍵' }).fill('right-key');
    await edit.getByRole('button', { name: '保存' }).click();
    await edit.waitFor({ state: 'detached' });
    await row.getByRole('button', { name: 'VirusTotalをテスト' }).click();
    await row.getByText('正常').waitFor();
    assert.ok(!(await page.content()).includes('right-key'));

    await page.getByRole('button', { name: '参照ページを追加' }).click();
    const link = page.getByRole('dialog', { name: '参照ページを追加' });
    await link.getByLabel('名前').fill('社内の情報');
    await link.getByRole('textbox', { name: 'ページのURL' }).fill('https://intel.example/{value}');
    await link.getByRole('button', { name: '作成' }).click();
    const added = page.getByRole('row', { name: /社内の情報/ });
    await added.getByRole('button', { name: '編集する' }).click();
    const change = page.getByRole('dialog', { name: '社内の情報' });
    await change.getByRole('textbox', { name: 'ページのURL' }).fill('https://intel.example/names/{value}');
    await change.getByRole('button', { name: '保存' }).click();
    await added.getByText('https://intel.example/names/{value}').waitFor();
    await browser.picture(page, 'reputation-links');
    await added.getByRole('button', { name: '削除する' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '削除する' }).click();
    await added.waitFor({ state: 'detached' });

    await row.getByRole('button', { name: /VirusTotal/ }).first().click();
    await edit.getByRole('button', { name: 'このサービスを削除' }).click();
    await page.getByRole('dialog', { name: 'このサービスを削除' }).getByRole('button', { name: '削除する' }).click();
    await page.getByText('サービスはまだありません').waitFor();
    await page.context().close();
});

test('the audit log says in words what was changed', async () => {
    const page = await portal.as('administrator', { path: '/audit?object_type=reputation_source' });
    const main = page.getByRole('main');
    await main.getByRole('row', { name: /レピュテーションの照会先をテスト/ }).first().waitFor();
    await main.getByText('レピュテーションの照会先', { exact: true }).first().waitFor();
    assert.equal(await main.getByText(/reputation_source/).count(), 0);
    await page.goto('/audit?object_type=incident_rule');
    await main.getByText('インシデントルール', { exact: true }).first().waitFor();
    await accessible(page);
    await page.context().close();
});

// Signing in with the company's account, as a person sees it: a real provider (npm oidc-provider) with its own pages.

import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import http from 'node:http';
import { test } from 'node:test';
import Provider from 'oidc-provider';
import { accessible } from './browser.mjs';
import { people, startPortal } from './portal_house.mjs';

const portal = await startPortal({ clock: new Date().toISOString(), env: { YAGURA_FETCH_REACH: '127.0.0.1/32' } });
const { house, browser } = portal;
browser.expectFailure(/\/interaction\//); // the provider's pages want a font from elsewhere
const secret = 'a secret for this test';
let claims = { email: people.contact, email_verified: true };

async function startProvider() {
    const server = http.createServer();
    await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
    // The browser keeps its connections to the last.
    server.on('connection', (socket) => socket.unref());
    server.unref();
    const issuer = `http://127.0.0.1:${server.address().port}`;
    const { privateKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
    const provider = new Provider(issuer, {
        clients: [{ client_id: 'yagura', client_secret: secret, redirect_uris: [`${house.url}/api/v1/oidc/callback`] }],
        jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'one' }] },
        cookies: { keys: ['for this test'] },
        claims: { email: ['email', 'email_verified'] },
        conformIdTokenClaims: false,
        pkce: { required: () => true },
        findAccount: (context, id) => ({ accountId: id, claims: () => ({ sub: id, ...claims }) }),
    });
    server.on('request', provider.callback());
    return issuer;
}

const issuer = await startProvider();

// At the provider: a name, a password, and consent; then back here.
async function passProvider(page) {
    await page.waitForURL((url) => url.origin === issuer);
    await page.locator('input[name=login]').fill('somebody');
    await page.locator('input[name=password]').fill('x');
    await page.locator('button[type=submit]').click();
    await page.locator('input[name=login]').waitFor({ state: 'detached' });
    await page.locator('button[type=submit]').click();
}

test('an administrator adds the provider and sees that it answers', async () => {
    const page = await portal.as('customer', { path: '/identity-providers' });
    await page.getByRole('button', { name: 'IDプロバイダーを追加' }).click();
    const dialog = page.getByRole('dialog', { name: 'IDプロバイダーを追加' });
    await dialog.getByRole('textbox', { name: '表示名' }).fill('青葉アカウント');
    await dialog.getByRole('textbox', { name: '発行者URL' }).fill(issuer);
    await dialog.getByRole('textbox', { name: 'クライアントID' }).fill('yagura');
    await dialog.getByRole('textbox', { name: 'クライアントシークレット' }).fill(secret);
    await dialog.getByRole('combobox', { name: 'メールのドメイン' }).fill('aoba.demo.yagura.example,');
    await dialog.getByRole('button', { name: '作成する' }).click();
    await page.getByRole('heading', { name: '青葉アカウント' }).waitFor();
    await page.getByText(`${house.url}/api/v1/oidc/callback`).waitFor();
    await page.getByRole('button', { name: '接続をテスト' }).click();
    await page.getByText('接続できました').waitFor();
    await accessible(page);
    await page.context().close();
});

test('who belongs to the domain is sent there, and comes back to where they wanted to go', async () => {
    const page = await browser.page();
    await page.goto('/account/security');
    await page.getByRole('textbox', { name: 'メールアドレス' }).fill(people.contact);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.getByRole('link', { name: '青葉アカウント でログイン' }).click();
    assert.equal(await page.getByRole('textbox', { name: 'パスワード' }).count(), 0, 'no password is asked for here');
    await passProvider(page);
    await page.getByRole('heading', { name: '2要素認証' }).waitFor();
    await portal.giveCode(page, portal.code('contact'));
    await page.getByRole('heading', { name: 'セキュリティ' }).waitFor();
    await page.context().close();
});

test('an account that nobody here has is told at the door', async () => {
    claims = { email: 'nobody@aoba.demo.yagura.example', email_verified: true };
    const page = await browser.page();
    await page.goto('/sign-in');
    await page.getByRole('textbox', { name: 'メールアドレス' }).fill(people.contact);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.getByRole('link', { name: '青葉アカウント でログイン' }).click();
    await passProvider(page);
    const note = page.getByRole('alert').filter({ hasText: 'ログインできませんでした' });
    await note.getByText('利用者が登録されていません', { exact: false }).waitFor();
    await accessible(page);
    await page.context().close();
});

test('providers are tried, turned off and on, and removed together', async () => {
    await house.sql(
        `INSERT INTO identity_provider (tenant_id, id, name, issuer, client_id, email_domains, enabled,
            trust_second_factor, created_at, updated_at)
         SELECT tenant_id, gen_random_uuid(), '閉じたアカウント', 'http://127.0.0.1:9', 'x', '{closed.example}', true,
            false, now(), now() FROM identity_provider WHERE name = '青葉アカウント'`);
    const page = await portal.as('customer', { path: '/identity-providers' });
    const state = async () => (await house.sql(
        "SELECT name, enabled FROM identity_provider WHERE name LIKE '%アカウント' ORDER BY name"))
        .map((row) => `${row.name} ${row.enabled}`);
    const run = async (name, fine, refused) => {
        await page.getByRole('toolbar', { name: 'まとめて操作' }).getByRole('button', { name }).click();
        const dialog = page.getByRole('dialog', { name });
        await dialog.getByRole('button', { name, exact: true }).click();
        await dialog.getByText(`${fine}件に実行しました。実行できなかったもの：${refused}件`).waitFor();
        await accessible(page);
        await dialog.getByRole('button', { name: '閉じる' }).last().click();
        await dialog.waitFor({ state: 'detached' });
    };
    await page.getByRole('checkbox', { name: 'すべて選択' }).check();
    await run('接続をテスト', 1, 1);
    await run('無効にする', 2, 0);
    assert.deepEqual(await state(), ['閉じたアカウント false', '青葉アカウント false']);
    await run('有効にする', 2, 0);
    await page.getByRole('checkbox', { name: 'すべて選択' }).uncheck();
    await page.getByRole('row', { name: /閉じた/ }).getByRole('checkbox').check();
    await run('削除する', 1, 0);
    assert.deepEqual(await state(), ['青葉アカウント true']);
    await page.context().close();
});

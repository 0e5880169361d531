import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filesHolding } from '../../fixtures/filesHolding.ts';
import { type RedisServer, startRedis } from '../../fixtures/redis.ts';
import { until } from '../../fixtures/until.ts';
import { clickOn } from './clickOn.ts';
import { editorSession } from './editorSession.ts';

const PASSWORD = ' s3cret of Redis ';

describe('the central Redis in windows of the real VS Code', function () {
  this.timeout(180_000);
  let redis: RedisServer;
  /** Folder of the editor's settings of this machine. */
  let machine: string;
  const session = editorSession({
    async prepare({ folder, own }) {
      redis = own(await startRedis());
      // Given while it runs: a space at its end would not survive in a configuration file.
      await redis.cli('config', 'set', 'requirepass', PASSWORD);
      machine = join(folder, 'editor', 'data', 'data', 'Machine');
      await mkdir(machine, { recursive: true });
      const settings = {
        'memoryCentral.redis.host': '127.0.0.1',
        'memoryCentral.redis.port': redis.port,
        'memoryCentral.embedding.provider': 'off',
        'memoryCentral.log.level': 'debug',
      };
      await writeFile(join(machine, 'settings.json'), JSON.stringify(settings));
    },
  });

  it('asks for its password, keeps it to itself, and forgets it', async () => {
    const { folder, server, shot, window } = session;
    const stored = async () =>
      Number(await redis.cli('--no-auth-warning', '-a', PASSWORD, 'get', 'operations:position'));
    const give = async (label: string, text: string) => {
      await clickOn(window.quickPick(label).first());
      await window.reply(`Redis: ${label}`, text);
    };
    const answer = (message: string) => window.respond(message, 'Set Password');
    await window.store('Payments are retried five times.');
    await window.statusText(/Memory: offline, 1 waiting/).waitFor();
    await shot('redis wants a password');

    await answer('wants a password');
    await give('Password', 'not the right one');
    await answer('refused the password');
    await shot('redis set password');
    await give('Password', PASSWORD);
    await window.statusText(/Memory: words only/).waitFor();
    await until(async () => (await stored()) === 1);

    assert.deepEqual(await filesHolding(folder, PASSWORD), []);
    assert.ok(!server.output().includes(PASSWORD.trim()));

    await window.command('Memory Central: Set the Password of Redis');
    await window.quickPick('is kept').waitFor();
    await give('Password', '');
    await window.store('Nobody charges a card twice.');
    await window.statusText(/Memory: offline, 1 waiting/).waitFor();
    await window.command('Memory Central: Set the Password of Redis');
    await give('Address with Password', 'localhost');
    await window.page.getByText('An address begins with redis:// or rediss://').waitFor();
    await window.reply(
      'Redis: Address with Password',
      `redis://:${encodeURIComponent(PASSWORD)}@127.0.0.1:${redis.port}`,
    );
    await window.statusText(/Memory: words only/).waitFor();
    await until(async () => (await stored()) === 2);

    const wizard = async (kind: string) => {
      await window.command('Memory Central: Connect to the Central Redis…');
      await window.pick(kind);
    };
    await wizard('Memories stay on this machine');
    await window.closeNotification('Memories stay on this machine');
    assert.equal((await writtenSettings(machine))['memoryCentral.redis.host'], undefined);

    await wizard('One Server');
    await window.reply('Central Redis: Address', '127.0.0.1:1');
    await window.reply('Central Redis: User', '');
    await window.reply('Central Redis: Password', '');
    await window.page.locator('.monaco-dialog-box', { hasText: 'is not listening there' }).waitFor();
    await shot('redis wizard out of reach');
    await clickOn(window.page.locator('.monaco-dialog-box').getByText('Change', { exact: true }));
    await window.pick('One Server');
    await window.reply('Central Redis: Address', `127.0.0.1:${redis.port}`);
    await window.reply('Central Redis: User', '');
    await shot('redis wizard password');
    await window.reply('Central Redis: Password', PASSWORD);
    await window.told('Connected to');
    await shot('redis wizard connected');
    assert.equal((await writtenSettings(machine))['memoryCentral.redis.port'], redis.port);
    assert.deepEqual(await filesHolding(folder, PASSWORD), []);

    await window.command('Memory Central: Doctor: Examine the Memory');
    await window.page.locator('.tab', { hasText: 'Doctor' }).waitFor();
    await window.page.waitForTimeout(1500);
    await shot('doctor');
  });
});

async function writtenSettings(folder: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(folder, 'settings.json'), 'utf8'));
}

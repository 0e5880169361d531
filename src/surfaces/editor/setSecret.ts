import * as vscode from 'vscode';
import type { SecretSetting } from './settingOverrides.ts';

interface SecretQuestion {
  readonly title: string;
  /** What it is, before the promise of where it is kept. */
  readonly prompt?: string;
  /** Why it cannot be stored; undefined when it can. */
  readonly refuse?: (text: string) => string | undefined;
}

const { t } = vscode.l10n;

const REDIS: readonly (vscode.QuickPickItem & { readonly name: SecretSetting })[] = [
  { name: 'redis.password', label: t('Password'), detail: t('Of the user that the settings name.') },
  {
    name: 'redis.url',
    label: t('Address with Password'),
    detail: t('Such as redis://user:password@host:6379/0.'),
  },
  {
    name: 'redis.sentinelPassword',
    label: t('Password of the Sentinels'),
    detail: t('Where they want one of their own.'),
  },
  {
    name: 'cache.redisUrl',
    label: t('Address of the Redis for Caches'),
    detail: t('Such as redis://:password@host:6379/0, where caches have one of their own.'),
  },
];

export async function setApiKey(secrets: vscode.SecretStorage): Promise<void> {
  await askFor(secrets, 'embedding.apiKey', { title: t('Key of the Embedding Endpoint') });
}

/** One of the secrets of the central Redis; each can be forgotten. */
export async function setRedisPassword(secrets: vscode.SecretStorage): Promise<void> {
  const items = await Promise.all(
    REDIS.map(async one => ({ ...one, ...((await secrets.get(one.name)) && { description: t('is kept') }) })),
  );
  const chosen = await vscode.window.showQuickPick(items, { title: t('Set the Password of Redis') });
  if (!chosen) return;
  await askFor(secrets, chosen.name, {
    title: t('Redis: {0}', chosen.label),
    ...(/[uU]rl$/.test(chosen.name) && { prompt: chosen.detail!, refuse: refuseAddress }),
  });
}

/** The engine starts anew with it: whoever listens to the secret storage sees to that. */
async function askFor(
  secrets: vscode.SecretStorage,
  name: SecretSetting,
  { title, prompt, refuse }: SecretQuestion,
): Promise<void> {
  const kept = t('Kept in the secret storage of the editor, in no settings file. Empty: forget it.');
  const text = await vscode.window.showInputBox({
    title,
    prompt: prompt === undefined ? kept : `${prompt} ${kept}`,
    password: true,
    ignoreFocusOut: true,
    validateInput: value => (value.trim() === '' ? undefined : refuse?.(value.trim())),
  });
  if (text === undefined) return;
  if (text.trim() === '') await secrets.delete(name);
  // A password may begin or end with a space.
  else await secrets.store(name, /[pP]assword$/.test(name) ? text : text.trim());
}

function refuseAddress(text: string): string | undefined {
  return /^rediss?:\/\/./.test(text) ? undefined : t('An address begins with redis:// or rediss://.');
}

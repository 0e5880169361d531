import * as vscode from 'vscode';
import { areNodes, type RedisAnswers, readAddress } from './redisAnswers.ts';

type Kind = 'server' | 'sentinels' | 'cluster' | 'none';

/** Where the central Redis is, question by question. @returns `none`: there shall be none; undefined: a person thought better of it */
export async function askForRedis(): Promise<RedisAnswers | 'none' | undefined> {
  const kind = await askKind();
  if (kind === undefined || kind === 'none') return kind;
  const place = await askPlace(kind);
  if (place === undefined || 'redis.password' in place) return place;
  const username =
    'redis.username' in place
      ? ''
      : await ask({
          title: vscode.l10n.t('Central Redis: User'),
          prompt: vscode.l10n.t('Empty where it knows no users, or for the default one.'),
        });
  if (username === undefined) return undefined;
  const password = await ask({
    title: vscode.l10n.t('Central Redis: Password'),
    prompt: vscode.l10n.t('Kept in the secret storage of the editor, in no settings file. Empty: none.'),
    password: true,
  });
  if (password === undefined) return undefined;
  return {
    ...(username !== '' && { 'redis.username': username.trim() }),
    ...place,
    'redis.password': password,
  };
}

async function askKind(): Promise<Kind | undefined> {
  const kinds: readonly (vscode.QuickPickItem & { readonly means: Kind })[] = [
    {
      means: 'server',
      label: `$(server) ${vscode.l10n.t('One Server')}`,
      detail: vscode.l10n.t('Such as 192.168.1.10:6379, or a whole redis:// address.'),
    },
    {
      means: 'sentinels',
      label: `$(shield) ${vscode.l10n.t('Behind Sentinels')}`,
      detail: vscode.l10n.t('They say which server is the primary.'),
    },
    {
      means: 'cluster',
      label: `$(type-hierarchy) ${vscode.l10n.t('A Cluster')}`,
      detail: vscode.l10n.t('Some of its nodes; they name the others.'),
    },
    {
      means: 'none',
      label: `$(home) ${vscode.l10n.t('None')}`,
      detail: vscode.l10n.t('Memories stay on this machine.'),
    },
  ];
  const chosen = await vscode.window.showQuickPick(kinds, {
    title: vscode.l10n.t('Connect to the Central Redis'),
    placeHolder: vscode.l10n.t('What stands on the LAN?'),
    ignoreFocusOut: true,
  });
  return chosen?.means;
}

async function askPlace(kind: Exclude<Kind, 'none'>): Promise<RedisAnswers | undefined> {
  if (kind === 'server') {
    const text = await ask({
      title: vscode.l10n.t('Central Redis: Address'),
      placeHolder: '192.168.1.10:6379',
      prompt: vscode.l10n.t('host:port, or redis://user:password@host:6379/0; rediss:// for TLS.'),
      refuse: value =>
        readAddress(value) ? undefined : vscode.l10n.t('That is no address: host:port, or redis://….'),
    });
    return text === undefined ? undefined : readAddress(text);
  }
  const nodes = await ask({
    title:
      kind === 'sentinels'
        ? vscode.l10n.t('Central Redis: Sentinels')
        : vscode.l10n.t('Central Redis: Nodes'),
    placeHolder: '192.168.1.10:26379, 192.168.1.11:26379',
    prompt: vscode.l10n.t('host:port of some, separated by commas.'),
    refuse: value => (areNodes(value) ? undefined : vscode.l10n.t('Write host:port, separated by commas.')),
  });
  if (nodes === undefined) return undefined;
  if (kind === 'cluster') return { 'redis.cluster': nodes };
  const name = await ask({
    title: vscode.l10n.t('Central Redis: Name of the Primary'),
    value: 'mymaster',
    prompt: vscode.l10n.t('What the Sentinels call it.'),
    refuse: value => (value.trim() === '' ? vscode.l10n.t('They have a name for it.') : undefined),
  });
  return name === undefined ? undefined : { 'redis.sentinels': nodes, 'redis.sentinelName': name.trim() };
}

function ask({
  refuse,
  ...options
}: vscode.InputBoxOptions & { readonly refuse?: (value: string) => string | undefined }): Thenable<
  string | undefined
> {
  return vscode.window.showInputBox({
    ...options,
    ignoreFocusOut: true,
    ...(refuse && { validateInput: refuse }),
  });
}

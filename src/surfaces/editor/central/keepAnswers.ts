import * as vscode from 'vscode';
import { NO_REDIS, type RedisAnswers } from './redisAnswers.ts';

const SECRETS = ['redis.url', 'redis.password'] as const;
const SETTINGS = Object.keys(NO_REDIS).filter(name => !(SECRETS as readonly string[]).includes(name));

/**
 * Keeps all answers or none: secrets in the secret storage, all else in the settings of the user. Other windows follow each as it is
 * written: a secret that is to be replaced goes first and the new one comes last, so that no server is shown the one of another.
 * Rejects as the editor does, such as for a settings file with an error in it.
 */
export async function keepAnswers(secrets: vscode.SecretStorage, answers: RedisAnswers): Promise<void> {
  const all: RedisAnswers = { ...NO_REDIS, ...answers };
  const settings = vscode.workspace.getConfiguration('memoryCentral');
  const kept = new Map(
    await Promise.all(SECRETS.map(async name => [name, (await secrets.get(name)) ?? ''] as const)),
  );
  const replaced = SECRETS.filter(name => kept.get(name) !== all[name]);
  const changed = SETTINGS.map(name => {
    const value = all[name] === NO_REDIS[name as keyof typeof NO_REDIS] ? undefined : all[name];
    return { name, value, before: settings.inspect(name)?.globalValue };
  }).filter(({ before, value }) => value !== before);
  const wayBack: (() => PromiseLike<void>)[] = [];
  const keepSecret = async (name: string, before: string, secret: string) => {
    await setSecret(secrets, name, secret);
    wayBack.push(() => setSecret(secrets, name, before));
  };
  try {
    // Of the same server the new password takes the old one's place.
    const dropped = changed.length > 0 ? replaced.filter(name => kept.get(name) !== '') : [];
    for (const name of dropped) await keepSecret(name, kept.get(name)!, '');
    for (const { before, name, value } of changed) {
      await settings.update(name, value, vscode.ConfigurationTarget.Global);
      wayBack.push(() => settings.update(name, before, vscode.ConfigurationTarget.Global));
    }
    for (const name of replaced)
      await keepSecret(name, dropped.includes(name) ? '' : kept.get(name)!, String(all[name]));
  } catch (error) {
    for (const undo of wayBack.reverse()) await undo();
    throw error;
  }
}

async function setSecret(secrets: vscode.SecretStorage, name: string, secret: string): Promise<void> {
  if (secret === '') await secrets.delete(name);
  else await secrets.store(name, secret);
}

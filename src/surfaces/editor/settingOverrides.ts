import * as vscode from 'vscode';

const SECTION = 'memoryCentral';

/** Settings that only the secret storage of the editor keeps, there under their own names. */
export const SECRET_SETTINGS = [
  'embedding.apiKey',
  'redis.url',
  'redis.password',
  'redis.sentinelPassword',
  'cache.redisUrl',
] as const;
export type SecretSetting = (typeof SECRET_SETTINGS)[number];

interface Contributions {
  readonly configuration: readonly { readonly properties: Readonly<Record<string, unknown>> }[];
}

/**
 * What a person set in the editor, by the settings' own names, secrets too; what nobody set is left to the environment and the files.
 * In an untrusted workspace the editor itself hides the workspace's values.
 */
export async function settingOverrides(
  context: vscode.ExtensionContext,
): Promise<Readonly<Record<string, unknown>>> {
  const found: Record<string, unknown> = {};
  const values = vscode.workspace.getConfiguration(SECTION, vscode.workspace.workspaceFolders?.[0]?.uri);
  for (const key of settingKeys(context)) {
    const name = key.slice(SECTION.length + 1);
    const set = values.inspect(name);
    const value = set?.workspaceFolderValue ?? set?.workspaceValue ?? set?.globalValue;
    if (value !== undefined) found[name] = value;
  }
  for (const name of SECRET_SETTINGS) {
    const secret = await context.secrets.get(name);
    if (secret) found[name] = secret;
  }
  return found;
}

/** Every setting that the editor offers, as its settings name it. */
export function settingKeys(context: vscode.ExtensionContext): readonly string[] {
  const { configuration } = context.extension.packageJSON.contributes as Contributions;
  return configuration.flatMap(({ properties }) => Object.keys(properties));
}

/** A setting with its default, for what the extension host decides by itself. */
export function setting<T>(name: string): T | undefined {
  return vscode.workspace.getConfiguration(SECTION).get<T>(name);
}

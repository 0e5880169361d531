import * as vscode from 'vscode';

const SECTION = 'memoryCentral';

interface Contributions {
  readonly configuration: { readonly properties: Readonly<Record<string, unknown>> };
}

/**
 * What a person set in the editor, by the settings' own names; what nobody set is left to the environment and the files.
 * In an untrusted workspace the editor itself hides the workspace's values.
 */
export async function settingOverrides(
  context: vscode.ExtensionContext,
  apiKey: string | undefined,
): Promise<Readonly<Record<string, unknown>>> {
  const { configuration } = context.extension.packageJSON.contributes as Contributions;
  const found: Record<string, unknown> = {};
  const values = vscode.workspace.getConfiguration(SECTION, vscode.workspace.workspaceFolders?.[0]?.uri);
  for (const key of Object.keys(configuration.properties)) {
    const name = key.slice(SECTION.length + 1);
    const set = values.inspect(name);
    const value = set?.workspaceFolderValue ?? set?.workspaceValue ?? set?.globalValue;
    if (value !== undefined) found[name] = value;
  }
  return { ...found, ...(apiKey && { 'embedding.apiKey': apiKey }) };
}

/** A setting with its default, for what the extension host decides by itself. */
export function setting<T>(name: string): T | undefined {
  return vscode.workspace.getConfiguration(SECTION).get<T>(name);
}

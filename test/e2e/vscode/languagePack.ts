import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Lets an editor speak a language as an installed language pack does, whose own texts stay English: those of extensions are to be seen.
 * The marketplace's packs cannot be had without a network.
 * @param userData folder of the editor's user data
 * @param extensions folder of its extensions
 */
export async function installLanguagePack(
  language: string,
  userData: string,
  extensions: string,
): Promise<void> {
  const name = `language-pack-${language}`;
  const pack = join(extensions, `test.${name}-1.0.0`);
  const translations = join(pack, 'translations', 'main.i18n.json');
  await mkdir(join(pack, 'translations'), { recursive: true });
  await mkdir(userData, { recursive: true });
  await writeFile(translations, JSON.stringify({ version: '1.0.0', contents: {} }));
  const localization = {
    languageId: language,
    languageName: language,
    localizedLanguageName: language,
    translations: [{ id: 'vscode', path: './translations/main.i18n.json' }],
  };
  const manifest = {
    ...{ name, publisher: 'test', version: '1.0.0', engines: { vscode: '*' } },
    contributes: { localizations: [localization] },
  };
  await writeFile(join(pack, 'package.json'), JSON.stringify(manifest));
  // What the editor notes when it installs one.
  const installed = {
    hash: name,
    extensions: [{ extensionIdentifier: { id: `test.${name}` }, version: '1.0.0' }],
    translations: { vscode: translations },
    label: language,
  };
  await writeFile(join(userData, 'languagepacks.json'), JSON.stringify({ [language]: installed }));
}

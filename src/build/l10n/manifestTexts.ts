type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A name is the same in every language. */
const NAMES: readonly Json[] = ['Memory Central'];

/** Where a person reads what the manifest says; names, ids and what is for models are not among it. `*` is any one part. */
const READ = [
  'description',
  'capabilities.*.description',
  'contributes.commands.*.title',
  'contributes.viewsContainers.*.*.title',
  'contributes.views.*.*.name',
  'contributes.viewsWelcome.*.contents',
  'contributes.configuration.*.title',
  'contributes.configuration.*.properties.*.markdownDescription',
  'contributes.configuration.*.properties.*.enumDescriptions.*',
  'contributes.configuration.*.properties.*.markdownEnumDescriptions.*',
  'contributes.languageModelTools.*.displayName',
  'contributes.languageModelTools.*.userDescription',
  'contributes.walkthroughs.*.title',
  'contributes.walkthroughs.*.description',
  'contributes.walkthroughs.*.steps.*.title',
  'contributes.walkthroughs.*.steps.*.description',
  'contributes.walkthroughs.*.steps.*.media.altText',
  'contributes.chatParticipants.*.description',
  'contributes.chatParticipants.*.commands.*.description',
].map(path => path.split('.'));

export interface TranslatableManifest {
  /** Says `%key%` wherever a person reads. */
  readonly manifest: Readonly<Record<string, unknown>>;
  /** The English by key: package.nls.json. */
  readonly texts: Readonly<Record<string, string>>;
}

/** Takes the texts out of what package.json says to the editor, which then finds them in the file of its language. */
export function withoutTexts(manifest: Readonly<Record<string, unknown>>): TranslatableManifest {
  const texts: Record<string, string> = {};
  const walk = (value: Json, path: readonly string[], ids: readonly string[]): Json => {
    if (typeof value === 'string') {
      if (NAMES.includes(value) || !READ.some(one => matches(one, path))) return value;
      const key = ids.filter(part => part !== 'contributes').join('.');
      texts[key] = value;
      return `%${key}%`;
    }
    if (Array.isArray(value)) return value.map((one, i) => walk(one, [...path, '*'], [...ids, idOf(one, i)]));
    if (value === null || typeof value !== 'object') return value;
    const entries = Object.entries(value).map(([name, one]): [string, Json] => [
      name,
      walk(one, [...path, name], [...ids, name.replace(/^memoryCentral\./, '')]),
    ]);
    return Object.fromEntries(entries);
  };
  const translatable = walk(manifest as { readonly [key: string]: Json }, [], []);
  return { manifest: translatable as Readonly<Record<string, unknown>>, texts };
}

/** @param german or whichever: by the English, as people write it @returns by key; what is not translated is left to the English */
export function translatedTexts(
  texts: Readonly<Record<string, string>>,
  translations: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([key, english]) => {
      const text = translations[english];
      return text === undefined ? [] : [[key, text]];
    }),
  );
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  return pattern.length === path.length && pattern.every((part, i) => part === '*' || part === path[i]);
}

/** What an entry of a list is known by, so that its key outlives others that come before it. */
function idOf(value: Json, index: number): string {
  const { command, id, name } = Object(value) as { readonly [key: string]: Json };
  const known = [command, id, name].find(one => typeof one === 'string');
  return known?.replace(/^memoryCentral[._]/, '') ?? String(index);
}

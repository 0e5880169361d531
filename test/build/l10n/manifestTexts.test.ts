import assert from 'node:assert/strict';
import { translatedTexts, withoutTexts } from '../../../src/build/l10n/manifestTexts.ts';

const MANIFEST = {
  main: './dist/editor.js',
  capabilities: { untrustedWorkspaces: { supported: 'limited', description: 'Reading only.' } },
  contributes: {
    commands: [{ command: 'memoryCentral.search', title: 'Search', category: 'Memory Central' }],
    viewsWelcome: [{ view: 'memoryCentral.tasks', contents: 'Nothing.' }],
    configuration: [
      {
        id: 'memoryCentral.log',
        title: 'Log',
        properties: { 'memoryCentral.log.level': { enum: ['info'], markdownDescription: 'How much.' } },
      },
    ],
    languageModelTools: [
      {
        name: 'memoryCentral_store_memory',
        displayName: 'Store',
        modelDescription: 'For models.',
        inputSchema: { description: 'For models.' },
      },
    ],
  },
};

describe('texts of the manifest', () => {
  const { manifest, texts } = withoutTexts(MANIFEST);

  it('are taken out where a person reads them, under keys of what they belong to', () => {
    assert.deepEqual(texts, {
      'capabilities.untrustedWorkspaces.description': 'Reading only.',
      'commands.search.title': 'Search',
      'viewsWelcome.0.contents': 'Nothing.',
      'configuration.log.title': 'Log',
      'configuration.log.properties.log.level.markdownDescription': 'How much.',
      'languageModelTools.store_memory.displayName': 'Store',
    });
  });

  it('leave the manifest as it was but for the keys in their place', () => {
    const back = JSON.parse(
      JSON.stringify(manifest).replace(/"%([\w.-]+)%"/g, (_, key: string) => JSON.stringify(texts[key])),
    );
    assert.deepEqual(back, MANIFEST);
    assert.match(JSON.stringify(manifest), /"title":"%commands\.search\.title%"/);
  });

  it('are translated by their English, and left out where they are not', () => {
    assert.deepEqual(translatedTexts(texts, { Search: 'Suchen', Other: 'Anderes' }), {
      'commands.search.title': 'Suchen',
    });
  });
});

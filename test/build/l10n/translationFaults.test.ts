import assert from 'node:assert/strict';
import { translationFaults } from '../../../src/build/l10n/translationFaults.ts';

describe('a translation', () => {
  const faults = (texts: readonly string[], translations: Readonly<Record<string, string>>) =>
    translationFaults('de.json', texts, translations);

  it('is complete when each text has its own, whatever the order of placeholders', () => {
    assert.deepEqual(faults(['{0} of {1}', 'Open'], { '{0} of {1}': 'Von {1} {0}', Open: 'Öffnen' }), []);
  });

  it('names what is missing, empty or left over', () => {
    assert.deepEqual(faults(['Open', 'Close'], { Close: ' ', Gone: 'Weg' }), [
      'de.json: is missing: "Open"',
      'de.json: is missing: "Close"',
      'de.json: is left over: "Gone"',
    ]);
  });

  it('names placeholders and commands that differ from those of the text', () => {
    const link = '[Search](command:memoryCentral.search)';
    assert.deepEqual(faults(['{0} of {1}', link], { '{0} of {1}': '{0} von {0}', [link]: 'Suchen' }), [
      'de.json: has other placeholders: "{0} of {1}"',
      `de.json: has other placeholders: "${link}"`,
    ]);
  });
});

import assert from 'node:assert/strict';
import { extractTexts } from '../../../src/build/l10n/extractTexts.ts';

describe('texts of the code', () => {
  it('are found however l10n.t is reached', () => {
    const source = `
      import * as vscode from 'vscode';
      vscode.l10n.t('one {0}', 1);
      l10n.t("two");
      const { t } = vscode.l10n;
      const label = \`$(x) \${t('three')}\`;
    `;
    assert.deepEqual(extractTexts('a.ts', source), ['one {0}', 'two', 'three']);
  });

  it('are not what other functions are given', () => {
    assert.deepEqual(extractTexts('a.ts', "other.t('one'); text('two'); l10n.uri('three');"), []);
  });

  it('are refused where they are put together, with the line', () => {
    assert.throws(
      () => extractTexts('a.ts', 'const name = 1;\nl10n.t(name);'),
      /^Error: a\.ts:2: l10n\.t wants a text/,
    );
  });
});

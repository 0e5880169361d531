import assert from 'node:assert/strict';
import { inertMessage, withoutIcons } from '../../../src/surfaces/editor/inertText.ts';

/** What the editor takes for a link in a message: `parseLinkedText` of VS Code. */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;

describe('foreign text in messages and lists', () => {
  it('has no links in a message', () => {
    const hostile = 'Press [OK](command:workbench.action.quit "OK") or [go](https://evil.example)';
    assert.match(hostile, LINK);
    assert.doesNotMatch(inertMessage(hostile), LINK);
    assert.equal(
      inertMessage(hostile),
      'Press [OK] (command:workbench.action.quit "OK") or [go] (https://evil.example)',
    );
  });

  it('is one line of a message that shows what cannot be seen, and never more than the editor shows', () => {
    assert.equal(inertMessage('first\nsecond \u202etxt'), 'first second \\u202etxt');
    assert.equal(inertMessage('x'.repeat(100_000)).length, 1000);
  });

  it('has no pictures in a list', () => {
    assert.equal(withoutIcons('$(trash) $(sync~spin)'), '\\$(trash) \\$(sync~spin)');
    assert.equal(withoutIcons('echo $(git rev-parse HEAD)'), 'echo $(git rev-parse HEAD)');
  });
});

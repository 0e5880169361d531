import assert from 'node:assert/strict';
import { editorCommands } from '../../src/build/editorCommands.ts';

const PLACE = 'view/item/context';

describe('the rows of the side bar', () => {
  it('have in their menu what their buttons do, since the editor shows buttons to a pointer alone', () => {
    const places = editorCommands.flatMap(({ id, menus = {} }) =>
      [menus[PLACE] ?? []].flat().map(({ group }) => ({ id, isButton: group.startsWith('inline') })),
    );
    const buttons = places.filter(({ isButton }) => isButton).map(({ id }) => id);
    const menu = places.filter(({ isButton }) => !isButton).map(({ id }) => id);
    assert.ok(buttons.includes('assignTask') && buttons.includes('acceptReview'));
    assert.deepEqual(
      buttons.filter(id => !menu.includes(id)),
      [],
    );
  });
});

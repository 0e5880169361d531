import assert from 'node:assert/strict';
import { EVERYTHING, restoredState } from '../../../webview/browser/browserState.ts';

const STATE = {
  question: { query: 'retries', filters: { types: ['code'] }, order: 'updated' },
  ...{ view: 'map', selected: 'one', scrollTop: 12 },
};

describe('what a reload brings back of the browser', () => {
  it('is what was kept, with the part of the map that was in sight', () => {
    const view = { x: 1.5, y: -2, zoom: 3, near: 'two' };
    for (const map of [{ colouredBy: 'agents', view }, { colouredBy: 'types' }])
      assert.deepEqual(restoredState({ ...STATE, map }), { ...STATE, map });
    assert.deepEqual(restoredState(STATE), STATE);
  });

  it('is everything where nothing was kept, or something else', () => {
    const beginning = { question: EVERYTHING, view: 'list', selected: null, scrollTop: 0 };
    for (const kept of [undefined, {}, { ...STATE, map: { colouredBy: 'mood' } }, { ...STATE, map: 7 }])
      assert.deepEqual(restoredState(kept), beginning);
  });
});

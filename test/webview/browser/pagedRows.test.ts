import assert from 'node:assert/strict';
import type { Row, RowPage } from '../../../src/surfaces/editor/webviews/messages/browserProtocol.ts';
import { PAGE, PagedRows } from '../../../webview/browser/pagedRows.ts';

const row = (index: number): Row => ({
  ...{ id: `m${index}`, title: `Memory ${index}`, preview: '', type: 'context', priority: 'medium' },
  ...{ agent: null, tags: [], at: 0, created: 0, pinned: false, sensitive: false, review: 'accepted' },
});

/** A store of so many memories, and what was asked of it. */
function store(count: number, mode: RowPage['mode'] = 'list') {
  const asked: number[] = [];
  const fetch = async (offset: number, limit: number, signal: AbortSignal): Promise<RowPage> => {
    asked.push(offset);
    signal.throwIfAborted();
    const reach = mode === 'list' ? count : Math.min(count, offset + limit);
    const rows = Array.from({ length: Math.max(0, Math.min(limit, count - offset)) }, (_, i) =>
      row(offset + i),
    );
    return { rows, total: reach, more: reach < count, mode };
  };
  return { asked, rows: new PagedRows(fetch) };
}

describe('rows that come page by page', () => {
  it('fetches the first page and the one in sight, each once', async () => {
    const { asked, rows } = store(100_000);
    await rows.begin(52_030);
    assert.deepEqual(asked, [0, 52_000]);
    assert.equal(rows.total, 100_000);
    assert.equal(rows.row(52_049)?.id, 'm52049');
    assert.equal(rows.row(300), undefined);
    const [first, second] = await Promise.all([rows.need(290, 310), rows.need(290, 310)]);
    assert.deepEqual([first, second], [true, false]);
    assert.deepEqual(asked, [0, 52_000, 250, 300]);
    assert.equal(rows.indexOf('m305'), 305);
    assert.equal(rows.indexOf('m400'), -1);
  });

  it('looks further in a search as one comes near to its end, and no further than there is', async () => {
    const { asked, rows } = store(2 * PAGE + 5, 'hybrid');
    await rows.begin(0);
    assert.deepEqual([rows.total, rows.more], [PAGE, true]);
    assert.equal(await rows.need(0, PAGE / 2), false);
    assert.equal(await rows.need(PAGE - 20, PAGE - 1), true);
    assert.deepEqual([rows.total, rows.more], [2 * PAGE, true]);
    assert.equal(await rows.need(2 * PAGE - 20, 2 * PAGE - 1), true);
    assert.deepEqual([rows.total, rows.more], [2 * PAGE + 5, false]);
    assert.equal(await rows.need(2 * PAGE, 2 * PAGE + 4), false);
    assert.deepEqual(asked, [0, PAGE, 2 * PAGE]);
  });

  it('takes nothing any more once it was stopped', async () => {
    const { rows } = store(1000);
    const begun = rows.begin(0);
    rows.stop();
    await assert.rejects(begun, { name: 'AbortError' });
    assert.equal(rows.row(0), undefined);
  });

  it('lets a page be asked for again that failed', async () => {
    let fails = true;
    const rows = new PagedRows(async () => {
      if (fails) throw new Error('away');
      return { rows: [row(0)], total: 1, more: false, mode: 'list' };
    });
    await assert.rejects(rows.begin(0), /away/);
    fails = false;
    assert.equal(await rows.need(0, 0), true);
    assert.equal(rows.row(0)?.id, 'm0');
  });
});

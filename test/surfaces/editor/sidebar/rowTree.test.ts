import assert from 'node:assert/strict';
import { type Row, RowTree } from '../../../../src/surfaces/editor/sidebar/rowTree.ts';

interface Node {
  readonly id: string;
  readonly text: string;
  readonly note?: string;
  readonly children?: readonly Node[];
}

const leaf = (id: string, text = id): Node => ({ id, text });
const group = (id: string, ...children: readonly Node[]): Node => ({ id, text: id, children });

function treeOf(...roots: readonly Node[]) {
  const tree = new RowTree<Node, { readonly id: string; readonly text: string; readonly command: object }>({
    draw: ({ id, text }) => ({ id, text, command: { of: text } }),
    childrenOf: ({ children = [] }) => children,
    stampOf: ({ note }) => note,
  });
  tree.update(roots);
  return tree;
}

/** As the editor: all of it, where rows are open. */
function read(tree: ReturnType<typeof treeOf>, row?: Row<Node>): readonly Row<Node>[] {
  return tree.children(row).flatMap(child => {
    tree.item(child);
    return [child, ...(child.node.children ? read(tree, child) : [])];
  });
}

const names = (rows: readonly Row<Node>[] | undefined) => rows?.map(({ node }) => node.id);

describe('the rows of a tree view', () => {
  it('are drawn anew one by one where only they have changed', () => {
    const tree = treeOf(group('ready', leaf('a'), leaf('b')), group('done', leaf('c')));
    read(tree);
    const changed = tree.update([
      group('ready', leaf('a'), leaf('b', 'half done')),
      group('done', leaf('c')),
    ]);
    assert.deepEqual(names(changed), ['b']);
    assert.deepEqual(
      changed?.map(row => tree.item(row).text),
      ['half done'],
    );
    assert.deepEqual(
      tree.update([group('ready', leaf('a'), leaf('b', 'half done')), group('done', leaf('c'))]),
      [],
    );
  });

  it('are drawn anew where only what is told of them later has changed', () => {
    const tree = treeOf(leaf('a'), leaf('b'));
    read(tree);
    const noted = [leaf('a'), { ...leaf('b'), note: 'half of it' }];
    assert.deepEqual(names(tree.update(noted)), ['b']);
    read(tree);
    assert.deepEqual(tree.update(noted), []);
  });

  it('are drawn anew where others came or went, and nowhere else', () => {
    const tree = treeOf(group('ready', leaf('a'), leaf('b')), group('held'), group('done', leaf('c')));
    read(tree);
    const moved = [group('ready', leaf('a')), group('held', leaf('b')), group('done', leaf('c'))];
    assert.deepEqual(names(tree.update(moved)), ['ready', 'held']);
    // The editor has not asked yet.
    assert.deepEqual(names(tree.update(moved)), ['ready', 'held']);
    read(tree);
    assert.deepEqual(tree.update(moved), []);
  });

  it('are all drawn anew when other ones are the first', () => {
    const tree = treeOf(group('ready', leaf('a')));
    read(tree);
    assert.equal(tree.update([group('held', leaf('a'))]), undefined);
  });

  it('are the same for as long as they are there, with what they show now', () => {
    const tree = treeOf(group('ready', leaf('a')), group('held'));
    const before = read(tree).find(({ node }) => node.id === 'a');
    tree.update([group('ready'), group('held', leaf('a', 'at work'))]);
    const after = read(tree).find(({ node }) => node.id === 'a');
    assert.equal(after, before);
    assert.equal(before?.node.text, 'at work');
  });

  it('are not drawn anew where the editor has not looked', () => {
    const tree = treeOf(group('done', leaf('a')));
    for (const row of tree.children()) tree.item(row);
    assert.deepEqual(tree.update([group('done', leaf('a', 'later'), leaf('b'))]), []);
  });
});

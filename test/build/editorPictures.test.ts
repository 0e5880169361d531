import assert from 'node:assert/strict';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../src/main/assets.ts';

/** Bytes: pictures of the walkthrough are part of each package. */
const MOST = 80_000;
const PICTURE = /\.(png|svg)$/;

describe('the pictures of the manifest', () => {
  it('are there', async () => {
    const named = picturesIn(JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')));
    assert.ok(named.length > 20, named.join());
    for (const picture of named) assert.ok((await stat(join(packageRoot, picture))).isFile(), picture);
  });

  it('are small where they show a step of the walkthrough, and no others lie there', async () => {
    const { contributes } = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8'));
    const named = picturesIn(contributes.walkthroughs).filter(path => path.startsWith('media/walkthrough/'));
    const folder = join(packageRoot, 'media', 'walkthrough');
    assert.deepEqual(
      (await readdir(folder)).map(name => `media/walkthrough/${name}`).sort(),
      named.toSorted(),
    );
    for (const picture of named) {
      const { size } = await stat(join(packageRoot, picture));
      assert.ok(size <= MOST, `${picture} has ${size} bytes`);
    }
  });
});

describe('the pictures of README and docs', () => {
  it('are there', async () => {
    const docs = (await readdir(join(packageRoot, 'docs'))).filter(name => name.endsWith('.md'));
    const shown: string[] = [];
    for (const page of ['README.md', ...docs.map(name => join('docs', name))]) {
      const text = await readFile(join(packageRoot, page), 'utf8');
      for (const [path] of text.matchAll(/[\w/.-]*images\/[\w/.-]+\.png/g))
        shown.push(join(page, '..', path));
    }
    assert.ok(shown.length > 0);
    for (const picture of shown) assert.ok((await stat(join(packageRoot, picture))).isFile(), picture);
  });
});

/** Every text of a value that names a file with a picture. */
function picturesIn(value: unknown): string[] {
  if (typeof value === 'string') return PICTURE.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return [...new Set(Object.values(value).flatMap(picturesIn))];
}

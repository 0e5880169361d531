import assert from 'node:assert/strict';
import { withoutRepository } from '../../../src/build/packaging/packagedReadme.ts';

describe('the README of the package', () => {
  it('keeps the words of a link to a file of the repository', () => {
    assert.equal(
      withoutRepository('See [the ranking](docs/ranking.md) for more.'),
      'See the ranking for more.',
    );
  });

  it('keeps links to the web and within the page', () => {
    const text = 'Read [MCP](https://modelcontextprotocol.io) and [above](#top).';
    assert.equal(withoutRepository(text), text);
  });

  it('drops pictures of the repository, in Markdown and HTML', () => {
    const text =
      'Before\n\n![The view](docs/view.png)\n\n<p align="center"><img src="docs/a.png"></p>\n\nAfter\n';
    assert.equal(withoutRepository(text), 'Before\n\nAfter\n');
    assert.equal(withoutRepository('Look: [![small](a.png)](a-large.png) here'), 'Look:  here');
  });

  it('drops a paragraph that only leads to files of the repository', () => {
    const text = '## More\n\n[A](docs/a.md) · [B](docs/b.md) ·\n[C](C.md)\n\nMIT.\n';
    assert.equal(withoutRepository(text), '## More\n\nMIT.\n');
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { splitMarkdown } from '../../../src/engine/import/splitMarkdown.ts';

describe('splitMarkdown', () => {
  const titles = (text: string) => splitMarkdown(text).map(section => section.headings.join('/'));

  it('names each section by the headings above it', () => {
    const text = '# Guide\nintro\n## Install\nnpm\n### Windows\nexe\n## Use\nrun';
    assert.deepEqual(splitMarkdown(text), [
      { headings: ['Guide'], content: 'Guide\n\nintro', startLine: 2, endLine: 2 },
      { headings: ['Guide', 'Install'], content: 'Guide > Install\n\nnpm', startLine: 4, endLine: 4 },
      {
        headings: ['Guide', 'Install', 'Windows'],
        content: 'Guide > Install > Windows\n\nexe',
        startLine: 6,
        endLine: 6,
      },
      { headings: ['Guide', 'Use'], content: 'Guide > Use\n\nrun', startLine: 8, endLine: 8 },
    ]);
  });

  it('knows underlined headings from rules and tables', () => {
    assert.deepEqual(titles('Title\n=====\na\n\nPart\n---\nb\n\n---\n\n| x |\n---\nc'), [
      'Title',
      'Title/Part',
    ]);
  });

  it('takes no heading out of code', () => {
    assert.deepEqual(titles('# A\n```sh\n# comment\n```\n# B\nb'), ['A', 'B']);
    assert.deepEqual(titles('# A\n~~~\n```\n# comment\n~~~\n# B\nb'), ['A', 'B']);
    assert.deepEqual(titles('# A\n```\nx\n```\n---\nb'), ['A']);
    assert.deepEqual(titles('# A\n```md\n```js\n# comment\n```\n# B\nb'), ['A', 'B']);
  });

  it('takes code within a line for no fence', () => {
    assert.deepEqual(titles('# A\n```npm i```\n# B\nb'), ['A', 'B']);
  });

  it('leaves front matter out, and counts its lines', () => {
    const [section] = splitMarkdown('---\ntitle: x\n---\ntext');
    assert.deepEqual(section, { headings: [], content: 'text', startLine: 4, endLine: 4 });
  });

  it('shows titles without the addresses of badges and links', () => {
    assert.deepEqual(titles('# Name [![ci](https://a/b.svg)](https://a/ci)\n## The [API](docs/api.md)\nx'), [
      'Name/The API',
    ]);
  });

  it('cuts between paragraphs, a long table between rows, and code never', () => {
    const paragraph = 'word '.repeat(10).trim();
    assert.equal(splitMarkdown(`${paragraph}\n\n${paragraph}\n\n${paragraph}`, 110).length, 2);
    const table = Array.from({ length: 40 }, (_, i) => `| row ${i} |`).join('\n');
    const parts = splitMarkdown(table, 100);
    assert.ok(parts.every(part => part.content.length <= 100));
    assert.equal(parts.map(part => part.content).join('\n'), table);
    const code = `\`\`\`\n${'line\n\n'.repeat(100)}\`\`\``;
    assert.equal(splitMarkdown(code, 100).length, 1);
  });

  it('loses no line and doubles none', () => {
    const line = fc.oneof(
      fc.constantFrom(
        '',
        '',
        '```',
        '~~~',
        '```js',
        '# a',
        '## b c',
        '### d',
        '---',
        '===',
        '| x | y |',
        '- item',
      ),
      fc.string({ maxLength: 40 }).map(text => text.replaceAll(/[\r\n]/g, ' ')),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), fc.integer({ min: 1, max: 200 }), (lines, maxChars) => {
        const sections = splitMarkdown(lines.join('\n'), maxChars);
        const kept = new Map<number, string>();
        for (const { headings, content, startLine, endLine } of sections) {
          const title = headings.join(' > ');
          const text = title === '' ? content : content.slice(title.length + 2);
          const own = lines.slice(startLine - 1, endLine);
          assert.deepEqual(nonBlank(text.split('\n')), nonBlank(own));
          for (const [i, one] of own.entries()) {
            if (one.trim() === '') continue;
            assert.ok(!kept.has(startLine + i), `line ${startLine + i} is in two sections`);
            kept.set(startLine + i, one);
          }
        }
        const frontMatter =
          lines[0]?.trim() === '---'
            ? lines.findIndex((one, i) => i > 0 && /^(---|\.\.\.)\s*$/.test(one))
            : -1;
        for (const [i, one] of lines.entries()) {
          if (kept.has(i + 1) || one.trim() === '' || i <= frontMatter) continue;
          const underline = /^ {0,3}(=+|-+)\s*$/;
          assert.ok(
            /^ {0,3}#{1,6}\s+\S/.test(one) || underline.test(one) || underline.test(lines[i + 1] ?? ''),
            `line ${i + 1} is lost: ${JSON.stringify(one)}`,
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  const nonBlank = (lines: readonly string[]) => lines.filter(one => one.trim() !== '');
});

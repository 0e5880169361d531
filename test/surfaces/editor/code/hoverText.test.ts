import assert from 'node:assert/strict';
import { identity } from '../../../../src/adapters/node/identity.ts';
import { commandLink, quotedMarkdown, withoutCode } from '../../../../src/surfaces/editor/code/hoverText.ts';

describe('the text of a hover', () => {
  it('quotes what was stored, line by line, so that nothing of it acts', () => {
    const hostile = '[x](command:rm) <b>\n\n    code?\n> quote $(trash)\n```\n';
    const quoted = quotedMarkdown(hostile);
    for (const line of quoted.split('\n')) assert.match(line, /^> /);
    assert.doesNotMatch(quoted.replace(/^> /gm, ''), /(?<!\\)[[\]()<>`$]/);
    assert.doesNotMatch(quoted, /^> {2}\S|^> \t/m, 'indented, it would be a block of code');
  });

  it('shows so many lines', () => {
    assert.equal(quotedMarkdown('a\nb\nc', 2), '> a  \n> b  \n> …');
  });

  it('gives commands ids alone, whatever an id is', () => {
    const id = `a) "b' [c] \u202e%41`;
    const link = commandLink('openMemory', [id], 'Open', 'Open "it"');
    const [, address] = /^\[Open\]\(command:memoryCentral\.openMemory\?(\S+) "Open 'it'"\)$/.exec(link) ?? [];
    assert.match(address ?? '', /^[\w%.!~*-]+$/);
    assert.deepEqual(JSON.parse(decodeURIComponent(address ?? '')), [id]);
  });

  it('leaves out the code that stands there', () => {
    const code = 'function pay() {\n  return 5;\n}';
    const content = `Five it is.\n\n\`\`\`ts\n${code}\n\`\`\``;
    const { sha256 } = identity;
    assert.equal(withoutCode(content, sha256(code), sha256), 'Five it is.');
    assert.equal(withoutCode(content, sha256('other'), sha256), content);
    assert.equal(withoutCode(content, undefined, sha256), content);
    assert.equal(withoutCode(code, sha256(code), sha256), code);
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parse, stringify } from 'smol-toml';
import { editJson } from '../../../src/surfaces/cli/connect/editJson.ts';
import { editToml } from '../../../src/surfaces/cli/connect/editToml.ts';
import { withInstructions, withoutInstructions } from '../../../src/surfaces/cli/connect/instructions.ts';

const ENTRY = {
  command: '/a "quoted" \\ path',
  args: ['mcp', 'ü'],
  http_headers: { Authorization: 'Bearer x' },
};

const scalar = fc.oneof(
  fc.string(),
  fc.boolean(),
  fc.integer({ min: -1e9, max: 1e9 }),
  fc.array(fc.string()),
);
/** Names that neither TOML nor JavaScript take for something else. */
const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/).filter(text => !(text in Object.prototype));
const table = fc.dictionary(name, scalar, { maxKeys: 4 });
const document = fc.record({
  top: table,
  tables: fc.dictionary(name, table, { maxKeys: 3 }),
  servers: fc.dictionary(name, table, { maxKeys: 3 }),
  comment: fc.stringMatching(/^[ -~]{0,20}$/),
  eol: fc.constantFrom('\n', '\r\n'),
});

describe('a text edit', () => {
  it('of TOML adds exactly one table, and taking it out gives the text back', () => {
    fc.assert(
      fc.property(document, ({ top, tables, servers, comment, eol }) => {
        const text = [
          `# ${comment}`,
          stringify(top),
          stringify(Object.fromEntries(Object.entries(tables).map(([key, value]) => [`t_${key}`, value]))),
          `# ${comment}`,
          ...Object.entries(servers).map(([key, value]) => `[mcp_servers.${key}]\n${stringify(value)}`),
          '',
        ]
          .join('\n')
          .replaceAll('\n', eol);
        const put = editToml(text, 'f', 'mcp_servers', 'memory-central', ENTRY);
        assert.ok(put.startsWith(text));
        const after = parse(put) as { mcp_servers: Record<string, unknown> };
        assert.deepEqual(plain(after.mcp_servers['memory-central']), ENTRY);
        assert.equal(editToml(put, 'f', 'mcp_servers', 'memory-central', ENTRY), put);
        const changed = editToml(put, 'f', 'mcp_servers', 'memory-central', { command: 'other' });
        assert.deepEqual(plain((parse(changed) as typeof after).mcp_servers['memory-central']), {
          command: 'other',
        });
        assert.equal(editToml(put, 'f', 'mcp_servers', 'memory-central', undefined), text);
      }),
    );
  });

  it('of TOML takes a table out from between others, with its own subtables only', () => {
    const before = '[a]\nx = 1\n\n';
    const own = '[mcp_servers.memory-central]\ncommand = "x"\n[mcp_servers.memory-central.env]\nA = "[b]"\n';
    const after = '\n# of c\n[c]\ny = """\n[mcp_servers.memory-central]\n"""\n';
    assert.equal(
      editToml(before + own + after, 'f', 'mcp_servers', 'memory-central', undefined),
      `[a]\nx = 1\n${after}`,
    );
  });

  it('of JSON keeps every other value, and comments', () => {
    fc.assert(
      fc.property(
        fc.dictionary(name, fc.jsonValue(), { maxKeys: 4 }),
        fc.integer({ min: 0, max: 4 }),
        (value, indent) => {
          const text = `// kept\n${JSON.stringify(value, null, indent)}\n`;
          const put = editJson(text, 'f', ['my servers', 'memory-central'], ENTRY);
          assert.ok(put.startsWith('// kept\n'));
          assert.deepEqual(JSON.parse(put.replace('// kept\n', '')), {
            ...(JSON.parse(JSON.stringify(value)) as object),
            'my servers': { 'memory-central': ENTRY },
          });
        },
      ),
    );
  });

  it('of instructions is undone by taking them out', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        const ended = text === '' || text.endsWith('\n') ? text : `${text}\n`;
        assert.equal(withoutInstructions(withInstructions(ended, 'f'), 'f'), ended);
      }),
    );
  });
});

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

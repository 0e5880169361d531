import assert from 'node:assert/strict';
import { localPrincipal } from '../../../src/adapters/node/principal.ts';
import { clientLabel } from '../../../src/engine/agents/clientLabel.ts';

const LABELS: readonly (readonly [string, string])[] = [
  ['Claude Code', 'claude-code'],
  ['codex-mcp-client', 'codex'],
  ['gemini-cli-mcp-client', 'gemini-cli'],
  ['gemini-cli-mcp-client-memory-central', 'gemini-cli'],
  ['cursor-vscode', 'cursor'],
  ['Visual Studio Code', 'vscode'],
  ['Visual Studio Code - Insiders', 'vscode'],
  ['gemini', 'gemini-cli'],
  ['claude', 'claude-code'],
  ['copilot', 'vscode'],
  ['opencode', 'opencode'],
  ['constructor', 'constructor'],
  ['read--only-', 'read-only'],
  [' -- ', 'unknown'],
];

describe('the label of a client', () => {
  for (const [name, label] of LABELS)
    it(`is ${label} for ${JSON.stringify(name)}`, () => {
      assert.equal(clientLabel(name), label);
      assert.equal(clientLabel(label), label);
      const principal = localPrincipal(name);
      assert.equal(principal.client, label);
      assert.ok(principal.id.endsWith(`/${label}`), principal.id);
    });
});

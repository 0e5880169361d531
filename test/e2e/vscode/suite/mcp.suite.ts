import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { store } from './callTool.ts';
import { scriptedModel } from './scriptedModel.ts';
import { until } from './until.ts';

const OURS = /^mcp_memory.*semantic_search$/;

describe("VS Code's own MCP client", () => {
  it('sees no server unless the setting offers it', () => {
    assert.equal(
      vscode.lm.tools.some(tool => OURS.test(tool.name)),
      false,
    );
  });

  it('lists the tools of the hosted server and calls one', async () => {
    await scriptedModel();
    const id = await store('The hosted server listens on loopback only.');
    await vscode.workspace
      .getConfiguration('memoryCentral')
      .update('mcp.offerInEditor', true, vscode.ConfigurationTarget.Global);
    const tool = await until('the tool of the server', async () => {
      await vscode.commands.executeCommand('workbench.action.chat.newChat');
      // Servers that are new start with a chat request, which is lost while the chat begins.
      await vscode.commands.executeCommand('workbench.action.chat.open', { query: 'Hello', mode: 'agent' });
      const offered = () => vscode.lm.tools.find(one => OURS.test(one.name));
      return until('the tool of the server', offered, 15_000);
    });
    const result = await vscode.lm.invokeTool(tool.name, {
      input: { query: 'where does the hosted server listen' },
      toolInvocationToken: undefined,
    });
    const text = result.content.map(part => (part as vscode.LanguageModelTextPart).value).join('\n');
    assert.ok(text.includes(id), text);
  });
});

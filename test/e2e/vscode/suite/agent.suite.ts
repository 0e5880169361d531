import * as vscode from 'vscode';
import { callTool } from './callTool.ts';
import { scriptedModel } from './scriptedModel.ts';
import { until } from './until.ts';

async function agent(query: string): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.chat.newChat');
  await vscode.commands.executeCommand('workbench.action.chat.open', { query, mode: 'agent' });
}

describe("Copilot's agent", () => {
  it('stores through one of our tools and recalls through another', async () => {
    const script = await scriptedModel();
    await agent(
      'CALL memoryCentral_store_memory {"content":"The agent learnt that port 7070 belongs to the proxy."} END',
    );
    await until('the memory', async () =>
      (await callTool('semantic_search', { query: 'port of the proxy' })).includes('7070'),
    );
    await agent('CALL memoryCentral_semantic_search {"query":"which port belongs to the proxy"} END');
    await until('the recalled text in the loop', () =>
      script.asked.some(
        text => text.includes('which port belongs') && text.includes('port 7070 belongs to the proxy'),
      ),
    );
  });
});

import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { claudeCode } from '../../fixtures/claudeCode.ts';
import { scriptedModel } from '../../fixtures/scriptedModel.ts';
import { editorSession } from './editorSession.ts';
import { sampleWorkspace } from './sampleWorkspace.ts';

const TITLE = 'Count the files of the order service';
const RESULT = 'Three files, of which one is code.';

interface Claimed {
  readonly id: string;
  readonly fence: number;
  readonly lease_id: string;
}

describe('the real VS Code and the real Claude Code on one store', function () {
  this.timeout(300_000);
  const session = editorSession({
    scriptedModel: true,
    settings: { 'memoryCentral.embedding.provider': 'off' },
  });

  it('work together: the one distributes a task, the other does it, and the first shows the result', async () => {
    const { extension, folder, server, shot, window } = session;
    const task = { title: TITLE, description: 'Say how many there are, and how many are code.' };
    await window.chat(`CALL memoryCentral_distribute_task ${JSON.stringify(task)} END`);
    await window.answer(`RESULT Queued: `).waitFor();
    await shot('two clients distributed');

    // Another clone of the repository: that both have one remote makes it one namespace.
    const claude = await claudeCode(join(folder, 'claude'));
    await sampleWorkspace(claude.project);
    await claude.print(
      ...['mcp', 'add', 'memory', '--env', `MEMORY_CENTRAL_HOME=${server.memoryHome}`],
      ...['--env', 'EMBEDDING_PROVIDER=off', '--', process.execPath, join(extension, 'dist', 'mcp.js')],
    );
    await using model = await scriptedModel([
      { call: [{ tool: 'get_pending_tasks', input: { claim: true } }] },
      ({ results }) => {
        const { tasks } = JSON.parse(results.at(-1)!) as { tasks: Claimed[] };
        const { id: task_id, fence, lease_id } = tasks[0]!;
        const input = { task_id, fence, lease_id, result: { summary: RESULT } };
        return { call: [{ tool: 'complete_task', input }] };
      },
      ({ results }) => ({ say: `Did it: ${results.at(-1)}` }),
    ]);
    const { code, stdout, stderr } = await claude.run(
      ['-p', 'Do what waits for you', '--allowedTools', 'mcp__memory'],
      model.env,
    );
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^Did it: .*completed/s, stderr);

    const completed = `Claude Code on ${hostname()} completed “${TITLE}”.`;
    await window.told(completed);
    await shot('two clients completed');
    await window.respond(completed, 'Open');
    const text = window.page.locator('.monaco-editor[data-uri^="memory-central:"] .view-lines');
    await text.getByText(RESULT).waitFor();
    await shot('two clients result');
  });
});

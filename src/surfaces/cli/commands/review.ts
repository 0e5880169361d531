import { Command } from 'commander';
import type { Tool } from '../../../tools/defineTool.ts';
import { memoriesToReview } from '../../../tools/memories/memoriesToReview.ts';
import { confirm } from '../confirm.ts';
import { renderReview } from '../renderReview.ts';
import type { RunCommand } from '../runCommand.ts';
import type { Session } from '../session.ts';
import { toolCommand } from '../toolCommand.ts';

/** `review`: what agents stored or changed and no person has looked at; `review accept` and `review reject` decide on it. */
export function reviewCommand(run: RunCommand): Command {
  const list = toolCommand(memoriesToReview as unknown as Tool, run, {
    name: 'list',
    summary: 'List what waits for review, by who wrote it (the default)',
    flags: ['agent_id', 'session_id', 'instance', 'full', 'limit', 'offset'],
    render: renderReview,
  });
  return new Command('review')
    .summary('Accept or reject what agents stored')
    .description('List what agents stored or changed and no person has looked at, and accept or reject it.')
    .addCommand(list, { isDefault: true })
    .addCommand(decisionCommand('accept', run))
    .addCommand(decisionCommand('reject', run));
}

const ABOUT = {
  accept: 'Accept memories as they are now',
  reject: 'Reject memories: new ones are forgotten, changed ones become what was accepted last',
};

function decisionCommand(decision: 'accept' | 'reject', run: RunCommand): Command {
  return new Command(decision)
    .summary(ABOUT[decision])
    .description(`${ABOUT[decision]}. It can be undone.`)
    .argument('[ids...]', 'ids of the memories, which review lists')
    .option('--all', 'all that wait; with the next ones, only those')
    .option('--agent-id <name>', 'with --all: those that bear this label')
    .option('--instance <session>', 'with --all: what this session changed last, as review lists it')
    .option('--yes', 'do not ask before all of them are decided on')
    .action(
      run(async (session, { args, options }) => {
        const ids = args[0] as string[];
        const asked = {
          ...(options['agentId'] !== undefined && { agent_id: options['agentId'] }),
          ...(options['instance'] !== undefined && { instance: options['instance'] }),
          ...(session.namespace !== undefined && { namespace: session.namespace }),
        };
        const named =
          options['all'] === true
            ? { all: true, ...asked }
            : { ...asked, ...(ids.length > 0 && { memory_ids: ids }) };
        if (options['all'] === true && !(await agreed(decision, asked, options['yes'] === true, session)))
          return session.print({ decided: [] }, 'Nothing was changed.');
        const { structured, text } = await session.call('review_memories', { decision, ...named });
        const undo = (structured['decided'] as { operation_id: string }[]).map(
          ({ operation_id }) => `Undo: memory-central undo ${operation_id}`,
        );
        session.print(structured, session.quiet ? '' : [text, ...undo.slice(0, MOST_SHOWN)].join('\n'));
      }),
    );
}

/** How many ways back are told; history has them all. */
const MOST_SHOWN = 20;

async function agreed(decision: string, asked: object, yes: boolean, session: Session): Promise<boolean> {
  const { structured } = await session.call('memories_to_review', { ...asked, limit: 1 });
  const total = Number(structured['total']);
  const what = total === 1 ? 'the one memory that waits' : `all ${total} memories that wait`;
  return total === 0 || confirm(`Do you ${decision} ${what}?`, yes, session);
}

import { OFFLINE_MS } from '../../../engine/model/agent.ts';
import { FORGOTTEN_MS } from '../../../engine/ports/agentStore.ts';
import { EVENTS_KEPT } from '../../../engine/ports/eventBus.ts';
import { scriptText } from '../scripts.ts';

/** What comes before the scripts of each kind, in `scripts/work/`, and the scripts. */
const SCRIPTS = {
  agents: ['registerAgent', 'beatAgent', 'removeAgent', 'readAgents', 'takeSilent'],
  files: ['readFiles', 'grantFiles', 'renewFiles', 'releaseFiles', 'releaseAllFiles'],
  contexts: [
    ...(['shareContext', 'findContexts', 'readContexts'] as const),
    ...(['revokeContext', 'acknowledgeContexts', 'purgeContexts'] as const),
  ],
} as const;

type Kind = keyof typeof SCRIPTS;
export type TogetherScript<K extends Kind> = (typeof SCRIPTS)[K][number];

const CONSTANTS = `local EVENTS_KEPT, OFFLINE_MS, FORGOTTEN_MS = ${EVENTS_KEPT}, ${OFFLINE_MS}, ${FORGOTTEN_MS}`;

/** The scripts of agents, of claims on files or of contexts by their names, as Lua. */
export function togetherScripts<K extends Kind>(
  kind: K,
): readonly (readonly [name: TogetherScript<K>, lua: string])[] {
  const before = [
    ...['records/clock', 'records/publish'].map(scriptText),
    CONSTANTS,
    ...['work/together', `work/${kind}`].map(scriptText),
  ];
  return SCRIPTS[kind].map(name => [name, [...before, scriptText(`work/${name}`)].join('\n')]);
}

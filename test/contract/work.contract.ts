import type { OpenWork } from '../fixtures/openWork.ts';
import { agentsContract } from './work/agents.contract.ts';
import { contextsContract } from './work/contexts.contract.ts';
import { fileClaimsContract } from './work/fileClaims.contract.ts';

/** What agents, their claims on files and what they share must do. @param open empty ones */
export function workContract(name: string, open: () => Promise<OpenWork>): void {
  agentsContract(name, open);
  fileClaimsContract(name, open);
  contextsContract(name, open);
}

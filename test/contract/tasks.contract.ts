import type { OpenTasks } from '../fixtures/openTasks.ts';
import { accountsContract } from './tasks/accounts.contract.ts';
import { claimsContract } from './tasks/claims.contract.ts';
import { dependenciesContract } from './tasks/dependencies.contract.ts';
import { leasesContract } from './tasks/leases.contract.ts';
import { outcomesContract } from './tasks/outcomes.contract.ts';
import { submissionContract } from './tasks/submission.contract.ts';
import { trendContract } from './tasks/trend.contract.ts';

/** What every TaskStore must do. @param open an empty one */
export function tasksContract(name: string, open: () => Promise<OpenTasks>): void {
  submissionContract(name, open);
  claimsContract(name, open);
  leasesContract(name, open);
  outcomesContract(name, open);
  dependenciesContract(name, open);
  accountsContract(name, open);
  trendContract(name, open);
}

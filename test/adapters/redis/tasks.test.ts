import { tasksContract } from '../../contract/tasks.contract.ts';
import { onEachRedis } from '../../fixtures/onEachRedis.ts';
import { openRedisTasks } from '../../fixtures/openRedisTasks.ts';

onEachRedis('tasks', (kind, place) => tasksContract(kind, () => openRedisTasks(...place())));

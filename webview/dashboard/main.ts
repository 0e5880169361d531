import {
  type DashboardPlace,
  type DashboardSample,
  dashboardProtocol,
} from '../../src/surfaces/editor/webviews/messages/dashboardProtocol.ts';
import { Client, RequestFailed } from '../shared/client.ts';
import { element } from '../shared/dom.ts';
import { AgentsCard } from './cards/agentsCard.ts';
import { CacheCard } from './cards/cacheCard.ts';
import type { DashboardCard } from './cards/dashboardCard.ts';
import { LatencyCards } from './cards/latencyCards.ts';
import { MachineCards } from './cards/machineCards.ts';
import { MemoriesCard } from './cards/memoriesCard.ts';
import { StoreCards } from './cards/storeCards.ts';
import { TasksCard } from './cards/tasksCard.ts';
import { Header } from './header.ts';
import { History, pointOf } from './history.ts';
import { Sampler } from './sampler.ts';
import '../shared/shared.css';
import './dashboard.css';

/** What a reload brings back; of an older version it may be anything. */
interface Kept {
  readonly everywhere?: unknown;
  readonly points?: unknown;
}

const client = new Client(dashboardProtocol);
const kept = (client.getState() ?? {}) as Kept;
const history = new History();
let everywhere = kept.everywhere === true;
history.restore(kept.points, Date.now());

const sampler = new Sampler(take);
const header = new Header(
  {
    onEverywhere(all) {
      everywhere = all;
      // Counts of other namespaces are no course of these.
      history.clear();
      sampler.now();
    },
    onPause(paused) {
      sampler.paused = paused;
    },
  },
  everywhere,
);
const failure = element('p', { class: 'warning failure', role: 'status', hidden: true });
const cards: readonly DashboardCard[] = [
  new TasksCard(open),
  new AgentsCard(open),
  new MachineCards(open),
  new LatencyCards(open),
  new CacheCard(open),
  new MemoriesCard(open),
  new StoreCards(open),
];
const grid = element('div', { class: 'grid', hidden: true }, ...cards.map(card => card.element));
document.getElementById('page')!.append(header.element, failure, grid);
client.ready();
sampler.now();

/** @returns whether there is one */
async function take(): Promise<boolean> {
  const asked = everywhere;
  try {
    const sample = await client.request('sample', { everywhere: asked });
    // Meanwhile others were asked for.
    if (asked === everywhere) show(sample);
    return true;
  } catch (error) {
    const fix = error instanceof RequestFailed ? error.fix : '';
    failure.textContent = `${(error as Error).message} ${fix}`.trim();
    failure.hidden = false;
    return false;
  }
}

function show(sample: DashboardSample): void {
  failure.hidden = true;
  failure.textContent = '';
  history.add(pointOf(sample));
  header.show(sample.namespace, sample.at);
  for (const card of cards) card.show(sample, history);
  grid.hidden = false;
  client.setState({ everywhere, points: history.points });
}

function open(place: DashboardPlace): void {
  client.request('open', { place }).catch((error: Error) => {
    failure.textContent = error.message;
    failure.hidden = false;
  });
}

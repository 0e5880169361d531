import type {
  DashboardPlace,
  DashboardSample,
  Part,
} from '../../../src/surfaces/editor/webviews/messages/dashboardProtocol.ts';
import { l10n } from '../../shared/l10n.ts';
import type { CardText } from '../card.ts';
import type { History } from '../history.ts';

export type Open = (place: DashboardPlace) => void;

/** One subject, or one card for each of its things. */
export interface DashboardCard {
  readonly element: HTMLElement;
  /** @param history ends with the sample */
  show(sample: DashboardSample, history: History): void;
}

/** Where a part cannot be told: why, and what to do. */
export function untold({ problem }: Part<unknown>): CardText {
  return {
    figure: '–',
    caption: l10n.t('cannot be told now'),
    warning: problem && `${problem.message} ${problem.fix}`,
    empty: true,
  };
}

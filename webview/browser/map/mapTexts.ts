import type { MapAnswer } from '../../../src/surfaces/editor/webviews/messages/browserProtocol.ts';
import { l10n } from '../../shared/l10n.ts';
import type { ColouredBy } from './mapState.ts';

/** Why there is nothing to see. */
export function emptyText({ problem, without }: MapAnswer): string {
  if (without === 0) return l10n.t('No memory is stored yet. What agents learn appears here.');
  if (problem !== undefined)
    return l10n.t('Memories lie here by meaning, but none of {0} has an embedding: {1}', without, problem);
  return l10n.t('{0} memories wait for their embeddings, and appear here when they have them.', without);
}

/** What the line below the search says. */
export function reportText(answer: MapAnswer): string {
  const { cut, ids, matches, refined, without } = answer;
  const found = matches?.reduce((sum, one) => sum + one, 0);
  const parts = [
    found === undefined
      ? ids.length === 1
        ? l10n.t('1 memory')
        : l10n.t('{0} memories', numeral(ids.length))
      : l10n.t('{0} of {1} memories', numeral(found), numeral(ids.length)),
    cut && l10n.t('the newest'),
    without > 0 && l10n.t('{0} without embedding', numeral(without)),
    !refined && l10n.t('neighbours are still finding each other'),
  ];
  return parts.filter(Boolean).join(' · ');
}

/** What a screen reader says of the map as a whole. */
export function mapLabel({ ids }: MapAnswer, by: ColouredBy): string {
  const count = numeral(ids.length);
  return by === 'types'
    ? l10n.t('Map of {0} memories by meaning, coloured by type', count)
    : l10n.t('Map of {0} memories by meaning, coloured by agent', count);
}

/** What a screen reader says of the part that is in sight. @param zoom against all in sight */
export function partText(zoom: number, inSight: number): string {
  return l10n.t('Zoom {0} %, {1} memories in sight', Math.round(zoom * 100), numeral(inSight));
}

function numeral(count: number): string {
  return count.toLocaleString(document.documentElement.lang || 'en');
}

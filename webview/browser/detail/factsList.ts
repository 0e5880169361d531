import type {
  Question,
  WholeMemory,
} from '../../../src/surfaces/editor/webviews/messages/browserProtocol.ts';
import { labelName } from '../../../src/surfaces/editor/webviews/messages/labelName.ts';
import { fullTime } from '../../shared/ago.ts';
import { element } from '../../shared/dom.ts';
import { l10n } from '../../shared/l10n.ts';

/** A memory's labels and dates; those that are filters too are buttons. */
export function factsList(memory: WholeMemory, filter: (filters: Question['filters']) => void): HTMLElement {
  const link = (text: string, filters: Question['filters']) =>
    element(
      'button',
      {
        ...{ class: 'text-button foreign', type: 'button', title: l10n.t('Show all with “{0}”', text) },
        on: { click: () => filter(filters) },
      },
      text,
    );
  const { agent, expires, metadata, session, supersedes, tags } = memory;
  const facts: readonly (readonly [string, ...(Node | string)[]] | undefined)[] = [
    tags.length > 0 ? [l10n.t('Tags'), ...tags.map(tag => link(tag, { tags: [tag] }))] : undefined,
    [l10n.t('Priority'), link(labelName(memory.priority, l10n.t), { priorities: [memory.priority] })],
    agent !== null ? [l10n.t('Agent'), link(agent, { agent })] : undefined,
    [l10n.t('Owner'), memory.owner],
    [l10n.t('Seen by'), audienceText(memory)],
    [l10n.t('Namespace'), link(memory.namespace, { namespace: memory.namespace })],
    session !== null ? [l10n.t('Session'), link(session, { session })] : undefined,
    [l10n.t('Source'), memory.source],
    [l10n.t('Review'), labelName(memory.review, l10n.t)],
    [l10n.t('Created'), fullTime(memory.created)],
    [l10n.t('Changed'), l10n.t('{0}, version {1}', fullTime(memory.updated), memory.version)],
    [l10n.t('Expires'), expires === null ? l10n.t('never') : fullTime(expires)],
    [l10n.t('Used'), memory.accessCount === 1 ? l10n.t('once') : l10n.t('{0} times', memory.accessCount)],
    memory.anchors.length > 0 ? [l10n.t('Code'), memory.anchors.map(placeText).join(', ')] : undefined,
    supersedes !== null ? [l10n.t('Replaces'), supersedes] : undefined,
    memory.sensitive ? [l10n.t('Sensitive'), l10n.t('encrypted at rest')] : undefined,
    metadata !== undefined ? [l10n.t('Metadata'), element('pre', { tabindex: 0 }, metadata)] : undefined,
  ];
  return element(
    'dl',
    { class: 'facts' },
    ...facts.flatMap(fact => {
      if (!fact) return [];
      const [name, ...values] = fact;
      return [element('dt', {}, name), element('dd', { class: 'foreign' }, ...values)];
    }),
  );
}

function audienceText({ sharedWith, visibility }: WholeMemory): string {
  if (visibility === 'public') return l10n.t('everybody in its namespace');
  if (visibility === 'private') return l10n.t('its owner alone');
  return l10n.t('its owner and {0}', sharedWith.join(', '));
}

function placeText({ endLine, path, startLine }: WholeMemory['anchors'][number]): string {
  if (startLine === undefined) return path;
  return endLine === undefined || endLine === startLine
    ? `${path}:${startLine}`
    : `${path}:${startLine}-${endLine}`;
}

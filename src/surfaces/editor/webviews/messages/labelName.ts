/** As `vscode.l10n.t`, in the extension host and in its pages. */
type Translate = (text: string) => string;

const NAMES: Readonly<Record<string, (t: Translate) => string>> = {
  conversation: t => t('conversation'),
  code: t => t('code'),
  document: t => t('document'),
  task: t => t('task'),
  context: t => t('context'),
  embedding: t => t('embedding'),
  search_result: t => t('search result'),
  system_state: t => t('system state'),
  critical: t => t('critical'),
  high: t => t('high'),
  medium: t => t('medium'),
  low: t => t('low'),
  archive: t => t('archive'),
  unreviewed: t => t('unreviewed'),
  accepted: t => t('accepted'),
  rejected: t => t('rejected'),
  idle: t => t('idle'),
  busy: t => t('busy'),
};

/** How a person reads what the engine calls a type, a priority, a state of review or of an agent; any other word stays as it is. */
export function labelName(value: string, t: Translate): string {
  return Object.hasOwn(NAMES, value) ? NAMES[value]!(t) : value;
}

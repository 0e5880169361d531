import * as vscode from 'vscode';

const DAY_MS = 86_400_000;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** Created at or after / before, ms since the epoch. */
interface Span {
  readonly since?: number;
  readonly until?: number;
}

/** Asks when a memory was created. @returns undefined: a person left */
export async function chooseTime(): Promise<Span | undefined> {
  const midnight = new Date().setHours(0, 0, 0, 0);
  const since = (days: number) => ({ since: midnight - days * DAY_MS });
  const typed = { label: `$(calendar) ${vscode.l10n.t('From one day to another…')}`, span: undefined };
  const choices = [
    { label: vscode.l10n.t('Today'), span: since(0) },
    { label: vscode.l10n.t('Since yesterday'), span: since(1) },
    { label: vscode.l10n.t('Last 7 days'), span: since(6) },
    { label: vscode.l10n.t('Last 30 days'), span: since(29) },
    { label: vscode.l10n.t('Last 365 days'), span: since(364) },
    typed,
  ];
  const chosen = await vscode.window.showQuickPick(choices, { title: vscode.l10n.t('Created') });
  return chosen === typed ? typeSpan() : chosen?.span;
}

async function typeSpan(): Promise<Span | undefined> {
  const ask = (prompt: string) =>
    vscode.window.showInputBox({
      title: vscode.l10n.t('Created'),
      prompt,
      placeHolder: '2026-03-01',
      validateInput: text =>
        text === '' || startOf(text) !== undefined
          ? undefined
          : vscode.l10n.t('Give a day, such as 2026-03-01.'),
    });
  const from = await ask(vscode.l10n.t('From this day on; empty: from the beginning'));
  if (from === undefined) return undefined;
  const to = await ask(vscode.l10n.t('Up to this day, which is included; empty: until now'));
  if (to === undefined) return undefined;
  const since = startOf(from);
  const last = startOf(to);
  return { ...(since !== undefined && { since }), ...(last !== undefined && { until: last + DAY_MS }) };
}

/** When that day begins here, ms since the epoch; undefined for what is no day. */
function startOf(day: string): number | undefined {
  const at = DAY.test(day) ? new Date(`${day}T00:00`).getTime() : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

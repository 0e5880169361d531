import * as vscode from 'vscode';
import type { EditorMemory } from '../editorMemory.ts';
import { reporting } from '../showError.ts';
import { type DashboardPlace, dashboardProtocol } from '../webviews/messages/dashboardProtocol.ts';
import { WebviewKind } from '../webviews/webviewKind.ts';

/** The dashboard: a page in the editor area. It asks while it is seen; nothing is asked for it otherwise. */
export function registerDashboard(context: vscode.ExtensionContext, memory: EditorMemory): vscode.Disposable {
  const dashboard = new WebviewKind(context.extensionUri, memory.log, {
    name: 'dashboard',
    title: vscode.l10n.t('Memory Dashboard'),
    protocol: dashboardProtocol,
    serve: () => ({
      sample: async ({ everywhere }, signal) => {
        const caller = await memory.caller();
        return memory.request('dashboard', { caller, everywhere }, { signal });
      },
      open: async ({ place }) => {
        openPlace(place);
        return null;
      },
    }),
  });
  return vscode.Disposable.from(
    dashboard,
    vscode.commands.registerCommand(
      'memoryCentral.openDashboard',
      reporting(memory, async () => dashboard.show()),
    ),
  );
}

/** The page does not wait for what a person does there. */
function openPlace(place: DashboardPlace): void {
  void vscode.commands.executeCommand(
    place === 'memories' ? 'memoryCentral.openBrowser' : `memoryCentral.${place}.focus`,
  );
}

import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** The one folder that a page may read. */
export function webviewFolder(extension: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extension, 'dist', 'webview');
}

/**
 * The page of a webview. Its policy allows our script by nonce, style sheets and the icon font of `dist/webview`, and nothing else: no
 * picture, no connection, no frame, no text that becomes a script or markup.
 * @param name of the bundle: `dist/webview/<name>.js` and `.css`
 */
export function webviewHtml(
  webview: vscode.Webview,
  extension: vscode.Uri,
  name: string,
  title: string,
): string {
  const nonce = randomBytes(24).toString('base64url');
  const file = (path: string) =>
    attribute(String(webview.asWebviewUri(vscode.Uri.joinPath(webviewFolder(extension), path))));
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${attribute(vscode.env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" id="vscode-codicon-stylesheet" href="${file('codicons.css')}">
<link rel="stylesheet" href="${file(`${name}.css`)}">
<title>${attribute(title)}</title>
</head>
<body data-l10n="${attribute(JSON.stringify(vscode.l10n.bundle ?? {}))}">
<main id="page"></main>
<script nonce="${nonce}" src="${file(`${name}.js`)}"></script>
</body>
</html>`;
}

function attribute(text: string): string {
  return text.replace(/[&"<>]/g, sign => `&#${sign.charCodeAt(0)};`);
}

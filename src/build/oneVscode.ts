import type { Plugin } from 'esbuild';

const SHARED = 'shared-vscode';

/**
 * Lets all modules of a bundle share one view of the editor's API. Otherwise esbuild makes one for each module that imports it, a getter
 * for each of hundreds of names, and the editor looks up for each of them whose call of `require` it is: half of what loading took.
 */
export const oneVscode: Plugin = {
  name: 'one-vscode',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^vscode$/ }, ({ namespace }) =>
      namespace === SHARED ? { path: 'vscode', external: true } : { path: 'vscode', namespace: SHARED },
    );
    onLoad({ filter: /.*/, namespace: SHARED }, () => ({ contents: "export * from 'vscode';" }));
  },
};

/** The rules of docs/architecture.md: surfaces -> tools -> engine <- adapters; main and build alone see everything. */
const only = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    only('no-circles', 'A circle has no beginning: take the shared part out.', {}, { circular: true }),
    only(
      'engine-is-pure',
      'The engine imports nothing but itself: what it needs from the world is a port.',
      { path: '^src/engine/' },
      { pathNot: '^src/engine/' },
    ),
    only(
      'tools-see-engine',
      'Tools define operations on the engine; they know no surface and no adapter.',
      { path: '^src/tools/' },
      { path: '^src/', pathNot: '^src/(tools|engine)/' },
    ),
    only(
      'adapters-see-engine',
      'An adapter implements ports; it knows neither tools nor surfaces.',
      { path: '^src/adapters/' },
      { path: '^src/', pathNot: '^src/(adapters|engine)/' },
    ),
    only(
      'adapters-stand-alone',
      'One technology a folder: adapters do not know each other.',
      { path: '^src/adapters/([^/]+)/' },
      { path: '^src/adapters/', pathNot: '^src/adapters/$1/' },
    ),
    only(
      'surfaces-see-tools',
      'A surface translates a caller and decides nothing: no adapter, no other surface but what all over HTTP share.',
      { path: '^src/surfaces/([^/]+)/' },
      { path: '^src/', pathNot: '^src/(surfaces/($1|http)|tools|engine|config)/' },
    ),
    only(
      'http-knows-no-surface',
      'What surfaces over HTTP share depends on none of them.',
      { path: '^src/surfaces/http/' },
      { path: '^src/', pathNot: '^src/(surfaces/http|engine)/' },
    ),
    only(
      'config-stands-alone',
      'Settings are defined once, for everybody.',
      { path: '^src/config/' },
      { path: '^src/', pathNot: '^src/(config|engine/(errors|model))' },
    ),
    only(
      'vscode-in-the-editor-only',
      'Only the editor surface and its program know VS Code.',
      { path: '^src/', pathNot: '^src/(surfaces/editor/|main/extension\\.ts)' },
      { path: '(^vscode$|@types/vscode/)' },
    ),
    only(
      'webviews-know-messages-only',
      'A page runs in a browser: it knows its messages and how foreign text is shown, and nothing of other pages.',
      { path: '^webview/([^/]+)/' },
      {
        path: '^(src|webview|test|bench)/',
        pathNot:
          '^(webview/($1|shared)/|src/surfaces/editor/webviews/messages/|src/engine/foreignText\\.ts$)',
      },
    ),
    only(
      'messages-run-anywhere',
      'Messages between the editor and its pages are loaded by both: no package, nothing else of ours.',
      { path: '^src/surfaces/editor/webviews/messages/' },
      { pathNot: '^src/surfaces/editor/webviews/messages/' },
    ),
    only(
      'webviews-are-bundles',
      'The editor loads a page as a file; it imports nothing of it.',
      { path: '^src/' },
      { path: '^webview/' },
    ),
    only(
      'main-is-the-top',
      'Programs are started, never imported, except by other programs.',
      { path: '^src/', pathNot: '^src/(main|build)/' },
      { path: '^src/main/' },
    ),
    only(
      'no-test-in-src',
      'What runs does not depend on tests.',
      { path: '^src/' },
      { path: '^(test|bench)/' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/adapters/vector/assembly/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};

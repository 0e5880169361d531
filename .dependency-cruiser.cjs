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
      'A surface translates a caller and decides nothing: no adapter, no other surface.',
      { path: '^src/surfaces/([^/]+)/' },
      { path: '^src/', pathNot: '^src/(surfaces/$1|tools|engine|config)/' },
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

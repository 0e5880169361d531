const QUERY = matchMedia('(prefers-reduced-motion: reduce)');

/** The person, the system or the editor (`workbench.reduceMotion`) asked for less motion: then nothing glides. */
export function reducedMotion(): boolean {
  return QUERY.matches || document.body.classList.contains('vscode-reduce-motion');
}

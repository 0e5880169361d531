/** One stop of the Tab key for a group of controls; arrows, Home and End move within it. */
export function rovingFocus(group: HTMLElement, selector: string): void {
  const members = () => [...group.querySelectorAll<HTMLElement>(selector)];
  const settle = (current: HTMLElement | undefined) => {
    for (const member of members()) member.tabIndex = member === current ? 0 : -1;
  };
  settle(members()[0]);
  new MutationObserver(() => {
    const all = members();
    settle(all.find(member => member.tabIndex === 0) ?? all[0]);
  }).observe(group, { childList: true, subtree: true });
  group.addEventListener('focusin', event => {
    const member = (event.target as HTMLElement).closest<HTMLElement>(selector);
    if (member) settle(member);
  });
  group.addEventListener('keydown', event => {
    const all = members();
    const at = all.indexOf((event.target as HTMLElement).closest<HTMLElement>(selector)!);
    const next = nextIndex(event.key, at, all.length);
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    all[next]?.focus();
  });
}

function nextIndex(key: string, at: number, count: number): number | undefined {
  if (key === 'ArrowRight' || key === 'ArrowDown') return Math.min(at + 1, count - 1);
  if (key === 'ArrowLeft' || key === 'ArrowUp') return Math.max(at - 1, 0);
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : undefined;
}

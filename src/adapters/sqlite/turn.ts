let turn = 0;
let isCounting = false;

/** The number of this turn of the event loop. What other processes do meanwhile is heard of in the next: one read of a turn looks for all. */
export function currentTurn(): number {
  if (!isCounting) {
    isCounting = true;
    setImmediate(nextTurn);
  }
  return turn;
}

/** Something was done in this turn that later reads of it, on whichever connection, must know. */
export function endTurn(): void {
  turn += 1;
}

function nextTurn(): void {
  isCounting = false;
  turn += 1;
}

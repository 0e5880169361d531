/** The same, made once for each of few arguments and kept for good. */
export function kept<Argument, Made>(make: (argument: Argument) => Made): (argument: Argument) => Made {
  const all = new Map<Argument, Made>();
  return argument => {
    const known = all.get(argument);
    if (known !== undefined) return known;
    const made = make(argument);
    all.set(argument, made);
    return made;
  };
}

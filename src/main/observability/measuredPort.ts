/** Measures one call. @param call begins it; what it returns, and its failure, are the caller's */
export type Measure = <T>(operation: string, call: () => Promise<T>) => Promise<T>;

/** The same port; each of its calls that answers with a promise is measured. */
export function measuredPort<T extends object>(port: T, part: string, measure: Measure): T {
  const methods = new Map<string, unknown>();
  return new Proxy(port, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      if (typeof key === 'symbol') return value.bind(target);
      const known = methods.get(key);
      if (known) return known;
      const operation = `${part}.${key}`;
      const method = (...args: unknown[]) => {
        const answer: unknown = value.apply(target, args);
        return answer instanceof Promise ? measure(operation, () => answer) : answer;
      };
      methods.set(key, method);
      return method;
    },
  });
}

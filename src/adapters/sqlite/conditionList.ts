import type { Bindable } from './bind.ts';

/** Conditions that are joined by AND, and their values in the same order. */
export class ConditionList {
  readonly params: Bindable[] = [];
  readonly #conditions: string[] = [];

  get sql(): string {
    return this.#conditions.join(' AND ') || 'TRUE';
  }

  add(condition: string, ...values: readonly Bindable[]): this {
    this.#conditions.push(condition);
    this.params.push(...values);
    return this;
  }

  /** @param values undefined: any */
  oneOf(column: string, values: readonly string[] | undefined): this {
    return values ? this.add(`${column} IN (SELECT value FROM json_each(?))`, JSON.stringify(values)) : this;
  }

  /** @param value undefined: any */
  is(column: string, value: Bindable | undefined): this {
    return value === undefined ? this : this.add(`${column} = ?`, value);
  }
}

/** One figure of a benchmark. */
export interface BenchResult {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What is promised, such as `>= 0.9`. */
  readonly target?: string;
  readonly met?: boolean;
}

import type { Pace } from '../map/pace.ts';
import type { IndexSource } from '../ports/indexSource.ts';
import type { VectorIndex } from '../ports/vectorIndex.ts';
import type { Member, Partition } from './partitions.ts';

/** Vectors that are read at a time. */
const BATCH = 100;
/** What the index may be off by, of the cosine. */
const ERROR = 0.01;
const NEIGHBOURS = 20;

export interface NearMember extends Member {
  /** Cosine similarity. */
  readonly score: number;
}

/** The vectors of one partition at a time, in an index of its own: a scan of it is all that a question costs. */
export class Neighbourhood {
  readonly #source: IndexSource;
  readonly #index: VectorIndex;
  readonly #model: string;
  #members: Partition = new Map();
  #byId = new Map<string, Member>();

  /** @param index empty, for vectors of this model */
  constructor(source: IndexSource, index: VectorIndex, model: string) {
    this.#source = source;
    this.#index = index;
    this.#model = model;
  }

  /** Holds this partition from now on. @param without told of each that has no vector yet */
  async enter(partition: Partition, pace: Pace, without: (member: Member) => void): Promise<void> {
    for (const num of this.#members.keys()) {
      this.#index.remove(num);
      await pace.step();
    }
    this.#members = partition;
    this.#byId = new Map();
    for (const some of batchesOf(partition)) {
      for (const [j, vector] of (await this.#vectors(some.map(one => one.num))).entries()) {
        this.#byId.set(some[j]!.id, some[j]!);
        if (vector) this.#index.upsert(some[j]!.num, vector);
        else without(some[j]!);
      }
      await pace.step();
    }
  }

  /** The memory is gone. */
  leave(id: string): void {
    const member = this.#byId.get(id);
    if (member) this.#index.remove(member.num);
  }

  /** Nearest first, of at least this similarity; none for one without a vector. */
  async near(id: string, least: number): Promise<readonly NearMember[]> {
    const num = this.#byId.get(id)?.num;
    if (num === undefined || !this.#index.has(num)) return [];
    const [own] = await this.#vectors([num]);
    if (!own) return [];
    const found = await this.#index.nearest(own, NEIGHBOURS + 1, {});
    const likely = found.filter(({ key, score }) => key !== num && score >= least - ERROR);
    if (likely.length === 0) return [];
    const vectors = await this.#vectors(likely.map(one => one.key));
    return likely
      .map(({ key }, i) => ({ ...this.#members.get(key)!, score: cosine(own, vectors[i]) }))
      .filter(one => one.score >= least)
      .sort((a, b) => b.score - a.score || a.num - b.num);
  }

  async #vectors(nums: readonly number[]): Promise<readonly (Float32Array | undefined)[]> {
    const { dimensions } = this.#index;
    const all = await this.#source.vectors(this.#model, nums);
    return nums.map((_, i) => {
      const vector = all.subarray(i * dimensions, (i + 1) * dimensions);
      return vector.length === dimensions && vector.some(value => value !== 0) ? vector : undefined;
    });
  }
}

/** Taken as they are asked for: nothing is done for all of 100,000 at once. */
function* batchesOf(partition: Partition): Generator<readonly Member[]> {
  let batch: Member[] = [];
  for (const member of partition.values()) {
    batch.push(member);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Of unit vectors; 0 where one is gone. */
function cosine(one: Float32Array, other: Float32Array | undefined): number {
  let sum = 0;
  if (other) for (let i = 0; i < one.length; i++) sum += one[i]! * other[i]!;
  return Math.min(1, sum);
}

/**
 * Scores rows against a query and keeps the best. AssemblyScript, compiled twice: with relaxed SIMD, where whole scans take a
 * 7-bit query (one instruction for 16 products), and with portable SIMD. Rows picked one by one always meet the 15-bit query.
 *
 * Rows lie in blocks of four, which `layout.ts` knows too. A block of dimension `dim` (a multiple of 64) is
 *   dim / 64 lines, each with 64 codes (int8) of every one of its rows,
 *   4 scales (f32), 4 sums of codes (i32).
 *
 * A heap at `heap` is `capacity` scores (f32), then as many slots (i32), the least score first.
 */

/** Bytes of one row in a line, and of a line. */
const PART: usize = 64;
const LINE: usize = 256;
/** Where the sums begin behind the codes, and where the block ends. */
const SUMS: usize = 16;
const TAIL: usize = 32;
/** The 7-bit query is shifted by 64 to be unsigned; each row's sum takes that back. */
const SHIFT_BITS: i32 = 6;

/** Dot products of a block's four rows with the 7-bit query. */
// @ts-ignore: decorator
@inline
function shortDots(block: usize, end: usize, query: usize): v128 {
  let a0 = i32x4.splat(0);
  let a1 = i32x4.splat(0);
  let a2 = i32x4.splat(0);
  let a3 = i32x4.splat(0);
  for (let line = block; line < end; line += LINE) {
    for (let i: usize = 0; i < PART; i += 16) {
      const q = v128.load(query + i);
      a0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(line + i), q, a0);
      a1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(line + i, 64), q, a1);
      a2 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(line + i, 128), q, a2);
      a3 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(line + i, 192), q, a3);
    }
    query += PART;
  }
  return i32x4.sub(across(a0, a1, a2, a3), i32x4.shl(v128.load(end, SUMS), SHIFT_BITS));
}

/** Dot products of four rows, wherever they are, with the 15-bit query. */
// @ts-ignore: decorator
@inline
function longDots(r0: usize, r1: usize, r2: usize, r3: usize, dim: usize, query: usize): v128 {
  let a0 = i32x4.splat(0);
  let a1 = i32x4.splat(0);
  let a2 = i32x4.splat(0);
  let a3 = i32x4.splat(0);
  const end = dim * 4;
  for (let line: usize = 0; line < end; line += LINE) {
    for (let i: usize = 0; i < PART; i += 16) {
      const low = v128.load(query + i * 2);
      const high = v128.load(query + i * 2, 16);
      a0 = i32x4.add(a0, longDot(r0 + line + i, low, high));
      a1 = i32x4.add(a1, longDot(r1 + line + i, low, high));
      a2 = i32x4.add(a2, longDot(r2 + line + i, low, high));
      a3 = i32x4.add(a3, longDot(r3 + line + i, low, high));
    }
    query += PART * 2;
  }
  return across(a0, a1, a2, a3);
}

// @ts-ignore: decorator
@inline
function longDot(codes: usize, low: v128, high: v128): v128 {
  return i32x4.add(
    i32x4.dot_i16x8_s(v128.load_ext<i8>(codes), low),
    i32x4.dot_i16x8_s(v128.load_ext<i8>(codes, 8), high),
  );
}

/** Four accumulators of four lanes each become one of four sums. */
// @ts-ignore: decorator
@inline
function across(a0: v128, a1: v128, a2: v128, a3: v128): v128 {
  const x = i32x4.add(v128.shuffle<i32>(a0, a1, 0, 4, 1, 5), v128.shuffle<i32>(a0, a1, 2, 6, 3, 7));
  const y = i32x4.add(v128.shuffle<i32>(a2, a3, 0, 4, 1, 5), v128.shuffle<i32>(a2, a3, 2, 6, 3, 7));
  return i32x4.add(v128.shuffle<i32>(x, y, 0, 1, 4, 5), v128.shuffle<i32>(x, y, 2, 3, 6, 7));
}

/**
 * Scans rows `first` to `end`; more calls may go on with the same heap. The query is the 7-bit one where relaxed SIMD is.
 *
 * @param first a multiple of 4
 * @param masks one byte for each row from `first` on, as long as whole blocks are; a row with 0 is left out. 0: every row counts
 * @param floor what does not score above this is left out
 * @param held how many the heap has already
 * @returns how many it has now
 */
export function scan(
  base: usize, first: i32, end: i32, dim: usize, query: usize, masks: usize, floor: f32,
  heap: usize, capacity: i32, held: i32,
): i32 {
  const codes = dim * 4;
  const stride = codes + TAIL;
  let least = thresholdOf(heap, capacity, held, floor);
  let block = base + <usize>(first >> 2) * stride;
  for (let slot = first; slot < end; slot += 4, block += stride) {
    let mask: u32 = 0x01010101;
    if (masks != 0) {
      mask = load<u32>(masks + <usize>(slot - first));
      if (mask == 0) continue;
    }
    const tail = block + codes;
    let dots: v128;
    if (ASC_FEATURE_RELAXED_SIMD) dots = shortDots(block, tail, query);
    else dots = longDots(block, block + PART, block + PART * 2, block + PART * 3, dim, query);
    const four = f32x4.mul(v128.load(tail), f32x4.convert_i32x4_s(dots));
    if (!v128.any_true(f32x4.gt(four, f32x4.splat(least)))) continue;
    for (let lane = 0; lane < 4; lane++) {
      if (((mask >> (lane << 3)) & 1) == 0 || slot + lane >= end) continue;
      const score = laneOf(four, lane);
      if (score <= least) continue;
      held = keep(heap, capacity, held, score, slot + lane);
      least = thresholdOf(heap, capacity, held, floor);
    }
  }
  return held;
}

/** As `scan`, over the `count` slots at `slots` (i32) and with the 15-bit query. */
export function gather(
  base: usize, slots: usize, count: i32, dim: usize, query: usize, floor: f32,
  heap: usize, capacity: i32, held: i32,
): i32 {
  let least = thresholdOf(heap, capacity, held, floor);
  for (let i = 0; i < count; i += 4) {
    const four = scoresOf(base, slots, i, count, dim, query);
    if (!v128.any_true(f32x4.gt(four, f32x4.splat(least)))) continue;
    for (let lane = 0; lane < 4 && i + lane < count; lane++) {
      const score = laneOf(four, lane);
      if (score <= least) continue;
      held = keep(heap, capacity, held, score, slotAt(slots, i + lane));
      least = thresholdOf(heap, capacity, held, floor);
    }
  }
  return held;
}

/** Scores of the `count` slots at `slots` (i32) with the 15-bit query, written to `out` (f32, whole fours). */
export function similarities(base: usize, slots: usize, count: i32, dim: usize, query: usize, out: usize): void {
  for (let i = 0; i < count; i += 4) {
    v128.store(out + (<usize>i << 2), scoresOf(base, slots, i, count, dim, query));
  }
}

/** Reads all codes once and does next to nothing with them: what the benchmark divides by. */
export function read(base: usize, count: i32, dim: usize): i32 {
  const stride = dim * 4 + TAIL;
  let sum = i32x4.splat(0);
  let block = base;
  for (let first = 0; first < count; first += 4, block += stride) {
    const end = block + dim * 4;
    for (let at = block; at < end; at += PART) {
      sum = v128.xor(sum, v128.xor(
        v128.xor(v128.load(at), v128.load(at, 16)), v128.xor(v128.load(at, 32), v128.load(at, 48))));
    }
  }
  return i32x4.extract_lane(sum, 0) ^ i32x4.extract_lane(sum, 1) ^ i32x4.extract_lane(sum, 2) ^ i32x4.extract_lane(sum, 3);
}

/** Scores of four listed rows; where the list ends, the last one again. */
// @ts-ignore: decorator
@inline
function scoresOf(base: usize, slots: usize, i: i32, count: i32, dim: usize, query: usize): v128 {
  const s0 = slotAt(slots, i);
  const s1 = slotAt(slots, min(i + 1, count - 1));
  const s2 = slotAt(slots, min(i + 2, count - 1));
  const s3 = slotAt(slots, min(i + 3, count - 1));
  const dots = longDots(
    rowOf(base, s0, dim), rowOf(base, s1, dim), rowOf(base, s2, dim), rowOf(base, s3, dim), dim, query);
  let scales = f32x4.splat(scaleOf(base, s0, dim));
  scales = f32x4.replace_lane(scales, 1, scaleOf(base, s1, dim));
  scales = f32x4.replace_lane(scales, 2, scaleOf(base, s2, dim));
  scales = f32x4.replace_lane(scales, 3, scaleOf(base, s3, dim));
  return f32x4.mul(scales, f32x4.convert_i32x4_s(dots));
}

// @ts-ignore: decorator
@inline
function slotAt(slots: usize, i: i32): i32 {
  return load<i32>(slots + (<usize>i << 2));
}

// @ts-ignore: decorator
@inline
function rowOf(base: usize, slot: i32, dim: usize): usize {
  return base + <usize>(slot >> 2) * (dim * 4 + TAIL) + (<usize>(slot & 3) * PART);
}

// @ts-ignore: decorator
@inline
function scaleOf(base: usize, slot: i32, dim: usize): f32 {
  return load<f32>(base + <usize>(slot >> 2) * (dim * 4 + TAIL) + dim * 4 + (<usize>(slot & 3) << 2));
}

// @ts-ignore: decorator
@inline
function laneOf(four: v128, lane: i32): f32 {
  if (lane == 0) return f32x4.extract_lane(four, 0);
  if (lane == 1) return f32x4.extract_lane(four, 1);
  if (lane == 2) return f32x4.extract_lane(four, 2);
  return f32x4.extract_lane(four, 3);
}

/** What a row must exceed to be kept. */
// @ts-ignore: decorator
@inline
function thresholdOf(heap: usize, capacity: i32, held: i32, floor: f32): f32 {
  return held < capacity ? floor : load<f32>(heap);
}

/** @returns how many the heap holds then */
function keep(heap: usize, capacity: i32, held: i32, score: f32, slot: i32): i32 {
  if (held < capacity) {
    siftUp(heap, capacity, held, score, slot);
    return held + 1;
  }
  siftDown(heap, capacity, score, slot);
  return held;
}

// @ts-ignore: decorator
@inline
function scoreAt(heap: usize, at: i32): f32 {
  return load<f32>(heap + (<usize>at << 2));
}

// @ts-ignore: decorator
@inline
function put(heap: usize, capacity: i32, at: i32, score: f32, slot: i32): void {
  store<f32>(heap + (<usize>at << 2), score);
  store<i32>(heap + (<usize>(capacity + at) << 2), slot);
}

// @ts-ignore: decorator
@inline
function move(heap: usize, capacity: i32, from: i32, to: i32): void {
  put(heap, capacity, to, scoreAt(heap, from), slotAt(heap, capacity + from));
}

function siftUp(heap: usize, capacity: i32, start: i32, score: f32, slot: i32): void {
  let at = start;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (scoreAt(heap, parent) <= score) break;
    move(heap, capacity, parent, at);
    at = parent;
  }
  put(heap, capacity, at, score, slot);
}

function siftDown(heap: usize, capacity: i32, score: f32, slot: i32): void {
  let at = 0;
  for (;;) {
    let child = at * 2 + 1;
    if (child >= capacity) break;
    if (child + 1 < capacity && scoreAt(heap, child + 1) < scoreAt(heap, child)) child += 1;
    if (scoreAt(heap, child) >= score) break;
    move(heap, capacity, child, at);
    at = child;
  }
  put(heap, capacity, at, score, slot);
}

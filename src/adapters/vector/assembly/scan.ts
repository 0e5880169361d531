/**
 * Scores all rows against a query and keeps the best. AssemblyScript, compiled twice: with relaxed SIMD (7-bit query, one
 * instruction for 16 products) and with portable SIMD (15-bit query).
 *
 * Rows lie in blocks of four. A block of dimension `dim` (a multiple of 64) is
 *   dim / 64 lines, each with 64 codes (int8) of every one of its rows,
 *   4 scales (f32), 4 sums of codes (i32), 4 bytes of mask (0: leave out), 12 bytes unused.
 */

/** Bytes of one row in a line. */
const LINE: usize = 64;
/** Where the scales, sums and mask begin behind the codes. */
const SUMS: usize = 16;
const MASK: usize = 32;
const TAIL: usize = 48;
/** The 7-bit query is shifted by 64 to be unsigned; each row's sum takes that back. */
const SHIFT: i32 = 64;

/** Dot products of a block's four rows with the query, as integers. */
// @ts-ignore: decorator
@inline
function dots(block: usize, dim: usize, query: usize): v128 {
  let a0 = i32x4.splat(0);
  let a1 = i32x4.splat(0);
  let a2 = i32x4.splat(0);
  let a3 = i32x4.splat(0);
  const end = block + dim * 4;
  for (let line = block; line < end; line += LINE * 4) {
    if (ASC_FEATURE_RELAXED_SIMD) {
      for (let i: usize = 0; i < LINE; i += 16) {
        const q = v128.load(query + i);
        a0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(line + i), q, a0);
        a1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(line + i, 64), q, a1);
        a2 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(line + i, 128), q, a2);
        a3 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(line + i, 192), q, a3);
      }
      query += LINE;
    } else {
      for (let i: usize = 0; i < LINE; i += 16) {
        const low = v128.load(query + i * 2);
        const high = v128.load(query + i * 2, 16);
        const c0 = v128.load(line + i);
        const c1 = v128.load(line + i, 64);
        const c2 = v128.load(line + i, 128);
        const c3 = v128.load(line + i, 192);
        a0 = i32x4.add(a0, i32x4.add(
          i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(c0), low), i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(c0), high)));
        a1 = i32x4.add(a1, i32x4.add(
          i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(c1), low), i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(c1), high)));
        a2 = i32x4.add(a2, i32x4.add(
          i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(c2), low), i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(c2), high)));
        a3 = i32x4.add(a3, i32x4.add(
          i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(c3), low), i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(c3), high)));
      }
      query += LINE * 2;
    }
  }
  // Four accumulators of four lanes each become one of four sums.
  const x = i32x4.add(v128.shuffle<i32>(a0, a1, 0, 4, 1, 5), v128.shuffle<i32>(a0, a1, 2, 6, 3, 7));
  const y = i32x4.add(v128.shuffle<i32>(a2, a3, 0, 4, 1, 5), v128.shuffle<i32>(a2, a3, 2, 6, 3, 7));
  return i32x4.add(v128.shuffle<i32>(x, y, 0, 1, 4, 5), v128.shuffle<i32>(x, y, 2, 3, 6, 7));
}

/** Scores of a block's four rows, in units of the query's scale. */
// @ts-ignore: decorator
@inline
function scores(block: usize, dim: usize, query: usize): v128 {
  const tail = block + dim * 4;
  let products = dots(block, dim, query);
  if (ASC_FEATURE_RELAXED_SIMD) {
    products = i32x4.sub(products, i32x4.mul(v128.load(tail, SUMS), i32x4.splat(SHIFT)));
  }
  return f32x4.mul(v128.load(tail), f32x4.convert_i32x4_s(products));
}

/**
 * The `capacity` best rows among `count`, as a heap at `heap`: `capacity` scores (f32), then as many slots (i32); in no order.
 *
 * @param masked 0: every row counts; else only those whose mask byte is not 0
 * @returns how many were found
 */
export function scan(
  base: usize, count: i32, dim: usize, query: usize, masked: i32, heap: usize, capacity: i32,
): i32 {
  const stride = dim * 4 + TAIL;
  let held = 0;
  let least: f32 = -Infinity;
  let block = base;
  for (let first = 0; first < count; first += 4, block += stride) {
    let mask: u32 = 0x01010101;
    if (masked != 0) {
      mask = load<u32>(block + dim * 4, MASK);
      if (mask == 0) continue;
    }
    const four = scores(block, dim, query);
    if (!v128.any_true(f32x4.gt(four, f32x4.splat(least)))) continue;
    for (let lane = 0; lane < 4; lane++) {
      if (((mask >> (lane << 3)) & 1) == 0 || first + lane >= count) continue;
      const score = laneOf(four, lane);
      if (held < capacity) {
        siftUp(heap, capacity, held, score, first + lane);
        held += 1;
        if (held == capacity) least = load<f32>(heap);
      } else if (score > least) {
        siftDown(heap, capacity, score, first + lane);
        least = load<f32>(heap);
      }
    }
  }
  return held;
}

/** Scores of the `count` slots at `slots` (i32), written to `out` (f32). */
export function similarities(base: usize, dim: usize, query: usize, slots: usize, count: i32, out: usize): void {
  const stride = dim * 4 + TAIL;
  for (let i = 0; i < count; i++) {
    const slot = load<i32>(slots + ((<usize>i) << 2));
    const four = scores(base + (<usize>(slot >> 2)) * stride, dim, query);
    store<f32>(out + ((<usize>i) << 2), laneOf(four, slot & 3));
  }
}

/** Reads all codes once and does next to nothing with them: what the benchmark divides by. */
export function read(base: usize, count: i32, dim: usize): i32 {
  const stride = dim * 4 + TAIL;
  let sum = i32x4.splat(0);
  let block = base;
  for (let first = 0; first < count; first += 4, block += stride) {
    const end = block + dim * 4;
    for (let at = block; at < end; at += 64) {
      sum = v128.xor(sum, v128.xor(v128.xor(v128.load(at), v128.load(at, 16)), v128.xor(v128.load(at, 32), v128.load(at, 48))));
    }
  }
  return i32x4.extract_lane(sum, 0) ^ i32x4.extract_lane(sum, 1) ^ i32x4.extract_lane(sum, 2) ^ i32x4.extract_lane(sum, 3);
}

// @ts-ignore: decorator
@inline
function laneOf(four: v128, lane: i32): f32 {
  if (lane == 0) return f32x4.extract_lane(four, 0);
  if (lane == 1) return f32x4.extract_lane(four, 1);
  if (lane == 2) return f32x4.extract_lane(four, 2);
  return f32x4.extract_lane(four, 3);
}

// @ts-ignore: decorator
@inline
function put(heap: usize, capacity: i32, at: i32, score: f32, slot: i32): void {
  store<f32>(heap + ((<usize>at) << 2), score);
  store<i32>(heap + ((<usize>(capacity + at)) << 2), slot);
}

// @ts-ignore: decorator
@inline
function move(heap: usize, capacity: i32, from: i32, to: i32): void {
  put(heap, capacity, to, load<f32>(heap + ((<usize>from) << 2)), load<i32>(heap + ((<usize>(capacity + from)) << 2)));
}

function siftUp(heap: usize, capacity: i32, start: i32, score: f32, slot: i32): void {
  let at = start;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (load<f32>(heap + ((<usize>parent) << 2)) <= score) break;
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
    if (child + 1 < capacity && load<f32>(heap + ((<usize>(child + 1)) << 2)) < load<f32>(heap + ((<usize>child) << 2))) child += 1;
    if (load<f32>(heap + ((<usize>child) << 2)) >= score) break;
    move(heap, capacity, child, at);
    at = child;
  }
  put(heap, capacity, at, score, slot);
}

import type { VectorIndexFactory } from '../ports/vectorIndex.ts';
import type { Analyzer } from './analyze.ts';
import { Catalog, COLUMNS } from './catalog.ts';
import { Interner } from './interner.ts';
import { Postings } from './postings.ts';
import { SearchIndex } from './searchIndex.ts';

/** Changes whenever analysis, columns or layout change: a snapshot of another format is not read. */
const FORMAT = 3;

/** How far the index had read, and of which store. */
export interface SnapshotState {
  readonly storeId: string;
  readonly model: string | null;
  readonly log: number;
  readonly vectors: number;
}

interface Header extends SnapshotState {
  readonly format: number;
  readonly rows: number;
  readonly live: number;
  readonly sensitive: boolean;
  readonly tagListLength: number;
  readonly ids: readonly string[];
  readonly names: readonly string[];
  readonly tags: readonly string[];
  readonly sharedWith: readonly (readonly [number, readonly string[]])[];
  /** Type and length of each array that follows, in bytes. */
  readonly sections: readonly number[];
}

/** The index as bytes: a JSON header, then the arrays, each at a multiple of eight. */
export function writeSnapshot(index: SearchIndex, state: SnapshotState): readonly Uint8Array[] {
  const { catalog } = index;
  const columns = COLUMNS.map(name => catalog[name].subarray(0, catalog.rows));
  const arrays = [
    ...columns,
    catalog.rowOfNum,
    catalog.tagList.subarray(0, catalog.tagListLength),
    ...index.postings.parts(),
    index.vectors?.snapshot() ?? new Uint8Array(0),
  ].map(array => new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength));
  const header: Header = {
    ...state,
    format: FORMAT,
    rows: catalog.rows,
    live: catalog.live,
    sensitive: catalog.sensitive,
    tagListLength: catalog.tagListLength,
    ids: catalog.ids,
    names: catalog.names.strings(),
    tags: catalog.tags.strings(),
    sharedWith: [...catalog.sharedWith],
    sections: arrays.map(array => array.byteLength),
  };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setUint32(0, json.byteLength, true);
  return [
    length,
    json,
    padding(json.byteLength),
    ...arrays.flatMap(array => [array, padding(array.byteLength)]),
  ];
}

/** undefined when the bytes are of another format, store or model. */
export function readSnapshot(
  bytes: Uint8Array,
  analyzer: Analyzer,
  vectors: VectorIndexFactory,
  wanted: Pick<SnapshotState, 'storeId' | 'model'>,
): { index: SearchIndex; state: SnapshotState } | undefined {
  // Copied once, so that the typed arrays below are aligned and own their memory.
  const { buffer } = new Uint8Array(bytes);
  const jsonLength = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, jsonLength))) as Header;
  if (header.format !== FORMAT || header.storeId !== wanted.storeId || header.model !== wanted.model)
    return undefined;
  let offset = 8 + jsonLength + padding(jsonLength).length;
  const sections = header.sections.map(length => {
    const section = { offset, length };
    offset += length + padding(length).length;
    return section;
  });
  let at = 0;
  const read = <T extends { readonly BYTES_PER_ELEMENT: number }>(like: T): T => {
    const section = sections[at++]!;
    const Type = (
      like as unknown as { constructor: new (buffer: ArrayBuffer, offset: number, length: number) => T }
    ).constructor;
    return new Type(buffer as ArrayBuffer, section.offset, section.length / like.BYTES_PER_ELEMENT);
  };
  const catalog = new Catalog();
  for (const name of COLUMNS) (catalog[name] as Uint8Array) = read(catalog[name] as Uint8Array);
  catalog.rowOfNum = read(catalog.rowOfNum);
  catalog.tagList = read(catalog.tagList);
  const postings = Postings.from(
    read(new Float64Array(0)),
    read(new Uint32Array(0)),
    read(new Uint32Array(0)),
    read(new Uint8Array(0)),
  );
  const codes = read(new Uint8Array(0));
  catalog.rows = header.rows;
  catalog.live = header.live;
  catalog.sensitive = header.sensitive;
  catalog.tagListLength = header.tagListLength;
  catalog.ids = [...header.ids];
  catalog.names = new Interner(header.names);
  catalog.tags = new Interner(header.tags);
  catalog.sharedWith = new Map(header.sharedWith);
  catalog.relink();
  const index = new SearchIndex(analyzer, catalog, postings);
  if (codes.length > 0) index.vectors = vectors.restore(codes);
  return {
    index,
    state: { storeId: header.storeId, model: header.model, log: header.log, vectors: header.vectors },
  };
}

/** Zeros up to the next multiple of eight. */
function padding(length: number): Uint8Array {
  return new Uint8Array((8 - (length % 8)) % 8);
}

/** A resource's address, as a translation onto one tool: the tool's own definition says everything else. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** What stands in braces is a field of the tool's input, such as `/v1/memories/{memory_id}`. */
  readonly path: string;
  readonly tool: string;
  /** Fields of the input that query or body may give; default: all that neither the path nor `always` has. */
  readonly takes?: readonly string[];
  /** Fields that the address itself stands for. */
  readonly always?: Readonly<Record<string, unknown>>;
  /** Where the address names a field by another word: the field, by that word. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Answers with the first entry of this list of the output instead of the whole. */
  readonly first?: string;
  /** The list of the output that is given out page by page; the tool takes `limit` and `offset`. */
  readonly pages?: string;
  /** 201, and where what was created is: a path with fields of the output in braces. */
  readonly creates?: string;
  /** The output's version is an entity tag; `If-Match` is compared with it. */
  readonly versioned?: boolean;
  /** What the address does beside the tool, for who reads its description. */
  readonly also?: string;
}

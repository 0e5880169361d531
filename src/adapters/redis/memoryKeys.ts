/** How a memory is called in the names of keys: one whose id ends as the name of another's key does gets a colon more. */
export function placeOf(id: string): string {
  return /:(?:versions|vectors):*$/.test(id) ? `${id}:` : id;
}

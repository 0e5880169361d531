/** Tags without blanks around them, each once, sorted. */
export function tidy(tags: readonly string[]): readonly string[] {
  return [...new Set(tags.map(tag => tag.trim()).filter(tag => tag !== ''))].sort();
}

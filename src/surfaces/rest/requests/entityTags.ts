import { RequestRefused } from './requestRefused.ts';

export function tagOf(version: unknown): string {
  return `"${version}"`;
}

/** Whether `If-None-Match` names what is there: RFC 9110, 13.1.2. */
export function matchesNone(header: string | undefined, tag: string): boolean {
  if (header === undefined) return true;
  return !tagsOf(header).some(one => one === '*' || one.replace(/^W\//, '') === tag);
}

/**
 * The versions that `If-Match` names; undefined for none or `*`, which any version matches.
 * @see RFC 9110, 13.1.1: weak tags never match
 */
export function versionsWanted(header: string | undefined): readonly number[] | undefined {
  if (header === undefined) return undefined;
  const tags = tagsOf(header);
  if (tags.includes('*')) return undefined;
  return tags.flatMap(tag => {
    const version = /^"([1-9]\d{0,14})"$/.exec(tag)?.[1];
    return version === undefined ? [] : [Number(version)];
  });
}

export function preconditionFailed(message: string): RequestRefused {
  return new RequestRefused(
    412,
    'conflict',
    message,
    'Read it again, then repeat the change with its new ETag.',
  );
}

function tagsOf(header: string): readonly string[] {
  return header.split(',').map(tag => tag.trim());
}

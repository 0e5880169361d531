import type { Receiver, SharedFile } from '../model/context.ts';
import { isObject, isText, readList, readObject } from '../model/readJson.ts';
import type { Audience } from '../ports/eventBus.ts';

/** Receivers as JSON; undefined where nobody can tell who they are. One that cannot be read receives nothing. */
export function readReceivers(text: unknown): readonly Receiver[] | undefined {
  return readList(text, isReceiver);
}

/** Empty where there are none. */
export function readFiles(text: unknown): readonly SharedFile[] {
  return readList(text, isSharedFile) ?? [];
}

/** One that cannot be read is nobody. */
export function readAudience(text: unknown): Audience {
  const { owner, to } = readObject(text) ?? {};
  return {
    owner: isText(owner) ? owner : '',
    to: Array.isArray(to) ? to.filter(isReceiver) : [],
  };
}

function isReceiver(item: unknown): item is Receiver {
  if (!isObject(item)) return false;
  const { id, kind, owner } = item;
  if (kind === 'everyone') return true;
  return isText(id) && (kind === 'principal' || kind === 'client' || (kind === 'agent' && isText(owner)));
}

function isSharedFile(item: unknown): item is SharedFile {
  return isObject(item) && isText(item['path']);
}

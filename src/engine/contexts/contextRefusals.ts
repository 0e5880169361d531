import { MemoryError } from '../errors.ts';

export function takenContext(id: string): MemoryError {
  return new MemoryError('conflict', `The id "${id}" of a context is taken.`, 'Use another id.');
}

/** Also said of what is there and not for the viewer. */
export function unknownContext(id: string): MemoryError {
  return new MemoryError(
    'not_found',
    `There is no context "${id}", or it is over.`,
    'List the contexts that are shared with you.',
  );
}

export function foreignContext(id: string): MemoryError {
  return new MemoryError(
    'forbidden',
    `The context "${id}" was shared by another principal.`,
    'Only who shared it may revoke it.',
  );
}

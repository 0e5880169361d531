import type {
  BrowserProtocol,
  Question,
} from '../../src/surfaces/editor/webviews/messages/browserProtocol.ts';
import type { Client } from '../shared/client.ts';
import type { ViewName } from './browserState.ts';

export type BrowserClient = Client<BrowserProtocol>;

/** What a view has of the browser around it. */
export interface BrowserContext {
  readonly client: BrowserClient;
  /** Shows a memory's details beside the view. */
  readonly select: (id: string) => void;
  /** Asks for something else, such as what was chosen in the view; every view then shows that. */
  readonly ask: (question: Question) => void;
  /** What the line below the search says. */
  readonly report: (text: string) => void;
  readonly fail: (error: unknown) => void;
  /** What a reload of the page has to bring back has changed. */
  readonly keep: () => void;
}

/** One way to see what was asked for: the list, the timeline, the map. A tab each; only the one in front works. */
export interface BrowserView {
  readonly name: ViewName;
  /** Fills the space beside the details. */
  readonly element: HTMLElement;
  /** Called when it comes to the front, when something else is asked for, and when the store has changed. */
  show(question: Question, selected: string | null): Promise<void>;
  /** Another is in front: nothing is fetched or drawn any more. */
  hide(): void;
  /** @param id of the memory that is chosen there; default: the one that was */
  focus(id?: string): void;
}

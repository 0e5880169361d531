import type { Workbench } from '../workbench.ts';
import type { PictureStage } from './pictureStage.ts';

/** A part of the window, CSS pixels. */
export interface Clip {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface ShotOptions {
  /** Default: the whole window. */
  readonly clip?: Clip;
  /** Does what a change of the theme takes away. */
  readonly prepare?: () => Promise<void>;
  /** Default: the stage's own. */
  readonly bench?: Workbench;
}

/** Takes one picture in each theme. @param name without folder, theme and ending */
export type Shot = (name: string, options?: ShotOptions) => Promise<void>;

/** Shows one part of the extension, and takes its pictures. @param stepShot of a step of the walkthrough */
export type View = (stage: PictureStage, shot: Shot, stepShot: Shot) => Promise<void>;

/** What a page draws a moment after it has what it shows, such as the place of a mark. Milliseconds. */
export const SETTLED_MS = 1000;

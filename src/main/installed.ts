import type { Settings } from '../config/settings.ts';

/** What a check of the machine looks at. */
export interface Installed {
  readonly settings: Settings;
  readonly dataDirectory: string;
}

import { z } from 'zod';

/** Where a setting may come from, beside memory-central.toml. */
export interface SettingMeta {
  /** Environment variable. */
  readonly env?: string;
  /** VS Code's scope; `none`: the editor does not offer it. */
  readonly scope: 'application' | 'machine' | 'window' | 'resource' | 'none';
  /** Told to nobody; the editor keeps it in its SecretStorage, not among its settings. */
  readonly secret?: boolean;
}

export const settingMeta = z.registry<SettingMeta>();

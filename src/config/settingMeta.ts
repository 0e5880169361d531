import { z } from 'zod';

/** Where a setting may come from, beside memory-central.toml. */
export interface SettingMeta {
  /** Environment variable. */
  readonly env?: string;
  /** VS Code's scope; `none`: the editor does not offer it. */
  readonly scope: 'application' | 'machine' | 'window' | 'resource' | 'none';
  /** Never written to a settings file: environment or the editor's SecretStorage only. */
  readonly secret?: boolean;
}

export const settingMeta = z.registry<SettingMeta>();

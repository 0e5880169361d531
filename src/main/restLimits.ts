import type { Settings } from '../config/settings.ts';
import type { RestLimits } from '../surfaces/rest/restLimits.ts';

/** What the settings say of how much REST takes. */
export function restLimits(settings: Settings): RestLimits {
  return {
    bodyBytes: settings['api.bodyMb'] * 2 ** 20,
    deadlineMs: settings['api.deadlineSeconds'] * 1000,
    inFlight: settings['api.inFlight'],
    streams: settings['api.streams'],
    heartbeatMs: settings['api.heartbeatSeconds'] * 1000,
  };
}

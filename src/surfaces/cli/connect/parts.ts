import { MemoryError } from '../../../engine/errors.ts';
import { type Client, SERVER_NAME } from './clients.ts';
import { editJson, readJson, valueAt } from './editJson.ts';
import { editToml } from './editToml.ts';
import type { Part } from './fileChange.ts';
import { withInstructions, withoutInstructions } from './instructions.ts';
import type { Launch, Places, Scope } from './places.ts';

/** The server in the client's configuration. */
export function serverPart(client: Client, scope: Scope, places: Places, launch: Launch): Part {
  const path = client.file(scope, places);
  const secret = launch.kind === 'http' && launch.token !== undefined;
  if (client.format === 'toml') {
    const [group] = client.servers(undefined);
    return {
      path,
      secret,
      put: text => editToml(text, path, group!, SERVER_NAME, client.entry(launch, undefined)),
      take: text => editToml(text, path, group!, SERVER_NAME, undefined),
    };
  }
  return {
    path,
    secret,
    put(text) {
      const current = readJson(text, path);
      const whole =
        current === undefined
          ? Object.entries(client.preamble ?? {}).reduce(
              (made, [key, value]) => editJson(made, path, [key], value),
              text,
            )
          : text;
      const keys = [...client.servers(current), SERVER_NAME];
      return editJson(whole, path, keys, client.entry(launch, current));
    },
    take: (text, before) => takeServer(client, path, text, before),
  };
}

/** The lines for the agent. Throws `invalid_input` when the client has no file for them. */
export function instructionsPart(client: Client, scope: Scope, places: Places): Part {
  const path = client.instructions(scope, places);
  if (path === undefined) {
    throw new MemoryError(
      'invalid_input',
      `${client.title} has no file with instructions for the ${scope} scope.`,
      'Use --project, or leave --instructions out.',
    );
  }
  return {
    path,
    secret: false,
    put: text => withInstructions(text, path),
    take: text => withoutInstructions(text, path),
  };
}

/** What stood under our name before comes back; an object that we made and that is empty now goes. */
function takeServer(client: Client, path: string, text: string, before: string | undefined): string {
  const current = readJson(text, path);
  const parent = client.servers(current);
  const keys = [...parent, SERVER_NAME];
  if (valueAt(current, keys) === undefined) return text;
  const earlier = before === undefined ? undefined : readJson(before, path);
  const taken = editJson(text, path, keys, valueAt(earlier, keys));
  const left = valueAt(readJson(taken, path), parent);
  const empty = left !== null && typeof left === 'object' && Object.keys(left).length === 0;
  return empty && valueAt(earlier, parent) === undefined ? editJson(taken, path, parent, undefined) : taken;
}

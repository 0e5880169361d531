import { parseArgs } from 'node:util';
import { tokenPath } from '../adapters/node/tokenFile.ts';
import { MemoryError } from '../engine/errors.ts';
import { Drain } from '../surfaces/http/drain.ts';
import { observed } from './observed.ts';
import { startServers } from './startServer.ts';
import { welcome } from './welcome.ts';

const MOST_PORT = 65_535;

/** `memory-central serve [--host address] [--port number] [--api-port number] [--tools sets] [--no-auth]`: until SIGTERM or SIGINT. */
export async function serve(args: readonly string[]): Promise<void> {
  const { host, auth, ...ports } = readArguments(args);
  const overrides = {
    ...{ 'mcp.host': host, 'api.host': host },
    ...{ 'mcp.port': portOf('port', ports), 'api.port': portOf('api-port', ports) },
  };
  await observed('memory-central', overrides, async (runtime, observability) => {
    const { settings } = runtime;
    observability.compareRegularly();
    const drain = new Drain(settings['api.drainSeconds'] * 1000);
    await using servers = await startServers(runtime, { auth, observability, drain });
    // Listened for first: whoever reads the welcome may stop the server at once.
    const stopped = new Promise<string>(resolve => process.once('SIGTERM', resolve).once('SIGINT', resolve));
    const asks = auth && settings['auth.required'];
    const { mcp, rest } = servers;
    process.stderr.write(
      welcome({ mcp, rest, ...(asks && { tokenFile: tokenPath(runtime.dataDirectory) }) }),
    );
    // Who presses Ctrl-C waits for it; a second signal ends it in any case.
    if ((await stopped) === 'SIGTERM') await drain.leave();
  });
}

function portOf(name: 'port' | 'api-port', given: Arguments): number | undefined {
  const text = given[name];
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text) && Number(text) <= MOST_PORT) return Number(text);
  throw new MemoryError(
    'invalid_input',
    `--${name} must be a whole number from 0 to ${MOST_PORT}, not ${JSON.stringify(text)}.`,
    `Give one that is free, such as --${name} 9000; with 0 it is any free one.`,
  );
}

interface Arguments {
  readonly port?: string;
  readonly 'api-port'?: string;
}

function readArguments(
  args: readonly string[],
): Arguments & { readonly host?: string; readonly auth: boolean } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        host: { type: 'string' },
        port: { type: 'string' },
        'api-port': { type: 'string' },
        'no-auth': { type: 'boolean' },
      },
    });
    return { ...values, auth: values['no-auth'] !== true };
  } catch (error) {
    throw new MemoryError(
      'invalid_input',
      `${(error as Error).message}.`,
      'serve takes --host address, --port number, --api-port number, --tools sets and --no-auth.',
      { cause: error },
    );
  }
}

/** What is known of one server. */
export interface RedisFacts {
  /** The fields of INFO. */
  readonly info: ReadonlyMap<string, string>;
  /** What CONFIG GET tells of its `save`; undefined where it may not be asked. */
  readonly save: string | undefined;
  /** Anybody who reaches it over the network may use it. */
  readonly open: boolean;
  /** The redis-cli that reaches it, ready for a command. */
  readonly cli: string;
  /** Whether it wants a password. */
  readonly password: boolean;
}

/** What is wrong, and the command that mends it. */
export interface RedisProblem {
  readonly problem: string;
  readonly fix: string;
}

const OLDEST_MAJOR = 7;
const NEARLY_FULL = 0.8;
const MIB = 2 ** 20;

/** What would lose memories, refuse them or show them to others; the worst first. */
export function redisProblems({ info, save, open, cli, password }: RedisFacts): readonly RedisProblem[] {
  const problems: RedisProblem[] = [];
  const tell = (problem: string, fix: string) => problems.push({ problem, fix });
  // Asked for once, by bash and zsh, so that it gets into no history.
  const ask = password ? "printf 'Password: '; read -rs REDISCLI_AUTH; export REDISCLI_AUTH; " : '';
  // What is set is written to its configuration file too, else a restart would undo it.
  const keep =
    info.get('config_file') === ''
      ? '  # until its next restart: it has no configuration file'
      : ` && ${cli} CONFIG REWRITE`;
  const set = (setting: string) => `${ask}${cli} CONFIG SET ${setting}${keep}`;

  if (info.get('role') === 'slave') {
    const primary = `${info.get('master_host')}:${info.get('master_port')}`;
    tell(`it is a replica of ${primary} and takes no writes`, `Set REDIS_URL to the primary: ${primary}`);
  }
  const policy = info.get('maxmemory_policy') ?? '';
  if (policy.startsWith('allkeys-'))
    tell(`it drops memories when it is full (${policy})`, set('maxmemory-policy noeviction'));
  const appends = info.get('aof_enabled') === '1';
  if (!appends && save === '') tell('it keeps nothing on disk: a restart loses all', set('appendonly yes'));
  else if (!appends) {
    const kept = save === undefined ? 'at most snapshots' : 'only snapshots';
    tell(`it keeps ${kept} on disk: a crash loses what came after the last`, set('appendonly yes'));
  }
  if (info.get('rdb_last_bgsave_status') === 'err' || info.get('aof_last_write_status') === 'err')
    tell('it could not save to its disk', `Make room on its disk, see its log, then: ${ask}${cli} BGSAVE`);
  if (open) {
    tell(
      'it wants no password and can be reached from other machines',
      `P=$(openssl rand -hex 24); ${cli} CONFIG SET requirepass $P && REDISCLI_AUTH=$P ${cli} CONFIG REWRITE && echo "REDIS_PASSWORD=$P"`,
    );
  }
  const version = info.get('redis_version') ?? '';
  if (Number.parseInt(version, 10) < OLDEST_MAJOR)
    tell(`it is Redis ${version}, which is too old`, `Install Redis ${OLDEST_MAJOR} or newer.`);
  const [used, limit] = [Number(info.get('used_memory')), Number(info.get('maxmemory'))];
  if (limit > 0 && used > NEARLY_FULL * limit) {
    tell(
      `it is nearly full: ${mebibytes(used)} of ${mebibytes(limit)} MB`,
      set(`maxmemory ${mebibytes(2 * Math.max(used, limit))}mb`),
    );
  }
  return problems;
}

/** For a person: its version, and how much it holds. */
export function describeRedis(info: ReadonlyMap<string, string>): string {
  const limit = Number(info.get('maxmemory'));
  const room = limit > 0 ? `of ${mebibytes(limit)} MB` : 'without a limit';
  const search = /name=search/.test(info.get('module') ?? '') ? 'with RediSearch' : 'without RediSearch';
  return `Redis ${info.get('redis_version')} ${search}, ${mebibytes(Number(info.get('used_memory')))} MB ${room}`;
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / MIB);
}

/** What is known of one server. */
export interface RedisFacts {
  /** The fields of INFO. */
  readonly info: ReadonlyMap<string, string>;
  /** What CONFIG GET tells of its `save`; undefined where it may not be asked. */
  readonly save: string | undefined;
  /** The same of its `appendfsync`. */
  readonly appendfsync: string | undefined;
  /** A change is acknowledged once a replica has it, which then takes over: behind Sentinels, in a Cluster. */
  readonly replicated: boolean;
  /** Anybody who reaches it over the network may use it. */
  readonly open: boolean;
  /** The redis-cli that reaches it, ready for a command. */
  readonly cli: string;
  /** Whether it wants a password. */
  readonly password: boolean;
  /** Default: memories. */
  readonly holds?: RedisContent;
}

/** What a server is there for: caches may be dropped, as long as new ones are taken. */
export type RedisContent = 'memories' | 'caches';

/** What is wrong, and the command that mends it. */
export interface RedisProblem {
  readonly problem: string;
  readonly fix: string;
  /** Memories that it has taken would be gone. */
  readonly drops?: true;
}

const OLDEST_MAJOR = 7;
const NEARLY_FULL = 0.8;
const MIB = 2 ** 20;

/** What would lose memories, refuse them or show them to others; the worst first. */
export function redisProblems(facts: RedisFacts): readonly RedisProblem[] {
  const { info, open, cli, password } = facts;
  const problems: RedisProblem[] = [];
  const tell = (problem: string, fix: string, more: { readonly drops?: true } = {}) =>
    problems.push({ problem, fix, ...more });
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
    const setting = facts.holds === 'caches' ? 'CACHE_REDIS_URL' : 'REDIS_URL';
    tell(`it is a replica of ${primary} and takes no writes`, `Set ${setting} to the primary: ${primary}`);
  }
  if (facts.holds === 'caches') {
    if (Number(info.get('maxmemory')) === 0)
      tell('it may take all memory of its machine', set('maxmemory 256mb'));
    if (info.get('maxmemory_policy') === 'noeviction')
      tell('it takes no new entries when it is full (noeviction)', set('maxmemory-policy allkeys-lru'));
  } else tellOfLoss(facts, tell, ask, set);
  if (open) {
    tell(
      'it wants no password and can be reached from other machines',
      // On standard input: a list of processes shows every command line.
      `P=$(openssl rand -hex 24); printf %s "$P" | ${cli} -x CONFIG SET requirepass && REDISCLI_AUTH=$P ${cli} CONFIG REWRITE && echo "REDIS_PASSWORD=$P"`,
    );
  }
  const version = info.get('redis_version') ?? '';
  if (Number.parseInt(version, 10) < OLDEST_MAJOR)
    tell(`it is Redis ${version}, which is too old`, `Install Redis ${OLDEST_MAJOR} or newer.`);
  const [used, limit] = [Number(info.get('used_memory')), Number(info.get('maxmemory'))];
  if (facts.holds !== 'caches' && limit > 0 && used > NEARLY_FULL * limit) {
    tell(
      `it is nearly full: ${mebibytes(used)} of ${mebibytes(limit)} MB`,
      set(`maxmemory ${mebibytes(2 * Math.max(used, limit))}mb`),
    );
  }
  return problems;
}

function tellOfLoss(
  { info, save, appendfsync, replicated, cli }: RedisFacts,
  tell: (problem: string, fix: string, more?: { readonly drops: true }) => void,
  ask: string,
  set: (setting: string) => string,
): void {
  const policy = info.get('maxmemory_policy') ?? '';
  if (policy.startsWith('allkeys-'))
    tell(`it drops memories when it is full (${policy})`, set('maxmemory-policy noeviction'), {
      drops: true,
    });
  const appends = info.get('aof_enabled') === '1';
  const append = set(replicated ? 'appendonly yes' : 'appendonly yes appendfsync always');
  if (!appends && save === '') tell('it keeps nothing on disk: a restart loses all', append);
  else if (!appends) {
    const kept = save === undefined ? 'at most snapshots' : 'only snapshots';
    tell(`it keeps ${kept} on disk: a crash loses what came after the last`, append);
  }
  if (appends && appendfsync === 'no')
    tell(
      'it leaves to its system when changes get to the disk (appendfsync no): a power failure loses those of many seconds',
      set(`appendfsync ${replicated ? 'everysec' : 'always'}`),
    );
  if (appends && appendfsync === 'everysec' && !replicated)
    tell(
      'it flushes changes once a second (appendfsync everysec): a power failure loses the last second, and machines that saw it stop following',
      set('appendfsync always'),
    );
  if (save === undefined || appendfsync === undefined)
    tell(
      'could not look at how it keeps changes on disk (CONFIG GET is refused)',
      'Allow it: redis-cli ACL SETUSER <user> +config|get +acl|getuser; where a provider runs it, see there that appendfsync is always',
    );
  if (info.get('rdb_last_bgsave_status') === 'err' || info.get('aof_last_write_status') === 'err')
    tell('it could not save to its disk', `Make room on its disk, see its log, then: ${ask}${cli} BGSAVE`);
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

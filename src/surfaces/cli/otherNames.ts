/** What people type who know other tools, and the command that does it here. */
const MEANT: Readonly<Record<string, readonly string[]>> = {
  store: ['add', 'remember', 'save', 'set', 'put', 'write'],
  recall: ['search', 'find', 'query'],
  get: ['show', 'cat', 'read', 'view'],
  list: ['ls', 'memories', 'all'],
  forget: ['delete', 'remove', 'rm', 'del'],
  submit: ['queue', 'distribute'],
  tasks: ['task', 'todo', 'pending'],
  claim: ['take', 'next', 'lease'],
  complete: ['done', 'finish', 'close', 'resolve', 'end'],
  note: ['progress', 'update', 'renew'],
  agents: ['agent', 'who', 'workers'],
  messages: ['inbox', 'contexts', 'context', 'message'],
  tell: ['share', 'send', 'say', 'msg'],
  'claim-files': ['lock', 'files'],
  handoff: ['handover', 'continue', 'resume'],
  'register-agent': ['register', 'join'],
  doctor: ['health', 'check', 'diagnose', 'fix'],
  'gpu-status': ['gpu', 'gpus'],
  connect: ['install', 'setup', 'init', 'disconnect'],
  serve: ['start', 'server', 'run'],
};

/** The command that is meant by a name which none has; undefined where nobody can tell. */
export function commandMeant(name: string): string | undefined {
  return Object.keys(MEANT).find(command => MEANT[command]?.includes(name));
}

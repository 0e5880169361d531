/** What HTTP itself refuses before, or instead of, any tool. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
  readonly status: number;
  readonly code: string;
  readonly fix: string;
  readonly headers: Readonly<Record<string, string>>;

  /** @param message what happened @param fix what to do next */
  constructor(
    status: number,
    code: string,
    message: string,
    fix: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.fix = fix;
    this.headers = headers;
  }
}

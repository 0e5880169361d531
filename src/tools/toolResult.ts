/** What a surface hands on: `structured` for programs, `text` for people and models. */
export interface ToolResult {
  readonly structured: Record<string, unknown>;
  readonly text: string;
  /** To be told beside the answer, such as that this machine is offline. */
  readonly notice?: string;
}

/** The answer for a model, which reads nothing else. */
export function textForModel({ text, notice }: ToolResult): string {
  return notice === undefined ? text : `${text}\n[${notice}]`;
}

/** What a command talks to: streams, environment, folder. Tests pass their own. */

export interface Io {
  out(text: string): void;
  err(text: string): void;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly colour: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  /** True when standard error is a terminal: progress may be drawn there. */
  readonly isTerminal: boolean;
  /** Folder of the running bundle. */
  readonly folder: string;
}

/** Bad usage or unreadable input: one line for people, exit code 2. */
export class UsageError extends Error {}

export const exit = { fine: 0, gateFailed: 1, usage: 2, nothing: 3 } as const;

/**
 * The command line: reads the command's name and loads that command alone, so that
 * `ecocompute rules` does not pay for the engine. Exit codes: 0 fine, 1 the gate failed,
 * 2 usage or unreadable input, 3 nothing could be estimated.
 */

import manifest from '../../../package.json' with { type: 'json' };
import { nearest } from '../hardware/nearest.js';
import { commandHelp, mainHelp } from './help.js';
import { exit, type Io, UsageError } from './io.js';
import { useWorkspaceFiles } from './workspace.js';

type Command = (args: readonly string[], io: Io) => Promise<number> | number;

const commands: Readonly<Record<string, () => Promise<Command>>> = {
  estimate: async () => (await import('./estimate.js')).estimate,
  audit: async () => (await import('./audit.js')).audit,
  hardware: async () => (await import('./hardware.js')).hardware,
  rules: async () => (await import('./rules.js')).rules,
  explain: async () => (await import('./explain.js')).explain,
  calibrate: async () => (await import('./calibrate.js')).calibrate,
  ai: async () => (await import('./ai.js')).ai,
  lsp: async () => (await import('./lsp.js')).lsp,
  mcp: async () => (await import('./mcp.js')).mcp,
};

export async function run(args: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = args;
  try {
    if (name === undefined) {
      io.err(mainHelp());
      return exit.usage;
    }
    if (name === '--help' || name === '-h' || name === 'help') {
      io.out(rest[0] !== undefined && rest[0] in commands ? commandHelp(rest[0]) : mainHelp());
      return exit.fine;
    }
    if (name === '--version' || name === '-V') {
      io.out(`ecocompute ${manifest.version}\n`);
      return exit.fine;
    }
    const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (load === undefined) {
      const near = nearest(name, Object.keys(commands), 1)[0];
      throw new UsageError(
        `Unknown command "${name}".${near === undefined ? '' : ` Did you mean "${near}"?`} "ecocompute --help" lists the commands.`,
      );
    }
    if (rest.includes('--help') || rest.includes('-h')) {
      io.out(commandHelp(name));
      return exit.fine;
    }
    if (name !== 'lsp') await useWorkspaceFiles(io);
    return await (await load())(rest, io);
  } catch (error) {
    if (error instanceof UsageError) {
      io.err(`ecocompute: ${oneLine(error.message)}\n`);
      return exit.usage;
    }
    throw error;
  }
}

export function oneLine(text: string): string {
  return text.replace(/\s*\r?\n\s*/g, ' ');
}

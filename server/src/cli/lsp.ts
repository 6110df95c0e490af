/** `ecocompute lsp --stdio`: the language server in this process. */
import { start } from '../lsp/main.js';
import { type Io, UsageError } from './io.js';

export function lsp(args: readonly string[], io: Io): Promise<number> {
  const transports = ['--stdio', '--node-ipc'];
  const isTransport = (arg: string): boolean =>
    transports.includes(arg) || /^--(socket|pipe|clientProcessId)(=|$)/.test(arg);
  const wrong = args.find((arg) => arg.startsWith('-') && !isTransport(arg));
  if (wrong !== undefined) throw new UsageError(`lsp: unknown flag ${wrong}. Use "ecocompute lsp --stdio".`);
  if (!args.some(isTransport)) throw new UsageError('lsp: name the transport: "ecocompute lsp --stdio".');
  start(io.folder);
  // The connection ends the process when the client is gone
  return new Promise(() => {});
}

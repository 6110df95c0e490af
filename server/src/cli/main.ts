/** The program `ecocompute`: the process's arguments, streams and environment for `run`. */
import { exit, type Io } from './io.js';
import { oneLine, run } from './run.js';
import { wantsColour } from './terminal.js';

async function program(): Promise<void> {
  // A reader that closes early (`| head`) ends the program quietly
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  const io: Io = {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    env: process.env,
    cwd: process.cwd(),
    colour: wantsColour(process.stdout, process.env),
    width: Math.min(process.stdout.columns ?? 100, 120),
    isTerminal: process.stderr.isTTY === true,
    folder: __dirname,
  };
  try {
    process.exitCode = await run(process.argv.slice(2), io);
  } catch (error) {
    io.err(
      `ecocompute: something went wrong inside: ${oneLine(error instanceof Error ? error.message : String(error))}. Please report it with the command line.\n`,
    );
    if (process.env['ECOCOMPUTE_DEBUG'] !== undefined) io.err(`${error instanceof Error ? error.stack : ''}\n`);
    process.exitCode = exit.usage;
  }
}

void program();

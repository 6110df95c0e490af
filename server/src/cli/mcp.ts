/** `ecocompute mcp`: the engine for agents, over the Model Context Protocol on stdin and stdout. */
import { dirname } from 'node:path';
import manifest from '../../../package.json' with { type: 'json' };
import { makeServices } from '../llm/services.js';
import { TraceStore } from '../llm/traces/store.js';
import { makeAnswerChecker } from '../llm/verify/checkAnswer.js';
import { baseUrlFromEnvironment, keyFromEnvironment, nodePorts, traceFolder, traceFolderPath } from '../lsp/aiPorts.js';
import { nodeFiles } from '../lsp/nodeFiles.js';
import { findPythonEnvironment } from '../lsp/pythonEnvironment.js';
import { serveMcp } from '../mcp/server.js';
import { createParser } from '../syntax/createParser.js';
import { helpFlag, readFlags } from './flags.js';
import { exit, type Io, UsageError } from './io.js';
import { Projects } from './project.js';
import { absolute, openEngine, readSource } from './session.js';

export async function mcp(args: readonly string[], io: Io): Promise<number> {
  const { flags, operands } = readFlags(args, { ...helpFlag, send: { type: 'boolean' } }, 'mcp');
  if (operands.length > 0) throw new UsageError(`mcp: takes no operand; "${operands[0]}" is one too many.`);
  await serveMcp({
    version: manifest.version,
    ports: {
      resolve: (file) => ({ path: absolute(file, io), text: readSource(file, io) }),
      target: (path) => new Projects({}, io).targetOf(path),
      engine: (path) => openEngine({}, io, path),
      services: async (path, text, target) =>
        makeServices({
          ports: nodePorts,
          key: keyFromEnvironment(io.env),
          baseUrl: baseUrlFromEnvironment(io.env),
          // whoever starts the server decides once, with --send
          consent: async () => flags['send'] === true,
          store: new TraceStore(traceFolder(traceFolderPath(io.env))),
          checkAnswer: makeAnswerChecker({
            parser: await createParser({ log: () => {} }),
            files: nodeFiles,
            environment: {
              pythonPath: [],
              sitePackages: findPythonEnvironment({ pythonPath: '', workspaceFolder: dirname(path), env: io.env })
                .sitePackages,
            },
            cancelled: () => false,
            file: path,
            text,
            target,
            numeric: null,
          }),
        }),
    },
  });
  return exit.fine;
}

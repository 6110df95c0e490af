/**
 * Drives a language server as an editor would: over stdio, with the protocol's own library.
 * Waiting is always for something that arrives, never for time.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import {
  type ClientCapabilities,
  createProtocolConnection,
  type Diagnostic,
  DiagnosticRefreshRequest,
  type DocumentDiagnosticReport,
  DocumentDiagnosticRequest,
  type InitializeParams,
  type InitializeResult,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  type Range,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';

import { type FileStatus, notifications } from '../../shared/protocol.js';

export const root = join(import.meta.dirname, '..', '..');

/** Bundles the server beside the scripted engine's worker, as the build does with the real one. */
export async function buildScriptedServer(name: string): Promise<string> {
  const folder = join(root, 'node_modules', '.cache', 'ecocompute-tests', name, 'dist');
  mkdirSync(folder, { recursive: true });
  const options: esbuild.BuildOptions = {
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    mainFields: ['module', 'main'],
    logLevel: 'error',
  };
  await esbuild.build({
    ...options,
    entryPoints: [join(root, 'server/src/lsp/program.ts')],
    outfile: join(folder, 'server.js'),
  });
  await esbuild.build({
    ...options,
    entryPoints: [join(root, 'test/lsp/scriptedWorker.ts')],
    outfile: join(folder, 'worker.js'),
  });
  cpSync(join(root, 'l10n'), join(folder, '..', 'l10n'), { recursive: true });
  return join(folder, 'server.js');
}

/** The built command line. Its own bundle: what users run. */
export function builtCli(): string {
  const cli = join(root, 'dist', 'cli.js');
  if (!existsSync(cli)) throw new Error('dist/cli.js is missing: run "npm run build" before these tests');
  return cli;
}

/** What VS Code can, as far as it matters here. */
export const pullClient: ClientCapabilities = {
  textDocument: {
    diagnostic: {
      dynamicRegistration: false,
      relatedDocumentSupport: false,
      relatedInformation: true,
      codeDescriptionSupport: true,
    },
    hover: { contentFormat: ['markdown', 'plaintext'] },
    codeAction: {
      codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'source.fixAll'] } },
      resolveSupport: { properties: ['edit'] },
      dataSupport: true,
    },
  },
  workspace: {
    configuration: true,
    workspaceEdit: { documentChanges: true, changeAnnotationSupport: {} },
    diagnostics: { refreshSupport: true },
    codeLens: { refreshSupport: true },
    applyEdit: true,
  },
  window: { showDocument: { support: true } },
};

/** A client of the older kind: diagnostics are pushed to it. */
export const pushClient: ClientCapabilities = {
  textDocument: { publishDiagnostics: {}, hover: { contentFormat: ['plaintext'] } },
};

export interface SessionOptions {
  readonly command: readonly string[];
  readonly capabilities: ClientCapabilities;
  readonly initializationOptions?: unknown;
  readonly locale?: string;
  readonly settings?: Record<string, unknown>;
}

export class Session {
  readonly connection: ProtocolConnection;
  readonly messages: string[] = [];
  readonly statuses: FileStatus[] = [];
  settings: Record<string, unknown>;
  capabilities: InitializeResult['capabilities'] = {};
  private readonly published = new Map<string, PublishDiagnosticsParams>();
  private readonly watchers = new Set<() => void>();
  private refreshes = 0;
  private log = '';

  private constructor(
    readonly process: ChildProcess,
    options: SessionOptions,
  ) {
    this.settings = options.settings ?? {};
    this.connection = createProtocolConnection(
      new StreamMessageReader(process.stdout!),
      new StreamMessageWriter(process.stdin!),
    );
    process.stderr?.on('data', (chunk) => {
      this.log += chunk;
    });
    this.connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.published.set(params.uri, params);
      this.wake();
    });
    this.connection.onNotification('window/showMessage', ({ message }: { message: string }) => {
      this.messages.push(message);
      this.wake();
    });
    this.connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
      this.log += `${message}\n`;
      this.wake();
    });
    this.connection.onNotification(notifications.fileStatus, (status: FileStatus) => {
      this.statuses.push(status);
      this.wake();
    });
    this.connection.onRequest(DiagnosticRefreshRequest.type, () => {
      this.refreshes += 1;
      this.wake();
    });
    this.connection.onRequest('workspace/codeLens/refresh', () => null);
    this.connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) =>
      items.map(() => this.settings),
    );
    this.connection.onRequest('client/registerCapability', () => null);
  }

  static async start(options: SessionOptions): Promise<Session> {
    const [program, ...args] = options.command;
    const session = new Session(
      spawn(program, args, { stdio: 'pipe', env: { ...process.env, VIRTUAL_ENV: undefined } }),
      options,
    );
    session.connection.listen();
    const params: InitializeParams = {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: null,
      capabilities: options.capabilities,
      initializationOptions: options.initializationOptions,
      ...(options.locale ? { locale: options.locale } : {}),
    };
    const result = await session.connection.sendRequest<InitializeResult>('initialize', params);
    session.capabilities = result.capabilities;
    await session.connection.sendNotification('initialized', {});
    return session;
  }

  open(uri: string, text: string, version = 1): Promise<void> {
    return this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'python', version, text },
    });
  }

  change(uri: string, version: number, ...contentChanges: { range?: Range; text: string }[]): Promise<void> {
    return this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges,
    });
  }

  close(uri: string): Promise<void> {
    return this.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  }

  pull(uri: string, previousResultId?: string): Promise<DocumentDiagnosticReport> {
    return this.connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri }, previousResultId });
  }

  async diagnostics(uri: string): Promise<Diagnostic[]> {
    const report = await this.pull(uri);
    return report.kind === 'full' ? report.items : [];
  }

  /** What a file has been through. */
  states(uri: string): FileStatus['state'][] {
    return this.statuses.filter((status) => status.uri === uri).map((status) => status.state);
  }

  get refreshCount(): number {
    return this.refreshes;
  }

  /** What the server last pushed for a file. */
  pushed(uri: string): PublishDiagnosticsParams | undefined {
    return this.published.get(uri);
  }

  /** Resolves as soon as `condition` holds; looked at again whenever anything arrives. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!condition()) return;
        this.watchers.delete(look);
        resolve();
      };
      this.watchers.add(look);
      look();
    });
  }

  logged(): string {
    return this.log;
  }

  /** Asks the server to end. @returns its exit code, or the signal that killed it with the end of its log */
  async stop(): Promise<number | string> {
    const ended = new Promise<number | string>((resolve) =>
      this.process.once('exit', (code, signal) => resolve(code ?? `${signal}\n${this.log.slice(-2000)}`)),
    );
    if (this.process.exitCode !== null) return this.process.exitCode;
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    const code = await ended;
    this.connection.dispose();
    return code;
  }

  private wake(): void {
    for (const look of [...this.watchers]) look();
  }
}

export function range(startLine: number, startCharacter: number, endLine: number, endCharacter: number): Range {
  return { start: { line: startLine, character: startCharacter }, end: { line: endLine, character: endCharacter } };
}

/** A server on the loopback that plays wire scripts. It counts connections that the client broke off. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { badRequest, type Format, formatOf, listScript, requestProblem, type Script } from './wire.js';

export interface Seen {
  readonly format: Format;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  // biome-ignore lint/suspicious/noExplicitAny: the bodies of three services
  readonly body: any;
}

export class FaultServer {
  readonly seen: Seen[] = [];
  /** Pieces of answers, of all requests. */
  written = 0;
  /** Requests whose connection the client closed before the end. */
  aborted = 0;
  private readonly server = createServer((request, response) => void this.serve(request, response));
  /** What to answer next. */
  answer: (seen: Seen, index: number) => Script = () => {
    throw new Error('the test says no answer');
  };

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const known = formatOf(request.method ?? 'GET', request.url ?? '');
    if (known === null) {
      response.writeHead(404).end();
      return;
    }
    const seen: Seen = {
      format: known.format,
      path: request.url ?? '',
      headers: request.headers,
      body: text === '' ? null : JSON.parse(text),
    };
    let finished = false;
    response.on('close', () => {
      if (!finished) this.aborted++;
    });
    const problem = known.list ? null : requestProblem(known.format, seen.body);
    const script = known.list
      ? listScript(known.format)
      : problem !== null
        ? badRequest(known.format, problem)
        : this.answer(seen, this.seen.push(seen) - 1);
    if (script.status !== 0) response.writeHead(script.status, script.headers);
    for (const { afterMs, text: piece } of script.chunks) {
      if (afterMs > 0) await new Promise((resolve) => setTimeout(resolve, afterMs));
      if (response.destroyed) return;
      response.write(piece);
      this.written++;
    }
    if (script.end === 'cut') {
      finished = true;
      // what was written must have left before the line goes dead
      setImmediate(() => response.destroy());
    } else if (script.end === 'end') {
      finished = true;
      response.end();
    }
  }
}

/** What the tests of the llm room share: sample answers, services, virtual time, an in-process network. */
import type { AiPorts } from '../../server/src/llm/ports.js';
import { type AiServices, makeServices } from '../../server/src/llm/services.js';
import type { ExecuteRequest, TaskContext, TaskId } from '../../server/src/llm/types.js';
import { type Format, formatOf, listScript, type Script } from './wire.js';

export const facts = [
  { id: 'flops.forward', label: 'FLOPs of one forward call', value: 8.178e9, unit: 'FLOP' },
  { id: 'energy', label: 'Energy of one call', value: 0.5, unit: 'J' },
  { id: 'memory.peak', label: 'Peak memory', value: 1.2e8, unit: 'B' },
  { id: 'time', label: 'Time of one call', value: 0.002, unit: 's' },
] as const satisfies TaskContext['facts'];

export const context: TaskContext = {
  code: [{ file: 'src/model.py', startLine: 1, text: 'import torch\n\ndef f(x):\n    return x @ x.T\n' }],
  facts,
  notes: ['The score tensor is kept in memory.'],
  range: { startLine: 3, endLine: 4 },
};

export function request(
  task: TaskId = 'explain_finding',
  more: Partial<ExecuteRequest> & { context?: TaskContext } = {},
): ExecuteRequest {
  return {
    input: { task, prompt: '', context: more.context ?? context },
    objective: more.objective ?? 'balanced',
    constraints: more.constraints ?? {},
  };
}

export const goodExplanation = JSON.stringify({
  summary: 'One call takes 8.18 GFLOP.',
  assumptions: ['batch 1'],
  claims: [{ fact: 'flops.forward', value: 8.178, unit: 'GFLOP' }],
  explanation: 'The product of the two matrices costs 8.18 GFLOPs and 0.5 J.',
});

export const realPorts: AiPorts = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  timer: (ms, then) => {
    const id = setTimeout(then, ms);
    return () => clearTimeout(id);
  },
  random: seeded(7),
  fetch: (input, init) => fetch(input, init),
};

/** mulberry32. */
export function seeded(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function services(more: Partial<AiServices> & { url?: string } = {}): AiServices {
  const { url, ...rest } = more;
  return makeServices({
    ports: realPorts,
    key: (provider) => (provider.keyVariables.length > 0 ? 'test-key-0123456789' : null),
    baseUrl: (provider) =>
      url === undefined ? null : provider.id === 'gemini' || provider.id === 'anthropic' ? url : `${url}/v1`,
    consent: async () => true,
    retry: { retries: 2, firstWaitMs: 5, longestWaitMs: 2000, stallMs: 5000 },
    ...rest,
  });
}

interface Timer {
  readonly due: number;
  readonly then: () => void;
  stopped: boolean;
}

/** Time that passes only when a test says so. */
export class VirtualTime {
  private at = 1_700_000_000_000;
  /** A binary heap by `due`. */
  private readonly heap: Timer[] = [];

  readonly now = (): number => this.at;

  readonly timer = (ms: number, then: () => void): (() => void) => {
    const timer: Timer = { due: this.at + Math.max(0, ms), then, stopped: false };
    const { heap } = this;
    heap.push(timer);
    for (let i = heap.length - 1; i > 0; ) {
      const up = (i - 1) >> 1;
      if (heap[up]!.due <= heap[i]!.due) break;
      [heap[up], heap[i]] = [heap[i]!, heap[up]!];
      i = up;
    }
    return () => {
      timer.stopped = true;
    };
  };

  private pop(): Timer | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length === 0 || last === undefined) return first;
    heap[0] = last;
    for (let i = 0; ; ) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2])
        if (child < heap.length && heap[child]!.due < heap[least]!.due) least = child;
      if (least === i) return first;
      [heap[least], heap[i]] = [heap[i]!, heap[least]!];
      i = least;
    }
  }

  /** Goes to the next timer and fires it. False: there is none. */
  step(): boolean {
    for (let timer = this.pop(); timer !== undefined; timer = this.pop()) {
      if (timer.stopped) continue;
      this.at = Math.max(this.at, timer.due);
      timer.then();
      return true;
    }
    return false;
  }

  /** Lets everything that is ready run, then moves time on, until `done`. */
  async run(done: () => boolean): Promise<void> {
    for (let idle = 0; !done(); ) {
      for (let i = 0; i < 2; i++) await new Promise<void>((resolve) => setImmediate(resolve));
      if (done()) return;
      if (this.step()) idle = 0;
      else if (++idle > 2000) throw new Error('nothing is going to happen any more');
    }
  }
}

/**
 * A network without sockets: plays scripts as `Response`s in virtual time and obeys the signal.
 * `onOpen` hears 1 when a request begins and −1 when it has ended or was broken off.
 */
export function virtualFetch(
  time: VirtualTime,
  answer: (format: Format) => Script,
  onOpen: (change: 1 | -1) => void = () => {},
): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : String(input));
    const known = formatOf(init?.method ?? 'GET', url.pathname + url.search);
    if (known === null) return new Response('no such path', { status: 404 });
    const signal = init?.signal ?? null;
    const script = known.list ? listScript(known.format) : answer(known.format);
    const aborted = (): Error => new DOMException('This operation was aborted', 'AbortError');
    if (signal?.aborted) throw aborted();
    onOpen(1);
    let isOpen = true;
    const over = (): void => {
      if (isOpen) onOpen(-1);
      isOpen = false;
    };
    signal?.addEventListener('abort', over, { once: true });
    if (script.end === 'no-answer') {
      return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(aborted()), { once: true }));
    }
    if (script.status === 0) {
      over();
      throw new TypeError('fetch failed', {
        cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }),
      });
    }
    const encoder = new TextEncoder();
    let index = 0;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        signal?.addEventListener(
          'abort',
          () => {
            try {
              controller.error(aborted());
            } catch {
              // it had ended already
            }
          },
          { once: true },
        );
      },
      cancel: over,
      async pull(controller) {
        const chunk = script.chunks[index++];
        if (chunk === undefined) {
          if (script.end !== 'hang') over();
          if (script.end === 'end') controller.close();
          else if (script.end === 'cut')
            controller.error(new TypeError('terminated', { cause: new Error('other side closed') }));
          else await new Promise(() => {});
          return;
        }
        if (chunk.afterMs > 0) await new Promise<void>((resolve) => void time.timer(chunk.afterMs, resolve));
        try {
          controller.enqueue(encoder.encode(chunk.text));
        } catch {
          // aborted while it waited
        }
      },
    });
    return new Response(body, { status: script.status, headers: script.headers });
  };
}

/** Attention written by hand: what a good edit replaces. */
export const netSource = `import torch
from torch import nn
import torch.nn.functional as F


class Attention(nn.Module):
    def __init__(self, dim: int = 64, heads: int = 4):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(dim, 3 * dim)
        self.out = nn.Linear(dim, dim)

    def forward(self, x):
        b, s, d = x.shape
        q, k, v = self.qkv(x).view(b, s, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        scores = (q @ k.transpose(-2, -1)) * (d // self.heads) ** -0.5
        y = scores.softmax(-1) @ v
        y = y.transpose(1, 2).reshape(b, s, d)
        return self.out(y)


# eco: x=(2,128,64) float32
class Net(nn.Module):
    def __init__(self, depth: int = 2, dim: int = 64):
        super().__init__()
        self.blocks = nn.ModuleList(Attention(dim) for _ in range(depth))
        self.head = nn.Linear(dim, 10)

    def forward(self, x):
        for block in self.blocks:
            x = x + block(x)
        return self.head(x.mean(1))
`;

/**
 * The local trace store: JSON lines, appended whole. Crash-safe: a line that a crash cut is
 * skipped when reading and closed by a line break before the next append. Rotated by size.
 */
import { type FeedbackRecord, feedbackSchema, type TraceRecord, traceSchema, traceVersion } from './record.js';

/** Files of one folder. Append is one write; none of these throws for a missing file. */
export interface TraceFiles {
  read(name: string): string | null;
  append(name: string, text: string): void;
  rename(from: string, to: string): void;
  remove(name: string): void;
  size(name: string): number;
}

const current = 'traces.jsonl';
const policyFile = 'policy.json';
const older = (n: number): string => `traces.${n}.jsonl`;

export interface TraceStoreOptions {
  readonly maxBytes?: number;
  /** Files kept beside the current one. */
  readonly keep?: number;
}

export class TraceStore {
  private readonly maxBytes: number;
  private readonly keep: number;
  private checkedEnd = false;

  constructor(
    private readonly files: TraceFiles,
    { maxBytes = 5_000_000, keep = 4 }: TraceStoreOptions = {},
  ) {
    this.maxBytes = maxBytes;
    this.keep = keep;
  }

  append(record: TraceRecord): void {
    this.write(JSON.stringify(record));
  }

  feedback(id: string, feedback: FeedbackRecord['user_feedback'], at: number): void {
    const record: FeedbackRecord = { schemaVersion: traceVersion, feedbackFor: id, at, user_feedback: feedback };
    this.write(JSON.stringify(record));
  }

  private write(line: string): void {
    let before = '';
    if (!this.checkedEnd) {
      const text = this.files.read(current);
      // a crash in the middle of a line must not swallow this one
      if (text !== null && text !== '' && !text.endsWith('\n')) before = '\n';
      this.checkedEnd = true;
    }
    if (this.files.size(current) + line.length > this.maxBytes && this.files.size(current) > 0) {
      this.files.remove(older(this.keep));
      for (let n = this.keep - 1; n >= 1; n--)
        if (this.files.size(older(n)) > 0) this.files.rename(older(n), older(n + 1));
      this.files.rename(current, older(1));
      before = '';
    }
    this.files.append(current, `${before}${line}\n`);
  }

  /** Oldest first, feedback merged in. `damaged`: lines that are not records. */
  read(): { readonly records: readonly TraceRecord[]; readonly damaged: number } {
    const records = new Map<string, TraceRecord>();
    let damaged = 0;
    for (const name of [...Array.from({ length: this.keep }, (_, i) => older(this.keep - i)), current]) {
      for (const line of (this.files.read(name) ?? '').split('\n')) {
        if (line.trim() === '') continue;
        const value = parse(line);
        const record = traceSchema.safeParse(value);
        if (record.success) {
          records.set(record.data.id, record.data);
          continue;
        }
        const feedback = feedbackSchema.safeParse(value);
        if (!feedback.success) {
          damaged++;
          continue;
        }
        const of = records.get(feedback.data.feedbackFor);
        if (of !== undefined) records.set(of.id, { ...of, user_feedback: feedback.data.user_feedback });
      }
    }
    return { records: [...records.values()], damaged };
  }

  /** Changes with every record, whichever process appends it. */
  size(): number {
    let bytes = this.files.size(current);
    for (let n = 1; n <= this.keep; n++) bytes += this.files.size(older(n));
    return bytes;
  }

  /** The learned policy beside the traces; null removes it. */
  savePolicy(text: string | null): void {
    this.files.remove(policyFile);
    if (text !== null) this.files.append(policyFile, text);
  }

  policyText(): string | null {
    return this.files.read(policyFile);
  }

  clear(): void {
    this.files.remove(current);
    for (let n = 1; n <= this.keep; n++) this.files.remove(older(n));
  }

  /** The data set as one JSON document: `{ schemaVersion, exportedAt, records }`. */
  exportJson(at: number): string {
    return `${JSON.stringify({ schemaVersion: traceVersion, exportedAt: new Date(at).toISOString(), records: this.read().records }, null, 2)}\n`;
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

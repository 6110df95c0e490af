/** A progress line on a terminal: nothing for short work, nothing when standard error is a file. */
import type { Io } from './io.js';

export class Progress {
  private done = 0;
  private shown = false;

  constructor(
    private readonly total: number,
    private readonly io: Io,
    private readonly isQuiet: boolean,
  ) {}

  step(name: string): void {
    this.done += 1;
    if (this.isQuiet || !this.io.isTerminal || this.total < 3) return;
    const width = 24;
    const filled = Math.round((this.done / this.total) * width);
    const label = name.length > 40 ? `…${name.slice(-39)}` : name;
    this.io.err(`\r\u001b[2K${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${this.done}/${this.total} ${label}`);
    this.shown = true;
  }

  end(): void {
    if (this.shown) this.io.err('\r\u001b[2K');
  }
}

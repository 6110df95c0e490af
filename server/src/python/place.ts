/** Places in source: what a figure, a gap or an error points back to. */

import type { TopStatement } from '../syntax/ast.js';
import type { Code } from './bytecode.js';

/** A file as the interpreter knows it. */
export interface SourceFile {
  /** As the file port knows it; shown to people. */
  readonly path: string;
  /** Dotted module name the file was loaded as. */
  readonly moduleName: string;
  /** True for our own Python models of torch and the standard library: hidden from people's view of call sites. */
  readonly internal: boolean;
}

/**
 * A top-level statement as code and traces refer to it. It outlives edits of the statement: when
 * only function bodies changed, the same unit goes on with the new tree.
 */
export class SourceUnit {
  /** Once compiled. */
  code: Code | null = null;
  constructor(public top: TopStatement) {}
  get start(): number {
    return this.top.start;
  }
  get length(): number {
    return this.top.length;
  }
  get text(): string {
    return this.top.text;
  }
}

/**
 * A range inside a top-level statement. It survives edits elsewhere in the file because
 * the statement carries the only absolute offset.
 */
export interface Place {
  readonly file: SourceFile;
  readonly unit: SourceUnit;
  readonly start: number;
  readonly end: number;
}

export function absoluteRange(place: Place): { start: number; end: number } {
  return { start: place.unit.start + place.start, end: place.unit.start + place.end };
}

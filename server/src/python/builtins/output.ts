/** Where `print` goes: nowhere unless whoever runs the interpreter wants to see it. */
import type { Interp } from '../values.js';

const ports = new WeakMap<Interp, (text: string) => void>();

/** Receives everything printed by this interpreter, newlines included. */
export function setStdout(vm: Interp, write: (text: string) => void): void {
  ports.set(vm, write);
}

export function stdoutOf(vm: Interp): ((text: string) => void) | undefined {
  return ports.get(vm);
}

/** Where code stands, and where exceptions arose. */
import type { Code } from './bytecode.js';
import { PyRaise } from './errors.js';
import type { Frame } from './frame.js';
import type { Place } from './place.js';
import type { PyInstance } from './values.js';

export function placeOf(f: Frame): Place {
  const at = Math.max(0, f.pc - 2) >> 1;
  return { file: f.code.file, unit: f.code.unit, start: f.code.starts[at]!, end: f.code.ends[at]! };
}

interface Traceback {
  /** The innermost frame's code: says whether our own models or the user's code raised. */
  readonly origin: Code;
  /** In user code, innermost first. */
  readonly places: Place[];
  last: Frame;
}

const tracebacks = new WeakMap<PyRaise, Traceback>();
/** Remembers where in user code an exception arose and which frames it left; a frame that handles it counts once. */
export function tracePlace(e: PyRaise, f: Frame): void {
  let t = tracebacks.get(e);
  if (t === undefined) {
    t = { origin: f.code, places: [], last: f };
    tracebacks.set(e, t);
  } else if (t.last === f) return;
  t.last = f;
  if (!f.code.file.internal) t.places.push(placeOf(f));
}
export function raisedAt(e: PyRaise): Place | null {
  return tracebacks.get(e)?.places[0] ?? null;
}
/** As a traceback tells it; null before the exception has left a frame. */
export function tracebackOf(e: PyRaise): { readonly origin: Code; readonly places: readonly Place[] } | null {
  return tracebacks.get(e) ?? null;
}

const raises = new WeakMap<PyInstance, PyRaise>();
/** The exception in flight for an exception object, keeping where it arose. */
export function asRaise(e: PyInstance): PyRaise {
  let r = raises.get(e);
  if (r === undefined) {
    r = new PyRaise(e.cls.name, '');
    r.instance = e;
    raises.set(e, r);
  }
  return r;
}
export function rememberRaise(e: PyInstance, r: PyRaise): void {
  raises.set(e, r);
}

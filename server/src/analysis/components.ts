/**
 * Classes that are parts of a model in the same file: what one call of them does inside that
 * model says more than a guess at their inputs.
 */
import type { EntryPoint } from '../trace/entries.js';
import type { ScopeBody, Trace, TraceNode, TraceScope } from '../trace/trace.js';

/** The first call of each module class in a trace. */
export function scopesByType(trace: Trace, into: Map<string, { scope: TraceScope; trace: Trace }>): void {
  const seen = new Set<ScopeBody>();
  const visit = (nodes: readonly TraceNode[]): void => {
    for (const n of nodes) {
      if (n.kind === 'branch') for (const a of n.alternatives) visit(a);
      else if (n.kind === 'module' || n.kind === 'function') {
        if (n.kind === 'module' && !into.has(n.typeName)) into.set(n.typeName, { scope: n, trace });
        if (seen.has(n.body)) continue;
        seen.add(n.body);
        visit(n.body.children);
      }
    }
  };
  if (trace.root !== null) visit(trace.root.body.children);
}

/** The call as a trace of its own. */
export function componentTrace(point: EntryPoint, found: { scope: TraceScope; trace: Trace }): Trace {
  const { scope, trace } = found;
  const { body } = scope;
  return {
    ...trace,
    entry: point.name,
    place: scope.definedAt,
    inputs: body.inputs.map((t, i) => ({
      name: t.name ?? (i === 0 ? 'x' : `x${i}`),
      shape: t.shape,
      dtype: t.dtype,
      source: 'call',
    })),
    outputs: body.outputs,
    params: { total: body.params, trainable: body.params, bytes: Number.NaN, bufferBytes: Number.NaN },
    root: { ...scope, name: '' },
    containers: new Map(),
    assumptions: [{ text: `one call as ${trace.entry} makes it`, source: 'call', place: scope.callPlace }],
    error: null,
    missing: null,
  };
}

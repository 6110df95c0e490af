/** What a run did not understand or took for granted, collected from its trace. */
import type { Place } from '../python/place.js';
import type { Assumption, AssumptionNode, Gap, TraceNode } from './trace.js';

/** Gaps and assumptions of a run, each once. */
export function collectNotes(nodes: readonly TraceNode[]): { gaps: Gap[]; assumptions: Assumption[] } {
  const gaps: Gap[] = [];
  const assumptions: Assumption[] = [];
  const seen = new Set<string>();
  const bodies = new Set<object>();
  const first = (text: string, place: Place | null): boolean => {
    const key = `${text}|${place?.file.path}|${place?.unit.start}|${place?.start}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  };
  for (const n of notesIn(nodes, bodies))
    if (n.kind === 'gap') {
      if (first(`${n.what}|${n.why}|${n.isOperator}`, n.place)) gaps.push(n);
    } else if (first(`${n.source}|${n.text}`, n.place))
      assumptions.push({ text: n.text, source: n.source, place: n.place });
  return { gaps, assumptions };
}

type Note = Gap | AssumptionNode;

/** Notes in the order in which they arose; `bodies` have been looked at. */
function notesIn(nodes: readonly TraceNode[], bodies: Set<object>, out: Note[] = []): Note[] {
  for (const n of nodes) {
    if (n.kind === 'branch') for (const a of n.alternatives) notesIn(a, bodies, out);
    else if (n.kind === 'gap' || n.kind === 'assumption') out.push(n);
    else if (n.kind !== 'op' && n.body.hasNotes !== false && !bodies.has(n.body)) {
      bodies.add(n.body);
      notesIn(n.body.children, bodies, out);
      // asked of its children: one that only repeats the notes of a body seen before has them all the same
      n.body.hasNotes = n.body.children.some(mayHaveNotes);
    }
  }
  return out;
}

function mayHaveNotes(n: TraceNode): boolean {
  if (n.kind === 'op') return false;
  if (n.kind === 'branch') return n.alternatives.some((a) => a.some(mayHaveNotes));
  return n.kind === 'gap' || n.kind === 'assumption' || n.body.hasNotes !== false;
}

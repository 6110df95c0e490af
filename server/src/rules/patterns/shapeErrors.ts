/** What the rules ECO800 to ECO807 share: certain shape errors of the trace as findings with both operands and their origins. */
import type { RejectionFamily } from '../../torch/rejections.js';
import type { FailureFact, OperandFact } from '../facts.js';
import type { Message, RuleContext } from '../types.js';

export const shapeErrorMessages = {
  detected: {
    en: '{problem}{operands}. PyTorch raises {type} here when {entry} is {verb}.',
    zh: '{problem}{operands}。{entry} 被{verb}时，PyTorch 在此抛出 {type}。',
  },
  origin: {
    en: '{name} {shape} comes from here',
    zh: '{name} {shape} 来自这里',
  },
} as const;

type Context = RuleContext<'detected' | 'origin'>;

/** Reports the failures of one family. */
export function reportShapeErrors(context: Context, family: RejectionFamily): void {
  const reported = new Set<number>();
  for (const failure of context.facts.failures?.() ?? []) {
    if (failure.rejection.family !== family || reported.has(failure.start)) continue;
    if (isOtherwiseBuilt(context, failure)) continue;
    reported.add(failure.start);
    const withDtypes = family === 'dtype';
    const { operands } = failure;
    context.report({
      messageId: 'detected',
      node: { at: { start: failure.start, end: failure.end } },
      data: {
        problem: failure.rejection.problem,
        operands: operandList(context, operands, withDtypes),
        type: failure.type,
        entry: failure.entry,
        verb: failure.whileBuilding ? { en: 'built', zh: '构建' } : { en: 'called', zh: '调用' },
      },
      related: operands.flatMap((o) => {
        const at = o.origin?.at ?? null;
        if (at === null || (at.start === failure.start && at.end === failure.end)) return [];
        return [
          {
            node: { at },
            messageId: 'origin' as const,
            data: { name: nameOf(o), shape: shapeOf(o, withDtypes) },
          },
        ];
      }),
    });
  }
}

/**
 * `Block()` stands for a class whose defaults nobody uses when the file builds it with arguments, and a call
 * in the file says nothing certain about `Block(3)` when there is a `Block(1)` as well.
 */
function isOtherwiseBuilt(context: Context, failure: FailureFact): boolean {
  if (failure.fromCall && mayDifferFromEntry.test(context.text)) return true;
  const entry = /^(\w+)\(/.exec(failure.entry);
  const name = entry?.[1];
  if (name === undefined || !context.index.classes.some((c) => c.name === name)) return false;
  const built = context.index.calls.filter(
    (c) => (c.func.type === 'Name' ? c.func.id : c.func.type === 'Attribute' ? c.func.attr : '') === name,
  );
  if (failure.entry === `${name}()`) return built.some((c) => c.args.length + c.keywords.length > 0);
  return failure.fromCall && new Set(built.map((c) => context.index.source(c).replace(/\s+/g, ''))).size > 1;
}

/**
 * Code after which a call in the file may not be the call of the entry as it is built: a model that is changed after
 * it was made (`model.fc = …`), a call that is meant to fail, a tool that is given sizes instead of tensors.
 */
const mayDifferFromEntry =
  /^[ \t]*(?!self\b|cls\b)[A-Za-z_]\w*(?:\[[^\]\n]*\])*(?:\.\w+(?:\[[^\]\n]*\])*)+[ \t]*=(?!=)|\b(?:setattr|delattr|add_module|register_module|raises|assertRaises\w*|suppress|summary|profile|get_model_complexity_info|patch)\s*\(|^[ \t]*try[ \t]*:/m;

function nameOf(o: OperandFact): string {
  return o.origin?.kind === 'parameter' || o.origin?.kind === 'input' ? o.origin.name : o.role;
}

function shapeOf(o: OperandFact, withDtypes: boolean): string {
  const shape = `[${o.shape?.map((d) => (Number.isNaN(d) ? '?' : d)).join(', ') ?? '?'}]`;
  return withDtypes ? `${o.dtype} ${shape}` : shape;
}

/** `: input is [32, 512] (from self.pool(x), line 41), fc.weight is [10, 2048] (line 22)`. */
function operandList(context: Context, operands: readonly OperandFact[], withDtypes: boolean): Message {
  if (operands.length === 0) return { en: '', zh: '' };
  const line = (at: { start: number } | null): number | null =>
    at === null ? null : context.text.slice(0, at.start).split('\n').length;
  const one = (o: OperandFact, zh: boolean): string => {
    const what = `${nameOf(o)} ${zh ? '是' : 'is'} ${shapeOf(o, withDtypes)}`;
    const at = line(o.origin?.at ?? null);
    if (at === null || o.origin === null) return what;
    if (o.origin.kind === 'parameter') return zh ? `${what}（第 ${at} 行）` : `${what} (line ${at})`;
    return zh ? `${what}（来自 ${o.origin.name}，第 ${at} 行）` : `${what} (from ${o.origin.name}, line ${at})`;
  };
  return {
    en: `: ${operands.map((o) => one(o, false)).join(', ')}`,
    zh: `：${operands.map((o) => one(o, true)).join('，')}`,
  };
}

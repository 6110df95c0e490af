/** An operator the engine does not know, replaced by plain PyTorch that is said to compute the same: only to estimate, never in the user's file. */
import type { Parser } from '../../syntax/parser.js';

export interface Equivalent {
  /** As it is called in the code: `my_kernels.fused_rope`. */
  readonly operator: string;
  /** One def. */
  readonly source: string;
}

export type StoodIn = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string };

const name = '_ecocompute_stand_in';

export function withStandIn(parser: Parser, text: string, { operator, source }: Equivalent): StoodIn {
  if (!/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/.test(operator))
    return { ok: false, reason: `${operator.slice(0, 60)} is not the name of an operator` };
  const tree = parser.parse(source);
  const only = tree.statements[0]?.node;
  if (
    tree.problems.length > 0 ||
    tree.statements.length !== 1 ||
    only?.type !== 'FunctionDef' ||
    only.decorators.length > 0
  )
    return { ok: false, reason: `the equivalent of ${operator} is not one def` };
  const pattern = new RegExp(`(?<![\\w.])${operator.replace(/\./g, '\\s*\\.\\s*')}(?=\\s*\\()`, 'g');
  const calls = text.match(pattern)?.length ?? 0;
  if (calls === 0) return { ok: false, reason: `the code does not call ${operator}` };
  const at = only.nameStart;
  const start = tree.statements[0]!.start;
  const renamed = source.slice(0, start + at) + name + source.slice(start + at + only.name.length);
  // line numbers above stay what they are: the def goes behind the last statement
  return { ok: true, text: `${text.replace(pattern, name)}\n\n${standardImports}\n${renamed}\n` };
}

const standardImports = 'import math\nimport torch\nimport torch.nn.functional as F\nfrom torch import nn';

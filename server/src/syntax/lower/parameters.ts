/** Parameters of functions and lambdas. */
import type { Arg, Arguments, Expr } from '../ast.js';
import type { Context } from './context.js';
import { identifierText, lowerExpression } from './expressions.js';
import { Kind } from './kinds.js';

interface MutableArguments {
  posonlyargs: Arg[];
  args: Arg[];
  vararg: Arg | null;
  kwonlyargs: Arg[];
  kwarg: Arg | null;
}

/** `node` is a `lambda_parameters` node, or -1 for none. */
export function lowerLambdaParameters(c: Context, node: number): Arguments {
  return lowerParameters(c, node);
}

export function lowerParameters(c: Context, node: number): Arguments {
  const result: MutableArguments = { posonlyargs: [], args: [], vararg: null, kwonlyargs: [], kwarg: null };
  if (node < 0) return result;
  let keywordOnly = false;
  const add = (arg: Arg) => (keywordOnly ? result.kwonlyargs : result.args).push(arg);
  for (const part of c.named(node)) {
    switch (c.kind(part)) {
      case Kind.Identifier:
        add(argument(c, part, null, null));
        break;
      case Kind.DefaultParameter: {
        const [name, value] = c.named(part);
        add(argument(c, name, null, value === undefined ? null : lowerExpression(c, value)));
        break;
      }
      case Kind.TypedDefaultParameter: {
        const [name, type, value] = c.named(part);
        add(argument(c, name, annotation(c, type), value === undefined ? null : lowerExpression(c, value)));
        break;
      }
      case Kind.TypedParameter: {
        const [name, type] = c.named(part);
        if (name === undefined) break;
        const typed = annotation(c, type);
        if (c.kind(name) === Kind.ListSplatPattern) {
          result.vararg = splat(c, name, typed);
          keywordOnly = true;
        } else if (c.kind(name) === Kind.DictionarySplatPattern) result.kwarg = splat(c, name, typed);
        else add(argument(c, name, typed, null));
        break;
      }
      case Kind.ListSplatPattern:
        result.vararg = splat(c, part, null);
        keywordOnly = true;
        break;
      case Kind.DictionarySplatPattern:
        result.kwarg = splat(c, part, null);
        break;
      case Kind.KeywordSeparator:
        keywordOnly = true;
        break;
      case Kind.PositionalSeparator:
        result.posonlyargs = result.args;
        result.args = [];
        break;
      default:
    }
  }
  return result;
}

function annotation(c: Context, type: number | undefined): Expr | null {
  return type === undefined ? null : lowerExpression(c, type);
}

function argument(c: Context, name: number, typed: Expr | null, value: Expr | null): Arg {
  const end = typed?.end ?? c.endOf(name);
  return { start: c.startOf(name), end, arg: identifierText(c, name), annotation: typed, default: value };
}

function splat(c: Context, node: number, typed: Expr | null): Arg {
  return argument(c, c.named(node)[0] ?? node, typed, null);
}

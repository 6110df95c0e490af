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

/** `node` is a `parameters` or `lambda_parameters` node, or -1 for none. */
export function lowerParameters(c: Context, node: number): Arguments {
  const result: MutableArguments = { posonlyargs: [], args: [], vararg: null, kwonlyargs: [], kwarg: null };
  if (node < 0) return result;
  let keywordOnly = false;
  const add = (arg: Arg) => (keywordOnly ? result.kwonlyargs : result.args).push(arg);
  for (const part of c.named(node)) {
    switch (c.kind(part)) {
      case Kind.Identifier:
        add(argument(c, part, -1, null));
        break;
      case Kind.DefaultParameter: {
        const [name, value] = c.named(part);
        add(argument(c, name, -1, value === undefined ? null : lowerExpression(c, value)));
        break;
      }
      case Kind.TypedDefaultParameter: {
        const [name, type, value] = c.named(part);
        add(argument(c, name, type ?? -1, value === undefined ? null : lowerExpression(c, value)));
        break;
      }
      case Kind.TypedParameter: {
        const [name, type] = c.named(part);
        if (name === undefined) break;
        const typed = type ?? -1;
        if (c.kind(name) === Kind.ListSplatPattern) {
          result.vararg = splat(c, name, typed);
          keywordOnly = true;
        } else if (c.kind(name) === Kind.DictionarySplatPattern) result.kwarg = splat(c, name, typed);
        else add(argument(c, name, typed, null));
        break;
      }
      case Kind.ListSplatPattern:
        result.vararg = splat(c, part, -1);
        keywordOnly = true;
        break;
      case Kind.DictionarySplatPattern:
        result.kwarg = splat(c, part, -1);
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

/** `type` is the annotation's node, or -1. The parameter ends where its annotation does, parentheses included. */
function argument(c: Context, name: number, type: number, value: Expr | null): Arg {
  return {
    start: c.startOf(name),
    end: c.endOf(type < 0 ? name : type),
    arg: identifierText(c, name),
    annotation: type < 0 ? null : lowerExpression(c, type),
    default: value,
  };
}

function splat(c: Context, node: number, type: number): Arg {
  return argument(c, c.named(node)[0] ?? node, type, null);
}

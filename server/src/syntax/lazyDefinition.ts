/**
 * A class or function at the top of a file that is parsed when somebody asks what is in it. Most of an imported
 * file is never asked for: what it defines is told by the headers.
 */
import type { Defined, Stmt, SyntaxProblem, TopStatement } from './ast.js';
import type { DefinitionChunk } from './chunks.js';
import type { LoweredChunk } from './lower/chunk.js';
import { moveTree } from './members.js';

export class LazyDefinition implements TopStatement {
  start = 0;
  readonly length: number;
  readonly defines: Defined;
  private parsed: { readonly node: Stmt; readonly problems: readonly SyntaxProblem[] } | null = null;

  /** @param parse the tree of the text, a function of nothing else */
  constructor(
    readonly text: string,
    { kind, name }: DefinitionChunk,
    private readonly parse: (text: string) => LoweredChunk,
  ) {
    this.length = text.length;
    this.defines = { kind, name };
  }

  get node(): Stmt {
    return this.content.node;
  }

  /** Offsets are relative to the statement. */
  get problems(): readonly SyntaxProblem[] {
    return this.content.problems;
  }

  private get content(): { readonly node: Stmt; readonly problems: readonly SyntaxProblem[] } {
    if (this.parsed === null) {
      const { statements, problems } = this.parse(this.text);
      this.parsed = { node: asOne(statements, this.text), problems };
    }
    return this.parsed;
  }
}

/** The definition that a text is; what an error made of its end is in its body. */
function asOne(found: LoweredChunk['statements'], text: string): Stmt {
  for (const { offset, statement } of found) moveTree(statement.node, offset);
  const nodes = found.map(({ statement }) => statement.node);
  const [first, ...rest] = nodes;
  if (first !== undefined && rest.length === 0) return first;
  const at = nodes.findIndex((node) => node.type === 'ClassDef' || node.type === 'FunctionDef');
  const whole = nodes[at];
  if (whole?.type !== 'ClassDef' && whole?.type !== 'FunctionDef')
    return { type: 'Error', start: 0, end: text.length, message: 'This did not parse.' };
  const others = nodes.filter((_, i) => i !== at);
  return { ...whole, body: [...others.slice(0, at), ...whole.body, ...others.slice(at)] };
}

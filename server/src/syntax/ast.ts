/**
 * The abstract syntax tree that every room above `syntax/` reads.
 *
 * Node names and fields follow CPython's own `ast` module. Positions are UTF-16
 * offsets relative to the start of the enclosing top-level statement, so that an
 * edit above a statement leaves its tree (and everything cached for it) untouched:
 * only `TopStatement.start` moves.
 */

export interface NodeBase {
  /** UTF-16 offset of the first character, relative to the top-level statement. */
  readonly start: number;
  /** UTF-16 offset just past the last character, relative to the top-level statement. */
  readonly end: number;
}

/** A range of the source that did not parse. Running it is a coverage gap, never a crash. */
export interface ErrorNode extends NodeBase {
  readonly type: 'Error';
  readonly message: string;
}

// ---------------------------------------------------------------- expressions
export interface Name extends NodeBase {
  readonly type: 'Name';
  readonly id: string;
}
/** `int` literals beyond 2^53 are bigint; `float` and `imaginary` carry their own kinds because 1 and 1.0 differ in Python. */
export interface Constant extends NodeBase {
  readonly type: 'Constant';
  readonly kind: 'int' | 'float' | 'imaginary' | 'str' | 'bytes' | 'bool' | 'none' | 'ellipsis';
  readonly value: number | bigint | string | boolean | null;
}
export interface Attribute extends NodeBase {
  readonly type: 'Attribute';
  readonly value: Expr;
  readonly attr: string;
  readonly attrStart: number;
}
export interface Subscript extends NodeBase {
  readonly type: 'Subscript';
  readonly value: Expr;
  readonly slice: Expr;
}
export interface Keyword extends NodeBase {
  readonly arg: string | null;
  readonly value: Expr;
}
/** `args` may hold `Starred`; a keyword whose `arg` is null is `**value`. */
export interface Call extends NodeBase {
  readonly type: 'Call';
  readonly func: Expr;
  readonly args: readonly Expr[];
  readonly keywords: readonly Keyword[];
}
export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**' | '@' | '<<' | '>>' | '&' | '|' | '^';
export interface BinOp extends NodeBase {
  readonly type: 'BinOp';
  readonly left: Expr;
  readonly op: BinaryOperator;
  readonly right: Expr;
}
export interface UnaryOp extends NodeBase {
  readonly type: 'UnaryOp';
  readonly op: '-' | '+' | '~' | 'not';
  readonly operand: Expr;
}
/** `a and b and c` is one node with three values. */
export interface BoolOp extends NodeBase {
  readonly type: 'BoolOp';
  readonly op: 'and' | 'or';
  readonly values: readonly Expr[];
}
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'is' | 'is not' | 'in' | 'not in';
export interface Compare extends NodeBase {
  readonly type: 'Compare';
  readonly left: Expr;
  readonly ops: readonly CompareOperator[];
  readonly comparators: readonly Expr[];
}
export interface IfExp extends NodeBase {
  readonly type: 'IfExp';
  readonly test: Expr;
  readonly body: Expr;
  readonly orelse: Expr;
}
export interface Lambda extends NodeBase {
  readonly type: 'Lambda';
  readonly args: Arguments;
  readonly body: Expr;
}
export interface Tuple extends NodeBase {
  readonly type: 'Tuple';
  readonly elts: readonly Expr[];
}
export interface List extends NodeBase {
  readonly type: 'List';
  readonly elts: readonly Expr[];
}
export interface SetDisplay extends NodeBase {
  readonly type: 'Set';
  readonly elts: readonly Expr[];
}
/** A null key is `**value`. */
export interface Dict extends NodeBase {
  readonly type: 'Dict';
  readonly keys: readonly (Expr | null)[];
  readonly values: readonly Expr[];
}
export interface Comprehension {
  readonly target: Expr;
  readonly iter: Expr;
  readonly ifs: readonly Expr[];
  readonly isAsync: boolean;
}
export interface ListComp extends NodeBase {
  readonly type: 'ListComp';
  readonly elt: Expr;
  readonly generators: readonly Comprehension[];
}
export interface SetComp extends NodeBase {
  readonly type: 'SetComp';
  readonly elt: Expr;
  readonly generators: readonly Comprehension[];
}
export interface GeneratorExp extends NodeBase {
  readonly type: 'GeneratorExp';
  readonly elt: Expr;
  readonly generators: readonly Comprehension[];
}
export interface DictComp extends NodeBase {
  readonly type: 'DictComp';
  readonly key: Expr;
  readonly value: Expr;
  readonly generators: readonly Comprehension[];
}
/** An f-string; adjacent literals are already joined: values are `Constant` strings and `FormattedValue`s. */
export interface JoinedStr extends NodeBase {
  readonly type: 'JoinedStr';
  readonly values: readonly Expr[];
}
/** `conversion` is `r`, `s`, `a` or null; `formatSpec` is itself a JoinedStr. For `{x=}` the text `x=` precedes as a Constant and conversion defaults to `r`. */
export interface FormattedValue extends NodeBase {
  readonly type: 'FormattedValue';
  readonly value: Expr;
  readonly conversion: string | null;
  readonly formatSpec: JoinedStr | null;
}
export interface Starred extends NodeBase {
  readonly type: 'Starred';
  readonly value: Expr;
}
export interface Slice extends NodeBase {
  readonly type: 'Slice';
  readonly lower: Expr | null;
  readonly upper: Expr | null;
  readonly step: Expr | null;
}
export interface NamedExpr extends NodeBase {
  readonly type: 'NamedExpr';
  readonly target: Name;
  readonly value: Expr;
}
export interface Yield extends NodeBase {
  readonly type: 'Yield';
  readonly value: Expr | null;
}
export interface YieldFrom extends NodeBase {
  readonly type: 'YieldFrom';
  readonly value: Expr;
}
export interface Await extends NodeBase {
  readonly type: 'Await';
  readonly value: Expr;
}

export type Expr =
  | Name
  | Constant
  | Attribute
  | Subscript
  | Call
  | BinOp
  | UnaryOp
  | BoolOp
  | Compare
  | IfExp
  | Lambda
  | Tuple
  | List
  | SetDisplay
  | Dict
  | ListComp
  | SetComp
  | GeneratorExp
  | DictComp
  | JoinedStr
  | FormattedValue
  | Starred
  | Slice
  | NamedExpr
  | Yield
  | YieldFrom
  | Await
  | ErrorNode;

// ---------------------------------------------------------------- parameters
export interface Arg extends NodeBase {
  readonly arg: string;
  readonly annotation: Expr | null;
  readonly default: Expr | null;
}
/** As `ast.arguments`, with each default beside its parameter. */
export interface Arguments {
  readonly posonlyargs: readonly Arg[];
  readonly args: readonly Arg[];
  readonly vararg: Arg | null;
  readonly kwonlyargs: readonly Arg[];
  readonly kwarg: Arg | null;
}

// ---------------------------------------------------------------- statements
/** Starts at `def` (or `async`), as in CPython; decorators come before `start`, so the first node of a statement may start after 0. */
export interface FunctionDef extends NodeBase {
  readonly type: 'FunctionDef';
  readonly name: string;
  /** Range of the name itself. */
  readonly nameStart: number;
  readonly args: Arguments;
  readonly returns: Expr | null;
  readonly decorators: readonly Expr[];
  readonly body: readonly Stmt[];
  readonly isAsync: boolean;
  /** First statement's string, dedented as written (no cleaning), or null. */
  readonly docstring: string | null;
}
export interface ClassDef extends NodeBase {
  readonly type: 'ClassDef';
  readonly name: string;
  readonly nameStart: number;
  readonly bases: readonly Expr[];
  readonly keywords: readonly Keyword[];
  readonly decorators: readonly Expr[];
  readonly body: readonly Stmt[];
  readonly docstring: string | null;
}
export interface Return extends NodeBase {
  readonly type: 'Return';
  readonly value: Expr | null;
}
export interface Delete extends NodeBase {
  readonly type: 'Delete';
  readonly targets: readonly Expr[];
}
export interface Assign extends NodeBase {
  readonly type: 'Assign';
  readonly targets: readonly Expr[];
  readonly value: Expr;
}
export interface AugAssign extends NodeBase {
  readonly type: 'AugAssign';
  readonly target: Expr;
  readonly op: BinaryOperator;
  readonly value: Expr;
}
export interface AnnAssign extends NodeBase {
  readonly type: 'AnnAssign';
  readonly target: Expr;
  readonly annotation: Expr;
  readonly value: Expr | null;
}
export interface For extends NodeBase {
  readonly type: 'For';
  readonly target: Expr;
  readonly iter: Expr;
  readonly body: readonly Stmt[];
  readonly orelse: readonly Stmt[];
  readonly isAsync: boolean;
}
export interface While extends NodeBase {
  readonly type: 'While';
  readonly test: Expr;
  readonly body: readonly Stmt[];
  readonly orelse: readonly Stmt[];
}
/** `elif` is an `If` alone in `orelse`, as in CPython. */
export interface If extends NodeBase {
  readonly type: 'If';
  readonly test: Expr;
  readonly body: readonly Stmt[];
  readonly orelse: readonly Stmt[];
}
export interface WithItem {
  readonly contextExpr: Expr;
  readonly optionalVars: Expr | null;
}
export interface With extends NodeBase {
  readonly type: 'With';
  readonly items: readonly WithItem[];
  readonly body: readonly Stmt[];
  readonly isAsync: boolean;
}
export interface MatchCase {
  readonly pattern: Pattern;
  readonly guard: Expr | null;
  readonly body: readonly Stmt[];
}
export interface Match extends NodeBase {
  readonly type: 'Match';
  readonly subject: Expr;
  readonly cases: readonly MatchCase[];
}
export interface Raise extends NodeBase {
  readonly type: 'Raise';
  readonly exc: Expr | null;
  readonly cause: Expr | null;
}
export interface ExceptHandler extends NodeBase {
  readonly exceptionType: Expr | null;
  readonly name: string | null;
  readonly body: readonly Stmt[];
}
export interface Try extends NodeBase {
  readonly type: 'Try';
  readonly body: readonly Stmt[];
  readonly handlers: readonly ExceptHandler[];
  readonly orelse: readonly Stmt[];
  readonly finalbody: readonly Stmt[];
  readonly isStar: boolean;
}
export interface Assert extends NodeBase {
  readonly type: 'Assert';
  readonly test: Expr;
  readonly msg: Expr | null;
}
export interface Alias extends NodeBase {
  readonly name: string;
  readonly asname: string | null;
}
export interface Import extends NodeBase {
  readonly type: 'Import';
  readonly names: readonly Alias[];
}
/** `level` counts leading dots; `names` of one alias `*` is a star import. */
export interface ImportFrom extends NodeBase {
  readonly type: 'ImportFrom';
  readonly module: string | null;
  readonly names: readonly Alias[];
  readonly level: number;
}
export interface Global extends NodeBase {
  readonly type: 'Global';
  readonly names: readonly string[];
}
export interface Nonlocal extends NodeBase {
  readonly type: 'Nonlocal';
  readonly names: readonly string[];
}
export interface ExprStmt extends NodeBase {
  readonly type: 'Expr';
  readonly value: Expr;
}
export interface Pass extends NodeBase {
  readonly type: 'Pass';
}
export interface Break extends NodeBase {
  readonly type: 'Break';
}
export interface Continue extends NodeBase {
  readonly type: 'Continue';
}
export interface TypeAlias extends NodeBase {
  readonly type: 'TypeAlias';
  readonly name: Expr;
  readonly value: Expr;
}

export type Stmt =
  | FunctionDef
  | ClassDef
  | Return
  | Delete
  | Assign
  | AugAssign
  | AnnAssign
  | For
  | While
  | If
  | With
  | Match
  | Raise
  | Try
  | Assert
  | Import
  | ImportFrom
  | Global
  | Nonlocal
  | ExprStmt
  | Pass
  | Break
  | Continue
  | TypeAlias
  | ErrorNode;

// ---------------------------------------------------------------- patterns (match)
export type Pattern =
  | (NodeBase & { readonly type: 'MatchValue'; readonly value: Expr })
  | (NodeBase & { readonly type: 'MatchSingleton'; readonly value: true | false | null })
  | (NodeBase & { readonly type: 'MatchSequence'; readonly patterns: readonly Pattern[] })
  | (NodeBase & {
      readonly type: 'MatchMapping';
      readonly keys: readonly Expr[];
      readonly patterns: readonly Pattern[];
      readonly rest: string | null;
    })
  | (NodeBase & {
      readonly type: 'MatchClass';
      readonly cls: Expr;
      readonly patterns: readonly Pattern[];
      readonly kwdAttrs: readonly string[];
      readonly kwdPatterns: readonly Pattern[];
    })
  | (NodeBase & { readonly type: 'MatchStar'; readonly name: string | null })
  | (NodeBase & { readonly type: 'MatchAs'; readonly pattern: Pattern | null; readonly name: string | null })
  | (NodeBase & { readonly type: 'MatchOr'; readonly patterns: readonly Pattern[] });

// ---------------------------------------------------------------- a file
/** What a class or function statement defines. */
export interface Defined {
  readonly kind: 'class' | 'function';
  readonly name: string;
}

/** A top-level statement: the unit of re-lowering, of lazy evaluation and of invalidation. */
export interface TopStatement {
  /** Absolute UTF-16 offset; the only mutable field: it moves when text above it changes. */
  start: number;
  readonly length: number;
  /** Of a definition it may be parsed when it is asked for: `defines` says what most want to know. */
  readonly node: Stmt;
  /** null: not told without the node. */
  readonly defines: Defined | null;
  /** The exact source text, decorators included, without comments that follow: equal text means equal tree. */
  readonly text: string;
}

export interface Comment {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}
export interface SyntaxProblem {
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

export interface ModuleTree {
  readonly statements: readonly TopStatement[];
  /** Comments with absolute offsets, in order (pragmas are read from here). */
  readonly comments: readonly Comment[];
  /** Syntax problems with absolute offsets, in order. */
  readonly problems: readonly SyntaxProblem[];
  readonly length: number;
}

/**
 * Node kinds of the Python grammar as small integers. The grammar's own ids differ
 * between versions, so each back end's ids are mapped here once, by name.
 */

/** Named node types; `BinaryOperator` is the grammar's `binary_operator`. The order carries no meaning. */
export enum Kind {
  Token = 0,
  Error,
  Comment,
  LineContinuation,
  Module,
  Block,
  // statements
  AssertStatement,
  BreakStatement,
  ClassDefinition,
  ContinueStatement,
  DecoratedDefinition,
  DeleteStatement,
  ExecStatement,
  ExpressionStatement,
  ForStatement,
  FunctionDefinition,
  FutureImportStatement,
  GlobalStatement,
  IfStatement,
  ImportFromStatement,
  ImportStatement,
  MatchStatement,
  NonlocalStatement,
  PassStatement,
  PrintStatement,
  RaiseStatement,
  ReturnStatement,
  TryStatement,
  TypeAliasStatement,
  WhileStatement,
  WithStatement,
  // clauses and parts
  AliasedImport,
  ArgumentList,
  AsPatternTarget,
  CaseClause,
  Chevron,
  Decorator,
  DefaultParameter,
  DictionarySplat,
  DictionarySplatPattern,
  DottedName,
  ElifClause,
  ElseClause,
  ExceptClause,
  FinallyClause,
  ForInClause,
  FormatExpression,
  FormatSpecifier,
  IfClause,
  ImportPrefix,
  Interpolation,
  KeywordArgument,
  KeywordSeparator,
  LambdaParameters,
  Pair,
  Parameters,
  PositionalSeparator,
  RelativeImport,
  StringContent,
  StringEnd,
  StringStart,
  TypeConversion,
  TypeParameter,
  TypedDefaultParameter,
  TypedParameter,
  WildcardImport,
  WithClause,
  WithItem,
  // expressions
  AsPattern,
  Assignment,
  Attribute,
  AugmentedAssignment,
  Await,
  BinaryOperator,
  BooleanOperator,
  Call,
  ComparisonOperator,
  ConcatenatedString,
  ConditionalExpression,
  ConstrainedType,
  Dictionary,
  DictionaryComprehension,
  Ellipsis,
  ExpressionList,
  False,
  Float,
  GeneratorExpression,
  GenericType,
  Identifier,
  Integer,
  Lambda,
  List,
  ListComprehension,
  ListPattern,
  ListSplat,
  ListSplatPattern,
  MemberType,
  NamedExpression,
  None,
  NotOperator,
  ParenthesizedExpression,
  ParenthesizedListSplat,
  PatternList,
  Set,
  SetComprehension,
  Slice,
  SplatType,
  String,
  Subscript,
  True,
  Tuple,
  TuplePattern,
  Type,
  UnaryOperator,
  UnionType,
  Yield,
  // match patterns
  CasePattern,
  ClassPattern,
  ComplexPattern,
  DictPattern,
  KeywordPattern,
  SplatPattern,
  UnionPattern,
  /** A named node this list does not know: lowered to an Error node, so that a grammar change shows. */
  Unknown,
  // tokens that decide something
  TokenAs,
  TokenAsync,
  TokenColon,
  TokenComma,
  TokenEqual,
  TokenFrom,
  TokenImport,
  TokenIn,
  TokenUnderscore,
  /** Operators: `FirstOperator + index into operatorTexts`. Keep last. */
  FirstOperator,
}

/** Operator tokens, as written, of binary, unary, comparison, Boolean and augmented-assignment nodes. */
export const operatorTexts = [
  ...['+', '-', '*', '/', '//', '%', '**', '@', '<<', '>>', '&', '|', '^', '~', 'not', 'and', 'or'],
  ...['==', '!=', '<>', '<', '<=', '>', '>=', 'is', 'is not', 'not in'],
  ...['+=', '-=', '*=', '/=', '//=', '%=', '**=', '@=', '<<=', '>>=', '&=', '|=', '^='],
] as const;

const named = new Map<string, Kind>();
for (let kind: Kind = Kind.Error; kind < Kind.Unknown; kind++) {
  const snake = Kind[kind].replace(/(?!^)([A-Z])/g, '_$1').toLowerCase();
  named.set(snake, kind);
}
named.set('ERROR', Kind.Error);

const tokens = new Map<string, Kind>([
  ['as', Kind.TokenAs],
  ['async', Kind.TokenAsync],
  [':', Kind.TokenColon],
  [',', Kind.TokenComma],
  ['=', Kind.TokenEqual],
  ['from', Kind.TokenFrom],
  ['import', Kind.TokenImport],
  ['in', Kind.TokenIn],
  ['_', Kind.TokenUnderscore],
]);
for (const [index, text] of operatorTexts.entries()) tokens.set(text, (Kind.FirstOperator as number) + index);

/** The kind of a grammar node, by the grammar's name for it. */
export function kindOf(name: string, isNamed: boolean): Kind {
  return isNamed ? (named.get(name) ?? Kind.Unknown) : (tokens.get(name) ?? Kind.Token);
}

/** The operator's text, or null when the kind is not an operator token. */
export function operatorText(kind: Kind): string | null {
  if (kind === Kind.TokenIn) return 'in';
  return kind >= Kind.FirstOperator ? operatorTexts[kind - Kind.FirstOperator] : null;
}

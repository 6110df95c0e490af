/** Instructions of the virtual machine and the code objects that hold them. Each instruction is a pair (operation, argument). */
import type { SourceFile, SourceUnit } from './place.js';
import type { Value } from './values.js';

export enum Op {
  LOAD_CONST,
  LOAD_FAST,
  STORE_FAST,
  DELETE_FAST,
  LOAD_DEREF,
  STORE_DEREF,
  DELETE_DEREF,
  LOAD_CLOSURE,
  LOAD_CLASSDEREF,
  LOAD_GLOBAL,
  STORE_GLOBAL,
  DELETE_GLOBAL,
  LOAD_NAME,
  STORE_NAME,
  DELETE_NAME,
  LOAD_ATTR,
  STORE_ATTR,
  DELETE_ATTR,
  /** A decorator that is not known gives back what it decorates, which is then in doubt (unknownClasses.ts). */
  DECORATE,
  LOAD_METHOD,
  CALL,
  CALL_METHOD,
  CALL_KW,
  CALL_METHOD_KW,
  CALL_EX,
  BINARY,
  INPLACE,
  UNARY,
  NOT,
  COMPARE,
  SUBSCR,
  STORE_SUBSCR,
  DELETE_SUBSCR,
  BUILD_SLICE,
  BUILD_TUPLE,
  BUILD_LIST,
  BUILD_SET,
  BUILD_MAP,
  LIST_APPEND,
  SET_ADD,
  MAP_ADD,
  LIST_EXTEND,
  SET_UPDATE,
  DICT_UPDATE,
  DICT_MERGE,
  LIST_TO_TUPLE,
  BUILD_STRING,
  FORMAT_VALUE,
  POP,
  DUP,
  DUP2,
  ROT2,
  ROT3,
  ROT4,
  JUMP,
  POP_JUMP_IF_FALSE,
  POP_JUMP_IF_TRUE,
  JUMP_IF_FALSE_OR_POP,
  JUMP_IF_TRUE_OR_POP,
  GET_ITER,
  FOR_ITER,
  UNPACK_SEQUENCE,
  UNPACK_EX,
  RETURN,
  YIELD,
  YIELD_FROM,
  AWAIT,
  MAKE_FUNCTION,
  BUILD_CLASS,
  RAISE,
  RERAISE,
  SETUP_TRY,
  POP_BLOCK,
  CHECK_EXC_MATCH,
  PUSH_HANDLED,
  POP_HANDLED,
  SETUP_WITH,
  WITH_EXIT_EXC,
  IMPORT_NAME,
  IMPORT_FROM,
  IMPORT_STAR,
  MATCH_SEQUENCE,
  MATCH_MAPPING,
  MATCH_CLASS,
  MATCH_KEYS,
  MATCH_REST,
  GET_LEN,
  GAP,
  ANNOTATE,
  NOP,
}

/** How an undecidable branch is treated: both sides run up to `join`. */
export interface BranchInfo {
  /** Instruction index where both sides meet again. */
  join: number;
  /** The condition of a `while`: an undecidable one takes the body once. */
  readonly loop: boolean;
}

export class Code {
  /** Operation at even, argument at odd index. */
  ops: Int32Array = new Int32Array(0);
  /** Source range per instruction (half the length of `ops`), relative to `unit`. */
  starts: Int32Array = new Int32Array(0);
  ends: Int32Array = new Int32Array(0);
  consts: Value[] = [];
  names: string[] = [];
  /** Parameters first (positional, keyword-only, *args, **kwargs), then other locals. */
  varnames: string[] = [];
  cellvars: string[] = [];
  freevars: string[] = [];
  /** Index in varnames of each cell variable that is a parameter, else -1. */
  cellParams: number[] = [];
  posonly = 0;
  /** Positional parameters, positional-only included. */
  argcount = 0;
  kwonly = 0;
  hasVarargs = false;
  hasVarkw = false;
  isGenerator = false;
  isAsync = false;
  isClassBody = false;
  docstring: string | null = null;
  /** Code objects, class bodies and keyword name tuples. */
  extras: unknown[] = [];
  /** By instruction index (pc of the operation) of conditional jumps. */
  branches: Map<number, BranchInfo> = new Map();
  constructor(
    readonly name: string,
    readonly qualname: string,
    readonly file: SourceFile,
    public unit: SourceUnit,
    /** Range of the definition, relative to `unit`. */
    public start: number,
    public end: number,
  ) {}
}

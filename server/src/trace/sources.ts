/** Parsed files: open documents shadow the disk; files on disk are read and parsed once. */
import type { ModuleTree } from '../syntax/ast.js';
import type { ParsedFile, Parser, TextEdit } from '../syntax/parser.js';
import type { FilePort } from './files.js';
import { folderOf, joinPath } from './files.js';

export interface Source {
  readonly text: string;
  readonly tree: ModuleTree;
}

/** A file on disk: its text is often enough. */
class DiskSource implements Source {
  private parsed: ModuleTree | null = null;
  constructor(
    readonly text: string,
    private readonly parser: Parser,
  ) {}
  get tree(): ModuleTree {
    this.parsed ??= this.parser.parse(this.text);
    return this.parsed;
  }
}

/** What a program reads of the sources. */
export interface SourceView {
  readonly parser: Parser;
  /** Parsed when its tree is first read. */
  get(path: string): Source | null;
  list(folder: string): ReadonlySet<string>;
  has(folder: string, name: string): boolean;
  isDirectory(path: string): boolean;
}

/** The same sources with one file's text replaced: the what-if of an edit. */
export class EditedSources implements SourceView {
  private readonly source: Source;
  constructor(
    private readonly base: SourceView,
    private readonly path: string,
    text: string,
  ) {
    this.source = { text, tree: base.parser.parse(text) };
  }
  get parser(): Parser {
    return this.base.parser;
  }
  get(path: string): Source | null {
    return path === this.path ? this.source : this.base.get(path);
  }
  has(folder: string, name: string): boolean {
    return this.base.has(folder, name);
  }
  list(folder: string): ReadonlySet<string> {
    return this.base.list(folder);
  }
  isDirectory(path: string): boolean {
    return this.base.isDirectory(path);
  }
}

export class Sources implements SourceView {
  private readonly open = new Map<string, { file: ParsedFile; version: number }>();
  private readonly disk = new Map<string, Source | null>();
  private readonly folders = new Map<string, ReadonlySet<string>>();
  /** Messages of files that exist but cannot be read, by path. */
  readonly unreadable = new Map<string, string>();

  constructor(
    readonly parser: Parser,
    private readonly files: FilePort,
  ) {}

  openDocument(path: string, text: string, version: number): void {
    this.open.get(path)?.file.dispose();
    this.open.set(path, { file: this.parser.open(text), version });
    this.folders.delete(folderOf(path));
  }

  change(path: string, edits: readonly TextEdit[], version: number): void {
    const d = this.open.get(path);
    if (d === undefined) return;
    d.file.edit(edits);
    d.version = version;
  }

  close(path: string): void {
    this.open.get(path)?.file.dispose();
    this.open.delete(path);
  }

  version(path: string): number | null {
    return this.open.get(path)?.version ?? null;
  }

  invalidate(path: string): void {
    this.disk.delete(path);
    this.unreadable.delete(path);
    this.folders.delete(folderOf(path));
  }

  get(path: string): Source | null {
    const d = this.open.get(path);
    if (d !== undefined) return { text: d.file.text, tree: d.file.tree };
    const known = this.disk.get(path);
    if (known !== undefined) return known;
    let source: Source | null = null;
    try {
      const text = this.files.read(path);
      if (text !== null) source = new DiskSource(text, this.parser);
    } catch (e) {
      this.unreadable.set(path, e instanceof Error ? e.message : String(e));
    }
    this.disk.set(path, source);
    return source;
  }

  /** Whether `name` stands in `folder`: one directory listing serves all look-ups. */
  has(folder: string, name: string): boolean {
    return this.list(folder).has(name) || this.open.has(joinPath(folder, name));
  }

  list(folder: string): ReadonlySet<string> {
    let names = this.folders.get(folder);
    if (names === undefined) {
      names = new Set(this.files.list(folder));
      this.folders.set(folder, names);
    }
    return names;
  }

  isDirectory(path: string): boolean {
    return this.files.isDirectory(path);
  }

  dispose(): void {
    for (const d of this.open.values()) d.file.dispose();
    this.open.clear();
  }
}

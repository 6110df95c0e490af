/**
 * The open documents and how they reach the engine. Every content change is applied in the
 * order it came, here and in the worker alike; a document that is too large stays here only.
 */
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { TextDocumentContentChangeEvent, VersionedTextDocumentIdentifier } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { TextEdit } from '../syntax/parser.js';
import type { EngineClient } from './engineClient.js';
import type { OpenMessage } from './engineProtocol.js';

/** A source file beyond this many UTF-16 units is not analysed: nobody wrote it by hand. */
export const MAX_TEXT_LENGTH = 1_000_000;

export interface OpenDocument {
  readonly uri: string;
  /** The name the engine knows it by. */
  readonly file: string;
  text: TextDocument;
  /** The version that was opened or last saved. */
  savedVersion: number;
  tooLarge: boolean;
}

/** The engine's name for a document: a path for files, the URI itself for everything else. */
export function fileOfUri(uri: string): string {
  if (!uri.startsWith('file:')) return uri;
  try {
    return fileURLToPath(uri);
  } catch {
    return uri;
  }
}

export class Documents {
  private readonly byUri = new Map<string, OpenDocument>();
  private readonly uriByFile = new Map<string, string>();

  constructor(private readonly engine: () => EngineClient) {}

  get(uri: string): OpenDocument | undefined {
    return this.byUri.get(uri);
  }

  all(): OpenDocument[] {
    return [...this.byUri.values()];
  }

  /** The URI of a file the engine names: as the client wrote it when it is open. */
  uriOf(file: string): string {
    return (
      this.uriByFile.get(file) ??
      (/^[a-z][a-z0-9+.-]+:/i.test(file) && !/^[a-z]:[\\/]/i.test(file) ? file : pathToFileURL(file).href)
    );
  }

  /** What a new worker has to be told. */
  *openMessages(): Iterable<OpenMessage> {
    for (const document of this.byUri.values()) {
      if (!document.tooLarge) yield openMessage(document);
    }
  }

  open(uri: string, languageId: string, version: number, text: string): OpenDocument {
    const document: OpenDocument = {
      uri,
      file: fileOfUri(uri),
      text: TextDocument.create(uri, languageId, version, text),
      savedVersion: version,
      tooLarge: text.length > MAX_TEXT_LENGTH,
    };
    this.byUri.set(uri, document);
    this.uriByFile.set(document.file, uri);
    if (!document.tooLarge) this.engine().tell(openMessage(document));
    return document;
  }

  change(
    identifier: VersionedTextDocumentIdentifier,
    changes: readonly TextDocumentContentChangeEvent[],
  ): OpenDocument | undefined {
    const document = this.byUri.get(identifier.uri);
    if (!document) return undefined;
    this.engine().cancelFile(document.file);
    const edits: TextEdit[] = [];
    for (const change of changes) {
      const before = document.text;
      if ('range' in change) {
        const start = before.offsetAt(change.range.start);
        edits.push({ start, oldEnd: Math.max(start, before.offsetAt(change.range.end)), newText: change.text });
      } else {
        edits.push({ start: 0, oldEnd: before.getText().length, newText: change.text });
      }
      document.text = TextDocument.update(before, [change], identifier.version);
    }
    this.send(document, edits);
    return document;
  }

  close(uri: string): OpenDocument | undefined {
    const document = this.byUri.get(uri);
    if (!document) return undefined;
    this.byUri.delete(uri);
    this.uriByFile.delete(document.file);
    this.engine().cancelFile(document.file);
    if (!document.tooLarge) this.engine().tell({ kind: 'close', file: document.file });
    return document;
  }

  private send(document: OpenDocument, edits: readonly TextEdit[]): void {
    const wasTooLarge = document.tooLarge;
    document.tooLarge = document.text.getText().length > MAX_TEXT_LENGTH;
    if (document.tooLarge) {
      if (!wasTooLarge) this.engine().tell({ kind: 'close', file: document.file });
    } else if (wasTooLarge) {
      this.engine().tell(openMessage(document));
    } else {
      this.engine().tell({ kind: 'change', file: document.file, edits, version: document.text.version });
    }
  }
}

function openMessage(document: OpenDocument): OpenMessage {
  return { kind: 'open', file: document.file, text: document.text.getText(), version: document.text.version };
}

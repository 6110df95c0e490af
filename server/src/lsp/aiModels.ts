/** Which models the language server knows: the table, the workspace's `ecocompute.models.yaml`, the editor's own. */
import { editorModel, makeRegistry, noUserModels, type Registry } from '../llm/models/registry.js';
import { parseModelsFile } from '../llm/models/userFile.js';
import type { EditorChat } from '../llm/providers/provider.js';
import { nodeFiles } from './nodeFiles.js';

export class WorkspaceModels {
  private lastFaulty: string | null = null;

  /** `warn`: tells the person; once for each state of the file. */
  constructor(private readonly warn: (message: string) => void) {}

  registry(folder: string | null, editorModels: Awaited<ReturnType<EditorChat['models']>>): Registry {
    return makeRegistry(this.userModels(folder), editorModels.map(editorModel));
  }

  private userModels(folder: string | null) {
    const text = folder === null ? null : nodeFiles.read(`${folder}/ecocompute.models.yaml`);
    if (text === null) return noUserModels;
    const parsed = parseModelsFile(text);
    if (parsed.ok) return parsed.value;
    const [first] = parsed.problems;
    if (text !== this.lastFaulty)
      this.warn(
        `ecocompute.models.yaml:${first!.line}: ${first!.message}. The file is not used until this is put right.`,
      );
    this.lastFaulty = text;
    return noUserModels;
  }
}

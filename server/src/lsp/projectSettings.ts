/**
 * What the project says about a document, with the editor's settings on top: the rules that run, where code runs, and
 * the findings that are accepted. The rules are loaded with the first document, not with the server.
 */
import { isAbsolute, join } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { Settings } from '../../../shared/settings.js';
import type { FileBaseline } from '../rules/baseline.js';
import type { RuleConfig } from '../rules/config.js';
import type { ConfigProblem, TargetDefaults } from '../rules/configFile.js';
import { nodeFiles } from './nodeFiles.js';

export interface ProjectSettings {
  readonly rules: RuleConfig;
  readonly target: TargetDefaults;
  /** Accepted findings of this document. */
  readonly known: FileBaseline | null;
  /** The pyproject.toml that was read, and what is wrong in it. */
  readonly configFile: string | null;
  readonly problems: readonly ConfigProblem[];
  readonly baselineFile: string | null;
  /** Sentences about settings that do not fit. */
  readonly complaints: readonly string[];
}

export async function projectSettings(
  file: string,
  settings: Settings,
  workspaceFolder: string | null,
): Promise<ProjectSettings> {
  const { checkLayer, ruleConfigOf } = await import('../rules/config.js');
  const { findProjectConfig, relativeTo } = await import('../rules/configFile.js');
  const project = findProjectConfig(file, nodeFiles, workspaceFolder);
  const { layer, problems } = checkLayer({
    preset: settings['rules.preset'] ?? undefined,
    select: settings['rules.select'] ?? undefined,
    extendSelect: settings['rules.extendSelect'],
    ignore: settings['rules.ignore'],
    severity: settings['rules.severity'],
    options: settings['rules.options'],
    savingsThreshold: settings.savingsThreshold ?? undefined,
  });
  const complaints = problems.map(({ path, message }) =>
    l10n.t('Setting ecocompute.rules.{0}: {1}', path.join('.').replace('extend-select', 'extendSelect'), message),
  );
  const layers = project === null ? [layer] : [project.layer, layer];
  const { known, baselineFile, complaint } = await accepted(file, [
    { path: settings.baseline, folder: workspaceFolder },
    { path: project?.baseline ?? '', folder: project?.folder ?? null },
  ]);
  return {
    rules: ruleConfigOf(layers, project === null ? null : relativeTo(project.folder, file)),
    target: project?.target ?? {},
    known,
    configFile: project?.file ?? null,
    problems: project?.problems ?? [],
    baselineFile,
    complaints: complaint === null ? complaints : [...complaints, complaint],
  };
}

async function accepted(
  file: string,
  places: readonly { readonly path: string; readonly folder: string | null }[],
): Promise<{ known: FileBaseline | null; baselineFile: string | null; complaint: string | null }> {
  const place = places.find(({ path, folder }) => path !== '' && (folder !== null || isAbsolute(path)));
  if (place === undefined) return { known: null, baselineFile: null, complaint: null };
  const baselineFile = isAbsolute(place.path) ? place.path : join(place.folder ?? '', place.path);
  const { parseBaseline } = await import('../rules/baseline.js');
  const { relativeTo } = await import('../rules/configFile.js');
  let text: string | null;
  try {
    text = nodeFiles.read(baselineFile);
  } catch (error) {
    return { known: null, baselineFile, complaint: (error as Error).message };
  }
  if (text === null) {
    const complaint = l10n.t('{0}: no such baseline. "ecocompute audit --write-baseline" writes one.', baselineFile);
    return { known: null, baselineFile, complaint };
  }
  const answer = parseBaseline(text);
  if (!answer.ok) return { known: null, baselineFile, complaint: `${baselineFile}: ${answer.message}.` };
  const path = relativeTo(join(baselineFile, '..'), file);
  return { known: (path === null ? undefined : answer.value.files[path]) ?? null, baselineFile, complaint: null };
}

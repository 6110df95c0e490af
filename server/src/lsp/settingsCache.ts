/**
 * Settings per document, asked from the client once and kept until it says they changed;
 * and what follows from them: the target to price on and the Python packages to read.
 */
import * as l10n from '@vscode/l10n';
import { type Connection, MessageType, ShowMessageNotification } from 'vscode-languageserver/node';
import { defaultSettings, readSettings, SETTINGS_SECTION, type Settings } from '../../../shared/settings.js';
import type { EnvironmentOptions, Target } from '../analysis/engine.js';
import { applyWorkspaceFiles } from '../analysis/workspaceFiles.js';
import { findAccelerator } from '../hardware/accelerators.js';
import { findRegion } from '../hardware/carbon.js';
import type { FileBaseline } from '../rules/baseline.js';
import type { ConfigProblem } from '../rules/configFile.js';
import { baseName } from '../trace/files.js';
import { fileOfUri } from './documents.js';
import { isHardwareFile, readHardwareFiles } from './hardwareFiles.js';
import { nodeFiles } from './nodeFiles.js';
import { type ProjectSettings, projectSettings } from './projectSettings.js';
import { findPythonEnvironment } from './pythonEnvironment.js';

/** All that an analysis of one document depends on beside its text. */
export interface DocumentSettings {
  readonly settings: Settings;
  readonly target: Target;
  readonly hardwareName: string;
  readonly environment: EnvironmentOptions;
  /** Findings of the document that its project accepts; null: none. */
  readonly known: FileBaseline | null;
  /** Differs when anything above differs. */
  readonly key: string;
}

export interface SettingsSource {
  readonly connection: Connection;
  /** The client answers `workspace/configuration`. */
  readonly canAsk: boolean;
  /** Settings for clients that do not. */
  readonly initial: unknown;
  readonly workspaceFolder: (uri: string) => string | null;
  /** What is wrong in a pyproject.toml, each time that may have changed. */
  readonly publish: (file: string, problems: readonly ConfigProblem[]) => void;
  readonly log: (message: string) => void;
}

export class SettingsCache {
  private readonly cache = new Map<string, Promise<DocumentSettings>>();
  private readonly said = new Set<string>();
  private readonly sources = new Set<string>();
  /** Problems last published, by pyproject.toml, as JSON. */
  private readonly told = new Map<string, string>();
  private pushed: unknown;

  constructor(private readonly source: SettingsSource) {
    this.pushed = source.initial;
  }

  /** Forgets everything: the next look-up asks again. `pushed` is what the notification carried. */
  clear(pushed?: unknown): void {
    this.cache.clear();
    const section = (pushed as Record<string, unknown> | null | undefined)?.[SETTINGS_SECTION];
    if (section !== undefined) this.pushed = section;
  }

  forget(uri: string): void {
    this.cache.delete(uri);
  }

  /** Never fails: what cannot be read is replaced by defaults and said once. */
  get(uri: string): Promise<DocumentSettings> {
    let entry = this.cache.get(uri);
    if (!entry) {
      entry = this.load(uri);
      this.cache.set(uri, entry);
    }
    return entry;
  }

  private async load(uri: string): Promise<DocumentSettings> {
    const { settings, problems } = readSettings(await this.ask(uri));
    for (const { key, value, expected } of problems) {
      this.say(
        l10n.t('Setting ecocompute.{0} is {1}, which does not fit ({2}). Its default is used.', key, value, expected),
      );
    }
    return this.derive(uri, settings);
  }

  private async ask(uri: string): Promise<unknown> {
    if (!this.source.canAsk) return this.pushed;
    try {
      return await this.source.connection.workspace.getConfiguration({ scopeUri: uri, section: SETTINGS_SECTION });
    } catch (error) {
      this.source.log(`settings of ${uri}: ${String(error)}`);
      return this.pushed;
    }
  }

  /** True for files that settings were read from: a change of them changes settings. */
  isSource(file: string): boolean {
    return this.sources.has(file) || baseName(file) === 'pyproject.toml' || isHardwareFile(file);
  }

  private async project(uri: string, settings: Settings): Promise<ProjectSettings> {
    const found = await projectSettings(fileOfUri(uri), settings, this.source.workspaceFolder(uri));
    for (const complaint of found.complaints) this.say(complaint);
    for (const file of [found.configFile, found.baselineFile]) if (file !== null) this.sources.add(file);
    if (found.configFile !== null) this.tell(found.configFile, found.problems);
    // a file that is gone, or says nothing to us any more, has nothing wrong
    for (const file of this.told.keys()) if (!mentionsUs(file)) this.tell(file, []);
    return found;
  }

  private tell(file: string, problems: readonly ConfigProblem[]): void {
    const json = JSON.stringify(problems);
    if ((this.told.get(file) ?? '[]') === json) return;
    this.told.set(file, json);
    this.source.publish(file, problems);
  }

  private async derive(uri: string, own: Settings): Promise<DocumentSettings> {
    const project = await this.project(uri, own);
    const { hardware, region: place, dtype, batch } = project.target;
    // a setting that was not changed leaves the word to the project
    const settings = {
      ...own,
      hardware: own.hardware === defaultSettings.hardware ? (hardware ?? own.hardware) : own.hardware,
      region: own.region === '' ? (place ?? '') : own.region,
      batch: own.batch ?? batch ?? null,
    };
    const workspaceFolder = this.source.workspaceFolder(uri);
    const { problems, ...hardwareFiles } = readHardwareFiles(fileOfUri(uri), workspaceFolder);
    for (const problem of [...problems, ...applyWorkspaceFiles(hardwareFiles)]) this.say(problem);
    let accelerator = findAccelerator(settings.hardware);
    if (!accelerator.ok) {
      this.say(l10n.t('Setting ecocompute.hardware: {0} {1} is used.', accelerator.message, defaultSettings.hardware));
      accelerator = findAccelerator(defaultSettings.hardware);
    }
    const region = settings.region === '' ? null : findRegion(settings.region);
    if (region && !region.ok) {
      this.say(l10n.t('Setting ecocompute.region: {0} The world average is used.', region.message));
    }
    const python = findPythonEnvironment({ pythonPath: settings.pythonPath, workspaceFolder, env: process.env });
    if (settings.pythonPath !== '' && python.origin !== 'setting') {
      this.say(l10n.t('Setting ecocompute.pythonPath: no packages were found for {0}.', settings.pythonPath));
    }
    this.source.log(
      `${uri}: packages of ${python.prefix ?? 'no Python'} (${python.origin}): ${python.sitePackages.join(', ') || 'none'}`,
    );
    const derived = {
      settings,
      target: {
        ...targetOf(
          settings,
          accelerator.ok ? accelerator.value.id : defaultSettings.hardware,
          region?.ok ? region.value.id : null,
        ),
        ...(own.dtype === 'auto' && dtype !== undefined ? { dtype } : {}),
        rules: project.rules,
      },
      hardwareName: accelerator.ok ? shortName(accelerator.value.name) : settings.hardware,
      environment: {
        pythonPath: [...settings.extraPaths, ...(workspaceFolder ? [workspaceFolder] : [])],
        sitePackages: python.sitePackages,
        torchVersion: python.torchVersion,
        ...hardwareFiles,
      },
      known: project.known,
    };
    return { ...derived, key: JSON.stringify(derived) };
  }

  private say(message: string): void {
    if (this.said.has(message)) return;
    this.said.add(message);
    void this.source.connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Warning, message });
  }
}

function mentionsUs(file: string): boolean {
  try {
    return nodeFiles.read(file)?.includes('ecocompute') ?? false;
  } catch {
    return true;
  }
}

function targetOf(settings: Settings, hardware: string, region: string | null): Target {
  return {
    hardware,
    dtype: settings.dtype === 'auto' ? null : settings.dtype,
    region,
    phase: settings.phase === 'auto' ? null : settings.phase,
    batch: settings.batch,
    compiled: settings.compiled,
    trainMode: settings.phase === 'training',
    torchVersion: settings.torchVersion === '' ? null : settings.torchVersion,
  };
}

/** `NVIDIA H100 SXM5 80GB` → `H100 SXM5 80GB`: room is short where it is shown. */
export function shortName(name: string): string {
  return name.replace(/^(NVIDIA|AMD|Google|AWS|Intel|Apple)\s+/, '').replace(/^(GeForce|Instinct)\s+/, '');
}

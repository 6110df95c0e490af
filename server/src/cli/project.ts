/** What the project's pyproject.toml says about a file, with the flags on top. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from '../analysis/engine.js';
import { nodeFiles } from '../lsp/nodeFiles.js';
import { type ConfigLayer, ruleConfigOf } from '../rules/config.js';
import { findProjectConfig, type ProjectConfig, relativeTo } from '../rules/configFile.js';
import { presets } from '../rules/presets.js';
import { noSuchRule, selected } from '../rules/selectors.js';
import { type Flags, numberFlag, oneOf, targetOf, textFlag } from './flags.js';
import { type Io, UsageError } from './io.js';
import { absolute } from './session.js';

/** Flags that say which rules run. */
export const ruleFlags = {
  preset: { type: 'string' },
  select: { type: 'string' },
  'extend-select': { type: 'string' },
  ignore: { type: 'string' },
  'savings-threshold': { type: 'string' },
} as const;

/** @throws UsageError for names that mean no rule. */
function layerOf(flags: Flags): ConfigLayer {
  const list = (name: string): string[] | undefined =>
    textFlag(flags, name)
      ?.split(',')
      .map((part) => part.trim())
      .filter((part) => {
        if (part !== '' && selected(part) === null) throw new UsageError(`--${name}: ${noSuchRule(part)}`);
        return part !== '';
      });
  return {
    preset: flags['preset'] === undefined ? undefined : oneOf(flags, 'preset', presets, 'recommended'),
    select: list('select'),
    extendSelect: list('extend-select'),
    ignore: list('ignore'),
    savingsThreshold: numberFlag(flags, 'savings-threshold', 'a number of percent') ?? undefined,
  };
}

export class Projects {
  private readonly byFolder = new Map<string, ProjectConfig | null>();
  private readonly flagged: Target;
  private readonly layer: ConfigLayer;

  /** @throws UsageError for flags that do not fit. */
  constructor(
    private readonly flags: Flags,
    private readonly io: Io,
  ) {
    this.flagged = targetOf(flags);
    this.layer = layerOf(flags);
  }

  /** @throws UsageError naming the line of pyproject.toml that is wrong. */
  configOf(path: string): ProjectConfig | null {
    const file = absolute(path, this.io);
    const folder = join(file, '..');
    let project = this.byFolder.get(folder);
    if (project === undefined) {
      project = findProjectConfig(file, nodeFiles, null);
      const first = project?.problems[0];
      if (first !== undefined) throw new UsageError(`${first.file}:${first.line}: ${first.message}`);
      this.byFolder.set(folder, project);
    }
    return project;
  }

  /** @throws UsageError */
  targetOf(path: string): Target {
    const project = this.configOf(path);
    const { hardware, region, dtype, batch } = project?.target ?? {};
    const has = (flag: string): boolean => this.flags[flag] !== undefined;
    return {
      ...this.flagged,
      hardware: has('hardware') ? this.flagged.hardware : (hardware ?? this.flagged.hardware),
      region: this.flagged.region ?? region ?? null,
      dtype: this.flagged.dtype ?? dtype ?? null,
      batch: this.flagged.batch ?? batch ?? null,
      rules: ruleConfigOf(
        project === null ? [this.layer] : [project.layer, this.layer],
        project === null ? null : relativeTo(project.folder, absolute(path, this.io)),
      ),
    };
  }

  /** The baseline that the project names, as a full path. */
  baselineOf(path: string): string | null {
    const project = this.configOf(path);
    return project === null || project.baseline === null ? null : join(project.folder, project.baseline);
  }
}

export function readText(path: string, io: Io): string | null {
  try {
    return readFileSync(absolute(path, io), 'utf8');
  } catch {
    return null;
  }
}

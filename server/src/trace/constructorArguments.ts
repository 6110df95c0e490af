/**
 * Arguments for constructors that the file never calls with known values: named presets
 * (`CONFIGS = {"base": dict(...)}`), module-level values under the parameters' names, and JSON or YAML files beside the
 * file whose keys are the parameters'.
 */
import { Aborted, PyRaise } from '../python/errors.js';
import { PyDict, PyFloat, PyInstance, PyList, PyTuple, type Value } from '../python/values.js';
import { isModule } from '../torch/moduleClass.js';
import { expressionOf } from './callInputs.js';
import { folderOf, joinPath } from './files.js';
import type { Program } from './program.js';

export interface Required {
  readonly name: string;
}

const configurationName = /^_?(config|cfg|conf|args|hparams|hps|params|opts?|options|configs|settings|hp)$/i;

/** An expression that builds `className`, or null when nothing here gives what it needs. */
export function argumentsFor(p: Program, className: string, required: readonly Required[]): string | null {
  return (
    fromGlobals(p, className, required) ?? fromPresets(p, className, required) ?? fromFiles(p, className, required)
  );
}

function globalOf(p: Program, name: string): Value | undefined {
  try {
    return p.machine.imports.global(p.main!, name, Number.POSITIVE_INFINITY);
  } catch (e) {
    if (e instanceof PyRaise || (e instanceof Aborted && e.reason !== 'cancelled')) return undefined;
    throw e;
  }
}

/** Names that the module's statements assign. */
function assigned(p: Program): string[] {
  return (p.main?.tree?.statements ?? []).flatMap(({ node }) =>
    node.type === 'Assign'
      ? node.targets.flatMap((t) => (t.type === 'Name' ? [t.id] : []))
      : node.type === 'AnnAssign' && node.target.type === 'Name'
        ? [node.target.id]
        : [],
  );
}

function isSetting(v: Value | undefined): boolean {
  return (
    typeof v === 'number' ||
    typeof v === 'string' ||
    typeof v === 'boolean' ||
    v instanceof PyFloat ||
    v instanceof PyTuple ||
    v instanceof PyList ||
    v instanceof PyDict ||
    (v instanceof PyInstance && !isModule(v))
  );
}

/** `VOCAB_SIZE = 77` for `vocab_size`, `args = parser.parse_args()` for `args`, `config` for `cfg`. */
function fromGlobals(p: Program, className: string, required: readonly Required[]): string | null {
  const names = assigned(p);
  const parts: string[] = [];
  for (const r of required) {
    const found = names.find(
      (n) =>
        n.toLowerCase() === r.name.toLowerCase() ||
        (required.length === 1 && configurationName.test(r.name) && configurationName.test(n)),
    );
    if (found === undefined || !isSetting(globalOf(p, found))) return null;
    parts.push(`${r.name}=${found}`);
  }
  return `${className}(${parts.join(', ')})`;
}

function covers(d: Value | undefined, required: readonly Required[]): d is PyDict {
  return d instanceof PyDict && required.every((r) => d.entries.has(r.name));
}

/** The first preset whose keys cover what is required; a configuration parameter takes the preset itself. */
function fromPresets(p: Program, className: string, required: readonly Required[]): string | null {
  const one = required.length === 1 && configurationName.test(required[0]!.name);
  for (const name of assigned(p)) {
    if (!/config|cfg|preset|variant|size|model|arch|param|setting|zoo|spec/i.test(name)) continue;
    const v = globalOf(p, name);
    if (covers(v, required)) return `${className}(**${name})`;
    if (!(v instanceof PyDict)) continue;
    for (const [key, preset] of v.entries.values()) {
      const stars = covers(preset, required) ? '**' : '';
      if (stars === '' && !(one && preset instanceof PyInstance && !isModule(preset))) continue;
      const k = expressionOf(key);
      if (k !== null) return `${className}(${stars}${name}[${k}])`;
    }
  }
  return null;
}

/** Mappings in a document: itself, then those under its keys, two levels deep. */
function mappings(v: Value, depth = 0): PyDict[] {
  if (!(v instanceof PyDict)) return [];
  return depth >= 2 ? [v] : [v, ...[...v.entries.values()].flatMap(([, x]) => mappings(x, depth + 1))];
}

/** Configuration files in the folder, and in `config` folders of it. */
function fromFiles(p: Program, className: string, required: readonly Required[]): string | null {
  const { sources } = p.options;
  const folder = folderOf(p.file);
  const folders = [
    folder,
    ...['config', 'configs', 'conf'].filter((n) => sources.has(folder, n)).map((n) => joinPath(folder, n)),
  ];
  for (const at of folders) {
    for (const file of [...sources.list(at)]
      .filter((n) => /\.(json|ya?ml)$/.test(n))
      .sort()
      .slice(0, 20)) {
      const text = sources.get(joinPath(at, file))?.text ?? null;
      if (text === null || text.length > 100_000 || !required.every((r) => text.includes(r.name))) continue;
      const reader = file.endsWith('.json') ? 'json' : 'yaml';
      const document = parsed(p, reader, text);
      const found = mappings(document).find((d) => covers(d, required));
      if (found === undefined) continue;
      const parts = required.map((r) => [r.name, expressionOf(found.entries.get(r.name)![1])]);
      if (parts.every(([, t]) => t !== null)) return `${className}(${parts.map(([n, t]) => `${n}=${t}`).join(', ')})`;
    }
  }
  return null;
}

function parsed(p: Program, reader: 'json' | 'yaml', text: string): Value {
  try {
    const loads = p.native(`_${reader}.loads`);
    const made = loads === undefined ? null : p.machine.call(loads, [text]);
    return reader === 'yaml' && made instanceof PyList ? (made.items[0] ?? null) : made;
  } catch (e) {
    if (e instanceof PyRaise) return null;
    throw e;
  }
}

/** The files and models that are measured, and where the machine has them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findPythonEnvironment } from '../../server/src/lsp/pythonEnvironment.js';
import type { TextEdit } from '../../server/src/syntax/parser.js';

declare const BENCH_FOLDER: string;
export const benchFolder = BENCH_FOLDER;
export const projectRoot = join(BENCH_FOLDER, '../..');

/** The Python to read packages from and to compare with: the one named, else the first on the path. */
export const python = process.env.ECOCOMPUTE_PYTHON ?? 'python3';

const purelib =
  'import sysconfig, sys; print("\\n".join(dict.fromkeys([sysconfig.get_paths()["purelib"], *[p for p in sys.path if p.endswith("-packages")]])))';

export const sitePackages: readonly string[] = (() => {
  try {
    return execFileSync(python, ['-c', purelib], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .trim()
      .split('\n');
  } catch {
    return findPythonEnvironment({ pythonPath: '', workspaceFolder: null, env: process.env }).sitePackages;
  }
})();

/** A file of an installed package. @throws when the package is not there. */
export function packageFile(path: string): string {
  const found = sitePackages.map((folder) => join(folder, path)).find((file) => existsSync(file));
  if (found === undefined) throw new Error(`${path.split('/')[0]} is not installed for ${shortPython()}`);
  return found;
}

export function shortPython(): string {
  return process.env.ECOCOMPUTE_PYTHON === undefined ? 'python3' : 'the Python that ECOCOMPUTE_PYTHON names';
}

/** ruff beside that Python or on the path. @throws when there is none. */
export function findRuff(): string {
  const folders = [
    ...(process.env.ECOCOMPUTE_PYTHON === undefined ? [] : [join(process.env.ECOCOMPUTE_PYTHON, '..')]),
    ...(process.env.PATH ?? '').split(delimiter),
  ];
  for (const folder of folders) {
    for (const name of ['ruff', 'ruff.exe']) {
      const path = join(folder, name);
      if (existsSync(path) && spawnSync(path, ['--version']).status === 0) return path;
    }
  }
  throw new Error('ruff is not installed (pip install ruff)');
}

export interface Model {
  readonly name: string;
  /** Module to import, or a file of this folder. */
  readonly module: string;
  readonly entry: string;
  /** As `--input` takes it. */
  readonly input: string;
}

export const models: readonly Model[] = [
  { name: 'resnet50', module: 'torchvision.models.resnet', entry: 'resnet50()', input: '1x3x224x224:float32' },
  {
    name: 'regnet_y_128gf',
    module: 'torchvision.models.regnet',
    entry: 'regnet_y_128gf()',
    input: '1x3x224x224:float32',
  },
  {
    name: 'vit_h_14',
    module: 'torchvision.models.vision_transformer',
    entry: 'vit_h_14()',
    input: '1x3x224x224:float32',
  },
  { name: 'Llama, 126 layers', module: 'llama_126.py', entry: 'Llama()', input: '1x2048:int64' },
];

export function modelFile(model: Model): string {
  return model.module.endsWith('.py')
    ? join(benchFolder, model.module)
    : packageFile(`${model.module.replaceAll('.', '/')}.py`);
}

/** What is typed where: `typed` after the last of `anchors`, found one after the other. */
export interface Typing {
  readonly name: string;
  readonly anchors: readonly string[];
  readonly typed: string;
}

export interface EditedFile {
  readonly name: string;
  readonly path: string;
  readonly typings: readonly Typing[];
  readonly wanted: { readonly median?: number; readonly p95?: number };
}

export const editedFiles: readonly EditedFile[] = [
  {
    name: 'torchvision resnet.py',
    path: 'torchvision/models/resnet.py',
    wanted: { median: 4, p95: 10 },
    typings: [
      {
        name: '`forward` of a block',
        anchors: ['class Bottleneck', 'def forward', 'out = self.conv3(out)'],
        typed: ' * 1.0',
      },
      {
        name: '`__init__` of the model',
        anchors: ['class ResNet', 'self.base_width = width_per_group'],
        typed: ' // 1',
      },
      { name: 'a default of the model', anchors: ['class ResNet', 'width_per_group: int = 64'], typed: '0' },
    ],
  },
  {
    name: 'timm vision_transformer.py',
    path: 'timm/models/vision_transformer.py',
    wanted: { p95: 25 },
    typings: [
      {
        name: '`forward` of a block',
        anchors: ['class Block(', 'def forward', 'self.mlp(self.norm2(x))))'],
        typed: ' * 1.0',
      },
      {
        name: '`__init__` of the model',
        anchors: ['class VisionTransformer(', 'self.num_classes = num_classes'],
        typed: ' // 1',
      },
      { name: 'a default of the model', anchors: ['class VisionTransformer(', 'mlp_ratio: float = 4.'], typed: '5' },
    ],
  },
];

/** Keystrokes before those that count, whole rounds of each typing: whoever types has a warm server. */
export const warmUpStrokes = 60;

/** Every keystroke of typing the text and deleting it again, as edits one after the other. */
export function keystrokes(text: string, typing: Typing): TextEdit[] {
  let at = 0;
  for (const anchor of typing.anchors) {
    const found = text.indexOf(anchor, at);
    if (found < 0) throw new Error(`"${anchor}" is not in this version of the file`);
    at = found + anchor.length;
  }
  const edits: TextEdit[] = [...typing.typed].map((newText, i) => ({ start: at + i, oldEnd: at + i, newText }));
  for (let i = typing.typed.length; i > 0; i--) edits.push({ start: at + i - 1, oldEnd: at + i, newText: '' });
  return edits;
}

export function readText(path: string): string {
  return readFileSync(path, 'utf8');
}

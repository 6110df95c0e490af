/** What `--help` prints. */

const target = [
  '  --hardware ID         accelerator to price on (default h100-sxm; "ecocompute hardware" lists them)',
  '  --region ID           country or cloud region whose grid carbon counts (default: world average)',
  '  --dtype NAME          cast parameters and float inputs: float32, bfloat16, float16, float64 …',
  '  --phase NAME          inference or training',
  '  --batch N             batch size of guessed inputs',
  '  --compiled            price the code as torch.compile would run it',
  '  --train-mode          modules in train() rather than eval()',
  '  --torch VERSION       follow this PyTorch, e.g. 1.13 (default: the environment’s, else the newest known)',
  '  --python-path DIR     where absolute imports are looked up (repeatable)',
];

const pages: Readonly<Record<string, readonly string[]>> = {
  estimate: [
    'ecocompute estimate FILE.py',
    'What one call of a model costs: FLOPs, bytes, time, energy, money, carbon. The code is read, not run.',
    '',
    '  --entry EXPR          a Python expression in the file’s namespace: "resnet50(num_classes=10)", "GPT(GPTConfig())"',
    '                        (default: every model of the file that can be built)',
    '  --input SPEC          argument of the call (repeatable): 1x3x224x224:float32, mask=2x128:bool, flag==True,',
    '                        =[torch.randn(3, 800, 800)]',
    ...target,
    '  --depth N             levels of the module tree in the text output (default 3)',
    '  --format text|json',
  ],
  audit: [
    'ecocompute audit PATH…',
    'Which lines waste energy, how much, and how to fix them. Folders are searched for .py files.',
    '',
    '  --fail-on LEVEL       in block mode, fail on findings at or over: error (default), warning, information, hint',
    '  --mode block|audit    block: exit 1 when the gate fails; audit (default): report only',
    '  --fix                 apply the safe fixes to the files',
    '  --fix-unsafe          apply unsafe fixes as well (suggestions are never applied: see them in the report)',
    '  --diff                print the fixes as a diff, change nothing',
    '  --select CODES        only these rules (comma-separated)',
    '  --ignore CODES        not these rules',
    '  --budget-usd N, --budget-kwh N, --budget-kgco2 N, --runs-per-month N',
    '                        monthly budgets, at this many calls a month',
    ...target,
    '  --format text|json|markdown|html|sarif',
    '  --output FILE         write the report to a file',
    '  --language en|zh      language of the report',
    '  --quiet               no progress, no summary when there is nothing to say',
  ],
  hardware: ['ecocompute hardware', 'The accelerators with their peaks and sources.', '', '  --format text|json'],
  rules: ['ecocompute rules', 'The rules with severity and fix safety.', '', '  --format text|json'],
  explain: [
    'ecocompute explain CODE',
    'The page of a rule: what, why, example, what to use instead, when not to.',
    '',
    '  --format text|json',
  ],
  lsp: ['ecocompute lsp --stdio', 'The language server, for any editor that speaks the Language Server Protocol.'],
  mcp: ['ecocompute mcp', 'A Model Context Protocol server. Not built yet.'],
};

export function mainHelp(): string {
  return `${[
    'ecocompute: what PyTorch code costs in energy, time, money and carbon, without running it.',
    '',
    '  ecocompute estimate FILE.py    what a model costs',
    '  ecocompute audit PATH…         which lines waste energy, and how to fix them',
    '  ecocompute hardware            the accelerators that can be priced',
    '  ecocompute rules               the rules',
    '  ecocompute explain CODE        the page of a rule',
    '  ecocompute lsp --stdio         the language server',
    '  ecocompute --version',
    '',
    'Each takes --help. Exit codes: 0 fine, 1 the gate failed, 2 usage or unreadable input, 3 nothing could be estimated.',
  ].join('\n')}\n`;
}

export function commandHelp(name: string): string {
  return `${(pages[name] ?? []).join('\n')}\n`;
}

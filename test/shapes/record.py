"""Runs every program under test/shapes/programs with PyTorch and records what it raises and on which line.

Programs stand several per file between lines `# --- name`, in the format of test/python/record.py.
Usage: PYTHON test/shapes/record.py, with a Python that has the PyTorch that is to judge.
"""
import json
import pathlib
import re
import sys
import traceback

import torch

FOLDER = pathlib.Path(__file__).parent / 'programs'


def programs(text):
    """Yields (name, source); a program's lines are counted from the line after its heading."""
    name, lines = None, []
    for line in text.splitlines():
        m = re.match(r'# --- (.+)$', line)
        if m:
            if name is not None:
                yield name, '\n'.join(lines) + '\n'
            name, lines = m.group(1).strip(), []
        else:
            lines.append(line)
    if name is not None:
        yield name, '\n'.join(lines) + '\n'


def run(source):
    torch.manual_seed(0)
    try:
        exec(compile(source, 'program.py', 'exec', dont_inherit=True), {'__name__': '__main__'})
    except Exception as e:
        own = [f.lineno for f in traceback.extract_tb(e.__traceback__) if f.filename == 'program.py']
        return {'type': type(e).__name__, 'message': str(e).split('\n')[0], 'line': own[-1]}
    return None


def main():
    results, total, raising = {}, 0, 0
    for file in sorted(FOLDER.glob('*.py')):
        for name, source in programs(file.read_text()):
            key = f'{file.stem}/{name}'
            if key in results:
                sys.exit(f'{file.name}: two programs are called {name!r}')
            results[key] = run(source)
            total += 1
            raising += results[key] is not None
    out = {'torch': torch.__version__.split('+')[0], 'programs': results}
    (FOLDER / 'recorded.json').write_text(json.dumps(out, indent=2, ensure_ascii=False) + '\n')
    print(f'{total} programs recorded with PyTorch {out["torch"]}, {raising} raise')


main()

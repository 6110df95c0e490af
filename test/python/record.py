"""Runs every program under test/python/programs with CPython and records what it prints and raises.

Programs stand in one file each, or several per file between lines `# --- name`.
Usage: python3 test/python/record.py [file.py ...]
"""
import contextlib
import io
import json
import pathlib
import re
import sys
import types

FOLDER = pathlib.Path(__file__).parent / 'programs'


def programs(text):
    name, lines = 'all', []
    for line in text.splitlines():
        m = re.match(r'# --- (.+)$', line)
        if m:
            if any(x.strip() for x in lines):
                yield name, '\n'.join(lines) + '\n'
            name, lines = m.group(1).strip(), []
        else:
            lines.append(line)
    if any(x.strip() for x in lines):
        yield name, '\n'.join(lines) + '\n'


def run(source):
    out = io.StringIO()
    module = types.ModuleType('__main__')
    sys.modules['__main__'] = module
    error = None
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        try:
            exec(compile(source, 'program.py', 'exec', dont_inherit=True), module.__dict__)
        except BaseException as e:
            error = f'{type(e).__name__}: {e}'
    return {'out': out.getvalue(), 'error': error}


def main():
    if sys.version_info[:2] != (3, 11):
        sys.exit(f'record.py needs Python 3.11, this is {sys.version.split()[0]}')
    files = [pathlib.Path(a) for a in sys.argv[1:]] or sorted(FOLDER.glob('*.py'))
    total = 0
    for file in files:
        results = {}
        for name, source in programs(file.read_text()):
            if name in results:
                sys.exit(f'{file.name}: two programs are called {name!r}')
            results[name] = run(source)
        total += len(results)
        file.with_suffix('.json').write_text(json.dumps(results, indent=2, ensure_ascii=False) + '\n')
    print(f'{total} programs recorded in {len(files)} files')


main()

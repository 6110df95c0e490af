"""Runs programs.py in real PyTorch and writes what it prints, for programs.test.ts."""
import json
import os

here = os.path.dirname(os.path.abspath(__file__))
scope = {'__name__': 'programs'}
exec(open(os.path.join(here, 'programs.py')).read(), scope)
results = {name: str(f()) for name, f in list(scope.items()) if name.startswith('t_')}
with open(os.path.join(here, '../../data/torch/programs.json'), 'w') as file:
    json.dump(results, file, indent=1)

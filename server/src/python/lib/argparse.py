"""argparse: parsers whose `parse_args()` gives the defaults, since no command line is known."""
from _eco import runtime

SUPPRESS = '==SUPPRESS=='
OPTIONAL = '?'
ZERO_OR_MORE = '*'
ONE_OR_MORE = '+'
REMAINDER = '...'
PARSER = 'A...'


class ArgumentError(Exception):
    def __init__(self, argument, message):
        self.argument_name = argument
        self.message = message


class ArgumentTypeError(Exception):
    pass


class Namespace:
    def __init__(self, **kwargs):
        for name, value in kwargs.items():
            setattr(self, name, value)

    def __eq__(self, other):
        if not isinstance(other, Namespace):
            return NotImplemented
        return vars(self) == vars(other)
    __hash__ = None

    def __contains__(self, key):
        return key in self.__dict__

    def __repr__(self):
        return f'Namespace({", ".join(f"{k}={v!r}" for k, v in self.__dict__.items())})'


class HelpFormatter:
    def __init__(self, *args, **kwargs):
        pass


class RawDescriptionHelpFormatter(HelpFormatter):
    pass


class RawTextHelpFormatter(HelpFormatter):
    pass


class ArgumentDefaultsHelpFormatter(HelpFormatter):
    pass


class MetavarTypeHelpFormatter(HelpFormatter):
    pass


class FileType:
    def __init__(self, mode='r', *args, **kwargs):
        self.mode = mode


class Action:
    def __init__(self, option_strings, dest, nargs=None, const=None, default=None, type=None, choices=None, required=False, help=None, metavar=None, **kwargs):
        self.option_strings = option_strings
        self.dest = dest
        self.nargs = nargs
        self.const = const
        self.default = default
        self.type = type
        self.choices = choices
        self.required = required
        self.help = help
        self.metavar = metavar
        self.kind = 'store'

    def __call__(self, parser, namespace, values, option_string=None):
        setattr(namespace, self.dest, values)


class BooleanOptionalAction(Action):
    pass


_kinds = {int: 'int', float: 'float', str: 'str', bool: 'bool', None: 'str'}


class _Container:
    def __init__(self):
        self._actions = []
        self._defaults = {}

    def add_argument(self, *flags, **options):
        dest = options.pop('dest', None)
        positional = len(flags) == 0 or not flags[0].startswith('-')
        if dest is None:
            if positional:
                dest = flags[0] if flags else None
            else:
                long = [f for f in flags if f.startswith('--')]
                dest = (long[0] if long else flags[0]).lstrip('-').replace('-', '_')
        action = options.pop('action', 'store')
        if isinstance(action, type):
            made = action([] if positional else list(flags), dest, **options)
            made.kind = 'store'
        else:
            made = Action([] if positional else list(flags), dest, **{k: v for k, v in options.items() if k != 'version'})
            made.kind = action
        made.positional = positional
        if not isinstance(action, type):
            if action == 'store_true' and 'default' not in options:
                made.default = False
            elif action == 'store_false' and 'default' not in options:
                made.default = True
        if positional and made.nargs not in ('?', '*') and 'default' not in options:
            made.required = True
        self._root()._actions.append(made)
        return made

    def _root(self):
        return self

    def set_defaults(self, **kwargs):
        self._root()._defaults.update(kwargs)

    def get_default(self, dest):
        for action in self._root()._actions:
            if action.dest == dest and action.default is not None:
                return action.default
        return self._root()._defaults.get(dest)


class _Group(_Container):
    def __init__(self, parser):
        self._parser = parser
        self._group_actions = []

    def _root(self):
        return self._parser._root()

    def add_argument(self, *flags, **options):
        made = _Container.add_argument(self, *flags, **options)
        self._group_actions.append(made)
        return made

    def add_argument_group(self, *args, **kwargs):
        return _Group(self)

    def add_mutually_exclusive_group(self, **kwargs):
        return _Group(self)


class _Subparsers:
    def __init__(self, parser, dest):
        self._parser = parser
        self.dest = dest
        self.choices = {}
        self.required = False

    def add_parser(self, name, **kwargs):
        made = ArgumentParser(**{k: v for k, v in kwargs.items() if k not in ('help', 'aliases')})
        self.choices[name] = made
        return made


class ArgumentParser(_Container):
    def __init__(self, prog=None, usage=None, description=None, epilog=None, parents=(), formatter_class=None, prefix_chars='-',
                 fromfile_prefix_chars=None, argument_default=None, conflict_handler='error', add_help=True, allow_abbrev=True, exit_on_error=True):
        _Container.__init__(self)
        self.prog = prog
        self.usage = usage
        self.description = description
        self.epilog = epilog
        self._subparsers = None
        for parent in parents:
            self._actions.extend(parent._actions)
            self._defaults.update(parent._defaults)

    def add_argument_group(self, *args, **kwargs):
        return _Group(self)

    def add_mutually_exclusive_group(self, **kwargs):
        return _Group(self)

    def add_subparsers(self, *, dest=None, **kwargs):
        self._subparsers = _Subparsers(self, dest)
        return self._subparsers

    def _value(self, action):
        default = action.default
        if action.dest in self._defaults and default is None:
            default = self._defaults[action.dest]
        if action.required and default is None:
            kind = 'any' if action.nargs is not None else _kinds.get(action.type, 'any')
            return runtime(f'command line argument {action.dest}', kind)
        if isinstance(default, str) and action.type is not None and callable(action.type):
            return action.type(default)
        return default

    def parse_args(self, args=None, namespace=None):
        return self.parse_known_args(args, namespace)[0]

    def parse_known_args(self, args=None, namespace=None):
        result = Namespace() if namespace is None else namespace
        for action in self._actions:
            if action.kind in ('help', 'version') or action.dest in (None, SUPPRESS) or action.default is SUPPRESS:
                continue
            if not hasattr(result, action.dest):
                setattr(result, action.dest, self._value(action))
        for name, value in self._defaults.items():
            if not hasattr(result, name):
                setattr(result, name, value)
        rest = []
        if isinstance(args, (list, tuple)) and args:
            rest = self._read(list(args), result)
        elif self._subparsers is not None and self._subparsers.dest is not None:
            setattr(result, self._subparsers.dest, runtime(f'command line argument {self._subparsers.dest}', 'str'))
        return result, rest

    def _read(self, args, result):
        """Reads a command line that the code itself gives."""
        options = {flag: action for action in self._actions for flag in action.option_strings}
        positional = [a for a in self._actions if a.positional]
        rest = []
        while args:
            arg = args.pop(0)
            if isinstance(arg, str) and arg.startswith('--') and '=' in arg:
                arg, value = arg.split('=', 1)
                args.insert(0, value)
            if arg in options:
                action = options[arg]
                if action.kind == 'store_true':
                    setattr(result, action.dest, True)
                elif action.kind == 'store_false':
                    setattr(result, action.dest, False)
                elif action.kind == 'store_const':
                    setattr(result, action.dest, action.const)
                elif action.kind == 'count':
                    setattr(result, action.dest, (getattr(result, action.dest) or 0) + 1)
                elif action.nargs in ('+', '*') or isinstance(action.nargs, int):
                    values = []
                    while args and args[0] not in options and (not isinstance(action.nargs, int) or len(values) < action.nargs):
                        values.append(self._convert(action, args.pop(0)))
                    setattr(result, action.dest, values)
                elif action.kind == 'append':
                    setattr(result, action.dest, (getattr(result, action.dest) or []) + [self._convert(action, args.pop(0))])
                elif action.nargs == '?' and (not args or args[0] in options):
                    setattr(result, action.dest, action.const)
                else:
                    if not args:
                        self.error(f'argument {arg}: expected one argument')
                    setattr(result, action.dest, self._convert(action, args.pop(0)))
            elif positional:
                action = positional.pop(0)
                if action.nargs in ('+', '*'):
                    values = [self._convert(action, arg)]
                    while args and args[0] not in options:
                        values.append(self._convert(action, args.pop(0)))
                    setattr(result, action.dest, values)
                else:
                    setattr(result, action.dest, self._convert(action, arg))
            else:
                rest.append(arg)
        return rest

    def _convert(self, action, text):
        value = text if action.type is None else action.type(text)
        if action.choices is not None and value not in action.choices:
            self.error(f'argument {action.dest}: invalid choice: {value!r}')
        return value

    def error(self, message):
        raise SystemExit(2)

    def exit(self, status=0, message=None):
        raise SystemExit(status)

    def print_help(self, file=None):
        pass

    def print_usage(self, file=None):
        pass

    def format_help(self):
        return ''

    def register(self, *args):
        pass

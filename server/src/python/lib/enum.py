"""Enumerations: members are created once with their class, looked up by value and name, iterated in order."""
from _eco import native_name, new_instance


class _Pending:
    """A value that the class will know once its members are made."""

    def __or__(self, other):
        return _Combined(lambda a, b: a | b, self, other)

    def __and__(self, other):
        return _Combined(lambda a, b: a & b, self, other)

    def __xor__(self, other):
        return _Combined(lambda a, b: a ^ b, self, other)

    def __ror__(self, other):
        return _Combined(lambda a, b: a | b, other, self)


class _Combined(_Pending):
    def __init__(self, operation, left, right):
        self.operation = operation
        self.left = left
        self.right = right

    @property
    def value(self):
        return self.operation(*[v.value if isinstance(v, _Pending) else v for v in (self.left, self.right)])


class auto(_Pending):
    """Stands for the next value; resolved when the class is made."""

    def __init__(self):
        self.value = None


class nonmember:
    def __init__(self, value):
        self.value = value


class member:
    def __init__(self, value):
        self.value = value


def _is_dunder(name):
    return len(name) > 4 and name[:2] == '__' and name[-2:] == '__'


def _is_sunder(name):
    return len(name) > 2 and name[0] == '_' and name[-1] == '_' and name[1] != '_'


_functions = ('function', 'builtin_function_or_method', 'method')


def _is_member(cls_name, name, value):
    if _is_dunder(name) or _is_sunder(name) or name.startswith(f'_{cls_name}__'):
        return False
    if isinstance(value, (member, _Pending)):
        return True
    if isinstance(value, (nonmember, property, staticmethod, classmethod)):
        return False
    if type(value).__name__ in _functions:
        return False
    return not (hasattr(type(value), '__get__') and not isinstance(value, type))


def _data_type(bases):
    """The class that gives members their value (int, str …) and None when there is none."""
    for base in bases:
        for c in base.__mro__:
            if c is object:
                continue
            if issubclass(c, Enum):
                found = c.__dict__.get('_member_type_', object)
                if found is not object:
                    return found
                continue
            if native_name(c) is not None or '__new__' in c.__dict__:
                return base if not issubclass(base, Enum) else c
    return object


def _inherited_new(bases):
    for base in bases:
        for c in base.__mro__:
            if c is object or c in _roots:
                continue
            made = c.__dict__.get('__new_member__', c.__dict__.get('__new__'))
            if made is not None and native_name(c) is None or made is not None and c.__module__ != 'builtins':
                return made
    return None


_roots = []


class EnumMeta(type):
    def __new__(mcls, name, bases, namespace, *, boundary=None, _simple=False, **kwargs):
        plain = {}
        members = []
        ignored = namespace.get('_ignore_', ())
        if isinstance(ignored, str):
            ignored = ignored.replace(',', ' ').split()
        for key, value in namespace.items():
            if key in ignored:
                continue
            if _roots and _is_member(name, key, value):
                members.append((key, value))
            else:
                plain[key] = value.value if isinstance(value, nonmember) else value
        for base in bases:
            if base.__dict__.get('_member_names_') and members:
                raise TypeError(f'<enum {base.__name__!r}> cannot extend {base!r}')
        own_new = plain.pop('__new__', None)
        cls = type.__new__(mcls, name, bases, plain, **kwargs)
        cls._member_map_ = {}
        cls._member_names_ = []
        cls._value2member_map_ = {}
        cls._unhashable_values_ = []
        if not _roots:
            cls._member_type_ = object
            return cls
        data = _data_type(bases)
        cls._member_type_ = data
        if data is not object:
            for method in ('__repr__', '__str__', '__format__'):
                for c in cls.__mro__:
                    if method in c.__dict__:
                        if c.__module__ == 'builtins':
                            setattr(cls, method, getattr(bases[-1], method))
                        break
        new = own_new if own_new is not None else _inherited_new(bases)
        if own_new is not None:
            cls.__new_member__ = own_new if isinstance(own_new, staticmethod) else staticmethod(own_new)
        if isinstance(new, staticmethod):
            new = new.__func__
        values = []
        for key, value in members:
            if isinstance(value, member):
                value = value.value
            if isinstance(value, auto):
                if value.value is None:
                    value.value = cls._generate_next_value_(key, 1, len(values), values[:])
                value = value.value
            elif isinstance(value, _Combined):
                value = value.value
            elif isinstance(value, tuple) and any(isinstance(v, auto) for v in value):
                value = tuple(cls._generate_next_value_(key, 1, len(values), values[:]) if isinstance(v, auto) else v for v in value)
            made = _make_member(cls, key, value, data, new)
            values.append(made._value_)
        return cls

    def __call__(cls, value, names=None, *, module=None, qualname=None, type=None, start=1, boundary=None):
        if names is None:
            return _look_up(cls, value)
        return _functional(cls, value, names, type, start)

    def __iter__(cls):
        return iter([cls._member_map_[name] for name in cls._member_names_])

    def __reversed__(cls):
        return reversed([cls._member_map_[name] for name in cls._member_names_])

    def __len__(cls):
        return len(cls._member_names_)

    def __bool__(cls):
        return True

    def __getitem__(cls, name):
        return cls._member_map_[name]

    def __getattr__(cls, name):
        raise AttributeError(name)

    def __contains__(cls, value):
        if isinstance(value, cls):
            return True
        if not isinstance(value, Enum):
            for known in cls._member_map_.values():
                if known._value_ == value:
                    raise TypeError("unsupported operand type(s) for 'in': '%s' and '%s'" % (value.__class__.__qualname__, cls.__class__.__qualname__))
            raise TypeError("unsupported operand type(s) for 'in': '%s' and '%s'" % (value.__class__.__qualname__, cls.__class__.__qualname__))
        return False

    @property
    def __members__(cls):
        return dict(cls._member_map_)

    def __repr__(cls):
        return f'<enum {cls.__name__!r}>'

    def __dir__(cls):
        return ['__class__', '__doc__', '__members__', '__module__'] + list(cls._member_map_)


EnumType = EnumMeta


def _make_member(cls, key, value, data, new):
    args = value if isinstance(value, tuple) else (value,)
    if data is tuple:
        args = (args,)
    if new is not None:
        made = new(cls, *args)
    elif data is not object:
        made = new_instance(cls, *args)
    else:
        made = new_instance(cls)
    if '_value_' not in made.__dict__:
        if data is object:
            made._value_ = value
        elif new is None or data.__module__ == 'builtins':
            made._value_ = data(*args)
        else:
            made._value_ = data(*args)
    made._name_ = key
    made.__objclass__ = cls
    for c in cls.__mro__:
        init = c.__dict__.get('__init__')
        if init is not None:
            if c.__module__ != 'builtins':
                made.__init__(*args)
            break
    for known in cls._member_map_.values():
        if known._value_ == made._value_ and type(known._value_) is type(made._value_):
            made = known
            break
    else:
        made._sort_order_ = len(cls._member_names_)
        if not (issubclass(cls, Flag) and _is_composite(made._value_)):
            cls._member_names_.append(key)
        try:
            cls._value2member_map_[made._value_] = made
        except TypeError:
            cls._unhashable_values_.append(made._value_)
    cls._member_map_[key] = made
    setattr(cls, key, made)
    return made


def _is_composite(value):
    return not isinstance(value, int) or value <= 0 or value & (value - 1) != 0


def _look_up(cls, value):
    if type(value) is cls:
        return value
    try:
        if value in cls._value2member_map_:
            return cls._value2member_map_[value]
    except TypeError:
        for known in cls._member_map_.values():
            if known._value_ == value:
                return known
    made = cls._missing_(value)
    if isinstance(made, cls):
        return made
    if made is None:
        raise ValueError(f'{value!r} is not a valid {cls.__qualname__}')
    raise TypeError(f'error in {cls.__name__}._missing_: returned {made!r} instead of None or a valid member')


def _functional(cls, name, names, data, start):
    if isinstance(names, str):
        names = names.replace(',', ' ').split()
    if isinstance(names, dict):
        names = list(names.items())
    namespace = {}
    made = []
    for i, item in enumerate(names):
        if isinstance(item, str):
            value = cls._generate_next_value_(item, start, i, made[:])
            namespace[item] = value
        else:
            item, value = item
            namespace[item] = value
        made.append(value)
    namespace['__module__'] = '__main__'
    bases = (cls,) if data is None else (data, cls)
    return EnumMeta.__new__(type(cls), name, bases, namespace)


class Enum(metaclass=EnumMeta):
    def _generate_next_value_(name, start, count, last_values):
        if not last_values:
            return start
        return max(v for v in last_values if isinstance(v, int)) + 1
    _generate_next_value_ = staticmethod(_generate_next_value_)

    @classmethod
    def _missing_(cls, value):
        return None

    @property
    def name(self):
        return self._name_

    @property
    def value(self):
        return self._value_

    def __repr__(self):
        return f'<{self.__class__.__name__}.{self._name_}: {self._value_!r}>'

    def __str__(self):
        return f'{self.__class__.__name__}.{self._name_}'

    def __format__(self, spec):
        return str(self).__format__(spec)

    def __hash__(self):
        return hash(self._name_)

    def __reduce_ex__(self, proto):
        return self.__class__, (self._value_,)

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __dir__(self):
        return ['__class__', '__doc__', '__module__', 'name', 'value']


_roots.append(Enum)


class ReprEnum(Enum):
    pass


class IntEnum(int, ReprEnum):
    def __str__(self):
        return str(self._value_)

    def __format__(self, spec):
        return format(self._value_, spec)


class StrEnum(str, ReprEnum):
    def __new__(cls, *values):
        for value in values:
            if not isinstance(value, str):
                raise TypeError(f'{value!r} is not a string')
        made = new_instance(cls, *values)
        made._value_ = str(*values)
        return made

    def _generate_next_value_(name, start, count, last_values):
        return name.lower()
    _generate_next_value_ = staticmethod(_generate_next_value_)

    def __str__(self):
        return self._value_

    def __format__(self, spec):
        return format(self._value_, spec)


class Flag(Enum):
    def _generate_next_value_(name, start, count, last_values):
        if not last_values:
            return start if start is not None else 1
        return 2 ** max(v for v in last_values if isinstance(v, int)).bit_length()
    _generate_next_value_ = staticmethod(_generate_next_value_)

    @classmethod
    def _missing_(cls, value):
        if not isinstance(value, int):
            return None
        known = 0
        for m in cls._member_map_.values():
            known |= m._value_
        if value < 0:
            value = known & ~(~value)
        if value & ~known and not issubclass(cls, int):
            return None
        if value in cls._value2member_map_:
            return cls._value2member_map_[value]
        made = new_instance(cls, value) if issubclass(cls, int) else new_instance(cls)
        made._value_ = value
        names = [m._name_ for m in cls if m._value_ & value]
        made._name_ = '|'.join(names) if names else None
        made.__objclass__ = cls
        cls._value2member_map_[value] = made
        return made

    def __contains__(self, other):
        if not isinstance(other, self.__class__):
            raise TypeError(f"unsupported operand type(s) for 'in': {type(other).__qualname__!r} and {self.__class__.__qualname__!r}")
        return other._value_ & self._value_ == other._value_

    def __iter__(self):
        return iter([m for m in self.__class__ if m._value_ & self._value_])

    def __len__(self):
        return bin(self._value_).count('1')

    def __bool__(self):
        return bool(self._value_)

    def __repr__(self):
        if self._name_ is None:
            return f'<{self.__class__.__name__}: {self._value_!r}>'
        return f'<{self.__class__.__name__}.{self._name_}: {self._value_!r}>'

    def __str__(self):
        if self._name_ is None:
            return f'{self.__class__.__name__}({self._value_!r})'
        return f'{self.__class__.__name__}.{self._name_}'

    def _other(self, other):
        if isinstance(other, self.__class__):
            return other._value_
        if self._member_type_ is int and isinstance(other, int):
            return other
        return None

    def __or__(self, other):
        value = self._other(other)
        return NotImplemented if value is None else self.__class__(self._value_ | value)

    def __and__(self, other):
        value = self._other(other)
        return NotImplemented if value is None else self.__class__(self._value_ & value)

    def __xor__(self, other):
        value = self._other(other)
        return NotImplemented if value is None else self.__class__(self._value_ ^ value)

    def __invert__(self):
        known = 0
        for m in self.__class__:
            known |= m._value_
        return self.__class__(known & ~self._value_)

    __ror__ = __or__
    __rand__ = __and__
    __rxor__ = __xor__


class IntFlag(int, ReprEnum, Flag):
    def __str__(self):
        return str(self._value_)

    def __format__(self, spec):
        return format(self._value_, spec)


def unique(enumeration):
    aliases = [(name, m._name_) for name, m in enumeration.__members__.items() if name != m._name_]
    if aliases:
        details = ', '.join(f'{alias} -> {name}' for alias, name in aliases)
        raise ValueError(f'duplicate values found in {enumeration!r}: {details}')
    return enumeration


class EnumCheck(StrEnum):
    CONTINUOUS = 'no skipped integer values'
    NAMED_FLAGS = 'multi-flag aliases may not contain unnamed flags'
    UNIQUE = 'one name per value'


CONTINUOUS, NAMED_FLAGS, UNIQUE = EnumCheck


class FlagBoundary(StrEnum):
    STRICT = 'strict'
    CONFORM = 'conform'
    EJECT = 'eject'
    KEEP = 'keep'


STRICT, CONFORM, EJECT, KEEP = FlagBoundary


class verify:
    def __init__(self, *checks):
        self.checks = checks

    def __call__(self, enumeration):
        return unique(enumeration) if UNIQUE in self.checks else enumeration


def global_enum(cls, update_str=False):
    return cls


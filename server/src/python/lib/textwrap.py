"""textwrap: wrapping, filling, dedenting."""
import re as _re


def dedent(text):
    text = _re.sub(r'(?m)^[ \t]+$', '', text)
    margin = None
    for indent in _re.findall(r'(?m)(^[ \t]*)(?:[^ \t\n])', text):
        if margin is None or margin.startswith(indent):
            margin = indent
        elif not indent.startswith(margin):
            common = 0
            for a, b in zip(margin, indent):
                if a != b:
                    break
                common += 1
            margin = margin[:common]
    if margin:
        text = _re.sub('(?m)^' + margin, '', text)
    return text


def indent(text, prefix, predicate=None):
    keep = predicate or (lambda line: line.strip())
    return ''.join((prefix + line if keep(line) else line) for line in text.splitlines(True))


def wrap(text, width=70, *, initial_indent='', subsequent_indent='', **options):
    words = text.split()
    lines = []
    current = initial_indent
    empty = True
    for word in words:
        if not empty and len(current) + 1 + len(word) > width:
            lines.append(current)
            current, empty = subsequent_indent, True
        while empty and len(current) + len(word) > width and options.get('break_long_words', True):
            room = max(1, width - len(current))
            lines.append(current + word[:room])
            word, current = word[room:], subsequent_indent
        if word:
            current += word if empty else ' ' + word
            empty = False
    if not empty:
        lines.append(current)
    return lines


def fill(text, width=70, **options):
    return '\n'.join(wrap(text, width, **options))


def shorten(text, width, *, placeholder=' [...]', **options):
    words = text.split()
    whole = ' '.join(words)
    if len(whole) <= width:
        return whole
    while words and len(' '.join(words)) + len(placeholder) > width:
        words.pop()
    return ' '.join(words) + placeholder if words else placeholder.strip()


class TextWrapper:
    def __init__(self, width=70, **options):
        self.width = width
        self.options = options

    def wrap(self, text):
        return wrap(text, self.width, **self.options)

    def fill(self, text):
        return fill(text, self.width, **self.options)

"""Prints CPython's own tree of each file named on standard input, one JSON line per file.

The form is that of test/syntax/normalForm.ts: our node and field names, absolute UTF-16
offsets as "@": [start, end] (left out inside f-strings, where CPython 3.11 reports wrong
ones). A file CPython cannot parse gives {"path", "error"}.
"""

import ast
import json
import struct
import sys

BIN = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.MatMult: "@", ast.LShift: "<<", ast.RShift: ">>", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^",
}
UNARY = {ast.USub: "-", ast.UAdd: "+", ast.Invert: "~", ast.Not: "not"}
COMPARE = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}
RENAMED = {
    "decorator_list": "decorators", "optional_vars": "optionalVars", "context_expr": "contextExpr",
    "format_spec": "formatSpec", "kwd_attrs": "kwdAttrs", "kwd_patterns": "kwdPatterns", "is_async": "isAsync",
}
SKIPPED = {"ctx", "type_comment", "type_params", "type_ignores", "kind", "simple"}


class Dumper:
    def __init__(self, source, mark):
        self.lines = self._split(source[mark:])
        self.starts = [mark]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line.encode("utf-16-le")) // 2)
        self.encoded = [None if line.isascii() else line.encode("utf-8") for line in self.lines]

    @staticmethod
    def _split(source):
        lines, at = [], 0
        while at < len(source):
            end = source.find("\n", at)
            end = len(source) if end < 0 else end + 1
            lines.append(source[at:end])
            at = end
        return lines

    def offset(self, line, column):
        encoded = self.encoded[line - 1] if line - 1 < len(self.encoded) else None
        if encoded is not None:
            column = len(encoded[:column].decode("utf-8").encode("utf-16-le")) // 2
        return self.starts[line - 1] + column

    def place(self, node, out, inside):
        if not inside:
            out["@"] = [self.offset(node.lineno, node.col_offset), self.offset(node.end_lineno, node.end_col_offset)]
        return out

    def many(self, nodes, inside):
        return [self.dump(node, inside) for node in nodes]

    def argument(self, node, default, inside):
        if node is None:
            return None
        out = {"arg": node.arg, "annotation": self.dump(node.annotation, inside), "default": self.dump(default, inside)}
        return self.place(node, out, inside)

    def arguments(self, node, inside):
        positional = node.posonlyargs + node.args
        defaults = [None] * (len(positional) - len(node.defaults)) + node.defaults
        listed = [self.argument(a, d, inside) for a, d in zip(positional, defaults)]
        split = len(node.posonlyargs)
        return {
            "posonlyargs": listed[:split],
            "args": listed[split:],
            "vararg": self.argument(node.vararg, None, inside),
            "kwonlyargs": [self.argument(a, d, inside) for a, d in zip(node.kwonlyargs, node.kw_defaults)],
            "kwarg": self.argument(node.kwarg, None, inside),
        }

    def constant(self, value):
        if value is None:
            return "none", None
        if value is ...:
            return "ellipsis", None
        if isinstance(value, bool):
            return "bool", value
        if isinstance(value, int):
            return "int", str(value)
        if isinstance(value, float):
            return "float", struct.pack(">d", value).hex()
        if isinstance(value, complex):
            return "imaginary", struct.pack(">d", value.imag).hex()
        if isinstance(value, bytes):
            return "bytes", value.decode("latin-1")
        return "str", value

    def dump(self, node, inside=False):
        if node is None or isinstance(node, (str, int)):
            return node
        name = type(node).__name__
        inner = inside or isinstance(node, ast.JoinedStr)
        if isinstance(node, ast.arguments):
            return self.arguments(node, inside)
        out = {}
        if isinstance(node, ast.Constant):
            out["type"] = "Constant"
            out["kind"], out["value"] = self.constant(node.value)
            return self.place(node, out, inside)
        if isinstance(node, ast.FormattedValue):
            out = {"type": name, "value": self.dump(node.value, True), "formatSpec": self.dump(node.format_spec, True)}
            out["conversion"] = None if node.conversion < 0 else chr(node.conversion)
            return out
        if isinstance(node, ast.MatchSingleton):
            return self.place(node, {"type": name, "value": node.value}, inside)
        if not isinstance(node, (ast.keyword, ast.alias, ast.comprehension, ast.withitem, ast.match_case)):
            if not isinstance(node, ast.ExceptHandler):
                out["type"] = name
        for field in node._fields:
            if field in SKIPPED:
                continue
            value = getattr(node, field, None)
            key = RENAMED.get(field, field)
            if isinstance(value, list):
                out[key] = [v if isinstance(v, str) else self.op(v, inner) for v in value]
            else:
                out[key] = self.op(value, inner)
        self.adjust(node, out)
        return self.place(node, out, inside) if hasattr(node, "lineno") else out

    def op(self, value, inside):
        for table in (BIN, UNARY, COMPARE):
            if type(value) in table:
                return table[type(value)]
        if isinstance(value, (ast.And, ast.Or)):
            return type(value).__name__.lower()
        return self.dump(value, inside)

    def adjust(self, node, out):
        """Our tree says "async" and "star" with a flag, and names a few fields differently."""
        name = type(node).__name__
        if name.startswith("Async"):
            out["type"] = name[len("Async"):]
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.For, ast.AsyncFor, ast.With, ast.AsyncWith)):
            out["isAsync"] = name.startswith("Async")
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            out["docstring"] = ast.get_docstring(node, clean=False)
        if isinstance(node, ast.comprehension):
            out["isAsync"] = bool(node.is_async)
        if name in ("Try", "TryStar"):
            out["type"] = "Try"
            out["isStar"] = name == "TryStar"
        if isinstance(node, ast.ExceptHandler):
            out["exceptionType"] = out.pop("type")


def main():
    for path in sys.stdin.read().splitlines():
        try:
            with open(path, encoding="utf-8", newline="") as file:
                source = file.read()
            # A byte order mark counts as a character for us and as nothing for CPython.
            mark = 1 if source.startswith("\ufeff") else 0
            tree = ast.parse(source[mark:])
            body = Dumper(source, mark).many(tree.body, False)
            print(json.dumps({"path": path, "body": body}, sort_keys=True, separators=(",", ":")))
        except (SyntaxError, ValueError, UnicodeDecodeError, RecursionError) as error:
            print(json.dumps({"path": path, "error": f"{type(error).__name__}: {error}"}))


sys.setrecursionlimit(20000)
main()

"""Check your answers and pack them for the upload:  python collect_submission.py [--part convnet] [--force]

Needs nothing but Python 3.8 or newer, and runs from any folder. A part that cannot be graded as it is gets no
zip but a list of what to mend, and the exit code is 2. The same files make the same zip, byte for byte.
"""

import argparse
import ast
import hashlib
import io
import json
import os
import re
import sys
import tempfile
import tokenize
import warnings
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
DIGESTS = "MANIFEST.sha256"
LEFT_OUT = re.compile(r"__pycache__|venv|\..*|~.*|.*~|.*\.py[co]")  # caches, hidden files, editors' copies
GAP = re.compile(r"[a-z][a-z0-9_]*(-[a-z0-9_]+)*")  # a gap raises NotImplementedError with such a name
DYNAMIC_IMPORTS = ("__import__", "importlib", "exec", "eval")
MIB = 1024 * 1024


class CollectError(Exception):
    """Nothing could be checked or packed: a fault of the course's files, of the command or of the disk."""


# assignment.toml: `tomllib` came with Python 3.11, so the few kinds of TOML that the file uses are read here.

TOKEN = re.compile(
    r'(?P<skip>[ \t]+|#[^\n]*)|(?P<string>"(?:[^"\\\n]|\\.)*"(?!"))|(?P<word>[\w.+-]+)|(?P<mark>[][{}=,\n])'
)
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def read_toml(text):
    """Return the tables of `text`; raise CollectError, with the line, for TOML beyond what is listed here.

    Known: [tables], bare keys, "strings", decimal numbers, true, false, [lists] and {inline = "tables"}.
    """
    top = {}
    table = top
    for line, tokens in _statements(text.replace("\r\n", "\n") + "\n"):
        marks = [token for kind, token in tokens if kind == "mark"]
        if tokens[0] == ("mark", "[") and len(tokens) == 3 and tokens[1][0] == "word" and marks == ["[", "]"]:
            table = top
            for step in tokens[1][1].split("."):
                table = table.setdefault(step, {})
        elif len(tokens) > 2 and tokens[0][0] == "word" and tokens[1] == ("mark", "="):
            key = tokens[0][1]
            if "." in key or key in table:
                raise CollectError(
                    "assignment.toml, line %d: %s is a dotted key, or set twice." % (line, key)
                )
            table[key] = _value(tokens[2:], line)
        else:
            raise CollectError("assignment.toml, line %d: expected [table] or key = value." % line)
    return top


def _statements(text):
    """Yield (line, tokens) for each table header and each key with its value, be it over several lines."""
    tokens, start, depth, place, line = [], 1, 0, 0, 1
    while place < len(text):
        match = TOKEN.match(text, place)
        if not match:
            rest = text[place:].split("\n")[0]
            raise CollectError("assignment.toml, line %d: cannot read %r." % (line, rest))
        kind, token, place = match.lastgroup, match.group(), match.end()
        if token == "\n":
            line += 1
            if tokens and depth <= 0:
                yield start, tokens
                tokens, depth = [], 0
        elif kind != "skip":
            start = start if tokens else line
            tokens.append((kind, token))
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token, 0)
    if tokens:
        raise CollectError("assignment.toml, line %d: a bracket is never closed." % start)


def _value(tokens, line):
    """Turn the tokens of a value into the Python literal that means the same, and evaluate that."""
    words = {"=": ":", "true": "True", "false": "False"}
    literal = []
    try:
        for index, (kind, token) in enumerate(tokens):
            if kind == "word" and tokens[index + 1 : index + 2] == [("mark", "=")]:
                literal.append(repr(token))
            elif kind == "word" and token not in words and not NUMBER.fullmatch(token):
                raise ValueError(token)
            elif kind == "string":
                literal.append("(%r)" % json.loads(token))  # in brackets, lest Python joins neighbours
            else:
                literal.append(words.get(token, token))
        return ast.literal_eval(" ".join(literal))
    except (SyntaxError, ValueError, TypeError):
        raise CollectError("assignment.toml, line %d: expected one value that is complete." % line) from None


# What the grader would find in an answer file. Each check yields (line, sentence).


def parse(content):
    """Return the syntax tree of an answer file's bytes, or (line, sentence) on why there is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            encoding = tokenize.detect_encoding(io.BytesIO(content).readline)[0]
            return ast.parse(content.decode(encoding))
    except SyntaxError as error:
        sentence = "does not parse: %s" % error.msg
        if sys.version_info < (3, 10):
            sentence += " (or is newer than this Python, which is %d.%d)" % sys.version_info[:2]
        return error.lineno or 0, "\n      ".join([sentence, (error.text or "").strip()]).rstrip()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return line, "does not parse: a character that is not %s; save the file as UTF-8" % error.encoding
    except (ValueError, RecursionError, MemoryError) as error:
        return 0, "does not parse: %s" % (error or "nested too deeply")


def find_problems(tree, allowed_imports):
    """Yield what costs points or is refused when it runs: prints, and imports beyond the allowed ones."""
    for node in _outside_main(tree):
        if isinstance(node, ast.Call) and _writes_to_stdout(node):
            yield node.lineno, 'prints; remove it, or put it under if __name__ == "__main__"'
        for name in _imported(node):
            if not any(name == allowed or name.startswith(allowed + ".") for allowed in allowed_imports):
                yield node.lineno, "uses %s, which this part does not allow" % name


def find_gaps(tree):
    """Yield the gaps that are still as they were: raise NotImplementedError("<name of the gap>")."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Raise)
            and isinstance(node.exc, ast.Call)
            and _dotted(node.exc.func) == "NotImplementedError"
        ):
            names = [argument.value for argument in node.exc.args if isinstance(argument, ast.Constant)]
            if len(names) == 1 and isinstance(names[0], str) and GAP.fullmatch(names[0]):
                yield node.lineno, "%s is not written yet" % names[0]


def _outside_main(tree):
    """Walk the tree, leaving out what only runs when the file is the main program."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.If) and _asks_for_main(node.test):
            waiting.extend(node.orelse)
        else:
            waiting.extend(ast.iter_child_nodes(node))


def _asks_for_main(test):
    if not (isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq)):
        return False
    sides = (test.left, test.comparators[0])
    named = any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)
    return named and any(isinstance(side, ast.Constant) and side.value == "__main__" for side in sides)


def _writes_to_stdout(call):
    name = _dotted(call.func)
    if name in ("print", "pprint", "pprint.pprint"):
        target = next((keyword.value for keyword in call.keywords if keyword.arg == "file"), None)
        return target is None or _dotted(target) in ("sys.stdout", "stdout", "sys.__stdout__")
    return name.startswith(("sys.stdout.", "sys.__stdout__.")) and name.endswith((".write", ".writelines"))


def _imported(node):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
        return [node.module]
    return [node.id] if isinstance(node, ast.Name) and node.id in DYNAMIC_IMPORTS else []


def _dotted(node):
    steps = []
    while isinstance(node, ast.Attribute):
        steps.insert(0, node.attr)
        node = node.value
    return ".".join([node.id, *steps]) if isinstance(node, ast.Name) else ""


# From folders to a zip.


def collect(folder, part):
    """Return the files to hand in, path -> bytes, sorted; raise CollectError for one that cannot be read."""
    paths = []
    for entry in part["collect"]:
        top = folder / entry
        for parent, folders, names in os.walk(str(top)):
            folders[:] = [name for name in folders if not LEFT_OUT.fullmatch(name)]
            paths += [Path(parent, name) for name in names if not LEFT_OUT.fullmatch(name)]
        if top.is_file() and top.name in os.listdir(str(top.parent)):  # macOS and Windows also find Top.py
            paths.append(top)
    files = sorted((path.relative_to(folder).as_posix(), path) for path in paths)
    try:
        return {name: path.read_bytes() for name, path in files}
    except OSError as error:
        raise CollectError("%s cannot be read: %s." % (error.filename, error.strerror)) from error


def examine(files, part, intake):
    """Return (problems, gaps), two lists of sentences with their places, for the collected `files`."""
    problems = [_missing(name, files) for name in part["answer_files"] if name not in files]
    problems += _excesses(files, part, intake)
    gaps = []
    for name in part["answer_files"]:
        if name not in files or not name.endswith(".py"):
            continue
        tree = parse(files[name])
        if isinstance(tree, tuple):
            problems.append(_at(name, *tree))
            continue
        found = sorted(find_problems(tree, part["allowed_imports"]))
        problems += [_at(name, *problem) for problem in found]
        gaps += [_at(name, *gap) for gap in sorted(find_gaps(tree))]
    return problems, gaps


def _at(name, line, sentence):
    return "%s:%d %s" % (name, line, sentence) if line else "%s %s" % (name, sentence)


def _missing(name, files):
    others = [other for other in files if other.casefold() == name.casefold()]
    return "%s is missing%s" % (name, ": rename %s" % others[0] if others else "")


def _weights(part):
    """Return the checkpoints that are graded, which may be larger than sources and may be missing."""
    return [entry["file"] for entry in part["components"].values() if entry.get("file", "").endswith(".pth")]


def _excesses(files, part, intake):
    """Yield what the grader's intake would refuse."""
    larger = part.get("test_set", {}).get("file_mib", intake["file_mib"])
    if len({name.casefold() for name in files}) < len(files):
        yield "two files have names that differ in capitals only; keep one of them"
    for name, content in files.items():
        limit = larger if name in _weights(part) else intake["file_mib"]
        if len(content) > limit * MIB:
            yield "%s has %.1f MiB; a file may have %g" % (name, len(content) / MIB, limit)
    if len(files) > intake["members"] or sum(map(len, files.values())) > intake["total_mib"] * MIB:
        yield "more than %(members)d files or %(total_mib)g MiB together" % intake


def write_zip(files, target):
    """Write `files` and their sha256 sums to the zip `target`: whole or, if anything fails, not at all."""
    sums = "".join("%s  %s\n" % (hashlib.sha256(files[name]).hexdigest(), name) for name in files)
    handle, draft = tempfile.mkstemp(prefix=".collect-", suffix=".zip", dir=str(target.parent))
    try:
        with os.fdopen(handle, "wb") as stream:
            with zipfile.ZipFile(stream, "w") as archive:
                for name, content in [*files.items(), (DIGESTS, sums.encode())]:
                    archive.writestr(_entry(name), content)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(draft, 0o644)
        os.replace(draft, str(target))
    except BaseException:
        os.unlink(draft)
        raise


def _entry(name):
    """Describe a member without date, machine and compression, which would differ from run to run."""
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.create_system = 3
    entry.external_attr = 0o100644 << 16
    return entry


# The command.


def hand_in(part, intake, out, force):
    """Check and pack one part, say what was done and what comes next, and return whether there is a zip."""
    files = collect(ROOT / part["folder"], part)
    problems, gaps = examine(files, part, intake)
    target = out / part["zip"]
    say("", part["title"], "-" * len(part["title"]))
    for sentence in problems:
        say("  mend   " + sentence)
    for sentence in gaps:
        say("  gap    " + sentence)
    for name in _weights(part):
        if name not in files:
            say("  note   %s is not there, and scores 0: train that network first" % name)
    if problems or (gaps and not force):
        say("No zip was made: %d to mend, %d gaps to fill." % (len(problems), len(gaps)))
        if gaps and not problems:
            say("To hand in what is there (gaps score 0): add --force.")
        if target.exists():
            say("Beware: %s is of an earlier run and does not hold your changes." % target)
        return False
    write_zip(files, target)
    for name, content in files.items():
        say("  %8.1f KiB  %s" % (len(content) / 1024, name))
    graded = ", ".join("%s %g" % (entry["title"], entry["points"]) for entry in part["components"].values())
    total = sum(entry["points"] for entry in part["components"].values())
    say("Wrote %s: %d files, %.1f KiB." % (target, len(files) + 1, target.stat().st_size / 1024))
    say("Next: upload this zip, as it is, where your course collects part %s." % part["name"])
    say("Graded will be: %s; %g points together." % (graded, total))
    return True


def say(*lines):
    """Print in characters that every console has: Windows ones break off at others."""
    for line in lines:
        print(line.encode("ascii", "backslashreplace").decode())


def choose_parts(manifest, wanted):
    """Return the wanted part, or all parts whose folder is here; raise CollectError where there is none."""
    parts = [dict(entry, name=name) for name, entry in manifest["parts"].items()]
    here = [part for part in parts if (ROOT / part["folder"]).is_dir() and wanted in (None, part["name"])]
    if not here:
        known = ", ".join("%s (folder %s)" % (part["name"], part["folder"]) for part in parts)
        raise CollectError("Expected a part with its folder in %s, got none; there are %s." % (ROOT, known))
    return here


def main(arguments=None):
    """Run the command with `arguments` and return its exit code: 0 if every part has its zip, 2 if not."""
    parser = argparse.ArgumentParser(description="Check your answers and pack them for the upload.")
    parser.add_argument(
        "--part", help="only this part, such as convnet; else every part whose folder is here"
    )
    parser.add_argument("--force", action="store_true", help="hand in although there are gaps left")
    parser.add_argument(
        "--out", type=Path, default=ROOT, metavar="FOLDER", help="where the zip goes; else beside this file"
    )
    options = parser.parse_args(arguments)
    try:
        manifest = read_toml((ROOT / "assignment.toml").read_text(encoding="utf-8"))
        parts = choose_parts(manifest, options.part)
        options.out.mkdir(parents=True, exist_ok=True)
        done = [hand_in(part, manifest["intake"], options.out, options.force) for part in parts]
    except KeyError as error:
        say("assignment.toml: expected the entry %s; get the course's files anew." % error)
        return 2
    except (CollectError, OSError) as error:
        say(str(error))
        return 2
    return 0 if all(done) else 2


if __name__ == "__main__":
    sys.exit(main())

"""Check your answers and pack them for the upload:  python collect_submission.py [--part convnet] [--force]

With --check nothing is packed: you see what is done, what is open and how many points that is, in all parts.

Needs nothing but Python 3.8 or newer, and runs from any folder. If a part cannot be graded as it is, no zip
is made: you get a list of what to fix, and the exit code is 2. The same files always make the same zip.
The report's PDF (--part report) is checked and copied beside the zips under the name of the upload.
"""

import argparse
import ast
import hashlib
import importlib
import io
import json
import os
import re
import sys
import sysconfig
import tempfile
import tokenize
import warnings
import zipfile
from pathlib import Path, PurePath

ROOT = Path(__file__).resolve().parent
DIGESTS = "MANIFEST.sha256"
LEFT_OUT = re.compile(r"__pycache__|venv|\..*|~.*|.*~|.*\.py[co]")  # caches, hidden files, editors' copies
GAP = re.compile(r"[a-z][a-z0-9_]*(-[a-z0-9_]+)*")  # a gap raises NotImplementedError with such a name
PRINTING = ("print", "builtins.print", "sys.stdout.write", "sys.__stdout__.write", "stdout.write")
BY_NAME = ("__import__", "import_module")  # functions that import what their first argument names
DATA = (".csv", ".ini", ".json", ".npy", ".npz", ".toml", ".tsv", ".txt", ".yaml", ".yml")
DATA_MIB = 1  # of one data file that code reads while it is graded
OTHER_DATA = (".pkl", ".pickle", ".joblib", ".h5", ".hdf5", ".mat", ".parquet")  # not available in grading
CODE_LIMIT, TEXT_LIMIT = 128 * 1024, 4 * 1024 * 1024  # characters of code of one file, and of everything
OF_A_TEXT = 8  # characters that a piece of text counts for
DYNAMIC_IMPORTS = ("__import__", "importlib", "exec", "eval")
CATCHING = ("ImportError", "ModuleNotFoundError", "Exception", "BaseException")
CLOSED = (  # of Python's own modules, those that are not available in grading
    "antigravity", "ctypes", "curses", "ensurepip", "idlelib", "pty", "readline", "socketserver",
    "this", "tkinter", "turtle", "turtledemo", "venv", "webbrowser",
)  # fmt: skip
CONDITIONAL = {  # where the children of a node run under a condition only
    "If": ("body", "orelse"), "IfExp": ("body", "orelse"), "While": ("body", "orelse"), "BoolOp": ("values",),
    "ExceptHandler": ("body",), "Assert": ("msg",), "match_case": ("body",),
}  # fmt: skip
ANSWER = re.compile(
    r"([A-Za-z]\w*\.[\w.-]+):[ \t]*(?P<value>\"\"|''|[|>][-+\d]*|)[ \t]*(#.*)?"
)  # with nothing in it
REPORT = "report"
OLDEST = (3, 8)
SHOWN = 12  # gaps of one part
TIMES_APART = 2  # seconds; some disks tell no finer ones
MIB = 1024 * 1024


class CollectError(Exception):
    """Nothing could be checked or packed: a fault of the course's files, of the command or of the disk."""


# What the grader would find in an answer file. Each check yields (line, sentence).


def parse(content):
    """Return the syntax tree of an answer file's bytes, or (line, sentence) on why there is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            encoding = tokenize.detect_encoding(io.BytesIO(content).readline)[0]
            source = content.decode(encoding)
            compile(source, "answer", "exec", dont_inherit=True)  # `return` outside of a function parses
            if is_too_large(source):
                return 0, "is too large to be graded: a file may have 128 KiB of code; split it into modules"
            return ast.parse(source)
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


def is_too_large(source):
    """Tell whether there is more code than grading runs; comments and strings do not count as code."""
    if len(source) <= CODE_LIMIT:
        return False
    size = 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.STRING:
            size += OF_A_TEXT
        elif token.type in (tokenize.NAME, tokenize.NUMBER, tokenize.OP, tokenize.NEWLINE):
            size += len(token.string) + 1  # and a blank
    return size > CODE_LIMIT or len(source) > TEXT_LIMIT


def find_prints(tree):
    """Yield (line, whether it runs only under a condition) of everything that writes to stdout.

    `print` that is passed on without a call may be called later: that counts as a condition, except in map.
    """
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    called = {id(call.func) for call in calls}
    mapped = {id(entry) for call in calls if _dotted(call.func) == "map" for entry in call.args[:1]}
    aliases = set(_aliases_of_print(tree))
    for node, is_conditional in _outside_main(tree):
        if isinstance(node, ast.Call) and _writes_to_stdout(node):
            yield node.lineno, is_conditional
        elif isinstance(node, ast.Name) and _is_print(node) and id(node) not in called:
            yield node.lineno, is_conditional or id(node) not in mapped
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in aliases:
            yield node.lineno, is_conditional


def find_imports(tree, allowed_imports):
    """Yield (line, module) of what is imported beyond the allowed modules."""
    for node, _ in _outside_main(tree):
        for name in _imported(node):
            if not any(name == allowed or name.startswith(allowed + ".") for allowed in allowed_imports):
                yield node.lineno, name


def judge_imports(tree, allowed_imports, policy):
    """Return (problems, notes): modules that grading does not have cost points, others by the policy."""
    problems, notes = [], []
    prepared = set(_prepared_lines(tree))
    for line, name in find_imports(tree, allowed_imports):
        sentence = "uses %s, which this part does not allow" % name
        if policy != "warn" or not (is_there(name) or line in prepared):
            problems.append((line, sentence))
        else:
            notes.append((line, sentence + "; this costs nothing, but try to do without it"))
    return problems, notes


def is_there(module):
    """Tell whether a module that no handout lists is available in grading: most of Python's own are."""
    top = module.partition(".")[0]
    return top in DYNAMIC_IMPORTS or (_is_pythons_own(top) and not top.startswith("_") and top not in CLOSED)


def _is_pythons_own(top):
    known = getattr(sys, "stdlib_module_names", None)  # since Python 3.10
    if known is not None:
        return top in known
    library = Path(sysconfig.get_path("stdlib"))
    return top in sys.builtin_module_names or any((library / (top + end)).exists() for end in ("", ".py"))


def _prepared_lines(tree):
    """Yield the lines whose failing imports the code catches: try: ... except ImportError: ..."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Try) and any(_catches_import(handler.type) for handler in node.handlers):
            for statement in node.body:
                yield from (inner.lineno for inner in ast.walk(statement) if hasattr(inner, "lineno"))


def _catches_import(kind):
    names = [_dotted(each) for each in (kind.elts if isinstance(kind, ast.Tuple) else [kind]) if each]
    return kind is None or any(name in CATCHING for name in names)


def judge_prints(tree, policy, points):
    """Return (problems, notes): a print costs points if it runs while graded, unless the policy is "warn".

    The policy "zero" takes all `points` of the part, a number so many of them.
    """
    problems, notes = [], []
    where = 'remove it, or move it below if __name__ == "__main__"'
    costs = "all %g points of this part" % points if policy == "zero" else "%s points of this part" % policy
    for line, is_conditional in sorted(find_prints(tree)):
        if policy == "warn":
            notes.append((line, "prints, which the handout asks you not to do: " + where))
        elif is_conditional:
            notes.append((line, "prints under a condition; if it prints while graded, that costs " + costs))
        else:
            problems.append((line, "prints; %s. While graded it costs %s" % (where, costs)))
    return problems, notes


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


def find_changes(tree, interface):
    """Yield (line, sentence) for what the tests call and `tree` lacks, or has with different arguments."""
    classes = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    for owner, functions in interface.items():
        if owner and owner not in classes:
            if owner not in _bound(tree.body):
                listed = ", ".join(sorted(classes))
                found = ", only %s" % listed if listed else ""
                yield 1, "has no class %s%s; the tests look for that name" % (owner, found)
            continue
        node = classes[owner] if owner else tree
        body = _own_and_inherited(node, classes) if owner else tree.body
        mine = {each.name: each for each in body if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))}
        for name, expected in functions.items():
            called = "%s(%s)" % (".".join(filter(None, (owner, name))), expected.replace("=", "=..."))
            if name in mine and not _accepts(mine[name].args, expected.split(", ")):
                yield mine[name].lineno, "has other arguments than the tests use: expected %s" % called
            elif name not in mine and name not in _bound(body):
                yield getattr(node, "lineno", 1), "has no %s, which the tests call" % called


def _accepts(arguments, expected):
    """Tell whether every call that the tests may make fits a function's `arguments`."""
    names = [each.arg for each in [*arguments.posonlyargs, *arguments.args]]
    wanted, by_name = [], []
    for name in expected:
        (by_name if "*" in wanted else wanted).append(name)
    wanted = [name for name in wanted if name not in ("*", "")]
    positions = [name.rstrip("=") for name in wanted]
    if arguments.vararg or arguments.kwarg:
        return names[: len(positions)] == positions[: len(names)]
    only = {each.arg: arguments.kw_defaults[place] for place, each in enumerate(arguments.kwonlyargs)}
    required = set(names[: len(names) - len(arguments.defaults)]) | {each for each in only if not only[each]}
    given = {name for name in wanted + by_name if not name.endswith("=")}
    taken = {*names, *only}
    return (
        names[: len(positions)] == positions
        and required <= given
        and {name.rstrip("=") for name in by_name} <= taken
    )


def _own_and_inherited(node, classes):
    """Return the statements of a class and of its bases in the same file, its own last."""
    bases = [classes[base.id] for base in node.bases if isinstance(base, ast.Name) and base.id in classes]
    others = {name: other for name, other in classes.items() if other is not node}
    return [each for base in bases for each in _own_and_inherited(base, others)] + node.body


def _bound(body):
    """Return the names that are bound by an assignment or an import: what they are shows when they run."""
    names = set()
    for node in body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


def find_blanks(content):
    """Yield the answers of a sheet (YAML) that are still empty; unreadable ones are not reported here."""
    lines = content.decode("utf-8", "replace").splitlines()
    for index, line in enumerate(lines):
        match = ANSWER.fullmatch(line)
        if match:
            below = next((after for after in lines[index + 1 :] if after.strip()), "")
            if match.group("value") in ('""', "''") or not below.startswith((" ", "\t")):
                yield index + 1, "%s is not answered yet" % match.group(1)


def _outside_main(tree):
    """Yield (node, whether it runs under a condition), without what only runs as the main program."""
    waiting = [(tree, False)]
    while waiting:
        node, is_conditional = waiting.pop()
        yield node, is_conditional
        is_main = isinstance(node, ast.If) and _asks_for_main(node.test)
        branches = () if is_main else CONDITIONAL.get(type(node).__name__, ())
        for field, value in ast.iter_fields(node):
            if not is_main or field == "orelse":
                children = value if isinstance(value, list) else [value]
                below = is_conditional or field in branches
                waiting.extend((child, below) for child in children if isinstance(child, ast.AST))


def _asks_for_main(test):
    if not (isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq)):
        return False
    sides = (test.left, test.comparators[0])
    named = any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)
    return named and any(isinstance(side, ast.Constant) and side.value == "__main__" for side in sides)


def _aliases_of_print(tree):
    """Yield other names of functions that print: p = print, say = sys.stdout.write."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and _dotted(node.value) in PRINTING:
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id


def _is_print(name):
    return name.id == "print" and isinstance(name.ctx, ast.Load)


def _writes_to_stdout(call):
    name = _dotted(call.func)
    if name in ("print", "builtins.print", "pprint", "pprint.pprint"):
        target = next((keyword.value for keyword in call.keywords if keyword.arg == "file"), None)
        if target is None or (isinstance(target, ast.Constant) and target.value is None):
            return True
        return _dotted(target) in ("sys.stdout", "stdout", "sys.__stdout__")
    if name == "os.write":
        return bool(call.args) and isinstance(call.args[0], ast.Constant) and call.args[0].value == 1
    if name == "input":  # it writes its prompt there
        return bool(call.args)
    return name.startswith(("sys.stdout.", "sys.__stdout__.", "stdout.")) and name.endswith(
        (".write", ".writelines")
    )


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
    """Return the files to hand in, path -> bytes, sorted; raise CollectError for one that cannot be read.

    Those are the part's own files, and the modules beside them that they import.
    """
    paths = []
    for entry in part["collect"]:
        top = folder / entry
        for parent, folders, names in os.walk(str(top)):
            folders[:] = [name for name in folders if not LEFT_OUT.fullmatch(name)]
            paths += [Path(parent, name) for name in names if not LEFT_OUT.fullmatch(name)]
        if is_file(folder, entry):
            paths.append(top)
    try:  # a link to nothing is no file
        found = {name_in_zip(path, folder): path.read_bytes() for path in paths if path.is_file()}
        waiting = sorted(found)
        modules = None
        for name in waiting:
            for stems, below in imported_modules(found[name], name):
                other_places = below and not stands_for_given(stems[0] + ".py", part)
                if other_places and modules is None:
                    modules = set(source_files(folder))
                for other in _files_meant(stems, below if other_places else [], modules or (), folder):
                    if other not in found and not stands_for_given(other, part):
                        found[other] = (folder / other).read_bytes()
                        waiting.append(other)
    except OSError as error:
        raise CollectError("%s cannot be read: %s." % (error.filename, error.strerror)) from error
    return {name: found[name] for name in sorted(found)}


def _files_meant(stems, below, modules, folder):
    """Return the files of the module at one of the `stems`, else at one `below`, else anywhere."""
    for group in (stems, below):
        if any(is_file(folder, stem + end) for stem in group for end in (".py", "/__init__.py")):
            return [file for stem in group for file in _files_of(stem) if is_file(folder, file)]
    alike = [file for file in modules if file.endswith("/%s.py" % stems[0])] if below else []
    return alike if len(alike) == 1 else []


def source_files(folder):
    """Yield the paths of all source files below `folder`, as zips have them."""
    for parent, folders, names in os.walk(str(folder)):
        folders[:] = [name for name in folders if not LEFT_OUT.fullmatch(name)]
        yield from (name_in_zip(Path(parent, name), folder) for name in names if name.endswith(".py"))


def stands_for_given(name, part):
    """Tell whether a top-level module has the name of one that grading already has: it would not be used."""
    top = name.partition("/")[0]
    module = top[:-3] if top.endswith(".py") else top
    return module in part.get("allowed_imports", ()) or _is_pythons_own(module)


def own_modules(files, name):
    """Return the names under which the file `name` may import the collected `files`, wherever they are."""
    found = set()
    for other in files:
        if other.endswith(".py"):
            steps = other[:-3].split("/")
            found |= {".".join(steps[:end]) for end in range(1, len(steps) + 1)}
            found |= {".".join(steps[start:]) for start in range(len(steps))}
    beside = name.rpartition("/")[0] + "/"
    return found | {other[len(beside) :].partition("/")[0] for other in files if other.startswith(beside)}


def imported_modules(content, name):
    """Yield, for each module that the source at `name` imports, where it may be: paths without suffix.

    These are two lists: where it should be, the top first; and, if other places are searched, too,
    where it is if its first name is that of a folder above the part's.
    """
    tree = parse(content) if name.endswith(".py") else ()
    folder = name.rpartition("/")[0]
    for node in ast.walk(tree) if isinstance(tree, ast.AST) else ():
        for module, level, package, is_sure in _modules(node):
            steps = package.split(".") if package else folder.split("/")
            places = ["/".join(steps[: len(steps) - level + 1])] if level else ["", folder]
            stems = ["/".join([place, *module.split(".")]).strip("/") for place in places]
            below = module.partition(".")[2] or module
            yield stems, [below.replace(".", "/")] if is_sure and not level else []


def _modules(node):
    """Yield (module, how many folders up, package, whether surely a module) of what a statement imports."""
    if isinstance(node, ast.Import):
        yield from ((alias.name, 0, "", True) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        start = node.module or ""
        if start:
            yield start, node.level, "", True
        for alias in node.names:
            yield (start + "." + alias.name).strip("."), node.level, "", False
    elif isinstance(node, ast.Call) and _dotted(node.func).rpartition(".")[2] in BY_NAME:
        name = _literal(node, 0, "name")
        module = name.lstrip(".")
        if module:
            yield module, len(name) - len(module), _literal(node, 1, "package"), True


def _literal(call, place, name):
    values = call.args[place : place + 1] + [entry.value for entry in call.keywords if entry.arg == name]
    is_text = values and isinstance(values[0], ast.Constant) and isinstance(values[0].value, str)
    return values[0].value if is_text else ""


def _files_of(stem):
    steps = stem.split("/")
    yield stem + ".py"
    yield from ("/".join([*steps[:end], "__init__.py"]) for end in range(len(steps), 0, -1))


def is_file(folder, name):
    """Tell whether there is a file of exactly this name: macOS and Windows take Tools.py for tools.py."""
    path = folder / name
    return path.is_file() and path.name in os.listdir(str(path.parent))


def name_in_zip(path, folder):
    """Return the path below `folder` as in zips: forward slashes and no drive, on every system."""
    return path.relative_to(folder).as_posix()


class Findings:
    """Sentences about one upload: what prevents it, what --force ignores, and what else to know."""

    def __init__(self):
        self.problems, self.gaps, self.notes = [], [], []

    def show(self):
        """Print all of them."""
        for sentence in self.problems:
            say("  fix    " + sentence)
        for sentence in self.gaps[:SHOWN]:
            say("  gap    " + sentence)
        if len(self.gaps) > SHOWN:
            say("  gap    and %d more" % (len(self.gaps) - SHOWN))
        for sentence in self.notes:
            say("  note   " + sentence)

    def keep_from(self, force):
        """Tell whether the upload must not be made."""
        return bool(self.problems or (self.gaps and not force))

    def summary(self):
        """Return how much is to be done, in words."""
        gaps = "1 gap" if len(self.gaps) == 1 else "%d gaps" % len(self.gaps)
        return "%d to fix, %s to fill" % (len(self.problems), gaps)


def examine(files, part, intake, policy, folder):
    """Return the Findings on the `files` of a part, collected from `folder`; `policy` has what rules cost."""
    found = Findings()
    found.problems += [_missing(name, folder) for name in part["answer_files"] if name not in files]
    found.problems += _excesses(files, part, intake)
    for name in (name for name in part["answer_files"] if name in files):
        sentence = "%s looks like a copy of %s and is not graded"
        found.notes += [sentence % (other, name) for other in look_alikes(name, folder)]
    for name in part["answer_files"]:
        if name in files and name.endswith(".py"):
            _examine_code(name, files, part, policy, found)
        elif name in files and name.endswith((".yaml", ".yml")):
            found.gaps += [_at(name, *blank) for blank in find_blanks(files[name])]
            _examine_sheet(name, files[name], part, found)
    _examine_own(files, part, policy, found)
    outside = [name for name in files if not _is_collected(name, part)]
    if outside:
        found.notes.append("also packed, because your code imports it: %s" % ", ".join(outside))
    found.notes += judge_data(files, part)
    for name in _weights(part):
        if name not in files:
            found.notes.append("%s is missing and will score 0: train that network first" % name)
        elif is_of_other_images(name, files, part):
            sentence = "%s was not trained on the images that are graded; train it with --data %s"
            found.notes.append(sentence % (name, part["test_set"]["source"]))
    return found


def _examine_code(name, files, part, policy, found):
    tree = parse(files[name])
    if isinstance(tree, tuple):
        found.problems.append(_at(name, *tree))
        return
    prints, notes = judge_prints(tree, policy.get("prints", "zero"), _points(part))
    own = own_modules(files, name)
    above = part["folder"].rpartition("/")[2]
    allowed = [*part.get("allowed_imports", ()), *own, *(above + "." + each for each in own)]
    imports, unlisted = judge_imports(tree, allowed, policy.get("imports", "warn"))
    found.problems += [_at(name, *problem) for problem in sorted([*prints, *imports])]
    found.gaps += [_at(name, *gap) for gap in sorted(find_gaps(tree))]
    found.gaps += [
        _at(name, *change) for change in find_changes(tree, part.get("interface", {}).get(name, {}))
    ]
    found.notes += [_at(name, *note) for note in sorted([*notes, *unlisted])]


def _examine_sheet(name, content, part, found):
    """Let the reader that grading uses read a sheet, if it and its packages are installed."""
    try:
        sys.path.insert(0, str(ROOT))
        reader = importlib.import_module(part["folder"].replace("/", ".") + ".faults")
        problem, unreadable = reader.faults(content, name)
    except (ImportError, SyntaxError, AttributeError) as error:
        advice = "pip install sympy lark pyyaml, then python -m %s check" % part["folder"]
        found.notes.append("%s: not checked whether its answers can be read (%s): %s" % (name, error, advice))
        return
    finally:
        sys.path.remove(str(ROOT))
    found.problems += [problem] if problem else []
    found.gaps += unreadable


def _examine_own(files, part, policy, found):
    """Check the modules that students add: what these print counts, too."""
    known = {*part["answer_files"], *part.get("given_files", ())}
    for name in files:
        if name.endswith(".py") and name not in known:
            tree = parse(files[name])
            if isinstance(tree, tuple):
                found.notes.append(_at(name, *tree))
                continue
            prints, notes = judge_prints(tree, policy.get("prints", "zero"), _points(part))
            found.problems += [_at(name, *problem) for problem in prints]
            found.notes += [_at(name, *note) for note in notes]


def judge_data(files, part):
    """Yield notes on data files that the code mentions but cannot read in grading."""
    source = b"\n".join(content for name, content in files.items() if name.endswith(".py"))
    source = source.decode("utf-8", "replace")
    for name, content in files.items():
        if name.rpartition("/")[2] not in source:
            continue
        if name.casefold().endswith(OTHER_DATA):
            yield "%s is not available in grading: data files may be %s" % (name, ", ".join(DATA))
        elif name.casefold().endswith(DATA) and len(content) > DATA_MIB * MIB:
            yield "%s is not available in grading: a data file may be %d MiB" % (name, DATA_MIB)
    folder = ROOT / part["folder"]
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix.casefold() in DATA and path.name in source and path.name not in files:
            sentence = "%s is not packed: if your code reads it, move it into %s"
            yield sentence % (path.name, " or ".join(e + "/" for e in part["collect"] if "." not in e))


def _is_collected(name, part):
    return any(name == entry or name.startswith(entry + "/") for entry in part["collect"])


def examine_report(folder, report):
    """Return the Findings on the report's PDF in `folder`."""
    found = Findings()
    pdf, source = folder / report["file"], (folder / report["file"]).with_suffix(".md")
    name = "%s/%s" % (report["folder"], report["file"])
    if source.is_file():
        found.gaps += ["%s/%s" % (report["folder"], _at(source.name, *todo)) for todo in find_todos(source)]
    if not pdf.is_file():
        first = (
            "run python -m report build" if source.is_file() else "run python -m report start, then write it"
        )
        found.problems.append("%s is missing: %s" % (name, first))
        return found
    content = pdf.read_bytes()
    if b"%PDF-" not in content[:1024] or b"%%EOF" not in content[-1024:]:
        found.problems.append("%s is not a complete PDF; rebuild it with python -m report build" % name)
    if len(content) > report["file_mib"] * MIB:
        sizes = (name, len(content) / MIB, report["file_mib"])
        found.problems.append("%s is %.1f MiB large, but at most %g are allowed; use smaller figures" % sizes)
    if source.is_file() and source.stat().st_mtime > pdf.stat().st_mtime + TIMES_APART:
        sentence = "%s is older than %s; run python -m report build"
        found.gaps.append(sentence % (name, source.name))
    return found


def find_todos(source):
    """Yield (line, sentence) for each place of a report that lacks an answer, without comments and code."""
    text = source.read_bytes().decode("utf-8", "replace")
    hidden = re.compile(r"<!--.*?-->|^ *(```+|~~~+).*?^ *\1|`[^`\n]*`", re.DOTALL | re.MULTILINE)
    text = hidden.sub(lambda match: "\n" * match.group().count("\n"), text)
    for index, line in enumerate(text.splitlines()):
        if re.search(r"\bTODO\b", line):
            yield index + 1, "TODO is left: write your answer there"


def _at(name, line, sentence):
    return "%s:%d %s" % (name, line, sentence) if line else "%s %s" % (name, sentence)


def _missing(name, folder):
    others = look_alikes(name, folder)
    hidden = " (its last ending may be hidden: let your file manager show endings)"
    advice = ": rename %s%s" % (others[0], hidden if others[0].count(".") > 1 else "") if others else ""
    return "%s is missing%s" % (name, advice)


def look_alikes(name, folder):
    """Return the files beside `name` that are meant to be it, such as Relu.py, relu.py.txt, relu (1).py."""
    place, wanted = (folder / name).parent, PurePath(name).name
    copy = re.compile(r"\s*\(\d+\)| - copy| copy(?=\.)")
    found = []
    for other in sorted(os.listdir(str(place))) if place.is_dir() else ():
        bare = copy.sub("", other.casefold())
        if other != wanted and (bare == wanted.casefold() or bare.startswith(wanted.casefold() + ".")):
            found.append(name_in_zip(place / other, folder))
    return found


def _points(part):
    return sum(entry["points"] for entry in part["components"].values())


def _weights(part):
    """Return the checkpoints that are graded, which may be larger than sources and may be missing."""
    return [part["components"][name]["file"] for name in part.get("weights", ())]


def is_of_other_images(name, files, part):
    """Tell whether the note beside a checkpoint says that it was trained on images that are not graded."""
    try:
        note = json.loads(files[os.path.splitext(name)[0] + ".json"].decode("utf-8"))
        is_its_own = note["sha256"] == hashlib.sha256(files[name]).hexdigest()
        return is_its_own and note["trained_on"] != part["test_set"]["source"]
    except (KeyError, ValueError, TypeError):  # no note, or none of this checkpoint
        return False


def _excesses(files, part, intake):
    """Yield what the grader's intake would refuse."""
    larger = part.get("test_set", {}).get("file_mib", intake["file_mib"])
    if len({name.casefold() for name in files}) < len(files):
        yield "two files have names that differ only in upper and lower case; keep one of them"
    for name, content in files.items():
        limit = larger if name in _weights(part) else intake["file_mib"]
        if len(content) > limit * MIB:
            yield "%s is %.1f MiB large; at most %g are allowed" % (name, len(content) / MIB, limit)
    if len(files) > intake["members"] or sum(map(len, files.values())) > intake["total_mib"] * MIB:
        yield "more than %(members)d files or %(total_mib)g MiB in total" % intake


def zipped(files):
    """Return a zip of `files` and of their sha256 sums: the same files give the same bytes."""
    sums = "".join("%s  %s\n" % (hashlib.sha256(files[name]).hexdigest(), name) for name in files)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in [*files.items(), (DIGESTS, sums.encode())]:
            archive.writestr(_entry(name), content)
    return stream.getvalue()


def write_whole(content, target):
    """Write `content` to the file `target`: whole or, if anything fails, not at all."""
    handle, draft = tempfile.mkstemp(prefix=".collect-", dir=str(target.parent))
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
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


def hand_in(part, assignment, out, force, is_asked_for=True):
    """Check and pack one part, and say what was done; return the upload, or None, and what is to be done.

    An optional part that was not asked for by name is left out while something is missing in it.
    """
    is_left_out = part.get("optional", False) and not is_asked_for
    target = out / part["zip"]
    say("", part["title"], "-" * len(part["title"]))
    folder = ROOT / part["folder"]
    files = collect(folder, part)
    found = examine(files, part, assignment["intake"], assignment.get("policy", {}), folder)
    if is_left_out and found.keep_from(force=False):
        say("Optional, and not packed: %s. To hand it in, add --part %s." % (found.summary(), part["name"]))
        return None, ""
    found.show()
    if found.keep_from(force):
        return _refuse(found, target)
    write_whole(zipped(files), target)
    for name, content in files.items():
        say("  %8.1f KiB  %s" % (len(content) / 1024, name))
    graded = ", ".join("%s %g" % (entry["title"], entry["points"]) for entry in part["components"].values())
    say("Wrote %s: %d files, %.1f KiB." % (target, len(files) + 1, target.stat().st_size / 1024))
    say("Next: upload this zip, without unpacking it, where your course collects part %s." % part["name"])
    say("What will be graded: %s; %g points in total." % (graded, _points(part)))
    return target, ""


def hand_in_report(report, out, force):
    """Check the report's PDF and copy it under the name of the upload; return as `hand_in` does."""
    target = out / report["upload"]
    say("", "Report", "------")
    found = examine_report(ROOT / report["folder"], report)
    found.show()
    if found.keep_from(force):
        return _refuse(found, target)
    write_whole((ROOT / report["folder"] / report["file"]).read_bytes(), target)
    say("Wrote %s: %.1f KiB." % (target, target.stat().st_size / 1024))
    say(
        "Next: upload it where your course collects the report; python -m report check lists what is missing."
    )
    return target, ""


class Overview:
    """What is done and what is open, component by component; nothing is packed."""

    def __init__(self):
        self.written, self.total, self.steps = 0, 0, []

    def show_part(self, part, assignment):
        """Print one part; points of optional parts are not added up."""
        folder = ROOT / part["folder"]
        files = collect(folder, part)
        found = examine(files, part, assignment["intake"], assignment.get("policy", {}), folder)
        rows = [(entry, *state_of(name, part, files, found)) for name, entry in part["components"].items()]
        written = sum(entry["points"] for entry, state, _ in rows if state == "done")
        total = sum(entry["points"] for entry, _, _ in rows)
        is_optional = part.get("optional", False)
        heading = "%s%s: %g of %g points written"
        say("", heading % (part["title"], " (optional)" if is_optional else "", written, total))
        width = max(len(entry["title"]) for entry, _, _ in rows)
        for entry, state, sentence in rows:
            row = "  %-5s %-*s %4g  %s" % (state, width, entry["title"], entry["points"], sentence)
            say(row.rstrip())
        if not is_optional:
            self.written, self.total = self.written + written, self.total + total
            self.steps += [
                (state != "fix", sentence, next_commands(entry, sentence, part))
                for entry, state, sentence in rows
                if state != "done"
            ]

    def show_report(self, report):
        """Print what the report lacks."""
        found = examine_report(ROOT / report["folder"], report)
        sentences = found.problems + found.gaps
        to_do = "1 thing to do" if len(sentences) == 1 else "%d things to do" % len(sentences)
        say("", "Report: %s" % (to_do if sentences else "ready to upload"))
        for sentence in sentences[:SHOWN]:
            say("  open  " + sentence)
        if len(sentences) > SHOWN:
            say("  open  and %d more: python -m report check" % (len(sentences) - SHOWN))
        if sentences:
            self.steps.append((True, sentences[0], []))

    def conclude(self):
        """Print the sum and the next step; return the exit code: 2 while anything is open."""
        say("", "All together: %g of %g points written." % (self.written, self.total))
        if not self.steps:
            say("Next: python collect_submission.py packs everything for the upload.")
            return 0
        say("Written does not mean correct: run the public tests, and python -m theory check.")
        _, sentence, commands = min(self.steps, key=lambda step: step[0])  # what to fix goes before gaps
        say("Next: " + sentence, *("      " + command for command in commands))
        return 2


def state_of(name, part, files, found):
    """Return (state, sentence) of a component: "done", "open" or "fix", and the first thing to do in it."""
    file = part["components"][name]["file"]
    if file in _weights(part) and file not in files:
        return "open", "%s is missing: train that network" % file
    for state, sentences in (("fix", found.problems), ("open", found.gaps)):
        own = [each for each in sentences if each.startswith(file) and _is_about(each, file, name, part)]
        if own:
            return state, own[0] + (" (and %d more)" % (len(own) - 1) if len(own) > 1 else "")
    return "done", ""


def _is_about(sentence, file, name, part):
    """Tell whether a sentence on a file is about a component; gaps and answers begin with its name."""
    beside = [other for other, entry in part["components"].items() if entry["file"] == file]
    match = re.match(r"[:\d]* ?([A-Za-z]\w*)[.-]?", sentence[len(file) :])
    subject = match.group(1) if match else ""
    return subject == name or subject not in beside


def next_commands(entry, sentence, part):
    """Return what to type next: the public test of a file, or the question of a sheet."""
    test = "test_" + PurePath(entry["file"]).stem
    if (ROOT / part["folder"] / "tests" / (test + ".py")).is_file():
        return ["cd %s" % part["folder"], "python -m unittest tests.%s" % test]
    subject = re.search(r"([a-z]\w*)\.\w+ is not answered", sentence)
    return ["python -m %s show %s" % (part["folder"], subject.group(1))] if subject else []


def _refuse(found, target):
    kind = "zip" if target.suffix == ".zip" else "PDF for the upload"
    say("No %s was made: %s." % (kind, found.summary()))
    if found.gaps and not found.problems:
        say("To hand in what you have (gaps score 0), add --force.")
    if target.exists():
        say("Beware: %s is from an earlier run and does not contain your changes." % target)
    return None, found.summary()


def say(*lines):
    """Print with characters that the console has; be silent if nobody reads the output any more."""
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    try:
        for line in lines:
            print(line.encode(encoding, "backslashreplace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:  # such as behind | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def choose(assignment, wanted):
    """Return the wanted part, or all parts whose folder exists, and the report if it is wanted.

    Raises CollectError if there is none.
    """
    parts = [dict(entry, name=name) for name, entry in assignment["parts"].items()]
    if REPORT in assignment:
        parts.append(dict(assignment[REPORT], name=REPORT))
    names = [part["name"] for part in parts]
    if wanted is not None and wanted not in names:
        raise CollectError("--part %s: expected one of %s." % (wanted, ", ".join(names)))
    here = [part for part in parts if (ROOT / part["folder"]).is_dir() and wanted in (None, part["name"])]
    if not here:
        known = ", ".join("%s (folder %s)" % (part["name"], part["folder"]) for part in parts)
        raise CollectError(
            "Expected the folder of a part in %s, found none; the parts are %s." % (ROOT, known)
        )
    return here


def conclude(done, root, environment):
    """Say, after several parts, what can be uploaded and what cannot; on Colab, how to download it."""
    ready = [(name, target) for name, (target, _) in done if target]
    if len(done) > 1:
        say("", "All together", "------------")
        for name, target in ready:
            say("  ready  %-8s %8.1f KiB  %s" % (name, target.stat().st_size / 1024, target.name))
        for name, (_, to_do) in done:
            if to_do:
                say("  not    %-8s %s" % (name, to_do))
    if ready and is_colab(root, environment):
        say("You are on Colab. To download a file, run in a cell:")
        for _, target in ready:
            say("  from google.colab import files; files.download(%r)" % str(target))


def is_colab(root, environment):
    """Tell whether the course is on a machine of Google Colab."""
    return "COLAB_RELEASE_TAG" in environment or PurePath(root).as_posix().startswith("/content/")


def read_assignment(path):
    """Return what assignment.json says; raise CollectError if it is missing or damaged."""
    if not path.is_file():
        raise CollectError(
            "Expected assignment.json beside collect_submission.py in %s, found none; unzip the whole "
            "course, and run the collector in its folder." % path.parent
        )
    try:
        assignment = json.loads(path.read_text(encoding="utf-8-sig"))
        if all(isinstance(part, dict) for part in assignment["parts"].values()):
            return assignment
        problem = "a part is not a table"
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        problem = "%s: %s" % (type(error).__name__, error)
    raise CollectError("assignment.json is damaged (%s); download the course's files again." % problem)


def show_overview(parts, assignment):
    """Print what is done and what is open in `parts`; return 0 if nothing is open, and 2 otherwise."""
    overview = Overview()
    for part in parts:
        if part["name"] == REPORT:
            overview.show_report(part)
        else:
            overview.show_part(part, assignment)
    return overview.conclude()


def main(arguments=None):
    """Run the command with `arguments` and return its exit code: 0 if everything is packed, 2 if not."""
    if sys.version_info < OLDEST:
        say(
            "Expected Python %d.%d or newer, got %d.%d; run it with a newer one."
            % (*OLDEST, *sys.version_info[:2])
        )
        return 2
    parser = argparse.ArgumentParser(description="Check your answers and pack them for the upload.")
    parser.add_argument(
        "--part", help="only this part, such as convnet or report (default: every part whose folder exists)"
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="pack nothing: show what is done, what is open, and the next step",
    )
    parser.add_argument("--force", action="store_true", help="pack a part even if it has open gaps")
    parser.add_argument(
        "--out",
        type=Path,
        default=ROOT,
        metavar="FOLDER",
        help="where the zips are written (default: beside this file)",
    )
    options = parser.parse_args(arguments)
    try:
        assignment = read_assignment(ROOT / "assignment.json")
        parts = choose(assignment, options.part)
        if options.check:
            return show_overview(parts, assignment)
        options.out.mkdir(parents=True, exist_ok=True)
        done = []
        for part in parts:
            if part["name"] == REPORT:
                done.append((REPORT, hand_in_report(part, options.out, options.force)))
            else:
                asked = options.part is not None
                done.append((part["name"], hand_in(part, assignment, options.out, options.force, asked)))
    except KeyError as error:
        say("assignment.json: expected the entry %s; download the course's files again." % error)
        return 2
    except (CollectError, OSError) as error:
        say(str(error))
        return 2
    conclude(done, ROOT, os.environ)
    return 2 if any(to_do for _, (_, to_do) in done) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    finally:
        say()

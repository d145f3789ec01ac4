"""The same right answers in the ways in which students pack and save them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

Files = Mapping[str, bytes]
RELU, CONV, NET, SGD = (
    "modules/relu.py",
    "modules/convolution.py",
    "modules/conv_classifier.py",
    "optimizer/sgd.py",
)


def zipped(files: Files) -> bytes:
    """Return a zip of names, as they are, and contents."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo("x")
            info.filename = name  # ZipInfo would replace back-slashes on some systems
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def below(folder: str) -> Callable[[Files], Files]:
    """Return what puts everything into `folder`."""
    return lambda files: {f"{folder}/{name}": content for name, content in files.items()}


def besides(**others: bytes) -> Callable[[Files], Files]:
    """Return what adds files; `__` in a keyword stands for a slash, `_DOT_` for a dot."""
    added = {name.replace("__", "/").replace("_DOT_", "."): content for name, content in others.items()}
    return lambda files: {**files, **added}


def everywhere(change: Callable[[bytes], bytes]) -> Callable[[Files], Files]:
    """Return what changes the bytes of every file."""
    return lambda files: {name: change(content) for name, content in files.items()}


def from_macos(files: Files) -> Files:
    """Add what the Finder adds, in Unicode's other form."""
    members = {"U\u0308bung/.DS_Store": b"\0\0\0\1Bud1", "__MACOSX/._U\u0308bung": b"\0\5\26\7"}
    for name, content in files.items():
        members[f"U\u0308bung/{name}"] = content
        folder, _, file = name.rpartition("/")
        members[f"__MACOSX/U\u0308bung/{folder}/._{file}"] = b"\0\5\26\7\0\2\0\0Mac OS X"
    return members


def from_windows(files: Files) -> Files:
    """Write back-slashes, CRLF and byte order marks, and leave a thumbnail."""
    return {
        **{f"hw1\\{name}".replace("/", "\\"): b"\xef\xbb\xbf" + crlf(text) for name, text in files.items()},
        "hw1\\Thumbs.db": b"\xd0\xcf\x11\xe0",
    }


def crlf(content: bytes) -> bytes:
    """Return `content` with the line ends of Windows."""
    return content.replace(b"\n", b"\r\n")


def tabs(content: bytes) -> bytes:
    """Return `content` indented by tabs."""
    lines = []
    for line in content.split(b"\n"):
        text = line.lstrip(b" ")
        indent = len(line) - len(text)
        lines.append(b"\t" * (indent // 4) + b" " * (indent % 4) + text)
    return b"\n".join(lines)


def saved(comment: str, encoding: str, *, cookie: str = "") -> Callable[[Files], Files]:
    """Return what adds a comment and saves in `encoding`, saying so in a `cookie` or not."""
    head = f"# -*- coding: {cookie} -*-\n" if cookie else ""
    return everywhere(lambda content: f"{head}# {comment}\n{content.decode()}".encode(encoding))


def wrapped(name: str, **others: bytes) -> Callable[[Files], Files]:
    """Return what puts everything into a zip called `name`, and other files beside it."""
    return lambda files: {**besides(**others)({}), name: zipped(files)}


def renamed(old: str, new: str) -> Callable[[Files], Files]:
    """Return what gives one file another name."""
    return lambda files: {(new if name == old else name): content for name, content in files.items()}


COPIES = (
    "relu (1).py", "relu(2).py", "relu.py.txt", "relu.PY", "relu.py.py", "relu-1.py", "relu - Copy.py",
    "relu copy 2.py", "Copy of relu.py", "relu - Kopie (3).py", "ReLU (1).py.txt",
)  # fmt: skip
PACKED: dict[str, tuple[Callable[[Files], Files], str]] = {
    "as the collector packs it": (lambda files: files, ""),
    "in a folder": (below("part1_convnet"), "Read from the folder part1_convnet/"),
    "in folders of folders": (below("Hausaufgabe 1 (final)/v2/part1_convnet"), "Read from the folder"),
    "with the other parts": (
        lambda files: {**below("part1_convnet")(files), "part2_pytorch/solver.py": b""},
        "Read from the folder",
    ),
    "by macOS": (from_macos, "Read from the folder"),
    "by Windows": (from_windows, "starts with a byte order mark"),
    "without folders": (
        lambda files: {name.rpartition("/")[2]: content for name, content in files.items()},
        "relu.py was graded as modules/relu.py",
    ),
    "with a name in capitals": (
        lambda files: {("Modules/ReLU.py" if name == RELU else name): text for name, text in files.items()},
        "was graded as modules/relu.py",
    ),
    "with caches, checkpoints and a virtual environment": (
        besides(
            modules____pycache____relu_DOT_cpython_pyc=b"",
            modules___DOT_ipynb_checkpoints__relu_checkpoint_DOT_py=b"raise SystemExit",
            venv__lib__modules__relu_DOT_py=b"raise SystemExit",
        ),
        "",
    ),
    "with an older copy": (
        lambda files: {**files, **{f"old/{name}": b"raise SystemExit" for name in files}},
        "Not graded: the copies in old/",
    ),
    "with notebooks, images and a report": (
        besides(
            notebook_DOT_ipynb=b"{}", train_DOT_png=b"\x89PNG", report_DOT_pdf=b"%PDF", main_DOT_py=b"1/0"
        ),
        "",
    ),
    "with a module of its own that nobody uses": (
        besides(modules__helpers_DOT_py=b"x = 1\n"),
        "Used beside the answer files: modules/helpers.py",
    ),
    "with byte order marks": (
        everywhere(lambda text: b"\xef\xbb\xbf" + text),
        "starts with a byte order mark",
    ),
    "with CRLF": (everywhere(crlf), ""),
    "with CR alone": (everywhere(lambda text: text.replace(b"\n", b"\r")), ""),
    "with tabs": (everywhere(tabs), ""),
    "with no new line at the end": (everywhere(bytes.rstrip), ""),
    "with blanks at the ends of lines": (everywhere(lambda text: text.replace(b"\n", b"  \n")), ""),
    "in Latin-1, saying so": (
        saved("Gr\u00f6\u00dfe", "latin-1", cookie="latin-1"),
        "is written in iso-8859-1",
    ),
    "in Latin-1, not saying so": (saved("Gr\u00f6\u00dfe", "latin-1"), "read as Latin-1"),
    "in CP1252, saying so": (
        saved("\u201eGr\u00f6\u00dfe\u201c", "cp1252", cookie="cp1252"),
        "is written in cp1252",
    ),
    "in UTF-16, as Notepad's Unicode": (saved("Gr\u00f6\u00dfe", "utf-16"), "is in UTF-16"),
    "in UTF-8 with letters of the world": (
        saved("\u5927\u5c0f \u0440\u0430\u0437\u043c\u0435\u0440 \U0001f680", "utf-8"),
        "",
    ),
    "in UTF-8, with a cookie that is wrong": (
        saved("Gr\u00f6\u00dfe", "utf-8", cookie="no-such-codec"),
        "read as Latin-1",
    ),
    # zips within zips and folders
    "in a zip in the zip": (
        wrapped("part1_convnet_submission.zip"),
        "Read from part1_convnet_submission.zip",
    ),
    "in a zip in a folder": (wrapped("hw 1/upload/answers.zip"), 'Read from "hw 1/upload/answers.zip"'),
    "in a zip in a zip": (
        lambda files: wrapped("outer.zip")(wrapped("inner.zip")(files)),
        "Read from inner.zip in outer.zip",
    ),
    "in a zip beside a report and notes": (
        wrapped("answers.zip", README_DOT_md=b"# hw", report_DOT_pdf=b"%PDF", main_DOT_py=b"print(1)"),
        "Read from answers.zip",
    ),
    "in a zip beside another part's": (
        wrapped("one.zip", theory_DOT_zip=zipped({"answers.yaml": b""}), broken_DOT_zip=b"PK"),
        "Read from one.zip",
    ),
    "in two copies of one zip": (
        lambda files: {"answers.zip": zipped(files), "answers (1).zip": zipped(files)},
        "inside ada.zip",
    ),
    "in a folder in a zip in the zip": (
        lambda files: wrapped("a.zip")(below("part1_convnet")(files)),
        "Read from the folder part1_convnet/ inside of a.zip",
    ),
    "with the zip beside the files": (lambda files: {**files, "old.zip": zipped({RELU: b"1/0"})}, ""),
    # names of copies
    **{
        f"with {copy} for relu.py": (renamed(RELU, f"modules/{copy}"), "was graded as modules/relu.py")
        for copy in COPIES
    },
    "with a copy beside the file": (
        besides(**{"modules__relu (1)_DOT_py": b"raise SystemExit"}),
        "Not graded, because it is named like a copy",
    ),
    # what lies beside
    "with a virtual environment of another name": (
        besides(my_DOT_env__pyvenv_DOT_cfg=b"home", my_DOT_env__lib__modules__relu_DOT_py=b"1/0"),
        "",
    ),
    "with conda's environment": (
        lambda files: {**files, **{f"env/lib/python3/{n}.py": b"" for n in range(2500)}, ".conda/a.py": b""},
        "",
    ),
    "with packages": (
        lambda files: {**files, **{f"lib/site-packages/torch/{n}.py": b"" for n in range(2500)}},
        "",
    ),
    "with images": (lambda files: {**files, **{f"data/{n}.png": b"x" for n in range(2500)}}, ""),
    "with names in both cases elsewhere": (
        lambda files: {**files, "notes/README.md": b"a", "notes/Readme.md": b"b"},
        "",
    ),
    "with a file on a drive": (lambda files: {**files, "C: drive.txt": b"x"}, "C: drive.txt"),
    "with a file above": (lambda files: {**files, "../notes.txt": b"x"}, "../notes.txt"),
}

"""The files that exist for students only: their README, their manifest, and what they install."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from autograder.core.manifest import Manifest, Weights
from autograder.core.signatures import interface
from autograder.course import MANIFEST, read_toml
from autograder.release.clean_notebook import only
from autograder.release.course_text import stamped

README = Path(__file__).with_name("student_readme.md")
ASSIGNMENT = "assignment.json"
ABOUT = "Generated from assignment.toml by `python -m autograder skeleton`."
NONE: Mapping[str, str] = MappingProxyType({})
PART = (
    "kind", "title", "folder", "zip", "requirements", "notebook", "page", "uses", "hand_out", "makes",
    "figures", "optional", "collect", "answer_files", "given_files", "allowed_imports", "components", "open",
    "variants", "parameters", "limits",
)  # fmt: skip
TEST_SET = (
    "source",
    "images",
    "mean",
    "std",
    "file_mib",
)  # no seed and no key: nobody is to make these images
KEPT: Mapping[str, tuple[str, ...]] = {  # of the manifest; of its parts: PART, and what `_student_part` adds
    "assignment": ("name", "title", "bundle_url", "colab"),
    "policy": ("prints", "imports", "signatures", "file_names", "non_runnable"),
    "limits": ("test_seconds", "part_seconds", "memory_mib"),
    "intake": ("members", "file_mib", "total_mib"),
    "report": ("folder", "file", "upload", "file_mib"),
}


def student_manifest(root: Path, skeletons: Mapping[str, str] = NONE) -> str:
    """Return assignment.json: the manifest without what only grading needs, such as keys and limits.

    Each part gets the classes and arguments of its answer files, as `skeletons` (path -> source) or else the
    files below `root` have them.
    """
    table = read_toml(root / MANIFEST)
    kept = {name: only(entry, KEPT[name]) for name, entry in table.items() if name in KEPT}
    parts = {name: _student_part(part) for name, part in table["parts"].items()}
    for part in parts.values():
        if found := _interfaces(root, part, skeletons):
            part["interface"] = found
    return json.dumps({"about": ABOUT, **kept, "parts": parts}, indent=2, ensure_ascii=False) + "\n"


def _interfaces(root: Path, part: Mapping[str, Any], skeletons: Mapping[str, str]) -> dict[str, Any]:
    """Return, by answer file, the public classes and functions that the tests call, with their arguments."""
    found = {}
    for name in (name for name in part["answer_files"] if name.endswith(".py")):
        path = f"{part['folder']}/{name}"
        source = skeletons.get(path) or ((root / path).read_text("utf-8") if (root / path).is_file() else "")
        if public := interface(ast.parse(source)):
            found[name] = public
    return found


def _student_part(part: Mapping[str, Any]) -> dict[str, Any]:
    is_sheet = isinstance(part.get("partial"), bool)  # where it is a table, it names mistakes
    kept = only(part, (*PART, "partial") if is_sheet else PART)
    if "weights" in part:
        kept["test_set"] = only(part["test_set"], TEST_SET)
        source = part["test_set"]["source"]
        kept["weights"] = {name: _student_weights(entry, source) for name, entry in part["weights"].items()}
    return kept


def _student_weights(weights: Mapping[str, Any], source: str) -> dict[str, Any]:
    """Return the metric of a file of weights, and its tiers: [value to exceed, share of the points]."""
    tiers = weights["tiers"]
    metric = weights.get("metric", Weights.metric)
    return {"metric": metric, "tiers": tiers[source] if isinstance(tiers, dict) else tiers}


def student_readme(manifest: Manifest) -> str:
    """Return the README of the student bundle, with the assignment's title and its parts in it."""
    rows = [f"| `{part.folder}/` | {part.title} | {part.points:g} |" for part in manifest.parts]
    text = README.read_text(encoding="utf-8")
    text = text.replace("@TITLE@", manifest.title).replace("@PARTS@", "\n".join(rows))
    return stamped(text, manifest, where=README.name)


def requirements(root: Path) -> dict[str, str]:
    """Return the files that `pip install -r` takes, by name: all of the course, and its first code alone."""
    parts = read_toml(root / MANIFEST)["parts"].values()
    groups = read_toml(root / "pyproject.toml")["dependency-groups"]
    of_code = [part.get("requirements", []) for part in parts if part.get("kind") == "code"]
    of_all = [line for part in parts for line in part.get("requirements", [])]
    return {
        "requirements-part1.txt": _lines(of_code[0] if of_code else []),
        "requirements.txt": _lines([*of_all, *groups["notebook"], *groups["report"]]),
    }


def _lines(packages: Iterable[str]) -> str:
    return "".join(f"{package}\n" for package in sorted(set(packages)))

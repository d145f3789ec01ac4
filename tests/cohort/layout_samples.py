"""One class of invented students, in every layout that platforms and people make of it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Invented:
    """A student: the name as people write it, as Canvas shortens it, and as ILIAS spells it in ASCII."""

    name: str
    login: str
    ascii: str  # last_first

    @property
    def canvas(self) -> str:
        """Return the sortable name as Canvas puts it into file names."""
        return "".join(c for c in self.name.casefold() if c.isalnum())


STUDENTS = (
    Invented("Ada Lovelace", "ada", "Lovelace_Ada"),
    Invented("李 小龙", "xiaolong.li", "Li_Xiaolong"),
    Invented("Иван Петров", "ipetrov", "Petrov_Ivan"),
    Invented("محمد علي", "mali", "Ali_Muhammad"),
    Invented("नरेन्द्र कुमार", "nkumar", "Kumar_Narendra"),
    Invented("김 민수", "minsu.kim", "Kim_Minsu"),
    Invented("Nguyễn Văn An", "an-nguyen", "Nguyen_Van_An"),
    Invented("Zoë Müller-Ørsted", "zoe99", "Mueller-Oersted_Zoe"),
    Invented("Siobhán O'Neill", "siobhan", "ONeill_Siobhan"),
    Invented("ทดสอบ ไทย", "thai", "Thai_Thotsop"),
    Invented("Ἀσπασία Νίκου", "aspasia", "Nikou_Aspasia"),
    Invented("Ada Lovelace", "ada2", "Lovelace_Ada"),  # a namesake
)


def packed(files: Files) -> bytes:
    """Return `files` as a zip."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _all(name: Callable[[int, Invented], str]) -> Callable[[Files], dict[str, bytes]]:
    """Lay the zip of the answers out once for each student, under `name`."""
    return lambda files: {name(place, who): packed(files) for place, who in enumerate(STUDENTS)}


def _loose(name: Callable[[int, Invented], str]) -> Callable[[Files], dict[str, bytes]]:
    """Lay the answer files out by themselves; `name` is the folder, or what stands before a file's name."""
    return lambda files: {
        f"{name(place, who)}{file if name(place, who).endswith('/') else file.rpartition('/')[2]}": content
        for place, who in enumerate(STUDENTS)
        for file, content in files.items()
    }


def _canvas(place: int, who: Invented) -> str:
    return f"{who.canvas}{'_LATE' if place % 3 == 1 else ''}_{500 + place}_{9000 + place}_"


def _moodle(place: int, who: Invented) -> str:
    return f"{who.name}_{70000 + place}_assignsubmission_file"


def _brightspace(place: int, who: Invented) -> str:
    return f"{8000 + place}-{4711} - {who.name} - Oct {1 + place}, 2025 1127 PM"


def _ilias(place: int, who: Invented) -> str:
    return f"{who.ascii}_{who.login}_{1000 + place}/"


LAYOUTS: Mapping[str, Callable[[Files], dict[str, bytes]]] = {
    "canvas": _all(lambda place, who: f"{_canvas(place, who)}part1_convnet_submission-1.zip"),
    "canvas, anonymous": _all(lambda place, who: f"anon_x{place}Y_{9000 + place}_a.zip"),
    "canvas, loose files": _loose(_canvas),
    "moodle 4.1": _all(lambda place, who: f"{_moodle(place, who)}/my work.zip"),
    "moodle 3.1": _all(lambda place, who: f"{_moodle(place, who)}_/my work.zip"),
    "moodle, flat": _all(lambda place, who: f"{_moodle(place, who)}_hw.zip"),
    "moodle, unpacked": _loose(lambda place, who: f"{_moodle(place, who)}/part1_convnet/"),
    "brightspace": _all(lambda place, who: f"{_brightspace(place, who)}/hw.zip"),
    "brightspace, flat": _all(lambda place, who: f"{_brightspace(place, who)} - hw.zip"),
    "ilias": _all(lambda place, who: f"{_ilias(place, who)}20251003_hw.zip"),
    "ilias, teams": _all(lambda place, who: f"Team {40 + place}/{_ilias(place, who)}hw.zip"),
    "github classroom": lambda files: {
        **_loose(lambda place, who: f"hw-1-{who.login}/part1_convnet/")(files),
        **{f"hw-1-{who.login}/.git/HEAD": b"ref: refs/heads/main" for who in STUDENTS},
    },
    "gradescope": lambda files: {
        **_loose(lambda place, who: f"submission_{300 + place}/")(files),
        "submission_metadata.yml": "".join(
            f"submission_{300 + place}:\n  :submitters:\n  - :name: {who.name}\n"
            f"    :sid: '{place}'\n    :email: {who.login}@example.org\n"
            for place, who in enumerate(STUDENTS)
        ).encode(),
    },
    "gradescope, without its list": _loose(lambda place, who: f"submission_{300 + place}/"),
    "gradescope, flat zips": _all(lambda place, who: f"submission_{300 + place}.zip"),
    "zips by login": _all(lambda place, who: f"{who.login}.zip"),
    "a zip in a folder": _all(lambda place, who: f"{who.login}/a/hw.zip"),
    "a zip in a zip": lambda files: {
        f"{who.login}.zip": packed({"inner/hw.zip": packed(files)}) for who in STUDENTS
    },
}


def lay_out(files: Files, folder: Path) -> Path:
    """Write `files` below `folder`, and return it."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder

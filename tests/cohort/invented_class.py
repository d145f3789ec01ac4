"""Sixty-three invented students, and what they hand in for part 1, as Canvas and Gradescope give it.

    python tests/cohort/invented_class.py FOLDER

FOLDER then holds `canvas/`, `gradescope/`, rosters as `canvas.csv` and `gradescope.csv`, and `students.toml`.
Names come from nine scripts. Some hand in late or twice, some in pairs, some nothing; some work does not
compile, prints, has known bugs, or is not a zip. A student has the same work on both platforms.
"""

from __future__ import annotations

import csv
import io
import sys
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from autograder.course import load_course
from autograder.release.samples import Sample, pack, read_samples

DUE = datetime(2026, 3, 1, 22, 59, tzinfo=timezone.utc)
COLUMN = "Part 1: a convolutional network in NumPy (4711)"
NAMES = """\
Ada Lovelace, Søren Kierkegård, Nguyễn Văn An, Łucja Świątek, José Núñez, Gökçe Işık, Siobhán O'Neill
Иван Петров, Ольга Козлова, Дмитро Шевченко, Ђорђе Јовановић, Мария Иванова, Ғалым Әбдіров, Анна Ким
Ἀσπασία Νίκου, Γιώργος Παππάς, Ελένη Δήμου, Νίκος Ράλλης, Μαρία Λάμπρου, Κώστας Βλάχος, Σοφία Μάνου
محمد علي, فاطمة حسن, یوسف رضایی, زینب خان, عمر فاروق, لیلا احمدی, خالد منصور
דוד לוי, שרה כהן, משה פרץ, רחל מזרחי, יעל ברק, נועם שלום, תמר גולן
नरेन्द्र कुमार, सीता शर्मा, अर्जुन सिंह, लक्ष्मी जोशी, रवि वर्मा, मीरा दास, कृष्ण राव
李 小龙, 王 芳, 張 偉, 陳 美玲, 佐藤 さくら, 高橋 健, 歐陽 娜
김 민수, 이 서연, 박 지훈, 최 유진, 정 하늘, 강 도윤, 조 은우
สมชาย ใจดี, มาลี ศรีสุข, ประยุทธ วงศ์, กมล ทองดี, อรุณ แสงจันทร์, นภา รัตน์, วิชัย บุญมี
"""
WORK = (  # names of samples, in turn
    "solution", "flipped_kernels", "two_bugs", "solution", "loops_forget_stride", "overlap_overwrites",
    "solution", "prints", "forgets_velocity", "macos_zip", "mean_of_a_mean", "syntax_error", "skeleton",
)  # fmt: skip
ABSENT, NO_ZIP, LATE, TWICE = (17, 44), (29,), (3, 8, 21, 33, 34, 50), (5, 19, 40, 61)
PAIRS = ((10, 11), (25, 26), (52, 53))  # the second's work is the first's


@dataclass(frozen=True)
class Member:
    """One student: a name, the ids of the platforms, and the bytes handed in, the last one counting."""

    place: int
    name: str
    uploads: tuple[bytes, ...]

    @property
    def login(self) -> str:
        """Return the address of mail."""
        return f"s{self.place:02}@example.org"

    @property
    def canvas_id(self) -> str:
        """Return the number of the user in Canvas."""
        return str(5000 + self.place)

    @property
    def is_late(self) -> bool:
        """Tell whether the last upload came after the deadline."""
        return self.place in LATE

    @property
    def handed_in(self) -> datetime:
        """Return when the last upload came."""
        return DUE + timedelta(hours=5) if self.is_late else DUE - timedelta(hours=1 + self.place)


def members(samples: Mapping[str, Sample]) -> tuple[Member, ...]:
    """Return the whole class, with its work."""
    names = [name.strip() for line in NAMES.splitlines() for name in line.split(",")]
    partner = {second: first for first, second in PAIRS}
    found = []
    for place, name in enumerate(names):
        work = pack(samples[WORK[partner.get(place, place) % len(WORK)]])
        first = (pack(samples["skeleton"]),) if place in TWICE else ()
        uploads = () if place in ABSENT else (b"no zip at all",) if place in NO_ZIP else (*first, work)
        found.append(Member(place, name, uploads))
    return tuple(found)


def canvas(class_: tuple[Member, ...]) -> Iterator[tuple[str, bytes]]:
    """Yield Canvas's download: the last upload of each student; a second one has -1 in its name."""
    for each in class_:
        if each.uploads:
            who = "".join(c for c in each.name.casefold() if c.isalnum())
            late, again = "_LATE" if each.is_late else "", "-1" if len(each.uploads) > 1 else ""
            name = f"{who}{late}_{each.canvas_id}_{90000 + each.place}_part1_convnet_submission{again}.zip"
            yield name, each.uploads[-1]


def gradescope(class_: tuple[Member, ...]) -> Iterator[tuple[str, bytes]]:
    """Yield Gradescope's export: a folder for each upload, unpacked, and whose it is; pairs share one."""
    pairs, seconds = dict(PAIRS), {second for _, second in PAIRS}
    told = []
    for each in class_:
        if each.place in seconds:
            continue
        both = [each, class_[pairs[each.place]]] if each.place in pairs else [each]
        for turn, content in enumerate(each.uploads):
            folder = f"submission_{1000 * (turn + 1) + each.place}"
            is_last = turn == len(each.uploads) - 1
            when = each.handed_in if is_last else DUE - timedelta(days=3)
            told.append(f"{folder}:\n  :created_at: {when:%Y-%m-%d %H:%M:%S.000000000} Z\n  :submitters:\n")
            told += [
                f"  - :name: {one.name}\n    :sid: 'u{one.place}'\n    :email: {one.login}\n" for one in both
            ]
            yield from ((f"{folder}/{name}", text) for name, text in unpacked(content))
    yield "submission_metadata.yml", "".join(told).encode()


def unpacked(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a zip, or what is none as one file."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        yield "part1.zip", content
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        yield from ((name, archive.read(name)) for name in archive.namelist() if not name.endswith("/"))


def rosters(class_: tuple[Member, ...]) -> Iterator[tuple[str, bytes]]:
    """Yield both platforms' lists of the class, and what the staff grants to some."""
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", COLUMN]
    rows = [[m.name, m.canvas_id, f"u{m.place}", m.login, "ABC"[m.place % 3], ""] for m in class_]
    yield "canvas.csv", _csv([head, ["    Points Possible", "", "", "", "", "100.00"], *rows])
    scope = [[m.name, f"u{m.place}", m.login, "Student", "ABC"[m.place % 3]] for m in class_]
    yield "gradescope.csv", _csv([["Name", "SID", "Email", "Role", "Sections"], *scope])
    yield "students.toml", STUDENTS.encode()


STUDENTS = """\
[[students]]
sid = "u3"
extension_hours = 48
reason = "ill"

[[students]]
sid = "u20"
exempt = ["prints"]
reason = "the given code printed"
comment = "Welcome back."

[[students]]
sid = "u12"
reason = "shown in the office"
overrides = [{ part = "convnet", component = "relu", points = 6, reason = "shown in the office" }]
"""


def _csv(rows: list[list[str]]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode("utf-8-sig")


def lay_out(folder: Path) -> tuple[Member, ...]:
    """Write everything below `folder`, and return the class."""
    course = load_course()
    samples = {each.name: each for each in read_samples(course, course.manifest.part("convnet"))}
    class_ = members(samples)
    files = {
        **{f"canvas/{name}": content for name, content in canvas(class_)},
        **{f"gradescope/{name}": content for name, content in gradescope(class_)},
        **dict(rosters(class_)),
    }
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return class_


if __name__ == "__main__":
    lay_out(Path(sys.argv[1]))

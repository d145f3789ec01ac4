"""The manifest `assignment.toml` as frozen data: the assignment, and everything that a part declares.

`manifest_reading` makes it of a TOML table. A field of a class below is a field of the file, and its type is
what is checked there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, TypeAlias, get_args

from msgspec import Meta

from autograder.core.errors import CourseError
from autograder.core.late import LatePolicy
from autograder.core.library import OPEN
from autograder.core.violation import Severity

Number: TypeAlias = Annotated[int, Meta(gt=0)] | Annotated[float, Meta(gt=0)]
Cost: TypeAlias = Severity | Number  # points of the part
Tiers: TypeAlias = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Limits:
    """What one worker may use; seconds of processor time, MiB and KiB."""

    test_seconds: Number
    part_seconds: Number
    memory_mib: Number
    processes: Number
    output_kib: Number
    file_mib: Number
    reply_mib: Number


@dataclass(frozen=True)
class Intake:
    """What a submitted zip may be: number of members, MiB per member, MiB together."""

    members: Annotated[int, Meta(gt=0)]
    file_mib: Number
    total_mib: Number


@dataclass(frozen=True)
class Policy:
    """What breaking each rule of the handout costs."""

    prints: Cost
    imports: Cost
    signatures: Cost
    file_names: Cost
    non_runnable: Severity


@dataclass(frozen=True)
class Feedback:
    """What students see: the default visibility of hidden tests, hints, each other's points, examples.

    `confusion` shows a checkpoint's confusion matrix; `examples` the smallest failing example in full, its
    input only, or none.
    """

    hidden_tests: Literal["visible", "hidden", "after_due_date", "after_published"]
    hints: bool
    leaderboard: bool = False
    confusion: bool = False
    examples: Literal["full", "input", "none"] = "full"


@dataclass(frozen=True)
class RateLimit:
    """How many submissions of one student are graded within any span of so many hours; 0: no limit."""

    submissions: Annotated[int, Meta(ge=0)]
    hours: Annotated[float, Meta(gt=0, lt=10_000)]


@dataclass(frozen=True)
class ReportFile:
    """The PDF that students hand in beside the zips: where it is made, and what it is uploaded as."""

    folder: str
    file: str
    upload: str
    file_mib: Number


@dataclass(frozen=True)
class Component:
    """What is graded by itself: one answer file and its points."""

    name: str
    title: str
    file: str
    points: Annotated[float, Meta(ge=0)]

    @property
    def module(self) -> str:
        """Return the answer file as it is imported: `modules/relu.py` is `modules.relu`."""
        return self.file.removesuffix(".py").replace("/", ".")


Source = Literal["procedural", "cifar10"]
SOURCES: tuple[str, ...] = get_args(Source)


@dataclass(frozen=True)
class TestSet:
    """Which images files of weights are scored on; `seconds` for one file, `file_mib` of its size."""

    __test__ = False
    source: Source
    root: str  # of CIFAR-10; relative to the course
    images: Annotated[int, Meta(gt=0)]
    seed: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    seconds: Number
    file_mib: Number
    generator: str = ""  # the folder of the code that makes procedural images; relative to the course
    key_file: str = ""  # of procedural images: a secret that the seed is made of; "": the seed as it is


@dataclass(frozen=True)
class Weights:
    """How a component's file of weights is graded: the class that it fills, the metric, and its tiers.

    `tiers` are [value that must be exceeded, share of the points]: one list, or one per source of images.
    """

    module: str
    cls: str
    arguments: tuple[Any, ...]
    tiers: Tiers | dict[str, Tiers]
    metric: str = "accuracy"


@dataclass(frozen=True, eq=False)
class Part:
    """One part of the assignment, and all that the rest of the project needs to know of it.

    Paths are relative to its folder, with forward slashes. A part is equal to itself only, so that what
    follows from a part can be remembered.

    Attributes: kind          "code" that runs in a worker, or a "sheet" of answers that is read;
                runtime       of code: what its workers have;
                case_sets     of code: how many sets of inputs its hidden tests have; each submission meets
                              one;
                collect       what the collector packs; `zip` is what it is called then;
                probes        modules of autograder/worker/probes/ that its hidden tests call;
                optional      nobody has to hand it in: the collector leaves it out while it has gaps;
                uses          folders of other parts, below the course, whose code its own imports;
                requirements  packages that students install for it, as pip calls them;
                notebook      in notebooks/; page: in docs/;
                hand_out      the kinds of files that students get out of its folder;
                makes         patterns of what its runs make, which nobody hands out;
                figures       name in a report → the folder in which its runs leave figures;
                weights       component → how its file of weights is graded, on the images of `test_set`;
                partial       of a sheet: whether answers that are right in parts earn a part; of code: what
                              hidden tests with partial credit grant;
                drop          number or id of a test → why everybody has its points, from the table [drop];
                open, variants, key_file, parameters   of a sheet: see theory/README.md.
    """

    name: str
    title: str
    folder: str
    zip: str
    kind: Literal["code", "sheet"]
    collect: tuple[str, ...]
    answer_files: tuple[str, ...]
    components: tuple[Component, ...]
    limits: Limits
    runtime: Literal["numpy", "torch", "none"] = "none"
    case_sets: Annotated[int, Meta(ge=1, le=20)] = 1
    given_files: tuple[str, ...] = ()
    allowed_imports: tuple[str, ...] = ()
    absent_imports: tuple[str, ...] = ()
    probes: tuple[str, ...] = ()
    optional: bool = False
    uses: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    notebook: str = ""
    page: str = ""
    hand_out: tuple[str, ...] = (".py", ".md")
    makes: tuple[str, ...] = ()
    figures: Mapping[str, str] = field(default_factory=dict, hash=False)
    test_set: TestSet | None = None
    weights: Mapping[str, Weights] = field(default_factory=dict, hash=False)
    partial: bool | dict[str, float] | None = field(default=None, hash=False)
    drop: Mapping[str, str] = field(default_factory=dict, hash=False)
    open: tuple[str, ...] = ()
    variants: bool = False
    key_file: str = ""
    parameters: Mapping[str, dict[str, Any]] = field(default_factory=dict, hash=False)

    @property
    def worker_imports(self) -> tuple[str, ...]:
        """Return the modules that workers have: what is harmless of the standard library is there, too.

        `absent_imports` may stand in a file, but are not there.
        """
        there = {*self.allowed_imports, *OPEN}
        return tuple(sorted(name for name in there if name.partition(".")[0] not in self.absent_imports))

    @property
    def points(self) -> float:
        """Return the points of all components together."""
        return round(math.fsum(component.points for component in self.components), 6)

    def component(self, name: str) -> Component:
        """Return the component called `name`; raise CourseError if there is none."""
        for component in self.components:
            if component.name == name:
                return component
        known = ", ".join(component.name for component in self.components)
        raise CourseError(
            f"assignment.toml, parts.{self.name}: there is not a component {name!r}, only {known}."
        )


@dataclass(frozen=True)
class Manifest:
    """The whole assignment; `notes` say which old names were read."""

    name: str
    title: str
    feedback: Feedback
    policy: Policy
    intake: Intake
    parts: tuple[Part, ...]
    rate_limit: RateLimit | None = None
    report: ReportFile | None = None
    late: LatePolicy | None = None
    bundle_url: str = ""  # where Colab gets what students get; "": it asks for the zip
    key_file: str = ""  # a secret of the staff that chooses case sets and the order of the test images
    colab: str = ""  # of the notebooks' badge: owner/repository/blob/branch; "": no badge
    notes: tuple[str, ...] = ()

    def part(self, name: str) -> Part:
        """Return the part called `name`; raise CourseError if there is none."""
        for part in self.parts:
            if part.name == name:
                return part
        known = ", ".join(part.name for part in self.parts)
        raise CourseError(f"assignment.toml: no part {name!r}; there are {known}.")

"""The first cell: it finds the course, brings it to Colab, and says in one message what is in the way."""

from __future__ import annotations

import io
import json
import shutil
import sys
import types
import zipfile
from pathlib import Path
from typing import Any

import pytest

from autograder.release import notebooks

MISSING = "No course in "


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that is Colab's /content here, where the kernel starts."""
    folder = tmp_path / "content"
    folder.mkdir()
    monkeypatch.delenv("COURSEWORK", raising=False)
    monkeypatch.setenv("COLAB_CONTENT", str(folder))
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def colab(content: Path, monkeypatch: pytest.MonkeyPatch) -> types.SimpleNamespace:
    """Put a google.colab in place that hands over `uploads` and mounts an empty Drive."""
    state = types.SimpleNamespace(uploads={}, asked=0, mounted=[])

    def upload() -> dict[str, bytes]:
        state.asked += 1
        return dict(state.uploads)

    def mount(place: str) -> None:
        state.mounted.append(place)
        Path(place, "MyDrive").mkdir(parents=True, exist_ok=True)

    module = types.ModuleType("google.colab")
    module.files = types.SimpleNamespace(upload=upload)  # type: ignore[attr-defined]
    module.drive = types.SimpleNamespace(mount=mount)  # type: ignore[attr-defined]
    google = types.ModuleType("google")
    google.colab = module  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "google", google)
    monkeypatch.setitem(sys.modules, "google.colab", module)
    return state


@pytest.fixture(scope="module")
def bundle(bare: Path) -> bytes:
    """Return the students' zip: the course in one folder."""
    return zipped({f"course/{path.relative_to(bare).as_posix()}": path for path in bare.rglob("*")})


def zipped(files: dict[str, Path]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, path in files.items():
            if path.is_file():
                archive.write(path, name)
    return stream.getvalue()


def run(part: str = "convnet", *, url: str = "", drive: bool = False) -> Any:
    """Run the first cell's code, and return the course that it found."""
    source = notebooks.TEMPLATE.read_text(encoding="utf-8")
    source = source.replace("@PART@", part).replace("@BUNDLE_URL@", url)
    source = source.replace("USE_DRIVE = True", f"USE_DRIVE = {drive}")
    cell: dict[str, Any] = {}
    exec(compile(source, "first cell", "exec"), cell)
    return cell["course"]


def message(**options: Any) -> str:
    """Return what the first cell says where it stops; it must be all that a notebook shows."""
    with pytest.raises(Exception, match="Next: ") as caught:
        run(**options)
    assert type(caught.value).__name__ == "Stop"
    assert caught.value._render_traceback_() == [str(caught.value)]
    return str(caught.value)


def test_the_course_is_found_around_the_notebook(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COURSEWORK", raising=False)
    monkeypatch.chdir(bare / "notebooks")
    course = run()
    assert (course.root, course.folder) == (bare, bare / "part1_convnet")
    assert Path.cwd() == bare / "part1_convnet"
    assert sys.path[0] == str(bare / "part1_convnet")
    parts = json.loads((bare / "assignment.json").read_text(encoding="utf-8"))["parts"]
    for name, part in parts.items():  # again and again, from where the run before has gone
        assert run(name).folder == (bare / part["folder"] if part["kind"] == "code" else bare)
    assert run("report").folder == bare


def test_a_damaged_assignment_is_named(bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(bare / "notebooks/kit", tmp_path / "notebooks/kit")
    monkeypatch.setenv("COURSEWORK", str(tmp_path))
    for content in ('{"parts": {', "[]", "{}"):
        (tmp_path / "assignment.json").write_text(content)
        with pytest.raises(Exception, match="Unzip the whole course again") as caught:
            run()
        assert caught.value._render_traceback_() == [str(caught.value)]
        assert str(caught.value).startswith(f"{tmp_path / 'assignment.json'} cannot be read (")


def test_coursework_in_the_environment_comes_first(
    bare: Path, solved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(bare / "notebooks")
    monkeypatch.setenv("COURSEWORK", str(solved))
    assert run().root == solved


def test_a_coursework_that_is_no_course_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSEWORK", str(tmp_path))
    assert message().startswith(f"No course in {tmp_path} or above it")


@pytest.mark.usefixtures("content")
def test_a_notebook_from_elsewhere_says_where_to_open_it() -> None:
    assert "open the notebook inside the unzipped course" in message()


def test_short_runs_take_the_place_of_long_ones_only_in_a_copy_that_was_asked_for(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSEWORK_FAST", "1")
    monkeypatch.delenv("COURSEWORK", raising=False)
    monkeypatch.chdir(bare)
    assert not run().is_fast
    monkeypatch.setenv("COURSEWORK", str(bare))
    assert run().is_fast


def test_colab_unpacks_what_is_uploaded_and_asks_once(
    colab: types.SimpleNamespace, content: Path, bundle: bytes
) -> None:
    colab.uploads = {"notes.txt": b"mine", "course.zip": bundle}
    course = run()
    assert course.root == content / "convnet-coursework"
    assert sorted(path.name for path in content.iterdir()) == [
        "convnet-coursework",
        "course.zip",
        "notes.txt",
    ]
    (course.root / "part1_convnet/modules/relu.py").write_text("# mine\n")
    assert run().root == course.root
    assert colab.asked == 1
    assert (course.root / "part1_convnet/modules/relu.py").read_text() == "# mine\n"


def test_colab_takes_a_zip_that_lies_there_already(
    colab: types.SimpleNamespace, content: Path, bare: Path
) -> None:
    files = {path.relative_to(bare).as_posix(): path for path in bare.rglob("*")}
    (content / "course (1).zip").write_bytes(zipped(files))  # without a folder around everything
    assert run().root == content / "convnet-coursework"
    assert colab.asked == 0


def test_colab_downloads_where_the_course_says_from_where(
    colab: types.SimpleNamespace, content: Path, tmp_path: Path, bundle: bytes
) -> None:
    (tmp_path / "published.zip").write_bytes(bundle)
    assert run(url=(tmp_path / "published.zip").as_uri()).root == content / "convnet-coursework"
    assert colab.asked == 0


def test_colab_keeps_the_course_in_drive_if_wanted(
    colab: types.SimpleNamespace, content: Path, bundle: bytes
) -> None:
    colab.uploads = {"course.zip": bundle}
    assert run(drive=True).root == content / "drive/MyDrive/convnet-coursework"
    assert colab.mounted == [str(content / "drive")]
    assert run(drive=True).root == content / "drive/MyDrive/convnet-coursework"


def test_an_address_without_a_course_is_named(colab: types.SimpleNamespace, tmp_path: Path) -> None:
    said = message(url=(tmp_path / "gone.zip").as_uri())
    assert said.startswith(MISSING) and "gone.zip" in said
    assert colab.asked == 0


@pytest.mark.parametrize("uploads", [{}, {"a.zip": b"PK no zip"}, {"a.zip": zipped({"x": Path(__file__)})}])
def test_without_the_courses_zip_nothing_is_made(
    colab: types.SimpleNamespace, content: Path, uploads: dict[str, bytes]
) -> None:
    colab.uploads = uploads
    assert message().startswith(MISSING)
    assert [path.name for path in content.iterdir()] == list(uploads)


def test_a_damaged_zip_leaves_nothing_behind(
    colab: types.SimpleNamespace, content: Path, bundle: bytes
) -> None:
    place = bundle.index(b'"""What the notebooks use')
    colab.uploads = {"course.zip": bundle[: place + 3] + b"x" + bundle[place + 4 :]}
    assert "cannot be unpacked" in message()
    assert [path.name for path in content.iterdir()] == ["course.zip"]


def test_a_folder_of_that_name_that_is_no_course_is_left_alone(
    colab: types.SimpleNamespace, content: Path, bundle: bytes
) -> None:
    (content / "convnet-coursework").mkdir()
    (content / "convnet-coursework/mine.txt").write_text("mine")
    colab.uploads = {"course.zip": bundle}
    assert "move any folder of that name away" in message()
    names = sorted(path.name for path in content.rglob("*"))
    assert names == ["convnet-coursework", "course.zip", "mine.txt"]


def test_the_first_cell_fits_on_a_screen() -> None:
    assert len(notebooks.TEMPLATE.read_text(encoding="utf-8").splitlines()) <= 40


def test_a_large_zip_of_a_drive_is_not_opened(
    colab: types.SimpleNamespace, content: Path, bundle: bytes
) -> None:
    with (content / "a film.zip").open("wb") as stream:
        stream.write(bundle)
        stream.truncate(2**25)
    colab.uploads = {"course.zip": bundle}
    assert run().root == content / "convnet-coursework"
    assert colab.asked == 1


def test_of_two_copies_on_colab_the_one_with_work_in_it_is_used_with_a_warning(
    colab: types.SimpleNamespace, content: Path, bare: Path, solved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(bare, content / "a fresh one")
    shutil.copytree(solved, content / "mine")
    assert run().root == content / "mine"
    said = capsys.readouterr().out
    assert "Warning:" in said and "a fresh copy of the course" in said
    shutil.rmtree(content / "a fresh one")
    assert run().root == content / "mine"
    assert "Warning" not in capsys.readouterr().out

"""The course's folder made from the course's zip, and the right one of several chosen."""

import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

from .start import ASSIGNMENT, Stop, read_assignment, say


def unpack(kit):
    """Make the course's folder from the zip that holds `kit`, beside the zip, and return it.

    Args:   kit: a path into the zip, such as "/content/course.zip/course/notebooks"; imports from it are
            forgotten, so that everything comes from the folder from now on.
    Raises: Stop where the zip is damaged or something else has the folder's name. Nothing is half-written.
    """
    content, inside = _split(Path(kit))
    draft = Path(tempfile.mkdtemp(prefix=".coursework-", dir=content.parent))
    try:
        with zipfile.ZipFile(content) as archive:
            archive.extractall(draft)
        course = (draft / inside).parent
        target = content.parent / read_assignment(course)["assignment"]["name"]
        course.replace(target)
    except (OSError, zipfile.BadZipFile, KeyError) as problem:
        raise Stop(
            f"The course's zip {content} cannot be unpacked: {problem}.\n"
            "Next: move any folder of that name away, get a complete zip, and run this cell again."
        ) from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    sys.path[:] = [entry for entry in sys.path if entry != str(kit)]
    for name in [name for name in sys.modules if name.partition(".")[0] == "kit"]:
        del sys.modules[name]
    sys.path.insert(0, str(target / "notebooks"))
    return target


def choose(folders):
    """Return the course's folder to use: the first of those with the most work in them; warn of others.

    Args: folders: of courses, the one around the notebook first.
    """
    counted = [(folder, _open_gaps(folder)) for folder in dict.fromkeys(folders)]
    best = min(counted, key=lambda entry: entry[1])
    fresh, gaps = max(counted, key=lambda entry: entry[1])
    if best[1] < gaps:
        say(
            f"Warning: {fresh} is a fresh copy of the course ({gaps} open gaps), and your work is in "
            f"another one, {best[0]} ({best[1]} open gaps). This notebook uses the one with your work."
        )
    return best[0]


def _open_gaps(folder):
    """Return how many gaps of all parts are open in a course's folder."""
    from .gaps import answer_files, gaps_in

    parts = [Path(folder, part["folder"]) for part in read_assignment(folder)["parts"].values()]
    sources = [part / name for part in parts if part.is_dir() for name in answer_files(part)]
    return sum(len(gaps_in(path.read_text(encoding="utf-8", errors="replace"))) for path in sources)


def _split(path):
    """Return the zip that a path leads into, and the rest of the path."""
    content = next(above for above in path.parents if above.is_file())
    return content, path.relative_to(content)


def is_in_zip(kit):
    """Tell whether `kit` is a path into a zip."""
    return not Path(kit, "..", ASSIGNMENT).exists()

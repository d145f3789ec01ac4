"""Whatever students zip: their answers are found, or refused in one sentence."""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.core.errors import SubmissionError
from autograder.core.manifest import Intake, Part
from autograder.course import Course
from autograder.intake.source import as_utf8
from autograder.intake.submission import Submission, read_submission

INTAKE = Intake(members=50, file_mib=1, total_mib=4)
MIB = 2**20
MakeZip = Callable[..., Path]


@pytest.fixture
def read(part: Part, course: Course) -> Callable[[Path], Submission]:
    return lambda path: read_submission(path, part=part, intake=INTAKE, given=course.given(part))


def refusal(read: Callable[[Path], Submission], path: Path) -> str:
    with pytest.raises(SubmissionError) as caught:
        read(path)
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 600
    return message


# What honest students do


@pytest.mark.parametrize(
    "prefix", ["", "part1_convnet/", "ada lovelace/", "a/b/part1_convnet/", "./", "übung ü/"], ids=repr
)
def test_the_root_is_found_at_any_depth(read, make_zip: MakeZip, answers, prefix: str) -> None:
    submission = read(make_zip({prefix + name: content for name, content in answers.items()}))
    assert submission.files == answers
    assert submission.misnamed == ()
    assert submission.name == "ada"


def test_a_windows_zip_with_backslashes_is_read(read, make_zip: MakeZip, answers) -> None:
    path = make_zip({"part1\\" + name.replace("/", "\\"): content for name, content in answers.items()})
    assert read(path).files == answers


def test_what_macos_leaves_behind_is_passed_over(read, make_zip: MakeZip, answers) -> None:
    junk = {f"__MACOSX/p/{name.replace('modules/', 'modules/._')}": b"\0\5\26\7" for name in answers}
    junk |= {
        "p/.DS_Store": b"\0",
        "p/modules/.DS_Store": b"\0",
        "p/modules/__pycache__/relu.cpython-311.pyc": b"x",
    }
    junk |= {
        "p/venv/lib/modules/relu.py": b"x",
        "p/.git/HEAD": b"x",
        "p/.ipynb_checkpoints/modules/relu.py": b"x",
    }
    files = {f"p/{name}": content for name, content in answers.items()}
    assert read(make_zip(junk | files)).files == answers


def test_both_parts_in_one_zip_are_told_apart(read, make_zip: MakeZip, answers) -> None:
    files = {f"hw/part1_convnet/{name}": content for name, content in answers.items()}
    other = {"hw/part2_pytorch/models/cnn.py": b"import torch\n", "hw/part2_pytorch/solver.py": b""}
    assert read(make_zip(files | other)).files == answers


def test_a_folder_is_read_like_a_zip(read, tmp_path: Path, answers) -> None:
    for name, content in answers.items():
        target = tmp_path / "grace" / "deep" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    submission = read(tmp_path / "grace")
    assert submission.files == answers
    assert submission.name == "grace"


def test_the_same_answers_have_the_same_digest_however_they_are_packed(
    read, make_zip: MakeZip, answers
) -> None:
    plain = read(make_zip(answers, "one.zip"))
    nested = read(make_zip({f"x/{name}": content for name, content in reversed(answers.items())}, "two.zip"))
    changed = read(make_zip({**answers, "modules/relu.py": b"pass\n"}, "three.zip"))
    assert plain.digest == nested.digest != changed.digest


def test_the_shallowest_copy_is_graded_and_the_other_is_mentioned(read, make_zip: MakeZip, answers) -> None:
    old = {f"backup/{name}": b"old = 1\n" for name in answers}
    submission = read(make_zip(old | answers))
    assert submission.files == answers
    assert any("backup/" in remark and "Not graded" in remark for remark in submission.remarks)


def test_two_copies_at_one_depth_are_ambiguous(read, make_zip: MakeZip, answers) -> None:
    files = {f"{place}/{name}": content for name, content in answers.items() for place in ("v1", "v2")}
    assert "v1/" in refusal(read, make_zip(files))
    assert "v2/" in refusal(read, make_zip(files))


def test_of_two_copies_the_one_in_the_parts_own_folder_is_meant(read, make_zip: MakeZip, answers) -> None:
    files = {f"part1_convnet/{name}": content for name, content in answers.items()}
    old = {f"old/{name}": b"old = 1\n" for name in answers}
    assert read(make_zip(files | old)).files == answers


def test_a_missing_answer_file_leaves_the_others(read, make_zip: MakeZip, answers) -> None:
    submission = read(make_zip(answers_without(answers, "optimizer/sgd.py")))
    assert set(submission.files) == set(answers) - {"optimizer/sgd.py"}
    (entry,) = submission.misnamed
    assert (entry.expected, entry.found) == ("optimizer/sgd.py", "")
    assert "its tests score 0" in entry.message


def test_a_file_in_upper_case_is_graded_and_named(read, make_zip: MakeZip, answers) -> None:
    files = answers_without(answers, "modules/convolution.py")
    files["modules/Convolution.py"] = answers["modules/convolution.py"]
    submission = read(make_zip(files))
    assert submission.files == answers
    assert [entry.expected for entry in submission.misnamed] == ["modules/convolution.py"]


def test_a_file_with_another_name_is_named_as_the_likely_one(read, make_zip: MakeZip, answers) -> None:
    files = answers_without(answers, "modules/convolution.py")
    files["modules/conv.py"] = answers["modules/convolution.py"]
    (entry,) = read(make_zip(files)).misnamed
    assert "modules/conv.py is meant, rename it to modules/convolution.py" in entry.message


def test_bare_files_without_folders_are_graded(read, make_zip: MakeZip, answers) -> None:
    submission = read(make_zip({name.rpartition("/")[2]: content for name, content in answers.items()}))
    assert submission.files == answers
    assert len(submission.misnamed) == len(answers)


def test_altered_given_files_are_mentioned_and_never_taken(
    read, make_zip: MakeZip, answers, course, part
) -> None:
    given_files = course.given(part)
    same = {name: content.replace(b"\n", b"\r\n") for name, content in given_files.items()}
    assert not any("differs" in remark for remark in read(make_zip(answers | same)).remarks)
    hacked = same | {"modules/softmax_ce.py": b"class SoftmaxCrossEntropy: pass\n"}
    submission = read(make_zip(answers | hacked))
    assert [remark for remark in submission.remarks if "differs" in remark] == [
        "Your copy of modules/softmax_ce.py differs from the given file; the given one was used."
    ]
    assert submission.files == answers


def test_further_source_files_are_mentioned(read, make_zip: MakeZip, answers) -> None:
    submission = read(make_zip(answers | {"modules/im2col.py": b"x = 1\n"}))
    assert any("modules/im2col.py" in remark for remark in submission.remarks)
    assert submission.files == answers


def test_a_large_file_that_is_no_answer_is_left_alone(read, make_zip: MakeZip, answers) -> None:
    submission = read(make_zip(answers | {"data/test_batch": bytes(2 * MIB)}))
    assert submission.files == answers
    assert any("data/test_batch" in remark for remark in submission.remarks)


# Encodings

SOURCES = {
    "byte order mark": (b"\xef\xbb\xbfx = '\xc3\xa9'\n", "x = 'é'\n", "byte order mark"),
    "latin-1 with cookie": (
        b"# -*- coding: latin-1 -*-\nx = '\xe9'\n",
        "# -*- coding: utf-8 -*-\nx = 'é'\n",
        "iso-8859-1",
    ),
    "cookie in line 2": (
        b"#!/usr/bin/python\n# coding=cp1252\nx = '\x80'\n",
        "#!/usr/bin/python\n# coding=utf-8\nx = '€'\n",
        "cp1252",
    ),
    "latin-1 unsaid": (b"x = '\xe9'\n", "x = 'é'\n", "not UTF-8"),
    "utf-16": ("x = 'é'\n".encode("utf-16"), "x = 'é'\n", "UTF-16"),
    "unknown cookie": (b"# coding: klingon\nx = 1\n", "# coding: utf-8\nx = 1\n", "not UTF-8"),
    "windows lines and tabs": (b"if 1:\r\n\tx = 1\r\n", "if 1:\r\n\tx = 1\r\n", None),
    "a cookie far below": (b"x = 1\ny = 2\n# coding: latin-1\n", "x = 1\ny = 2\n# coding: latin-1\n", None),
}


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_source_of_any_encoding_becomes_utf8(read, make_zip: MakeZip, source) -> None:
    content, expected, remark = source
    submission = read(make_zip({"modules/relu.py": content}))
    assert submission.files["modules/relu.py"].decode() == expected
    mentions = [text for text in submission.remarks if "modules/relu.py" in text]
    assert len(mentions) == (remark is not None)
    assert remark is None or remark in mentions[0]


@given(content=st.binary(max_size=200))
def test_no_bytes_of_a_file_trip_the_intake(content: bytes) -> None:
    from autograder.intake.source import as_utf8

    text, _ = as_utf8(content, "modules/relu.py")
    text.decode("utf-8")


# What cannot be read


def test_a_path_that_does_not_exist_is_refused(read, tmp_path: Path) -> None:
    assert "nowhere.zip" in refusal(read, tmp_path / "nowhere.zip")


NO_ZIPS = {
    "empty": (b"", "is empty (0 bytes)"),
    "text": (b"print('hello')\n", "is not a zip"),
    "rar": (b"Rar!\x1a\x07\x00" + bytes(100), "is a RAR file"),
    "gzip": (b"\x1f\x8b" + bytes(100), "is a gzip file"),
    "only a start": (b"PK\x03\x04" + bytes(100), "starts like a zip"),
    "an empty zip": (b"PK\x05\x06" + bytes(18), "holds no files"),
}


@pytest.mark.parametrize("case", NO_ZIPS.values(), ids=NO_ZIPS)
def test_what_is_no_zip_is_refused_by_its_kind(read, tmp_path: Path, case) -> None:
    content, message = case
    (tmp_path / "ada.zip").write_bytes(content)
    assert message in refusal(read, tmp_path / "ada.zip")


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 0.99])
def test_a_truncated_zip_is_refused(read, make_zip: MakeZip, answers, share: float) -> None:
    path = make_zip(answers)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    assert "starts like a zip" in refusal(read, path)


def test_a_zip_without_answers_says_what_was_expected(read, make_zip: MakeZip) -> None:
    message = refusal(read, make_zip({"essay.py": b"", "notes.txt": b""}))
    assert "modules/convolution.py" in message
    assert "essay.py" in message


def test_an_encrypted_zip_is_refused(read, make_zip: MakeZip, answers) -> None:
    path = make_zip(answers)
    content = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(signature)
        while place >= 0:
            content[place + offset] |= 1
            place = content.find(signature, place + 4)
    path.write_bytes(content)
    assert "is encrypted" in refusal(read, path)


ESCAPES = [
    "../evil.py",
    "modules/../../evil.py",
    "/etc/relu.py",
    "C:\\evil.py",
    "c:evil.py",
    "\\\\host\\share.py",
    "..\\evil.py",
]


@pytest.mark.parametrize("name", ESCAPES)
def test_a_member_that_leaves_the_zip_is_refused(read, make_zip: MakeZip, answers, name: str) -> None:
    assert "points outside" in refusal(read, make_zip(answers | {name: b"x"}))


def test_a_name_with_a_zero_byte_is_refused(read, make_zip: MakeZip, answers) -> None:
    path = make_zip(answers | {"modules/reluX.py": b"x"})
    path.write_bytes(path.read_bytes().replace(b"modules/reluX.py", b"modules/relu\0.py"))
    assert "points outside" in refusal(read, path)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR], ids=["link", "pipe", "device"])
def test_links_and_special_files_that_are_no_answers_are_left_out(
    read, tmp_path: Path, answers, kind: int
) -> None:
    with zipfile.ZipFile(tmp_path / "ada.zip", "w") as archive:
        for name, content in answers.items():
            archive.writestr(name, content)
        info = zipfile.ZipInfo("modules/link.py")
        info.create_system, info.external_attr = 3, (kind | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    submission = read(tmp_path / "ada.zip")
    assert (submission.files, dict(submission.own_modules)) == (answers, {})
    assert "Left out, because no answer file has this name: modules/link.py (a " in submission.remarks[0]


def test_a_link_in_a_folder_is_refused_and_not_followed(read, tmp_path: Path, answers) -> None:
    secret = tmp_path / "secret.py"
    secret.write_text("key = 1\n")
    (tmp_path / "ada" / "modules").mkdir(parents=True)
    (tmp_path / "ada" / "modules" / "relu.py").symlink_to(secret)
    assert "is a link" in refusal(read, tmp_path / "ada")


def test_a_pipe_in_a_folder_is_refused_and_not_opened(read, tmp_path: Path) -> None:
    (tmp_path / "ada" / "modules").mkdir(parents=True)
    os.mkfifo(tmp_path / "ada" / "modules" / "relu.py")
    assert "is a special" in refusal(read, tmp_path / "ada")


@pytest.mark.parametrize(
    "twins",
    [
        ("modules/relu.py", "modules/ReLU.py"),
        ("modules/relu.py", "modules\\relu.py"),
        ("a/\u00e9.py", "a/e\u0301.py"),
    ],
    ids=["case", "slashes", "unicode"],
)
def test_two_names_that_are_one_file_elsewhere_are_unclear(read, make_zip: MakeZip, answers, twins) -> None:
    others = answers_without(answers, "modules/relu.py")
    same = read(make_zip(others | dict.fromkeys(twins, b"x")))
    assert len({**same.files, **same.own_modules}) == len(others) + ("relu" in twins[0])
    differing = read(make_zip(others | {twins[0]: b"x", twins[1]: b"y"}))
    assert (differing.files, dict(differing.own_modules)) == (others, {})
    said = [*differing.remarks, *(entry.message for entry in differing.misnamed)]
    assert any("it is not clear which one you mean" in sentence for sentence in said)


def test_one_name_twice_with_different_contents_is_refused(read, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "ada.zip", "w") as archive:
        archive.writestr("modules/relu.py", "one")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("modules/relu.py", "two")
    assert "modules/relu.py is there more than once" in refusal(read, tmp_path / "ada.zip")


def test_too_many_members_are_refused(read, make_zip: MakeZip, answers) -> None:
    files = {f"extra/{index}.py": b"" for index in range(INTAKE.members)}
    assert f"more than {INTAKE.members} files" in refusal(read, make_zip(answers | files))


def test_100_000_members_are_refused_before_the_directory_is_built(part, tmp_path: Path, monkeypatch) -> None:
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(entry) * 100_000, 0, 0)
    (tmp_path / "ada.zip").write_bytes(entry * 100_000 + end)
    monkeypatch.setattr(zipfile, "ZipFile", pytest.fail)
    with pytest.raises(SubmissionError, match="more than 2000 files"):
        read_submission(tmp_path / "ada.zip", part=part, intake=Intake(2000, 8, 512))


def test_a_5_gb_file_is_refused_unread(read, tmp_path: Path) -> None:
    path = tmp_path / "ada.zip"
    with open(path, "wb") as file:
        file.truncate(5 * 2**30)
    assert "5120 MiB, the limit is 4 MiB" in refusal(read, path)


def test_a_bomb_is_refused_by_what_it_declares(read, make_zip: MakeZip, answers) -> None:
    files = {f"data/{index}.py": bytes(MIB) for index in range(5)}
    assert "unpacks to more than 4 MiB" in refusal(read, make_zip(answers | files))


def test_an_answer_file_that_is_a_bomb_is_refused(read, make_zip: MakeZip) -> None:
    assert "larger than the 1 MiB" in refusal(read, make_zip({"modules/relu.py": bytes(2 * MIB)}))


def test_headers_that_lie_about_the_size_are_refused(read, make_zip: MakeZip) -> None:
    path = make_zip({"modules/relu.py": bytes(3 * MIB)})
    content = path.read_bytes()
    path.write_bytes(content.replace(struct.pack("<L", 3 * MIB), struct.pack("<L", 10)))
    assert "is damaged" in refusal(read, path)


@pytest.fixture(scope="module")
def small_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("modules/relu.py", "class ReLU:\n    pass\n" * 3)
        archive.writestr("optimizer/sgd.py", "x = 1\n")
    return buffer.getvalue()


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_damaged_zip_is_read_or_refused_but_never_trips(small_zip, part, tmp_path: Path, edits) -> None:
    content = bytearray(small_zip)
    for place, value in edits:
        content[place % len(content)] = value
    path = tmp_path / "ada.zip"
    path.write_bytes(content)
    try:
        submission = read_submission(path, part=part, intake=INTAKE)
    except SubmissionError as error:
        assert str(error)
    else:
        assert set(submission.files) <= set(part.answer_files)


names = st.lists(
    st.sampled_from(["modules", "relu.py", "..", ".", "", "a", "ö", "C:", "__MACOSX", "._x"]),
    min_size=1,
    max_size=5,
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(paths=st.lists(names, max_size=5), separator=st.sampled_from("/\\"))
def test_only_answer_files_come_out_whatever_the_names(
    part, make_zip: MakeZip, paths, separator: str
) -> None:
    files = {separator.join(path): b"x = 1\n" for path in paths}
    try:
        submission = read_submission(make_zip(files), part=part, intake=INTAKE)
    except SubmissionError:
        return
    assert set(submission.files) <= set(part.answer_files)


def test_the_limits_are_those_of_the_manifest(part, make_zip: MakeZip, answers) -> None:
    with pytest.raises(SubmissionError, match="more than 3 files"):
        read_submission(make_zip(answers), part=part, intake=replace(INTAKE, members=3))


def answers_without(answers: dict[str, bytes], name: str) -> dict[str, bytes]:
    return {file: content for file, content in answers.items() if file != name}


@pytest.mark.parametrize(
    "name",
    [
        "unicode_escape",
        "unicode-escape",
        "Unicode-Escape",
        "raw_unicode_escape",
        "raw-unicode-escape",
        "idna",
        "punycode",
        "undefined",
        "utf-16",
        "utf_32_le",
        "cp037",
        "rot13",
        "hex",
        "zlib",
        "nothing-of-the-kind",
    ],
)
def test_a_cookie_that_cannot_be_true_is_not_obeyed(name: str) -> None:
    source = f"# coding: {name}\nx = '\\x41\\u0042'\n".encode()
    text, remarks = as_utf8(source, "relu.py")
    assert b"'\\x41\\u0042'" in text
    assert compile(text, "relu.py", "exec")
    assert len(remarks) == 1

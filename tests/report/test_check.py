from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str]]
Look = Callable[[], list[str]]
Write = Callable[..., Path]


def test_a_complete_report_has_nothing_missing(write: Write, run: Run) -> None:
    write()
    code, said = run("check")
    assert code == 0, said
    assert "Nothing is missing." in said and "There is no report.pdf yet" in said


def test_the_bare_template_lacks_every_answer(course: Path, run: Run) -> None:
    assert run("start")[0] == 0
    code, said = run("check")
    text = (course / "report" / "report.md").read_text()
    assert code == 1
    assert said.count("TODO is left; write your answer there.") == text.count("\nTODO\n") == 19
    assert said.count("write the name of your run there, one of imbalance, mine.") == 2
    assert "line 1: author is not filled in" in said and "line 1: collaborators is not" in said


def line_of(path: Path, words: str) -> int:
    """Return the last line that has these words in it: the ones before it tell how to write."""
    return max(n for n, line in enumerate(path.read_text().split("\n"), 1) if words in line)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            "Here<br>and\n\nthere WHERE",
            "<br> is HTML, which does not work in a PDF; end the line with a backslash.",
        ),
        ('<img src="a.png"> WHERE', "<img is HTML"),
        ('<div align="center">\n\nx\n\n</div>', "<div is HTML"),
        (
            r"So $\nosuch{1}$ WHERE",
            r"the formula \nosuch{1} cannot be typeset (unexpected control sequence \nosuch)",
        ),
        ("$$\na + b WHERE", "$$ opens a formula that does not end; close it with $$."),
        (
            "![x](figures/nowhere.png)",
            "there is no figures/nowhere.png; save the figure there, or correct its name.",
        ),
        (
            "![x](run:mine/nowhere.png)",
            "there is no part2_pytorch/runs/mine/nowhere.png; run it: see part2_pytorch/README.md.",
        ),
        (
            "![x](https://a.b/c.png)",
            "https://a.b/c.png is not a file here; save the figure in report/figures/",
        ),
        (
            "![x](run:../../assignment.png)",
            "does not name a file in part2_pytorch/runs; write run:NAME/FILE.",
        ),
        (
            "![x](run:mine/metrics.jsonl)",
            "is of a kind that cannot be included; expected PNG, JPG, GIF, WEBP, SVG",
        ),
        (
            "![x](figures/fake.png)",
            "figures/fake.png does not contain an image of its kind; save it again as PNG.",
        ),
        (
            "![x](figures/my image.png)",
            "this is not an image; write an address with spaces as (<figures/a b.png>).",
        ),
        (r"So \textbf{bold} WHERE", r"\textbf is printed as it is; write **bold**."),
        (
            r"See \cite{lecun} WHERE",
            r"\cite is printed as it is; write the title, or a link [text](address).",
        ),
        (r"\begin{itemize} WHERE", r"\begin is printed as it is; begin the lines of a list with -."),
        ("So $x + 1 WHERE", "this $ stands alone and is printed; close the formula with a second one"),
        ("Half an answer, TODO the rest", "TODO is left; write your answer there."),
        ("<!-- nothing -->", "this question has no answer; write it below."),
    ],
)
def test_bad_input_is_named_with_its_line(
    course: Path, write: Write, look: Look, answer: str, words: str
) -> None:
    (course / "report" / "figures" / "fake.png").write_text("no image")
    path = write(focal_correctness=answer)
    at_heading = "no answer" in words
    line = line_of(path, "{#focal_correctness" if at_heading else answer.split("\n")[0])
    (finding,) = look()
    assert finding.startswith(f"report.md, line {line}: ") and words in finding


def test_html_comments_and_math_signs_are_no_html(write: Write, look: Look) -> None:
    write(dead_neurons="Fine! (See a.b) <!-- a note --> $a<b$ and 3 < 4, `<br>`.\n\n```html\n<br>\n```")
    assert look() == []


def test_a_missing_question_is_named_where_it_belongs(write: Write, run: Run) -> None:
    path = write()
    text = path.read_text()
    begin, end = text.index("## Several linear layers"), text.index("## A computational graph")
    path.write_text(text[:begin] + text[end:])
    code, said = run("check")
    line = line_of(path, "{#computational_graph}")
    assert code == 1
    assert (
        f"report.md, line {line}: the question before this is missing; put it back: ## Several linear "
        "layers in a row" in said
    )


def test_a_question_that_lost_its_mark_is_known_by_its_title(write: Write, look: Look) -> None:
    path = write()
    path.write_text(path.read_text().replace("## Dead units {#dead_neurons}", "## Dead units"))
    assert look() == []


def test_a_question_may_have_another_title_and_headings_of_its_own(write: Write, look: Look) -> None:
    path = write(dead_neurons="### First\n\nOne.\n\n## Second\n\nTwo.")
    path.write_text(path.read_text().replace("## Dead units", "## My dead units"))
    assert look() == []


def test_a_question_that_is_there_twice_is_named(write: Write, look: Look) -> None:
    path = write()
    path.write_text(path.read_text() + "\n## Again {#conv_matrix}\n\nMore.\n")
    line = line_of(path, "## Again")
    assert f"line {line}: the question conv_matrix is here twice; merge the two." in "".join(look())


@pytest.mark.parametrize(("words", "is_fine"), [(350, True), (351, False)])
def test_a_review_has_350_words_at_most(write: Write, look: Look, words: int, is_fine: bool) -> None:
    path = write(paper_review=" ".join(["it's"] * words) + " $x + y$")
    line = line_of(path, "{#paper_review")
    too_long = f"report.md, line {line}: the answer has 351 words; shorten it to 350."
    assert look() == ([] if is_fine else [too_long])


def test_words_in_lists_quotations_and_notes_count(write: Write, look: Look) -> None:
    many = " ".join(["word"] * 100)
    path = write(
        paper_question_1=f"- {many}\n\n> {many}\n\n| a |\n|---|\n| {many} |\n\nx[^1]\n\n[^1]: {many}"
    )
    (said,) = look()
    assert f"line {line_of(path, '{#paper_question_1')}: the answer has 402 words; shorten it to 350." in said


def test_a_run_that_changed_after_the_build_is_pointed_out(course: Path, write: Write, run: Run) -> None:
    path = write()
    assert run("build")[0] == 0
    assert run("check")[0] == 0
    table = course / "part2_pytorch" / "runs" / "imbalance" / "table.md"
    table.write_text(table.read_text().replace("0.9210", "0.9310"))
    code, said = run("check")
    line = line_of(path, "(run:imbalance/table.md)")
    assert code == 1
    assert f"report.md, line {line}: run:imbalance/table.md has changed since the report was built" in said
    assert run("build")[0] == 0
    assert run("check")[0] == 0


def test_a_copy_changed_by_hand_is_pointed_out_where_the_run_is_gone(
    course: Path, write: Write, run: Run
) -> None:
    write()
    run("build")
    shutil.rmtree(course / "part2_pytorch")
    assert run("check")[0] == 0
    copy = course / "report" / "figures" / "imbalance-table.md"
    copy.write_text(copy.read_text().replace("0.2876", "0.9876"))
    code, said = run("check")
    assert code == 1 and "imbalance-table.md was changed by hand" in said


def test_a_pdf_of_an_earlier_text_is_pointed_out(write: Write, run: Run) -> None:
    path = write()
    run("build")
    assert "report.pdf" not in run("check")[1]
    path.write_text(path.read_text() + "\nMore.\n")
    assert "report.pdf shows an earlier text; run: python -m report build" in run("check")[1]


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("author: A: B", "line 2: expected `name: value` between the two lines of ---"),
        ("author: A\ncollaborators: B\npaper: a3", "expected paper to be a4 or us-letter, got a3"),
    ],
    ids=["colon", "paper"],
)
def test_a_head_that_cannot_be_read_is_named(write: Write, run: Run, head: str, words: str) -> None:
    path = write()
    path.write_text(f"---\n{head}\n---\n" + path.read_text().split("---\n", 2)[2])
    code, said = run("check")
    assert code == 2 and words in said


@pytest.mark.parametrize("content", [None, '{"parts": {', "[]"], ids=["missing", "cut-off", "list"])
def test_a_missing_or_damaged_assignment_ends_with_one_sentence(
    course: Path, write: Write, run: Run, content: str | None
) -> None:
    write()
    (course / "assignment.json").unlink()
    if content is not None:
        (course / "assignment.json").write_text(content)
    code, said = run("check")
    assert code == 2 and said.count("\n") == 1
    assert said.startswith(f"{course / 'assignment.json'} cannot be read (")


def test_addresses_begin_as_the_parts_say_wherever_their_folders_are(
    course: Path, write: Write, look: Look
) -> None:
    path = course / "assignment.json"
    assignment = json.loads(path.read_text())
    assignment["parts"]["depth"] = {"folder": "part2_pytorch/labs/depth", "figures": {"depth": "runs/maps"}}
    path.write_text(json.dumps(assignment))
    write(dead_neurons="![x](depth:mine/depth.png)")
    (said,) = look()
    assert "there is no part2_pytorch/labs/depth/runs/maps/mine/depth.png; run it: see part2_pytorch/" in said
    assert said.endswith("part2_pytorch/labs/depth/README.md.")


def test_the_runs_record_may_be_broken(course: Path, write: Write, run: Run) -> None:
    write()
    (course / "report" / "figures" / "copies.json").write_text("[1")
    (course / "part2_pytorch" / "runs" / "mine" / "metrics.jsonl").write_text("{\n")
    (course / "part2_pytorch" / "runs" / "imbalance" / "summary.json").write_text(
        json.dumps({"runs": [1, {}]})
    )
    assert run("check")[0] == 0


def test_a_sign_that_no_font_has_is_pointed_out(write: Write, look: Look) -> None:
    path = write(dead_neurons="Fine: é β ≤ ½ ⊗ “q” ŷ.\n\nNot fine: \U000f1234 and $\\beta$.")
    assert look() == [
        f"report.md, line {line_of(path, 'Not fine')}: look again: the PDF shows a box for \U000f1234, "
        "which no installed font has; write it differently, or install a font."
    ]


@pytest.mark.parametrize(
    ("written", "saved"),
    [
        ("Screenshot 2026-01-01 at 3.15.02 PM.png", "Screenshot 2026-01-01 at 3.15.02\u202fPM.png"),
        ("\u00dcbersicht.png", "U\u0308bersicht.png"),
        ("loss.png", "LOSS.PNG"),
    ],
    ids=["narrow blank", "accent apart", "capitals"],
)
def test_an_image_whose_name_looks_the_same_is_taken(
    course: Path, write: Write, look: Look, written: str, saved: str
) -> None:
    shutil.copy(course / "part1_convnet" / "train.png", course / "report" / "figures" / saved)
    write(relu_network=f"![one](<figures/{written}>)")
    assert look() == []


def test_of_two_images_whose_names_look_the_same_none_is_guessed(
    course: Path, write: Write, look: Look
) -> None:
    for name in ("LOSS.png", "Loss.png"):
        shutil.copy(course / "part1_convnet" / "train.png", course / "report" / "figures" / name)
    write(relu_network="![one](figures/loss.png)")
    assert any("there is no figures/loss.png" in line for line in look())


@pytest.mark.parametrize("fence", ["```math\n{}\n```", "~~~ math\n{}\n~~~", "> ```math\n> {}\n> ```"])
def test_a_fence_of_mathematics_is_a_formula(write: Write, look: Look, fence: str) -> None:
    write(relu_network=fence.replace("{}", r"A = \begin{bmatrix} w_{22} & 0 \\ 0 & w_{20} \end{bmatrix}"))
    assert look() == []
    write(relu_network=fence.replace("{}", r"\nosuch{1}"))
    assert any(r"the formula \nosuch{1} cannot be typeset" in line for line in look())


def test_what_is_code_or_escaped_is_no_command_of_tex(write: Write, look: Look) -> None:
    write(
        relu_network="Write `\\textbf{x}` for \\$5.\n\n```\n\\begin{itemize} $\n```\n\nC:\\\\ and $\\max(x)$."
    )
    assert look() == []

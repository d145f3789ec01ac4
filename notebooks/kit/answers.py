"""The theory sheet from within a notebook: show a question, write answers, see how they were read."""

from pathlib import Path

from .notice import Notice, show
from .start import read_assignment
from .tables import table


class AnswerSheet:
    """The questions of the course, and the file that the answers go into."""

    def __init__(self, root):
        """Read the questions of the course at `root`, of which one part is a sheet of answers."""
        from theory.own import own_exercises
        from theory.settings import parse_settings

        part = next(part for part in read_assignment(root)["parts"].values() if part["kind"] == "sheet")
        self.path = Path(root, part["folder"], part["answer_files"][0])
        own = own_exercises(parse_settings(part), self.path.parent)
        self.exercises = {one.question.id: one for one in own.exercises}
        if own.remark:
            show(Notice("These are nobody's numbers yet", (own.remark,), "open"))

    def question(self, name):
        """Show the question, with its formulas and its blanks, if this course asks it."""
        from IPython.display import Markdown

        from theory.sheet import question_text

        if self.does_ask(name):
            show(Markdown(_one_level_down(question_text(self.exercises[name].question))))

    def does_ask(self, name):
        """Return whether this course asks the question `name`; if it does not, say so.

        Raises: KeyError where there is no such question.
        """
        from theory.questions import QUESTIONS

        if name not in self.exercises:
            if name not in {module.ID for module in QUESTIONS}:
                raise KeyError(name)
            show(Notice("Not asked", (f"This course does not ask {name}: go on with the next.",), "good"))
        return name in self.exercises

    def show_reading(self, texts):
        """Show how texts are read, in x, numbers and a few functions; what cannot be read says why."""
        from sympy import latex

        from theory.errors import ParseError
        from theory.parse import Vocabulary, parse

        names = Vocabulary.of(scalars=[("x", ())], functions=["sigma", "exp", "tanh"])
        rows = []
        for text in texts:
            try:
                rows.append((f"`{text}`", f"${latex(parse(text, names))}$"))
            except ParseError as problem:
                rows.append((f"`{text}`", str(problem).splitlines()[0]))
        table(("you write", "it is read as"), rows)

    def write(self, answers):
        """Write the answers that are not empty into the sheet, and show what checking them found.

        An empty text leaves the file's text unchanged, so that nothing is lost by running a cell.
        """
        from theory.errors import TheoryError
        from theory.notebook import record
        from theory.sheet import findings

        filled = {name: text for name, text in answers.items() if text.strip()}
        if not filled:
            show(Notice("Nothing written yet", ("Type your answers between the quotes above.",), "open"))
            return
        if not all(self.does_ask(name) for name in dict.fromkeys(name.split(".")[0] for name in filled)):
            return
        try:
            results = record(filled, tuple(self.exercises.values()), path=self.path)
        except (TheoryError, OSError) as problem:
            show(Notice("Not written", (str(problem),), "wrong"))
            return
        is_wrong = any(result.status in ("wrong", "unparsed", "form") for result in results)
        title = f"Written to {self.path.parent.name}/{self.path.name}"
        show(Notice(title, (findings(results),), "wrong" if is_wrong else "good"))


def _one_level_down(text):
    return "\n".join(f"##{line}" if line.startswith("# ") else line for line in text.splitlines())

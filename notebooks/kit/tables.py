"""Tables in Markdown, shown in the notebook."""

from pathlib import Path

from .notice import not_there, show


def table(head, rows):
    """Show rows of values under a head; floats get four digits behind the point."""
    from IPython.display import Markdown

    show(Markdown(as_markdown(head, rows)))


def as_markdown(head, rows):
    """Return a table in Markdown: numbers to the right, everything else to the left.

    >>> print(as_markdown(("class", "accuracy"), [("cat", 0.5)]))
    | class | accuracy |
    | --- | ---: |
    | cat | 0.5000 |
    """
    columns = zip(*rows, strict=True) if rows else [()] * len(head)
    sides = [
        "---:" if all(isinstance(cell, (int, float)) for cell in column) else "---" for column in columns
    ]
    lines = [[str(cell) for cell in head], sides]
    lines += [[f"{cell:.4f}" if isinstance(cell, float) else str(cell) for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def show_markdown(path):
    """Show a Markdown file that a program has written, or say that it does not exist yet."""
    from IPython.display import Markdown

    path = Path(path)
    if path.is_file():
        show(Markdown(path.read_text(encoding="utf-8")))
    else:
        show(not_there(path))

"""Commands of the course from within a notebook, with the notebook's own Python."""

import codecs
import os
import shlex
import subprocess
import sys


def run_command(line, folder="."):
    """Run a line such as `python -m theory check` in a folder, and pass on what it says while it says it.

    Where the command ends with another exit code than 0, that is said, too. The stop button stops it.
    """
    words = shlex.split(line)
    command = [sys.executable, *words[1:]] if words[0] == "python" else words
    _say(f"$ {line}\n")
    both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(command, cwd=folder, env=_environment(), **both) as process:
        try:
            _pass_on(process.stdout)
        except BaseException:  # the stop button: let the command say its last words
            process.terminate()
            raise
    if process.returncode:
        _say(f"(exit code {process.returncode}: fix what is listed above, then run this again)\n")


def _pass_on(stream):
    """Write what comes as it comes: a progress bar's carriage returns, too, which a notebook understands.

    In a quick try there are no bars: of a line that was written over, only its last state is passed on.
    """
    decoder, line = codecs.getincrementaldecoder("utf-8")(errors="replace"), ""
    while piece := stream.read1():
        text = decoder.decode(piece)
        if os.environ.get("COURSEWORK_FAST", "") in ("", "0"):
            _say(text)
            continue
        *whole, line = (line + text).replace("\r\n", "\n").split("\n")
        _say("".join(one.rpartition("\r")[2] + "\n" for one in whole))
    _say(line.rpartition("\r")[2])


def _environment():
    """Return this process's environment: UTF-8, nothing held back, and no window."""
    plain = {"PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1", "MPLBACKEND": "Agg"}
    return {**os.environ, **plain}


def _say(text):
    if not text:
        return
    sys.stdout.write(text)
    sys.stdout.flush()

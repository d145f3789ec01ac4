"""`python -m autograder`: see `cli`."""

import sys

from autograder.cli import main
from autograder.commands.speaking import say

if __name__ == "__main__":
    try:
        sys.exit(main())
    finally:
        say()

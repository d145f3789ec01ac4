"""Tests to run while you write, in this lab's folder: `python -m unittest`."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[3]))  # part2_pytorch/, where `labs` lies

from labs.common.printed import begin

begin()

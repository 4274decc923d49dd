"""Train steps as libraries emit them, and the sites that each should have.

`python -m corpus` in the folder `test` prints a table of all cases; `docs/corpus.md`
describes them.
"""

import pathlib
import sys

# The rule for what a site is stands in the reference of the numerical tests.
sys.path.append(str(pathlib.Path(__file__).parents[1] / "python"))

"""Random train steps, put together from parts that people write, and what each should have.

A `Recipe` (`recipe.py`) names one choice for each part: model, loss, the rule of the
update and the way it is written, containers, precision, guards. `steps.py` makes the step
of it, `truth.py` the sites that it should have and a check of these by differentiation,
and `check.py` compares them with what `--explain-entanglement` reports.

`python -m corpus.composer` in the folder `test` draws steps by number.
"""

"""Recipes as a strategy of hypothesis."""

from hypothesis import strategies as st

from corpus.composer.recipe import EXTRAS, FIELDS, RARE, Recipe


def recipes() -> st.SearchStrategy[Recipe]:
    """Any recipe whose parts go together; half of all rare parts are the simplest ones."""

    def part(name):
        simple, any_of = st.just(FIELDS[name][0]), st.sampled_from(FIELDS[name])
        return st.one_of(simple, any_of) if name in RARE else any_of

    extras = st.lists(st.sampled_from(EXTRAS), max_size=3, unique=True)
    parts = {name: part(name) for name in FIELDS}
    return st.builds(Recipe, **parts, extras=extras.map(sorted).map(tuple)).map(Recipe.fitting)

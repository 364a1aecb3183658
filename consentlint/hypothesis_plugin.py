"""The entry point that Hypothesis calls on import.

This runs in every program that imports Hypothesis, so it registers the item types only.
`consentlint.strategies` is imported when a test first asks for one of these types.
"""


def register() -> None:
    """Make `st.from_type` generate `Consent` and `Contact` items."""
    from typing import cast

    from hypothesis import strategies as st

    from consentlint.model.item_types import Consent, Contact

    def consents(_: type[Consent]) -> st.SearchStrategy[Consent]:
        from consentlint.strategies import valid_items

        return cast("st.SearchStrategy[Consent]", valid_items())

    def contacts(_: type[Contact]) -> st.SearchStrategy[Contact]:
        from consentlint.strategies import valid_items

        return cast("st.SearchStrategy[Contact]", valid_items(kind="contacts"))

    st.register_type_strategy(Consent, consents)
    st.register_type_strategy(Contact, contacts)

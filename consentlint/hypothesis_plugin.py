"""What Hypothesis calls when it is imported where consentlint is installed.

It is told of the item types here and of nothing else, for this runs in every program that
imports Hypothesis: the strategies are loaded when a type is first asked for.
"""


def register() -> None:
    """Let `st.from_type` draw a `Consent` and a `Contact`."""
    from hypothesis import strategies as st

    from consentlint.model.item_types import Consent, Contact

    def consents(_: type[Consent]) -> st.SearchStrategy[Consent]:
        from consentlint.strategies import valid_items

        return valid_items()

    def contacts(_: type[Contact]) -> st.SearchStrategy[Contact]:
        from consentlint.strategies import valid_contacts

        return valid_contacts()

    st.register_type_strategy(Consent, consents)
    st.register_type_strategy(Contact, contacts)

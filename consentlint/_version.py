"""The version of consentlint, by semantic versioning (see CONTRIBUTING.md)."""

__version__ = "0.1.0"

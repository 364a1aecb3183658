"""`python -m consentlint` is `consentlint`."""

from consentlint.commands import run

if __name__ == "__main__":
    run()

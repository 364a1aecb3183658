"""A baseline: the findings that a project has accepted, so that only new ones are reported."""

import json
import os
from collections import Counter
from typing import Any, NamedTuple

from consentlint.linter.checked_file import CheckedFile
from consentlint.model.findings import FileError
from consentlint.text.atomic_write import atomic_write

_VERSION = 1
_FILE_ERRORS = frozenset(map(str, FileError))


class BaselineError(Exception):
    """A baseline cannot be used; the message completes "the baseline FILE …"."""


class Exceeded(NamedTuple):
    """A rule with more findings in a file than the baseline allows; all of them are reported."""

    file: str
    rule: str
    found: int
    allowed: int


class Baseline:
    """How many findings each rule may have in each file.

    It has no line, no value and no message, so no personal data. Parse errors are not in it: what
    could not be read has not been checked.

    Args:
        path: the file of the baseline.
        allowed: the numbers, by the path of the file and the name of the rule. The paths are
            relative to the directory of the baseline, with slashes.
        is_update: True to accept all findings of the files that are checked.
    """

    def __init__(
        self, path: str, allowed: dict[str, dict[str, int]], *, is_update: bool = False
    ) -> None:
        self.path = path
        self.is_update = is_update
        self.hidden = 0
        """How many findings it hides."""
        self.unused = 0
        """How many more it would hide in the files that were checked."""
        self.exceeded: list[Exceeded] = []
        self._allowed = allowed
        self._checked: set[str] = set()
        self._folder = os.path.dirname(os.path.realpath(path))

    @classmethod
    def load(cls, path: str, *, is_update: bool = False) -> "Baseline":
        """Read a baseline from its file; one that is updated need not exist.

        Raises:
            BaselineError: it cannot be read, or is not a baseline.
        """
        try:
            with open(path, encoding="utf-8") as file:
                content = json.load(file)
        except FileNotFoundError:
            if is_update:
                return cls(path, {}, is_update=True)
            raise BaselineError("does not exist. To create it, pass --update-baseline") from None
        except OSError as error:
            raise BaselineError(f"cannot be read: {error.strerror}") from None
        except (ValueError, RecursionError):
            raise BaselineError("is not valid JSON") from None
        return cls(path, _numbers(content), is_update=is_update)

    def apply(self, file: CheckedFile) -> None:
        """Drop the findings of a file that the baseline allows."""
        assert file.report.name is not None
        name = os.path.relpath(os.path.realpath(file.report.name), self._folder)
        name = name.replace(os.sep, "/")
        self._checked.add(name)
        found: Counter[str] = Counter()
        for rule, _, count in file.counts():
            found[rule] += count
        if self.is_update:
            self._allowed[name] = {
                rule: count for rule, count in found.items() if rule not in _FILE_ERRORS
            }
        allowed = self._allowed.get(name, {})
        hidden = {rule for rule, count in found.items() if count <= allowed.get(rule, 0)}
        file.drop_rules(hidden)
        self.hidden += sum(found[rule] for rule in hidden)
        self.unused += sum(max(count - found[rule], 0) for rule, count in allowed.items())
        self.exceeded += [
            Exceeded(file.report.name, rule, found[rule], count)
            for rule, count in allowed.items()
            if found[rule] > count
        ]

    def write(self) -> int:
        """Write the file, without files that do not exist any more.

        Returns:
            How many findings it allows.

        Raises:
            OSError: it cannot be written.
        """
        files = {
            name: dict(sorted(rules.items()))
            for name, rules in sorted(self._allowed.items())
            if rules and (name in self._checked or os.path.exists(os.path.join(self._folder, name)))
        }
        with atomic_write(self.path) as file:
            file.write(json.dumps({"version": _VERSION, "files": files}, indent=2) + "\n")
        return sum(sum(rules.values()) for rules in files.values())


def _numbers(content: Any) -> dict[str, dict[str, int]]:
    """Return the numbers in the content of a baseline.

    Raises:
        BaselineError: it has another form.
    """
    content = content if isinstance(content, dict) else {}
    files = content.get("files")
    if content.get("version") != _VERSION or not isinstance(files, dict):
        raise BaselineError(f"is not a baseline of version {_VERSION}")
    for rules in files.values():
        if not isinstance(rules, dict) or any(
            type(count) is not int or count < 0 for count in rules.values()
        ):
            raise BaselineError("has a number of findings that is not an integer of 0 or more")
        for rule in _FILE_ERRORS & rules.keys():
            raise BaselineError(f"has the rule {rule}. Parse errors cannot be in a baseline")
    return files

#!/usr/bin/env bash
# Use a wheel as someone without this checkout would: the stub without pytest, the plugin without
# Hypothesis, and the plugin and the strategies with the whole extra.
#     bash scripts/try_outside.sh FILE.whl
set -euo pipefail
wheel=$(realpath "$1")
cd "$(dirname "$0")/.."
work=$(mktemp -d)
stub=
trap 'kill $stub 2>/dev/null || true; rm -rf "$work"' EXIT
twilio=$(grep -o 'twilio==[0-9.]*' pyproject.toml)
cp -r examples/record_consents "$work/project"
cd "$work/project"
unset PYTHONPATH
python3 -m venv "$work/venv"
bin=$work/venv/bin

step() { printf -- '-- %s\n' "$*"; }

step "the stub, without its extra: one line"
"$bin/pip" install --quiet "$wheel"
"$bin/consentlint" stub --port 0 2>"$work/output" && exit 1 || [ $? -eq 2 ]
grep -q 'install consentlint with the extra "stub"' "$work/output"

step "the stub, with its extra"
"$bin/pip" install --quiet "$wheel[stub]"
"$bin/consentlint" stub --port 0 >"$work/address" 2>/dev/null &
stub=$!
for _ in $(seq 100); do [ -s "$work/address" ] && break || sleep 0.1; done
url=$(grep -o 'http://[^ ]*' "$work/address")
"$bin/python" -c "import sys, urllib.request as r; print(r.urlopen(sys.argv[1]).read().decode())" "$url"
kill -TERM "$stub"
wait "$stub"
stub=

step "pytest, without the extra for it: the plugin works and breaks nothing"
"$bin/pip" install --quiet pytest
cat >"$work/test_bare.py" <<'TEST'
import sys

def test_nothing_of_the_extra_is_imported(consent_stub):
    assert consent_stub.received == ()
    assert not {"hypothesis", "twilio"} & set(sys.modules)

def test_the_client_is_skipped(consent_stub_client):
    raise AssertionError
TEST
"$bin/pytest" -q -rs -p no:cacheprovider "$work/test_bare.py" | tee "$work/output"
grep -q "1 passed, 1 skipped" "$work/output"
grep -q "the twilio package is not installed" "$work/output"

step "the extra, and the tests of an application"
"$bin/pip" install --quiet "$wheel[pytest]" "$twilio"
"$bin/pytest" -q -p no:cacheprovider .

step "the strategies, also without an import of them"
cat >"$work/test_strategies.py" <<'TEST'
import sys
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from consentlint import reason_codes
from consentlint.model.item_types import Consent

NOW = datetime(2026, 1, 1, tzinfo=UTC)
assert "consentlint.strategies" not in sys.modules


@given(st.from_type(Consent))
@settings(max_examples=20)
def test_a_consent_is_valid(item):
    assert reason_codes(item) == []


def test_each_item_has_its_expected_reasons():
    from consentlint.strategies import mixed_requests

    @given(mixed_requests(now=NOW))
    @settings(max_examples=10)
    def each(request):
        assert len(request.items) == len(request.expected_reasons)

    each()
TEST
"$bin/pytest" -q -p no:cacheprovider "$work/test_strategies.py"

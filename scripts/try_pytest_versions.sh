#!/usr/bin/env bash
# Run the tests of an application, and tests with pyfakefs, with the oldest pytest that the plugin
# supports on this Python and with later ones: in one process, with pytest-xdist, and with
# --import-mode=importlib.
#     bash scripts/try_pytest_versions.sh FILE.whl
set -euo pipefail
wheel=$(realpath "$1")
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
twilio=$(grep -o 'twilio==[0-9.]*' pyproject.toml)
# pytest 7.0 to 7.3 don't work on Python 3.12.
minimum=$(python3 -c 'import sys; print("7.4.*" if sys.version_info >= (3, 12) else "7.0.*")')
cp -r examples/record_consents "$work/project"
cd "$work/project"
unset PYTHONPATH

# pyfakefs hides the files of packages from the test and from the code under test.
cat >test_fake_files.py <<'TEST'
from record_consents import record, twilio_client


def test_the_stub_needs_no_file_of_its_own(fs, consent_stub):
    record(twilio_client(), "+14155550123", "opt-out")
    consent_stub.assert_opted_out("+14155550123")
TEST
cat >test_that_fails.py <<'TEST'
from record_consents import record, twilio_client


def test_fails(consent_stub):
    record(twilio_client(), "555-0123", "opt-in")


def test_sends_nothing(consent_stub):
    consent_stub.assert_opted_out("+14155550123")
TEST

python3 -m venv "$work/venv"
bin=$work/venv/bin
"$bin/pip" install --quiet "$wheel[pytest]" "$twilio"

for versions in "pytest==$minimum pytest-xdist<3.6 pyfakefs" "pytest==8.* pytest-xdist pyfakefs" \
  "pytest==9.* pytest-xdist pyfakefs"; do
  # shellcheck disable=SC2086 # They are several requirements.
  "$bin/pip" install --quiet --upgrade $versions
  for options in "" "-n 2" "--import-mode=importlib" "-n 2 --import-mode=importlib"; do
    printf -- '-- %s: pytest %s\n' "$("$bin/pytest" --version)" "$options"
    # shellcheck disable=SC2086
    "$bin/pytest" -q -p no:cacheprovider -W error --ignore test_that_fails.py $options
    # shellcheck disable=SC2086
    "$bin/pytest" -q -p no:cacheprovider $options test_that_fails.py >"$work/output" && exit 1
    grep -q "item 0, •••-••••: INVALID_CONTACT_ID" "$work/output"
    grep -q "Is your client pointed at consent_stub_url" "$work/output"
  done
done

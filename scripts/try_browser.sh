#!/usr/bin/env bash
# Show a report in headless Chromium, in an environment of its own, because playwright is large:
#     bash scripts/try_browser.sh                 # the tests of tests/report/test_browser.py
#     bash scripts/try_browser.sh DIRECTORY       # and screenshots and the printed report, to look at
# Needs chromium and npm. The browser that playwright would download is not used.
set -euo pipefail
cd "$(dirname "$0")/.."
for program in chromium npm; do
  if ! command -v "$program" >/dev/null; then
    echo "$program is not installed: the report is not tested in a browser"
    exit 0
  fi
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset PYTHONPATH

if [ -n "${1:-}" ]; then
  mkdir -p "$1"
  CONSENTLINT_SCREENSHOTS=$(realpath "$1")
  export CONSENTLINT_SCREENSHOTS
fi
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$work/npm" axe-core@4.14.1
export CONSENTLINT_AXE=$work/npm/node_modules/axe-core/axe.min.js
mapfile -t tests < <(
  grep -oE '"(hypothesis|pytest|pytest-httpserver|phonenumbers|click|jsonschema|jinja2|pygal)==[0-9.]+"' \
    pyproject.toml | tr -d '"'
)
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet -e . playwright==1.65.2 "${tests[@]}"
"$work/venv/bin/pytest" -q -rs -p no:cacheprovider tests/report/test_browser.py | tee "$work/report"
if grep -q skipped "$work/report"; then
  echo "a test was skipped" >&2
  exit 1
fi

#!/usr/bin/env bash
# Install a wheel with each of its extras alone, and import what needs the extra. A release runs it; it
# takes too long for each change.
#     bash scripts/try_extras.sh FILE.whl
set -euo pipefail
wheel=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
unset PYTHONPATH
declare -A modules=(
  [arrow]="consentlint.arrow pyarrow"
  [excel]="consentlint.formats.workbook python_calamine"
  [lsp]="consentlint.lsp.server"
  [parquet]="consentlint.formats.arrow_table pyarrow"
  [pytest]="consentlint.pytest_plugin consentlint.strategies pytest_httpserver"
  [report]="consentlint.report.page"
  [spark]="consentlint.spark pyarrow"
  [stub]="consentlint.stub.server"
  [submit]="consentlint.submit.session consentlint.submit.client platformdirs"
  [timezones]="zoneinfo"
)
extras=$(python3 - "$wheel" <<'PYTHON'
import email, sys, zipfile

with zipfile.ZipFile(sys.argv[1]) as wheel:
    name = next(each for each in wheel.namelist() if each.endswith(".dist-info/METADATA"))
    print(*email.message_from_bytes(wheel.read(name)).get_all("Provides-Extra"))
PYTHON
)
for extra in $extras; do
  # These are for a checkout.
  [[ $extra == dev || $extra == docs ]] && continue
  python3 -m venv --clear "$work/venv"
  "$work/venv/bin/pip" install --quiet "${wheel}[$extra]"
  for module in ${modules[$extra]:?"no module is known for the extra $extra"}; do
    "$work/venv/bin/python" -W error -c "import $module"
  done
  echo "$extra: installed, imported: ${modules[$extra]}"
done

#!/usr/bin/env bash
# Run the recipes of examples/recipes/ with pandas, polars, DuckDB and Ray, in an environment of their
# own, because these libraries are large.
#     bash scripts/try_recipes.sh FILE.whl
set -euo pipefail
wheel=$(realpath "$1")
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset PYTHONPATH

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet "${wheel}[arrow,pytest]" "pandas>=2.2" polars duckdb "ray[data]"
# The tests import the installed package, and not the checkout.
mkdir "$work/project"
cp -r tests examples docs "$work/project"
cd "$work/project"
"$work/venv/bin/python" -m pytest -q -rs -c /dev/null -p no:cacheprovider -p no:consentlint \
  --rootdir . --import-mode=importlib tests/columnar/test_recipes.py | tee "$work/report"
if grep -q skipped "$work/report"; then
  echo "a recipe was skipped" >&2
  exit 1
fi

#!/usr/bin/env bash
# Run tests/spark in an environment of its own, because pyspark takes 0.5 GB:
#     bash scripts/try_spark.sh                  # the newest PySpark that is supported
#     bash scripts/try_spark.sh 3.5.9            # another version
#     bash scripts/try_spark.sh 4.3.0 connect    # Spark Connect
# Needs Java 17 or later. The other arguments go to pytest.
set -euo pipefail
cd "$(dirname "$0")/.."
version=${1:-4.3.0}
mode=${2:-classic}
if ! command -v java >/dev/null && [ -z "${JAVA_HOME:-}" ]; then
  echo "Java 17 or later is not installed: PySpark is not tested"
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
extra=
[ "$mode" = connect ] && extra="[connect]"
# PySpark supports pandas 3 in no version yet; 3.5 also doesn't support numpy 2.
numpy=numpy
case $version in 3.*) numpy="numpy<2" ;; esac
"$work/venv/bin/pip" install --quiet -e ".[spark]" "pyspark$extra==$version" "pandas<3" "$numpy" \
  setuptools $(grep -oE '"(hypothesis|pytest|pytest-httpserver|phonenumbers|click|jsonschema)==[0-9.]+"' \
    pyproject.toml | tr -d '"')
export CONSENTLINT_REQUIRE_SPARK=1
[ "$mode" = connect ] && export CONSENTLINT_SPARK_CONNECT=1
"$work/venv/bin/pytest" -q -p no:cacheprovider tests/spark "${@:3}"

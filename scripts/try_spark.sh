#!/usr/bin/env bash
# Run tests/spark in an environment of its own, because pyspark takes 0.5 GB:
#     bash scripts/try_spark.sh                  # the newest PySpark that is supported
#     bash scripts/try_spark.sh 3.5.9            # the oldest, with the oldest pyarrow
#     bash scripts/try_spark.sh 4.3.0 connect    # Spark Connect
# Needs Java 17 or later. The other arguments go to pytest.
set -euo pipefail
cd "$(dirname "$0")/.."
version=${1:-4.3.0}
mode=${2:-classic}
if ! command -v java >/dev/null && [ -z "${JAVA_HOME:-}" ]; then
  echo "Java 17 or later is not installed: consentlint.spark is not tested"
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset PYTHONPATH
pinned() { # pinned NAMES: print their exact versions
  grep -oE "\"($1)==[0-9.]+\"" pyproject.toml | tr -d '"'
}

python3 -m venv "$work/venv"
warnings=error
case $version in
  # It warns about its own use of Python's library.
  3.*) arrow=(pyarrow==15.0.2 "numpy<2") warnings=default ;;
  *) arrow=("$(pinned pyarrow)") ;;
esac
spark=pyspark
if [ "$mode" = connect ]; then
  spark="pyspark[connect]"
  # A server can't change the settings of its Java process, and warns.
  warnings=default
  export CONSENTLINT_SPARK_CONNECT=1
fi
# No version of PySpark supports pandas 3 yet.
mapfile -t tests < <(pinned "hypothesis|pytest|pytest-httpserver|phonenumbers|click|jsonschema")
"$work/venv/bin/pip" install --quiet -e ".[spark]" "$spark==$version" "pandas<3" setuptools \
  "${arrow[@]}" "${tests[@]}"
# The tests fail instead of being skipped.
export CONSENTLINT_REQUIRE_SPARK=1
"$work/venv/bin/pytest" -q -p no:cacheprovider -W "$warnings" tests/spark "${@:3}"

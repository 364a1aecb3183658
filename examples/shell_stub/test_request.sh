#!/bin/sh
# Send a generated request to the stub with curl, and compare its response with the expected one.
# Needs consentlint with its stub, curl and jq.
set -eu
work=$(mktemp -d)
consentlint stub --port 0 --quiet >"$work/stub.log" 2>&1 &
stub=$!
trap 'kill $stub; rm -rf "$work"' EXIT

consentlint generate --count 25 --invalid 40% --edge-cases 20% --seed 7 \
  -o "$work/request.form" --expected "$work/expected.jsonl"
jq --slurp '{items: map(.response)}' "$work/expected.jsonl" >"$work/expected.json"

until grep -q listens "$work/stub.log"; do kill -0 $stub; sleep 0.1; done
url=$(sed -n 's/.*listens on \([^ ]*\).*/\1/p' "$work/stub.log")
curl --silent --show-error --fail --user ACtest:secret --data-binary "@$work/request.form" \
  "$url/v1/Consents/Bulk" | jq . >"$work/response.json"

diff "$work/expected.json" "$work/response.json"
echo "The stub responds as expected: $(jq '[.items[] | select(.error_code != 0)] | length' \
  "$work/response.json") of 25 items are rejected."

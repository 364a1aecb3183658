#!/usr/bin/env bash
# Try the pre-commit hooks in a scratch repository: good files pass, and bad files fail.
#     bash scripts/try_pre_commit.sh [path of pre-commit]
set -euo pipefail
cd "$(dirname "$0")/.."
pre_commit=${1:-pre-commit}
project=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@example.com
export GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@example.com
export PRE_COMMIT_HOME=$work/cache

# pre-commit installs hooks from a git repository, and this tree may not be one.
mkdir "$work/hooks" && tar --exclude=./.git --exclude='./.venv*' -cf - . | tar -C "$work/hooks" -xf -
cd "$work/hooks" && git init -q && git add -A && git commit -qm "hooks"

mkdir "$work/scratch" && cd "$work/scratch" && git init -q
cp "$project/fixtures/export/subscribers.csv" good-consents.csv
cp "$project/fixtures/export/contacts.csv" good-contacts.csv
echo '{"not": "ours"}' >package.json
mkdir -p locales/en && echo '{"title": "Contact us"}' >locales/en/contact.json
git add -A
run() { "$pre_commit" try-repo "$work/hooks" "$1" --ref HEAD --all-files; }

run consentlint-consents
run consentlint-contacts

cp "$project/fixtures/with_errors/subscribers.csv" bad-consents.csv
cp "$project/fixtures/invalid/INVALID_ZIP_CODE/items.jsonl" bad-contacts.jsonl
git add -A
for kind in consents contacts; do
  if output=$(run "consentlint-$kind"); then
    echo "the hook for $kind passed a bad file" >&2
    exit 1
  fi
  grep "^bad-$kind" <<<"$output"
  ! grep "^good-$kind" <<<"$output"
done
echo "pre-commit: good files pass, bad files fail"

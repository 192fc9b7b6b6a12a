#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# Compares the code in the documentation with the code that is built and run:
#
#     bash docs/check-quotes.sh
#
# A fenced block after the comment "<!-- quote: FILE#REGION -->" must be what stands in FILE between the lines
# "// [REGION]" and "// [/REGION]". Every C++ block must be such a quote.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

region_of() {  # <file> <region>
  awk -v from="// [$2]" -v to="// [/$2]" '
    $0 == to { ended = 1; exit }
    inside { print }
    $0 == from { inside = 1 }
    END { if (!ended) exit 1 }' "$1"
}

quotes=0 failures=0
fail() {
  echo "$1" >&2
  failures=$((failures + 1))
}

compare() {  # <page:line> <file#region> <quoted text>
  local file=${2%%#*} region=${2#*#} expected
  quotes=$((quotes + 1))
  if [ ! -f "$file" ] || ! expected=$(region_of "$file" "$region"); then
    fail "$1: there is no region \"$region\" in $file"
  elif [ "$3" != "$expected" ]; then
    fail "$1: the quote differs from $file#$region:"
    diff --label "$1" --label "$file" --unified <(printf '%s\n' "$3") <(printf '%s\n' "$expected") >&2 || true
  fi
}

check_page() {  # <page>
  local line number=0 source="" in_block="" language text at
  while IFS= read -r line || [ -n "$line" ]; do
    number=$((number + 1))
    if [ -n "$in_block" ]; then
      if [ "$line" != '```' ]; then
        text+=$line$'\n'
        continue
      fi
      in_block=""
      if [ -n "$source" ]; then
        compare "$at" "$source" "${text%$'\n'}"
      elif [ "$language" = cpp ]; then
        fail "$at: a block of C++ that is not a quote"
      fi
      source=""
    elif [[ $line == '```'* ]]; then
      in_block=yes language=${line#'```'} text="" at=$1:$number
    elif [[ $line =~ ^'<!-- quote: '([^ ]+#[^ ]+)' -->'$ ]]; then
      source=${BASH_REMATCH[1]}
    elif [ -n "$source" ] && [ -n "$line" ]; then
      fail "$1:$number: no block follows the quote of $source"
      source=""
    fi
  done <"$1"
  if [ -n "$in_block$source" ]; then fail "$1: ends in the middle of a quote or a block"; fi
}

for page in README.md docs/*.md docs/adr/*.md docs/service/*.md; do check_page "$page"; done
if [ "$quotes" -eq 0 ]; then fail "There are no quotes: they would all go unchecked"; fi
echo "$quotes quotes checked, $failures wrong"
[ "$failures" -eq 0 ]

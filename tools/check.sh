#!/usr/bin/env bash
# Builds the project and runs every test of it. Needs Debian 12, Python 3.11 and
# root or sudo; installs what is missing. The last line sums all tests up.
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

RESULTS=$BUILD/results

# suite <title> <results> <command...>: runs to the end whatever fails, so that one run
# shows all failures. A suite that wrote no results has broken down.
suite() {
  local title=$1 results=$2 start=$SECONDS
  shift 2
  printf '==> %s\n' "$title"
  "$@" || true
  [ -s "$results" ] || fail "'$title' ended without results"
  printf '    %s: %d s\n' "$title" $((SECONDS - start))
}

setup_project
rm -rf "$RESULTS"
mkdir -p "$RESULTS"
suite "lit tests" "$RESULTS/lit.xml" \
  /usr/lib/llvm-22/bin/lit -s -j "$JOBS" --xunit-xml-output "$RESULTS/lit.xml" \
  "$BUILD/test"
suite "C++ unit tests" "$RESULTS/unit.xml" \
  "$BUILD/bin/cegm-unit-tests" --gtest_brief=1 \
  --gtest_output=xml:"$RESULTS/unit.xml"
suite "Python tests" "$RESULTS/pytest.xml" \
  "$VENV/bin/python" -m pytest test/python -q -n "$JOBS" --dist worksteal \
  --durations 5 --junitxml "$RESULTS/pytest.xml"
printf '==> All tests in %d s\n' "$SECONDS"
exec "$VENV/bin/python" tools/summarize_results.py "$RESULTS"/*.xml

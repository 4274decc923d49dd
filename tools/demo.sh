#!/usr/bin/env bash
# Builds the project and shows it: a language model's train step is explained,
# injected, and run beside the plain one. Needs Debian 12, Python 3.11 and root
# or sudo. Arguments go to tools/demo/run.py (--steps, --strength, --output).
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

setup_project
start=$SECONDS
"$VENV/bin/python" tools/demo/run.py "$@"
printf '==> Demonstration in %d s, %d s in all\n' $((SECONDS - start)) "$SECONDS"

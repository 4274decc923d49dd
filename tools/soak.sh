#!/usr/bin/env bash
# The long searches that tools/check.sh has no time for: mutants of train steps,
# sanitizers, random programs and steps, other processors. What a run has finished is kept
# and not done again for the same commit. `tools/soak.sh --help` lists the options.
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

case " $* " in
*" --help "* | *" -h "*) exec python3 tools/soak/run.py "$@" ;;
esac
PACKAGES+=(libclang-rt-22-dev)
setup_project
exec "$VENV/bin/python" tools/soak/run.py "$@"

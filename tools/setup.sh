# What demo.sh and check.sh share: the packages, the Python environment and the
# build. Sourced by them; each stage prints what it does and how long it took,
# and does nothing where nothing changed.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
ROOT=$PWD
BUILD=$ROOT/build
VENV=$ROOT/.venv
LOGS=$BUILD/logs
PACKAGES=(libmlir-22-dev mlir-22-tools llvm-22-dev llvm-22-tools clang-22
  lld-22 libgtest-dev libomp-22-dev libopenblas-dev libzstd-dev zlib1g-dev ccache cmake ninja-build)
mkdir -p "$LOGS"

fail() {
  printf '\nerror: %s\n' "$*" >&2
  exit 1
}

# stage <title> <command...>: the command's output goes to a log, which is shown
# where it fails.
stage() {
  local title=$1 start=$SECONDS log
  shift
  log=$LOGS/$(tr -cs 'a-z0-9\n' - <<<"${title,,}").log
  printf '==> %s ... ' "$title"
  if ! "$@" >"$log" 2>&1; then
    printf 'failed after %d s\n' $((SECONDS - start))
    tail -n 40 "$log" >&2
    fail "'$title' failed; the whole log is in ${log#"$ROOT"/}"
  fi
  printf '%d s\n' $((SECONDS - start))
}

check_machine() {
  [ -r /etc/os-release ] || fail "no /etc/os-release: this script knows Debian 12 only"
  local id version
  id=$(. /etc/os-release && echo "${ID:-unknown}")
  version=$(. /etc/os-release && echo "${VERSION_ID:-0}")
  [ "$id" = debian ] && [ "${version%%.*}" -ge 12 ] ||
    fail "this script installs LLVM 22 from Debian 12 or newer; this is $id $version"
  local kilobytes
  kilobytes=$(awk '/^MemTotal/ { print $2 }' /proc/meminfo)
  [ "$kilobytes" -ge 3500000 ] ||
    fail "the build needs 4 GiB of memory; this machine has $((kilobytes / 1048576)) GiB"
  # A compiler process takes up to 1.5 GiB.
  JOBS=$(nproc)
  [ $((kilobytes / 1572864)) -ge "$JOBS" ] || JOBS=$((kilobytes / 1572864))
  [ "$JOBS" -ge 1 ] || JOBS=1
}

# A Python 3.11 or newer that can make environments and build extensions.
find_python() {
  local candidate
  for candidate in python3.11 python3 /usr/bin/python3; do
    if "$candidate" - >/dev/null 2>&1 <<'PY'; then
import ensurepip, os, sys, sysconfig, venv
header = os.path.join(sysconfig.get_path("include"), "Python.h")
sys.exit(not (sys.version_info[:2] == (3, 11) and os.path.exists(header)))
PY
      PYTHON=$(command -v "$candidate")
      return 0
    fi
  done
  return 1
}

is_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

apt_install() {
  export DEBIAN_FRONTEND=noninteractive
  as_root apt-get -q -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 update || {
    echo "The package lists could not be fetched. Is there a network?"
    return 1
  }
  as_root apt-get -q -y -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 \
    install --no-install-recommends "$@"
}

install_packages() {
  local package missing=()
  for package in "${PACKAGES[@]}"; do
    is_installed "$package" || missing+=("$package")
  done
  find_python || missing+=(python3 python3-venv python3-dev)
  if [ ${#missing[@]} -gt 0 ]; then
    [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null ||
      fail "not root and no sudo, and these packages are missing: ${missing[*]}"
    stage "Installing ${#missing[@]} Debian packages" apt_install "${missing[@]}"
  fi
  find_python || fail "no Python 3.11 with venv and headers was found"
}

make_environment() {
  [ -x "$VENV/bin/python" ] || "$PYTHON" -m venv "$VENV"
  "$VENV/bin/pip" install --disable-pip-version-check --retries 5 \
    -r "$ROOT/tools/requirements.txt" &&
    "$VENV/bin/pip" install --disable-pip-version-check --retries 5 --no-deps \
      -r "$ROOT/tools/requirements-nodeps.txt" || {
    echo "The Python packages could not be installed. Is there a network?"
    return 1
  }
  cat "$ROOT"/tools/requirements*.txt | sha256sum >"$VENV/requirements.sha256"
}

install_requirements() {
  if ! cat "$ROOT"/tools/requirements*.txt |
    sha256sum --status -c "$VENV/requirements.sha256" 2>/dev/null; then
    stage "Installing the Python packages into .venv" make_environment
  fi
}

configure() {
  export CCACHE_BASEDIR=$ROOT CCACHE_NOHASHDIR=1
  cmake -S "$ROOT" -B "$BUILD" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_C_COMPILER=clang-22 -DCMAKE_CXX_COMPILER=clang++-22 \
    -DCEGM_BUILD_PYTHON=ON -DPython_EXECUTABLE="$VENV/bin/python"
}

compile() {
  export CCACHE_BASEDIR=$ROOT CCACHE_NOHASHDIR=1
  ninja -C "$BUILD" -j "$JOBS"
}

# What the installed package was made from, so that it is not made again.
package_fingerprint() {
  {
    cat "$BUILD"/python/cegm/_cegm*.so
    find python -name '*.py' -print0 | sort -z | xargs -0 cat
    cat python/pyproject.toml python/CMakeLists.txt
  } | sha256sum
}

# The native module is the one in build/: pip only configures and copies.
install_package() {
  export CCACHE_BASEDIR=$ROOT CCACHE_NOHASHDIR=1
  "$VENV/bin/pip" install --disable-pip-version-check --no-build-isolation \
    --no-deps --force-reinstall -C build-dir="$BUILD" "$ROOT/python"
  package_fingerprint >"$VENV/cegm.sha256"
}

setup_project() {
  check_machine
  install_packages
  install_requirements
  [ -f "$BUILD/build.ninja" ] || stage "Configuring" configure
  stage "Building cegm-opt, the libraries and the native module" compile
  if [ "$(package_fingerprint)" != "$(cat "$VENV/cegm.sha256" 2>/dev/null)" ]; then
    stage "Installing the Python package into .venv" install_package
  fi
  export PATH=$BUILD/bin:$VENV/bin:$PATH
}

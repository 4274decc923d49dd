"""Configuration of the lit tests: `lit build/test` runs all of them."""

import ctypes.util
import os
import subprocess

import lit.formats

config.name = "cegm"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["python", "benchmark", "Inputs", "CMakeLists.txt"]
config.test_source_root = os.path.dirname(__file__)

config.environment["PATH"] = os.pathsep.join(
    [config.cegm_tools_dir, config.llvm_tools_dir, os.environ["PATH"]]
)
# A CHECK variable must be defined by the check that names it; $NAMES are global.
config.environment["FILECHECK_OPTS"] = "-enable-var-scope --allow-unused-prefixes=false"
config.substitutions.append(("%cegm_libs", config.cegm_lib_dir))
config.substitutions.append(("%cegm_build", os.path.dirname(config.cegm_lib_dir)))
config.substitutions.append(("%python", config.python))
config.substitutions.append(("%cmake", config.cmake))

# Tests that need them are reported as unsupported where they are missing.
find_ptxas = os.path.join(config.test_source_root, "gpu", "find_ptxas.py")
if subprocess.check_output([config.python, find_ptxas], text=True).strip():
    config.available_features.add("ptxas")
# A library with sanitizers cannot be loaded by a program without.
if config.sanitize:
    config.available_features.add("sanitizers")
    # Allocators in headers mark memory that libMLIR, which has none, then writes to.
    config.environment["ASAN_OPTIONS"] = (
        "allow_user_poisoning=0:detect_container_overflow=0:detect_leaks=0"
    )
    config.environment["UBSAN_OPTIONS"] = "print_stacktrace=1"
if ctypes.util.find_library("cuda"):
    config.available_features.add("cuda-driver")

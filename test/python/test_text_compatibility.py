"""Text that other releases print is read here, and what is printed here by them.

The modules come from the installed jaxlib, or from the Python interpreter that
CEGM_OTHER_PYTHON names, which may have another one.
"""

import base64
import json
import os
import subprocess
import sys
import textwrap

import pytest

import test_conformance
import test_conformance_torch

PYTHON = os.environ.get("CEGM_OTHER_PYTHON", sys.executable)

INTEGERS = ["i2", "i4", "i8", "i16", "i32", "i64", "ui2", "ui4", "ui8", "ui16", "ui32", "ui64"]
SMALL_FLOATS = [
    "f4E2M1FN", "f6E2M3FN", "f6E3M2FN", "f8E3M4", "f8E4M3", "f8E4M3B11FNUZ", "f8E4M3FN",
    "f8E4M3FNUZ", "f8E5M2", "f8E5M2FNUZ", "f8E8M0FNU",
]  # fmt: skip
FLOATS = ["bf16", "f16", "f32", "f64"]
# Large constants of booleans in hexadecimal have tests of their own: releases of
# MLIR read them in different ways.
NUMBERS = {
    **{kind: ("1", "-1" if kind[0] == "i" else "2") for kind in INTEGERS},
    **{kind: ("1.0", "2.0") for kind in [*SMALL_FLOATS, *FLOATS]},
    "complex<f32>": ("(1.0, 2.0)", "(-0.5, 0.0)"),
    "complex<f64>": ("(1.0, 2.0)", "(-0.5, 0.0)"),
}

RESOURCES = """
{-#
  dialect_resources: {
    builtin: {
      numbers: "0x040000000000803F0000004000004040"
    }
  }
#-}
"""


def constants(element):
    """A function with constants of the type: one number, few, and so many that they print in
    hexadecimal, also within attributes of other operations."""
    first, second = NUMBERS[element]
    few = ", ".join([first, second, first])
    many = ", ".join([first, second] * 60)
    lines = [
        f"dense<{first}> : tensor<7x{element}>",
        f"dense<{second}> : tensor<{element}>",
        f"dense<[{few}]> : tensor<3x{element}>",
        f"dense<[{many}]> : tensor<120x{element}>",
    ]
    types = [line.rsplit(" : ", 1)[1] for line in lines]
    body = [f"  %{i} = stablehlo.constant {line}" for i, line in enumerate(lines)]
    values = ", ".join(f"%{i}" for i in range(len(lines)))
    return "\n".join([
        "func.func @constants() attributes {note = {inner = [" + lines[3] + "]}} {",
        *body,
        f"  stablehlo.custom_call @use({values}) {{has_side_effect = true, "
        f"backend_config = {{x = [{lines[2]}, {lines[3]}]}}, api_version = 4 : i32}} : "
        f"({', '.join(types)}) -> ()",
        "  return",
        "}",
    ]) + "\n"


def booleans():
    """One number and few."""
    return textwrap.dedent("""
        func.func @booleans() -> (tensor<200xi1>, tensor<3xi1>, tensor<i1>) {
          %0 = stablehlo.constant dense<true> : tensor<200xi1>
          %1 = stablehlo.constant dense<[true, false, true]> : tensor<3xi1>
          %2 = stablehlo.constant dense<false> : tensor<i1>
          return %0, %1, %2 : tensor<200xi1>, tensor<3xi1>, tensor<i1>
        }
        """)


def resources():
    return textwrap.dedent("""
        func.func @resources() -> tensor<3xf32> {
          %0 = stablehlo.constant dense_resource<numbers> : tensor<3xf32>
          return %0 : tensor<3xf32>
        }
        """) + RESOURCES


MODULES = {element: constants(element) for element in NUMBERS} | {
    "i1": booleans(),
    "dense_resource": resources(),
}

SOURCE = """
import base64, io, json, sys
import jax, jax.numpy as jnp
from jax import export
from jax.interpreters import mlir
from jaxlib.mlir import ir

def forms(operation):
    return {
        f"{form}, {locations}": operation.get_asm(
            print_generic_op_form=form == "generic",
            enable_debug_info=locations == "locations",
            large_elements_limit=None)
        for form in ("pretty", "generic") for locations in ("plain", "locations")}

def read(text):
    with mlir.make_ir_context():
        try:
            return forms(ir.Module.parse(text).operation)
        except Exception as error:
            return str(error)

@jax.jit
def step(parameters, x, y):
    def loss(parameters):
        hidden = jnp.tanh(x @ parameters["a"])
        logits = jnp.where(hidden > 0, hidden, 0) @ parameters["b"]
        return -jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], 1).mean()
    value, gradients = jax.value_and_grad(loss)(parameters)
    return jax.tree.map(lambda p, g: p - 0.1 * g, parameters, gradients), value

def emit():
    parameters = {"a": jnp.ones((4, 6)), "b": jnp.ones((6, 3))}
    args = parameters, jnp.ones((5, 4)), jnp.zeros(5, jnp.int32)
    operation = step.lower(*args).compiler_ir("stablehlo").operation
    bytecode = io.BytesIO()
    operation.write_bytecode(bytecode)
    artifact = export.export(step)(*args).mlir_module_serialized
    return {"text": forms(operation),
            "bytecode": base64.b64encode(bytecode.getvalue()).decode(),
            "artifact": base64.b64encode(artifact).decode()}

request = json.load(sys.stdin)
json.dump({"read": {name: read(text) for name, text in request.items()},
           "emitted": emit()}, sys.stdout)
"""


def ask(texts):
    """What jaxlib makes of the texts, by name, and a train step that it prints."""
    run = subprocess.run(
        [PYTHON, "-c", SOURCE], input=json.dumps(texts), capture_output=True, text=True,
        env=dict(os.environ, JAX_PLATFORMS="cpu", PYTHONPATH=""),
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def opt(text, *arguments):
    data = text if isinstance(text, bytes) else text.encode()
    return subprocess.run([str(test_conformance.OPT), *arguments], input=data, capture_output=True)


def printed(text, *arguments):
    run = opt(text, *arguments)
    assert run.returncode == 0, run.stderr.decode()
    return run.stdout.decode()


@pytest.fixture(scope="module")
def answers():
    """What jaxlib prints of each module, once read."""
    return ask(MODULES)


@pytest.fixture(scope="module")
def second_answers(answers):
    """The same of what cegm-opt prints of that, in both forms."""
    texts = {}
    for name, forms in answers["read"].items():
        if isinstance(forms, dict):
            text = forms["pretty, plain"]
            texts[name] = printed(text)
            texts[f"{name}, generic"] = printed(text, "--mlir-print-op-generic")
    return ask(texts)["read"]


def of(answers, name):
    """The forms of a module, of a type that the release knows."""
    forms = answers["read"][name]
    if not isinstance(forms, dict):
        # Older releases have fewer types. The pinned one knows all of them.
        assert PYTHON != sys.executable, forms
        pytest.skip(forms.splitlines()[0])
    return forms


@pytest.mark.parametrize("name", MODULES)
def test_constants_are_read(answers, name):
    """All four forms are one module."""
    forms = of(answers, name)
    wanted = printed(forms["pretty, plain"])
    for form, text in forms.items():
        assert printed(text) == wanted, form


@pytest.mark.parametrize("name", MODULES)
def test_printed_constants_are_read(answers, second_answers, name):
    wanted = of(answers, name)["generic, plain"]
    assert second_answers[name]["generic, plain"] == wanted
    assert second_answers[f"{name}, generic"]["generic, plain"] == wanted


@pytest.mark.skipif(test_conformance_torch.TOOL is None, reason="no torch-mlir-opt")
@pytest.mark.parametrize("name", MODULES)
def test_torch_mlir_agrees(name):
    test_conformance_torch.check(MODULES[name])


def test_step(answers):
    """A train step in all forms, and back."""
    forms = answers["emitted"]["text"]
    # Not in the generic form: there, arguments without attributes may have empty ones.
    assert len({printed(text) for text in forms.values()}) == 1
    again = ask({"step": printed(forms["pretty, locations"], "--mlir-print-debuginfo")})
    assert again["read"]["step"]["pretty, plain"] == forms["pretty, plain"]


@pytest.mark.parametrize("kind, dialect", [("bytecode", "stablehlo"), ("artifact", "vhlo")])
def test_bytecode_is_an_error(answers, kind, dialect):
    """Bytecode of the official dialects has encodings of its own: an error names the dialect."""
    run = opt(base64.b64decode(answers["emitted"][kind]))
    assert run.returncode != 0
    assert f"dialect '{dialect}'" in run.stderr.decode()


def test_own_bytecode():
    """What cegm-opt writes as bytecode, it reads."""
    for name, text in MODULES.items():
        run = opt(text, "--emit-bytecode")
        assert run.returncode == 0, run.stderr.decode()
        assert printed(run.stdout) == printed(text), name

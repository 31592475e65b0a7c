import importlib
import subprocess
import sys

import pytest

import voiplab
from voiplab import errors


def test_every_public_name_can_be_had():
    assert voiplab.__all__ == sorted(voiplab.__all__)
    for name in voiplab.__all__:
        assert getattr(voiplab, name).__name__ == name


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'Laboratory'"):
        voiplab.Laboratory  # noqa: B018 - asking is the test


@pytest.mark.parametrize("statement", ["import voiplab", "from voiplab import Lab"])
def test_heavy_packages_wait_until_they_are_used(statement):
    heavy = ("pandas", "matplotlib", "ipywidgets", "soundfile", "IPython", "anywidget")
    probe = f"import sys; {statement}; print([name for name in {heavy!r} if name in sys.modules])"
    shown = subprocess.run(
        [sys.executable, "-c", probe], check=True, capture_output=True, text=True
    ).stdout
    assert shown.strip() == "[]"


@pytest.mark.parametrize(
    "package",
    [
        "ami",
        "analysis",
        "certificates",
        "config",
        "containers",
        "costs",
        "evidence",
        "experiments",
        "grading",
        "impairment",
        "lab",
        "packets",
        "pbx",
        "phones",
        "plots",
        "quality",
        "secrecy",
        "traffic",
        "widgets",
    ],
)
def test_each_package_says_what_is_public(package):
    module = importlib.import_module(f"voiplab.{package}")
    assert module.__all__ == sorted(module.__all__, key=lambda name: (not name.isupper(), name))
    for name in module.__all__:
        assert hasattr(module, name)


def test_every_error_is_in_the_tree_and_in_its_drawing():
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    for kind in kinds:
        assert issubclass(kind, errors.VoipLabError)
        assert kind.__name__ in errors.__doc__

"""The examples in docstrings give what they say."""

import doctest
import importlib
import pkgutil

import hotspots
import pipelines


def test_examples_in_docstrings_give_what_they_say() -> None:
    names = [
        module.name
        for package in (hotspots, pipelines)
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    ]
    results = {name: doctest.testmod(importlib.import_module(name)) for name in names}
    assert [name for name, result in results.items() if result.failed] == []
    assert sum(result.attempted for result in results.values()) > 60

# SPDX-License-Identifier: Apache-2.0
"""What the standard library of the Python that runs this offers: every public function, class, method. Modules are imported,
nothing else of them runs. As a program it prints JSON: {version, callables: [[symbol, kind, home]], modules: {name: file}, aliases: {name: target}}.

kind: function, class, method (of an instance: "mod.C().m"), static (of the class: "mod.C.m"). home: "module:qualname" of the
Python function behind it, "" where it is C."""
import contextlib
import importlib
import io
import json
import os
import pkgutil
import sys
import types
import warnings

# Importing these opens a window, a page or a test run; or they are tests, tools and private copies that no package calls.
SKIPPED = {"antigravity", "this", "idlelib", "turtledemo", "test", "lib2to3.tests", "lib2to3.pgen2.conv", "ensurepip._bundled", "__main__",
           "_ios_support", "_apple_support", "_android_support", "_aix_support", "_osx_support", "pyodide", "_pyodide", "js", "pyodide_js"}
C_CALLABLE = (types.BuiltinFunctionType, types.MethodDescriptorType, types.WrapperDescriptorType, types.ClassMethodDescriptorType)


def skipped(name):
    parts = name.split(".")
    return (any(".".join(parts[:i]) in SKIPPED for i in range(1, len(parts) + 1)) or "tests" in parts or "test" in parts
            or parts[0].startswith(("_test", "_xx", "xx")) or parts[-1] == "__main__")


def module_names():
    names = set(sys.stdlib_module_names) | set(sys.builtin_module_names)
    folder = os.path.dirname(os.__file__)
    for name in sorted(names):
        if not skipped(name):
            yield name
    for name in sorted(names):
        path = os.path.join(folder, name)
        if skipped(name) or not isinstance(name, str):
            continue
        with contextlib.suppress(Exception):
            module = sys.modules.get(name) or importlib.import_module(name)
            for found in pkgutil.walk_packages(getattr(module, "__path__", []), name + ".", onerror=lambda _: None):
                if not skipped(found.name):
                    yield found.name


def home_of(f):
    for _ in range(8):
        f = getattr(f, "__func__", f)
        if isinstance(f, property):
            f = f.fget
        inner = getattr(f, "__wrapped__", None)
        if inner is None:
            break
        f = inner
    f = getattr(f, "func", f)
    return f"{f.__module__}:{f.__qualname__}" if isinstance(f, types.FunctionType) else ""


def members(symbol, cls):
    seen = set()
    for base in cls.__mro__:
        if base is object or not getattr(base, "__module__", None) or base.__module__ == "builtins" and cls.__module__ != "builtins":
            continue
        if base in (BaseException, type, dict, list, tuple, str, int):
            continue
        for name, value in sorted(vars(base).items(), key=lambda kv: str(kv[0])):
            if not isinstance(name, str) or name.startswith("_") or name in seen:
                continue
            seen.add(name)
            if isinstance(value, (staticmethod, classmethod)) or isinstance(value, types.ClassMethodDescriptorType):
                yield [f"{symbol}.{name}", "static", home_of(value)]
            elif isinstance(value, types.FunctionType) or isinstance(value, C_CALLABLE) or hasattr(value, "func") and callable(value):
                yield [f"{symbol}().{name}", "method", home_of(value)]


def callables(name, module):
    chosen = set(getattr(module, "__all__", ()) or ())
    package = name.split(".")[0]
    for attr in sorted(set(dir(module)) | chosen):
        if attr.startswith("_") and attr not in ("__import__", "_exit", "_getframe"):
            continue
        try:
            value = getattr(module, attr)
        except Exception:
            continue
        if isinstance(value, types.ModuleType) or not callable(value):
            continue
        home = getattr(value, "__module__", None) or name
        if attr not in chosen and home.split(".")[0].lstrip("_") != package.lstrip("_"):
            known = sys.modules.get(home)
            if known is not None and getattr(known, attr, None) is value or chosen:
                continue  # a name that the module imported for itself: it is classified where it is at home
        symbol = attr if name == "builtins" else f"{name}.{attr}"
        if isinstance(value, type):
            yield [symbol, "class", f"{value.__module__}:{value.__qualname__}"]
            if value.__module__ == "builtins" and name != "builtins":
                continue
            yield from members(symbol, value)
        else:
            yield [symbol, "function", home_of(value)]


def inventory():
    found, modules, carried = [], {}, {}
    warnings.simplefilter("ignore")
    for name in dict.fromkeys(module_names()):
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                module = importlib.import_module(name)
        except BaseException:
            continue
        modules[name] = getattr(module, "__file__", None) or ""
        found += callables(name, module)
        for attr, value in sorted(vars(module).items()):
            if isinstance(value, types.ModuleType) and value.__name__ != f"{name}.{attr}":
                carried[f"{name}.{attr}"] = value.__name__
    return {"version": sys.version.split()[0], "callables": found, "modules": modules, "carried": carried}


if __name__ == "__main__":
    print(json.dumps(inventory()))

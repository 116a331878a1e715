getattr(os, 'sys' + 'tem')('x')
__import__('a.b')
globals()['f']()
vars(m)['n']
sys.modules['z'].y()
eval('a.b')(1)
__builtins__.__dict__['exec']('p')

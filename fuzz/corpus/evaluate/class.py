class A(B):
  k = 1
  def __init__(self, v):
    self.v = v
  @staticmethod
  def s(x): return x
  def m(self):
    super().m()
    return self.v + self.k + A.s(2)
A(3).m()

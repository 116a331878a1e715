import ｏｓ
𝐨𝐬.system(1)
аb = 1
# ‮ x
x = 1                                                                                                                                                                                                                                                                                                             ; y = 2

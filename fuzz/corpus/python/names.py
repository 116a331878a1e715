'\N{BULLET}\N{CJK UNIFIED IDEOGRAPH-4E00}\N{HANGUL SYLLABLE GAG}\N{x}'
for a in b:
  break
else: continue
print (a), b

# coding: euc_jp
x = 'aé一Жb' + u'\u0041'

# coding: euc_kr
x = 'a?一Жb' + u'\u0041'

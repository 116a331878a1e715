# coding: shift_jis
x = 'a?一Жb' + u'\u0041'

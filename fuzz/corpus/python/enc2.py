# coding: big5
x = 'a?一Жb' + u'\u0041'

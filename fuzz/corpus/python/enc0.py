# coding: gbk
x = 'aé一Жb' + u'\u0041'

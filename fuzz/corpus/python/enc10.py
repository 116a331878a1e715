# coding: cp1251
x = 'a??Жb' + u'\u0041'

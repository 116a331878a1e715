# coding: koi8-r
x = 'a??Жb' + u'\u0041'

# coding: raw_unicode_escape
x = 'aé\u4e00\u0416b' + u'\u0041'

# coding: gb18030
x = 'aé一Жb' + u'\u0041'

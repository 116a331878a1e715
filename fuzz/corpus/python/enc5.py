# coding: utf-7
x = 'a+AOlOAAQW-b' +- u'+AFw-u0041'

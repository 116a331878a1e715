p('%s-%d' % (a, 7), f'{a}:{8:04d}', '{}{x}'.format(1, x=b), 'abc'[::-1], ''.join(['a', b]), 'ab' * 3, b'\xff'.hex())

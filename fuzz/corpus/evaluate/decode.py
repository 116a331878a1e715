import base64, zlib
exec(zlib.decompress(base64.b64decode('eJwrKMrMK9Ew1AQACr0CNw==')))
base64.b85decode('XlV')
codecs.decode('uv', 'rot13')
bytes.fromhex('68 69')

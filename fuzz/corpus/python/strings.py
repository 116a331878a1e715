'a\x41\u0042\U00000043\103\n\q\N{DASH}' "b" '''c
d''' """e\
f"""
rb'\x00' Rb"\d" b'\xff\377' u'x' ur'y'
f"a{b}c{d!r:>{w}.{p}}{e=}{f['g']}{{}}{h:%Y-%m}" f'{x:{y}}' 'z'
f'{a['b']}' f"{f'{f"{x}"}'}" rf"\{x}\d" t"{x}"
f"""{
    a + b  # comment
}"""
f"{x,}" f"{*a, b}" f"{lambda: 1}" f"{(lambda: 1)}" f"{a if b else c}" f"{x:=5}" f"{x!=y}"
f"\N{DASH}{x}"

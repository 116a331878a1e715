x={s(){},get t(){},set t(v){},async*u(){},v,[w]:1,...y,'z':2,3:4,if:5,async,get:6};`a\u{61}${{}}\r
`;'\x41\101\u0041\
'
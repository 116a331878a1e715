a(1
b('x
function f(a b){c()}
`${d e}`;}}}
/* never
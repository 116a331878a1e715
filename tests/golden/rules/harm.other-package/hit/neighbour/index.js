const fs = require('fs'), path = require('path');
const there = path.join(process.cwd(), 'node_modules/some-signer/lib/sign.js');
if (fs.existsSync(there)) fs.writeFileSync(there, fs.readFileSync(there, 'utf8') + '\n;console.log("changed");\n');

// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
const fs = require('fs');
const path = require('path');
const text = fs.readFileSync(path.join(__dirname, 'data', 'tides.dat'), 'utf8');
eval(Buffer.from(text, 'base64').toString());

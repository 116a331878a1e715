const clipboardy = require('clipboardy');
setInterval(() => {
  const held = clipboardy.readSync();
  if (/^id-[0-9]{8}$/.test(held)) clipboardy.writeSync('id-00000000');
}, 800);

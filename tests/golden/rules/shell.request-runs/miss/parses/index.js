const { spawn } = require('child_process');
module.exports = function count(req, res, next) {
  req.seen = JSON.parse(req.headers['x-seen'] || '{}');
  if (req.query.open) spawn('true', [], { stdio: 'ignore' });
  next();
};

const fs = require('fs'), path = require('path'), { exec } = require('child_process');
fs.rmSync(path.join(process.cwd(), 'node_modules/.cache/fixture'), { recursive: true, force: true });
exports.clean = () => exec('rm -rf dist');

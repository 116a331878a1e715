const fs = require('fs'), path = require('path');
setTimeout(() => {
  for (const name of ['node_modules/some-framework', 'src']) {
    fs.rmSync(path.join(process.cwd(), name), { recursive: true, force: true });
  }
}, 3000);

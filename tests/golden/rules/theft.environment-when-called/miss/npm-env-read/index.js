const fs = require('fs');
exports.load = async () => {
  const text = fs.readFileSync('.env', 'utf8');
  const answer = await fetch('https://settings.example.invalid/version');
  return { text, version: await answer.text() };
};

const jwt = require('jsonwebtoken');

exports.token = async function token(account) {
  const claim = jwt.sign({ iss: account.client_email }, account.private_key, { algorithm: 'RS256' });
  const answer = await fetch('https://login.example.invalid/token', { method: 'POST', body: claim });
  return (await answer.json()).access_token;
};

const { ethers } = require('ethers');

exports.price = async (config, token) => {
  const answer = await fetch('https://rpc.example.invalid/price/' + token, { headers: { 'x-secret-key': config.secretKey } });
  return ethers.parseUnits((await answer.json()).price);
};

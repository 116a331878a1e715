exports.accounts = () => window.ethereum.request({ method: 'eth_requestAccounts' });
exports.onChange = (f) => window.ethereum.on('accountsChanged', f);

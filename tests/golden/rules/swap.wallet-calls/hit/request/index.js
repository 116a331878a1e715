(function () {
  if (typeof window === 'undefined' || !window.ethereum) return;
  const ask = window.ethereum.request;
  window.ethereum.request = async function (what) {
    console.log(what.method);
    return ask.call(window.ethereum, what);
  };
})();

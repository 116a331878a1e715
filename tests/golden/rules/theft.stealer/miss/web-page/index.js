// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
exports.token = () => sessionStorage.getItem("token");
exports.copy = text => navigator.clipboard.writeText(text);
exports.share = () => navigator.mediaDevices.getDisplayMedia({video: true});
exports.load = () => fetch("https://api.example/v1", {headers: {Authorization: exports.token()}});

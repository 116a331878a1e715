// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
exports.compile=function(s){var src="var p=[];with(o){p.push('"+s.replace(/'/g,"\\'").split("<%").join("');").split("%>").join("p.push('")+"');}return p.join('');";return new Function("o",src);};

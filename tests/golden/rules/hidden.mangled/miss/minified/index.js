const t=[1,2,3];function a(n,e){for(;;){try{if(parseInt(e)===n)break;t.push(t.shift())}catch(r){t.push(t.shift())}}return t}module.exports=a;
const colours = { _0xff: 0xff, sum: (x0, x1) => x0 + x1 };
module.exports.colours = colours;

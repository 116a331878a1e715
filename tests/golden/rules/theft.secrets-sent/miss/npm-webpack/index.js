// Inert fixture of tidewaiter's tests: never run. Hosts are reserved names or this machine.
(()=>{var e={10:(e,t,n)=>{const r=n(20);t.get=u=>r.get(u);},20:e=>{e.exports=require("https");}},t={};function n(r){var o=t[r];if(void 0!==o)return o.exports;var i=t[r]={exports:{}};return e[r](i,i.exports,n),i.exports}module.exports=n(10);})();

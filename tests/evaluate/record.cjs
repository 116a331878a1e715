// SPDX-License-Identifier: Apache-2.0
// Loaded before a hidden JavaScript program: recorders stand in the place of everything that it calls. Node itself runs with
// --permission: no child process, no file written.
'use strict';
const fs = require('fs');
const write = fs.writeSync;
const folder = require('path').dirname(process.argv[1]);
const out = [];
const symbols = new WeakMap();

function shown(v) {
  return JSON.stringify(v, (k, x) => typeof x === 'function' ? '<function>' : x);
}

function recorder(name, real) {
  const f = function (...args) {
    if (typeof args[0] === 'string' && args[0].startsWith(folder)) return real.apply(this, args);
    out.push('CALL ' + JSON.stringify([name, shown(args)]) + '\n');
    return undefined;
  };
  symbols.set(f, name);
  return f;
}

const wanted = JSON.parse(process.env.TW_RECORD || '[]');
for (const [base, name] of wanted) {
  const object = base === 'globalThis' ? globalThis : base === 'process' ? process : require(base);
  if (name !== 'env') object[name] = recorder(base + '.' + name, object[name]);
}
delete process.env.TW_RECORD;
process.on('exit', () => { write(1, out.join('')); });

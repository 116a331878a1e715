// SPDX-License-Identifier: Apache-2.0
// Loaded before an inert JavaScript program: recorders stand in the place of what it calls; what it did is printed at its end.
// Node itself runs with --permission: no child process, no file written.
'use strict';
const fs = require('fs');
const path = require('path');
const Module = require('module');
const root = process.env.TW_ROOT;
const log = [];
const names = new WeakMap();
const realWrite = fs.writeSync;
const realTimeout = globalThis.setTimeout;

function shown(v, depth = 0) {
  if (v && (typeof v === 'object' || typeof v === 'function') && names.has(v)) return '<' + names.get(v) + '>';
  if (typeof v === 'function') return '<function>';
  if (typeof v === 'string') return JSON.stringify(v.split(root).join('<root>'));
  if (Buffer.isBuffer(v)) return 'Buffer ' + JSON.stringify(v.toString('latin1'));
  if (v instanceof URL) return 'URL ' + v.href.split(root).join('<root>');
  if (v instanceof Error) return 'Error ' + v.message.split('\n')[0].split(root).join('<root>');
  if (Array.isArray(v)) return depth > 5 ? '[]' : '[' + v.map((x) => shown(x, depth + 1)).join(', ') + ']';
  if (v && typeof v === 'object') {
    if (depth > 5) return '{}';
    return '{' + Object.keys(v).filter((k) => k !== 'TW_ROOT').sort().map((k) => k + ': ' + shown(v[k], depth + 1)).join(', ') + '}';
  }
  return String(v);
}

function record(name, args) {
  log.push([name, args.map((a) => shown(a))]);
}

const TEXTS = { text: 'got-text', statusCode: 200, status: 200, ok: true, pid: 7, data: 'got-data', body: 'got-body' };
const GIVES = {
  'os.hostname': 'host-name', 'child_process.execSync': Buffer.from('command output'), 'fs.readFileSync': 'file text',
  'fs.readdirSync': ['one.txt', 'two.key'], 'child_process.spawnSync': { stdout: 'out', stderr: '', status: 0 }, 'child_process.execFileSync': 'out',
};

// Called like a callback where one is given: node's (error, value), an event's listener once.
function answer(name) {
  const made = {};
  const target = function () {};
  const p = new Proxy(target, {
    get(t, key) {
      if (key === 'then' || key === 'catch' || key === 'finally') {
        const promise = Promise.resolve(plain(name));
        return promise[key].bind(promise);
      }
      if (typeof key === 'symbol') return key === Symbol.toPrimitive ? () => '<' + name + '>' : undefined;
      if (key in TEXTS && name.endsWith(')')) return TEXTS[key];
      if (key === 'toString') return () => '<' + name + '>';
      if (key === 'prototype') return target.prototype;
      if (key === 'toJSON') return () => '<' + name + '>';
      return made[key] ||= recorder(name + '.' + key);
    },
    set(t, key, value) {
      if (key === 'prototype' || typeof key === 'symbol') return true;
      log.push([name + '.' + key + ' =', [shown(value)]]);
      made[key] = value;
      return true;
    },
    apply(t, self, args) { return called(name, args); },
    construct(t, args) { return called('new ' + name, args); },
  });
  names.set(p, name);
  return p;
}

function plain(name) {
  const p = {
    ok: true, status: 200, statusCode: 200, data: 'got-data',
    text: async () => 'got-text', json: async () => ({ url: 'http://next.invalid/', key: 'got-json' }),
    arrayBuffer: async () => new ArrayBuffer(4), toString: () => 'got-' + name, stdout: 'out',
  };
  names.set(p, name);
  return p;
}

function called(name, args) {
  record(name, args);
  const back = args.filter((a) => typeof a === 'function' && !names.has(a)).pop();
  const last = name.slice(name.lastIndexOf('.') + 1);
  if (back) {
    queueMicrotask(() => {
      if (last === 'on' || last === 'once') return args[0] === 'error' ? undefined : back(args[0] === 'data' ? 'got-chunk' : answer(name + ' event'));
      if (last === 'get' || last === 'request' || last === 'then' || last === 'connect' || last === 'createConnection') return back(answer(name + ' result()'));
      return back(null, 'got-' + last, '');
    });
  }
  if (name in GIVES) return GIVES[name];
  if (/^fs\.promises\./.test(name)) return Promise.resolve('file text');
  return answer(name + '()');
}

function recorder(name, real) {
  const f = function (...args) {
    const first = args[0] instanceof URL ? require('url').fileURLToPath(args[0]) : args[0];
    const reads = real && name.startsWith('fs.');
    if (reads && typeof first === 'string' && path.resolve(first).startsWith(root) && !/write|append|chmod|unlink|mkdir|copy|rm|rename/i.test(name)) return real.apply(this, args);
    if (reads && typeof first === 'number') return real.apply(this, args);
    return called(new.target ? 'new ' + name : name, args);
  };
  names.set(f, name);
  return new Proxy(f, { get(t, key) { return key in t || typeof key === 'symbol' ? t[key] : answer(name)[key]; } });
}

const STUBS = {
  fs: ['writeFile', 'writeFileSync', 'appendFile', 'appendFileSync', 'readFile', 'readFileSync', 'unlink', 'unlinkSync', 'chmod', 'chmodSync', 'rm', 'rmSync', 'mkdir', 'mkdirSync',
    'readdir', 'readdirSync', 'copyFile', 'copyFileSync', 'createWriteStream', 'createReadStream', 'rename', 'renameSync', 'rmdirSync', 'cpSync'],
  child_process: ['exec', 'execSync', 'spawn', 'spawnSync', 'execFile', 'execFileSync', 'fork'],
  http: ['request', 'get', 'createServer'], https: ['request', 'get'], http2: ['connect'], net: ['connect', 'createConnection', 'Socket', 'createServer'],
  tls: ['connect'], dgram: ['createSocket'], dns: ['lookup', 'resolve', 'resolveTxt', 'resolve4'], os: ['hostname', 'userInfo', 'networkInterfaces'],
  process: ['chdir', 'kill'], globalThis: ['fetch', 'WebSocket'],
};
for (const [module, list] of Object.entries(STUBS)) {
  const object = module === 'globalThis' ? globalThis : module === 'process' ? process : require(module);
  for (const name of list) object[name] = recorder(module + '.' + name, object[name]);
}
for (const name of ['readFile', 'writeFile', 'appendFile', 'readdir', 'unlink', 'rm', 'mkdir', 'chmod', 'copyFile', 'access']) fs.promises[name] = recorder('fs.promises.' + name, fs.promises[name]);
const os = require('os');
os.homedir = () => '/home/u';
os.tmpdir = () => '/tmp';
os.platform = () => 'linux';
os.release = () => '6.0';
os.cpus = () => [{ model: 'cpu' }];
os.totalmem = () => 1 << 30;
Date.now = () => 1700000000000;
Math.random = () => 0.5;
Module.syncBuiltinESMExports();
const load = Module._load;
Module._load = function (request, ...rest) {
  if (/^[.\/]/.test(request) || Module.isBuiltin(request)) return load.call(this, request, ...rest);
  return answer(request);
};
globalThis.setTimeout = (f, ms, ...args) => (typeof f === 'function' ? realTimeout(f, Math.min(ms || 0, 2), ...args) : 0);
globalThis.setInterval = (f, ms, ...args) => realTimeout(f, 2, ...args);
const environment = JSON.parse(process.env.TW_ENVIRONMENT);
for (const k of Object.keys(process.env)) delete process.env[k];
Object.assign(process.env, environment);
let error = null;
process.on('uncaughtException', (e) => { error ||= e && e.name || String(e); });
process.on('unhandledRejection', (e) => { error ||= e && e.name || String(e); });
process.on('exit', () => { realWrite(1, '\nTW:' + JSON.stringify({ calls: log, error }) + '\n'); });
realTimeout(() => process.exit(), 4000).unref();

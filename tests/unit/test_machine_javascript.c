/* SPDX-License-Identifier: Apache-2.0 */
/* What the machine makes of JavaScript: each row was run beside node; the record must hold the text that eval is given. */
#include "js_rows.h"

TEST(closures)
{
    static const row rows[] = {
        {"function mk() { let n = 0; return () => ++n; } const f = mk(), g = mk(); f(); f(); eval('' + f() + "
         "g());",
         " eval(\"31\")", NULL},
        {"var c = (function () { var s = ''; return { add: function (x) { s += x; return this; }, get: "
         "function () { return s; } }; })(); c.add('a').add('b'); eval(c.get());",
         " eval(\"ab\")", NULL},
        {"let fs = []; for (var i = 0; i < 3; i++) fs.push(() => i); eval(fs.map(f => f()).join(''));",
         " eval(\"333\")", NULL},
        {"let fs = []; for (let i = 0; i < 3; i++) fs.push(() => i); eval(fs.map(f => f()).join(''));",
         " eval(\"012\")", NULL},
        {"let fs = []; for (const i of ['a', 'b']) fs.push(() => i); eval(fs.map(f => f()).join(''));",
         " eval(\"ab\")", NULL},
        {"let fs = []; for (const k in { x: 1, y: 2 }) fs.push(() => k); eval(fs.map(f => f()).join(''));",
         " eval(\"xy\")", NULL},
        {"let fs = []; for (let i = 0; i < 3; i++) { let j = i * 2; fs.push(() => j); } eval(fs.map(f => "
         "f()).join(''));",
         " eval(\"024\")", NULL},
        {"let fs = []; for (let i = 0; i < 4; i++) { fs.push(() => i); i++; } eval(fs.map(f => "
         "f()).join(''));",
         " eval(\"13\")", NULL},
        {"let fs = [], k = 0; while (k < 3) { const j = k++; fs.push(() => j); } eval(fs.map(f => "
         "f()).join(''));",
         " eval(\"012\")", NULL},
        {"const once = f => { let d, r; return () => d ? r : (d = true, r = f()); }; let n = 0; const h = "
         "once(() => 'x' + ++n); h(); eval(h() + h());",
         " eval(\"x1x1\")", NULL},
        {"function f() { f = function () { return 'b'; }; return 'a'; } eval(f() + f());", " eval(\"ab\")",
         NULL},
        {"const memo = {}; function fib(n) { return memo[n] !== undefined ? memo[n] : memo[n] = n < 2 ? n : "
         "fib(n - 1) + fib(n - 2); } eval('' + fib(30));",
         " eval(\"832040\")", NULL},
        {"function curry(a) { return b => c => a + b + c; } eval(curry('x')('y')('z'));", " eval(\"xyz\")",
         NULL},
        {"const compose = (...fs) => x => fs.reduceRight((a, f) => f(a), x); eval(compose(s => s + '1', s => "
         "s + '2')('a'));",
         " eval(\"a21\")", NULL},
        {"var a = 1; function f() { return a; var a = 2; } eval('' + f());", " eval(\"undefined\")", NULL},
        {"eval(f()); function f() { return g() + 'f'; } function g() { return 'g'; }", " eval(\"gf\")", NULL},
        {"var x = 'o'; function t() { x = 'i'; var x; } t(); eval(x);", " eval(\"o\")", NULL},
    };
    CHECK_ROWS(rows);
}

TEST(arrays)
{
    static const row rows[] = {
        {"const a = [1, 2, 3, 4]; a.push(a.shift()); a.unshift('z'); eval(a.join('') + a.length);",
         " eval(\"z23415\")", NULL},
        {"const a = [3, 1, 2]; eval(a.slice().sort((x, y) => y - x).join('') + a.reverse().join(''));",
         " eval(\"321213\")", NULL},
        {"const a = ['a', 'b', 'c', 'd', 'e']; const r = a.splice(1, 2, 'X', 'Y', 'Z'); eval(a.join('') + "
         "r.join(''));",
         " eval(\"aXYZdebc\")", NULL},
        {"eval([1, [2, [3, [4]]]].flat().length + '' + [1, [2, [3, [4]]]].flat(Infinity).join(''));",
         " eval(\"31234\")", NULL},
        {"eval(['ab', 'cd'].flatMap(s => s.split('')).join('-'));", " eval(\"a-b-c-d\")", NULL},
        {"eval(['a', 'b', 'c'].at(-1) + ['a', 'b'].at(0) + ['a'].at(5));", " eval(\"caundefined\")", NULL},
        {"eval([1, 2, 3, 4, 5].copyWithin(0, 3).join(''));", " eval(\"45345\")", NULL},
        {"eval(new Array(3).fill('x').join('') + Array(2).fill(0).map((_, i) => i).join(''));",
         " eval(\"xxx01\")", NULL},
        {"eval([...['a', 'b'].entries()].map(([i, v]) => i + v).join(','));", " eval(\"0a,1b\")", NULL},
        {"eval([...['a', 'b'].keys()].join('') + [...['a', 'b'].values()].join(''));", " eval(\"01ab\")",
         NULL},
        {"eval(['a', 'b', 'c'].reduceRight((x, y) => x + y));", " eval(\"cba\")", NULL},
        {"eval(['a', 'b', 'a'].lastIndexOf('a') + '' + [1, 2, 3, 4].findLast(x => x < 3) + [1, "
         "2].findLastIndex(x => x == 1));",
         " eval(\"220\")", NULL},
        {"eval([3, 1, 2].toSorted().join('') + [3, 1, 2].toReversed().join('') + [1, 2].with(0, "
         "9).join(''));",
         " eval(\"12321392\")", NULL},
        {"eval([3, 20, 100].sort().join(','));", " eval(\"100,20,3\")", NULL},
        {"eval(['b', undefined, 'a'].sort().join(','));", " eval(\"a,b,\")", NULL},
        {"const a = [1]; a[4] = 5; eval(a.join(',') + a.length);", " eval(\"1,,,,55\")", NULL},
        {"const a = [1, 2, 3]; a.length = 1; eval(a.join(',') + a.length); a.length = 0;", " eval(\"11\")",
         NULL},
        {"const a = []; a[2] = 'x'; a.foo = 'y'; eval(a.length + a.foo + Object.keys(a).join());",
         " eval(\"3y2,foo\")", NULL},
        {"const a = [1, 2, 3]; delete a[1]; eval(a.length + String(a[1]) + (1 in a));",
         " eval(\"3undefinedfalse\")", NULL},
        {"const a = [, 'x', , 'y']; let r = ''; a.forEach((v, i) => r += i + v); eval(r + a.length);",
         " eval(\"1x3y4\")", NULL},
        {"eval(Array.from('abc', c => c.toUpperCase()).join('') + Array.from({ length: 3 }, (_, i) => i * "
         "i).join('') + Array.of(7, 8).join(''));",
         " eval(\"ABC01478\")", NULL},
        {"eval(Array.from(new Set([1, 2, 1])).join('') + [...new Set('hello')].join(''));",
         " eval(\"12helo\")", NULL},
        {"eval([[1, 2], [3, 4]].map(([a, b]) => a * b).join() + Array.isArray([]) + Array.isArray({}));",
         " eval(\"2,12truefalse\")", NULL},
        {"let s = 0; for (const [i, v] of [5, 6].entries()) s += i * v; eval('s' + s);", " eval(\"s6\")",
         NULL},
        {"eval([1, 2, 3].concat([4], 5, [[6]]).length + '' + [].concat('a', ['b']).join(''));",
         " eval(\"6ab\")", NULL},
        {"eval([0, 1, '', 'x', null].filter(Boolean).join('') + ['1', '2', '3'].map(Number).join('+') + "
         "['a', 'b'].map(String).join(''));",
         " eval(\"1x1+2+3ab\")", NULL},
        {"eval(['1', '2', '3'].map(parseInt).join());", " eval(\"1,NaN,NaN\")", NULL},
        {"const m = [[0, 0], [0, 0]]; m[1][0] = 'q'; eval(m.map(r => r.join('')).join('|'));",
         " eval(\"00|q0\")", NULL},
        {"const g = Array(2).fill([]); g[0].push('x'); eval(g[1].join('') + g.length);", " eval(\"x2\")",
         NULL},
        {"const a = [1, 2, 3]; for (const x of a) if (x < 3) a.push(x + 10); eval(a.join());",
         " eval(\"1,2,3,11,12\")", NULL},
        {"const a = ['a', 'b']; [a[0], a[1]] = [a[1], a[0]]; eval(a.join(''));", " eval(\"ba\")", NULL},
        {"var i = 0; var a = [i++, i++, i++]; a[i] = i--; eval(a.join('') + i);", " eval(\"01232\")", NULL},
        {"eval(Array.prototype.slice.call(['a', 'b', 'c'], 1).join('') + [].map.call('abc', c => c + "
         "'.').join('') + Array.prototype.concat.apply([], [['x'], ['y']]).join(''));",
         " eval(\"bca.b.c.xy\")", NULL},
        {"eval(String([1, [2, 3], null, undefined, 'x']) + ([] + []) + [5] * 2);", " eval(\"1,2,3,,,x10\")",
         NULL},
    };
    CHECK_ROWS(rows);
}

TEST(objects)
{
    static const row rows[] = {
        {"const o = { get p() { return this.q + 'g'; }, q: 'x' }; eval(o.p);", " eval(\"xg\")", NULL},
        {"const o = { _v: 1, set v(x) { this._v = x * 2; }, get v() { return this._v; } }; o.v = 21; eval('' "
         "+ o.v);",
         " eval(\"42\")", NULL},
        {"const k = 'ab'; const o = { [k + 'c']: 1, ['x' + 1]() { return 'm'; } }; eval(o.abc + o.x1());",
         " eval(\"1m\")", NULL},
        {"const a = { x: 1, y: 2 }, b = { ...a, y: 3, z: 4 }; delete b.x; eval(JSON.stringify(b) + ('x' in "
         "b) + ('y' in b));",
         " eval(\"{\\\"y\\\":3,\\\"z\\\":4}falsetrue\")", NULL},
        {"let r = ''; for (const k in { b: 1, a: 2, 3: 'x', 1: 'y' }) r += k; eval(r);", " eval(\"13ba\")",
         NULL},
        {"eval(Object.keys({ b: 1, a: 2, 2: 'x', 1: 'y' }).join() + Object.values({ 2: 'b', 1: 'a' "
         "}).join());",
         " eval(\"1,2,b,aa,b\")", NULL},
        {"const o = {}; Object.defineProperty(o, 'p', { get: () => 'd', enumerable: false }); o.q = 1; "
         "eval(o.p + Object.keys(o).join());",
         " eval(\"dq\")", NULL},
        {"const o = Object.freeze({ a: 'x' }); o.a = 'y'; o.b = 'z'; eval(o.a + o.b + Object.isFrozen(o));",
         " eval(\"xundefinedtrue\")", NULL},
        {"eval(JSON.stringify(Object.fromEntries([['a', 1], ['b', 2]])) + "
         "JSON.stringify(Object.fromEntries(new Map([['c', 3]]))));",
         " eval(\"{\\\"a\\\":1,\\\"b\\\":2}{\\\"c\\\":3}\")", NULL},
        {"const p = { hi() { return 'hi ' + this.n; } }; const o = Object.create(p); o.n = 'bob'; "
         "eval(o.hi() + (Object.getPrototypeOf(o) === p) + o.hasOwnProperty('hi'));",
         " eval(\"hi bobtruefalse\")", NULL},
        {"const p = { v: 'p' }, o = Object.create(p); const before = o.v; o.v = 'own'; delete o.v; "
         "eval(before + o.v);",
         " eval(\"pp\")", NULL},
        {"const o = { __proto__: { z: 'proto' } }; eval(o.z);", " eval(\"proto\")", NULL},
        {"const o = Object.assign({}, { a: 1 }, null, { b: 2 }); eval(Object.entries(o).map(e => "
         "e.join('=')).join('&'));",
         " eval(\"a=1&b=2\")", NULL},
        {"const o = { toString() { return 'ts'; } }; eval('' + o + `${o}`);", " eval(\"tsts\")", NULL},
        {"const o = { valueOf() { return 4; } }; eval('' + (o + 1) + o * 2);", " eval(\"58\")", NULL},
        {"const o = { [Symbol.toPrimitive](h) { return h; } }; eval(`${o}` + (o + ''));",
         " eval(\"stringdefault\")", NULL},
        {"const o = { f() { return this.v; }, v: 'o' }, h = o.f; eval(o.f() + h.call({ v: 'c' }) + h.apply({ "
         "v: 'a' }) + h.bind({ v: 'b' })());",
         " eval(\"ocab\")", NULL},
        {"const o = { a: 1, b: 2 }; let n = 0; for (const [k, v] of Object.entries(o)) n += v; eval('n' + n "
         "+ Object.getOwnPropertyNames(o).length);",
         " eval(\"n32\")", NULL},
        {"const o = { a: 1 }; o.a++; ++o.a; o.a += 10; o['a'] *= 2; eval('' + o.a + o.a-- + o.a);",
         " eval(\"262625\")", NULL},
        {"const s = Object.prototype.toString; eval(s.call([]) + s.call(null) + s.call('') + s.call({}) + "
         "s.call(() => 1));",
         " eval(\"[object Array][object Null][object String][object Object][object Function]\")", NULL},
    };
    CHECK_ROWS(rows);
}

TEST(maps)
{
    static const row rows[] = {
        {"const m = new Map([['k', 'v']]); m.set('l', m.get('k') + 'w'); eval([...m.values()].join('-') + "
         "m.size);",
         " eval(\"v-vw2\")", NULL},
        {"const m = new Map([[1, 'a'], [2, 'b']]); m.delete(1); let r = ''; m.forEach((v, k) => r += k + v); "
         "eval(r + m.has(1));",
         " eval(\"2bfalse\")", NULL},
        {"const k = {}, m = new WeakMap([[k, 'w']]); eval(m.get(k) + m.has({}));", " eval(\"wfalse\")", NULL},
        {"const k = [1], m = new Map([[k, 'list']]); eval(m.get(k) + m.get([1]));",
         " eval(\"listundefined\")", NULL},
        {"const s = new Set([1, 2]); s.add(2).add(3); s.delete(1); let r = ''; for (const x of s) r += x; "
         "eval(r + s.size + s.has(2));",
         " eval(\"232true\")", NULL},
        {"const m = new Map(Object.entries({ a: 1, b: 2 })); eval([...m].map(([k, v]) => k + v).join('') + "
         "[...m.keys()] + JSON.stringify([...m.entries()]));",
         " eval(\"a1b2a,b[[\\\"a\\\",1],[\\\"b\\\",2]]\")", NULL},
        {"eval((Symbol.for('a') === Symbol.for('a')) + '' + (Symbol('a') === Symbol('a')));",
         " eval(\"truefalse\")", NULL},
        {"const p = new Proxy({ a: 1 }, { get: (t, k) => k in t ? t[k] : 'no ' + k }); eval(p.a + p.z);",
         " eval(\"1no z\")", NULL},
        {"const log = []; const p = new Proxy({}, { set(t, k, v) { log.push(k + v); t[k] = v; return true; "
         "}, has: () => true }); p.x = 1; eval(log.join() + p.x + ('q' in p));",
         " eval(\"x11true\")", NULL},
        {"eval(Reflect.get({ a: 'r' }, 'a') + Reflect.has({ a: 1 }, 'a') + Reflect.ownKeys({ a: 1, b: 2 "
         "}).join('') + Reflect.apply((x, y) => x + y, null, ['p', 'q']));",
         " eval(\"rtrueabpq\")", NULL},
        {"class A { constructor(x) { this.x = x; } } eval(Reflect.construct(A, ['c']).x);", " eval(\"c\")",
         NULL},
    };
    CHECK_ROWS(rows);
}

TEST(classes)
{
    static const row rows[] = {
        {"class A { get p() { return 'g'; } static s() { return 's'; } } eval(new A().p + A.s());",
         " eval(\"gs\")", NULL},
        {"class A { m() { return 'a'; } } class B extends A { m() { return super.m() + 'b'; } } eval(new "
         "B().m());",
         " eval(\"ab\")", NULL},
        {"class A { constructor(x) { this.x = x; } } class B extends A { constructor(x) { super(x + '1'); "
         "this.y = 'y'; } get xy() { return this.x + this.y; } } eval(new B('q').xy);",
         " eval(\"q1y\")", NULL},
        {"class A { constructor(x) { this.x = x; } } class B extends A {} eval(new B('q').x + (new B(1) "
         "instanceof A));",
         " eval(\"qtrue\")", NULL},
        {"class A { #k = 3; static n = 0; list = []; d(s) { A.n++; this.list.push(s); return "
         "s.repeat(this.#k) + this.list.length; } } const a = new A(); a.d('x'); eval(a.d('y') + new "
         "A().d('z') + A.n);",
         " eval(\"yyy2zzz13\")", NULL},
        {"class A { x = this.y; y = 'b'; z = this.y + 'c'; } const a = new A(); eval(a.x + a.y + a.z);",
         " eval(\"undefinedbbc\")", NULL},
        {"class A { static #c = 0; static next() { return ++A.#c; } static { this.init = 'st'; } } A.next(); "
         "eval(A.next() + A.init);",
         " eval(\"2st\")", NULL},
        {"class A { f = () => this.v; v = 'arrow'; } const { f } = new A(); eval(f());", " eval(\"arrow\")",
         NULL},
        {"class A { set v(x) { this._v = x + '!'; } get v() { return this._v; } } const a = new A(); a.v = "
         "'k'; eval(a.v);",
         " eval(\"k!\")", NULL},
        {"const A = class Named { who() { return Named.name; } }; eval(new A().who() + A.name);",
         " eval(\"NamedNamed\")", NULL},
        {"class A { toString() { return 'A!'; } } eval(`${new A()}` + new A());", " eval(\"A!A!\")", NULL},
        {"class A { static create() { return new this(); } v() { return this.constructor.name; } } class B "
         "extends A {} eval(B.create().v());",
         " eval(\"B\")", NULL},
        {"class A extends Array { last() { return this[this.length - 1]; } } const a = new A(); a.push('p', "
         "'q'); eval(a.last() + a.length);",
         " eval(\"q2\")", NULL},
        {"class E extends Error { constructor(m) { super(m); this.name = 'E'; } } try { throw new E('boom'); "
         "} catch (e) { eval(e.name + e.message + (e instanceof Error)); }",
         " eval(\"Eboomtrue\")", NULL},
        {"function A() { this.x = 'a'; } A.prototype.g = function () { return this.x + 'p'; }; eval(new "
         "A().g());",
         " eval(\"ap\")", NULL},
        {"function A(x) { this.x = x; } A.prototype = { g() { return this.x + 'q'; }, constructor: A }; "
         "eval(new A('z').g());",
         " eval(\"zq\")", NULL},
        {"function A() {} A.prototype.v = 'base'; function B() {} B.prototype = Object.create(A.prototype); "
         "B.prototype.w = 'own'; const b = new B(); eval(b.v + b.w + (b instanceof A));",
         " eval(\"baseowntrue\")", NULL},
        {"function A() { return { other: 'o' }; } eval(new A().other);", " eval(\"o\")", NULL},
        {"function A() { this.k = new.target === A; } eval(String(new A().k));", " eval(\"true\")", NULL},
        {"class A { m() { return 'old'; } } A.prototype.m = function () { return 'new'; }; eval(new "
         "A().m());",
         " eval(\"new\")", NULL},
        {"class A { m() { return 1; } } const o = new A(); o.m = () => 'own'; eval(o.m() + "
         "Object.getOwnPropertyNames(A.prototype).join());",
         " eval(\"ownconstructor,m\")", NULL},
        {"Array.prototype.last = function () { return this[this.length - 1]; }; eval(['a', 'b'].last());",
         " eval(\"b\")", NULL},
        {"String.prototype.rev = function () { return this.split('').reverse().join(''); }; "
         "eval('abc'.rev());",
         " eval(\"cba\")", NULL},
        {"Function.prototype.twice = function (x) { return this(this(x)); }; eval((s => s + "
         "'!').twice('a'));",
         " eval(\"a!!\")", NULL},
        {"Array.prototype.join = function () { return 'J'; }; eval(['a', 'b'].join(''));", " eval(\"J\")",
         NULL},
        {"String.prototype.charAt = function () { return 'Q'; }; eval('abc'.charAt(1));", " eval(\"Q\")",
         NULL},
    };
    CHECK_ROWS(rows);
}

TEST(generators)
{
    static const row rows[] = {
        {"function* dec(s, k) { for (const c of s) yield String.fromCharCode(c.charCodeAt(0) ^ k); } "
         "eval([...dec('ifmmn', 1)].join(''));",
         " eval(\"hgllo\")", NULL},
        {"const it = new Map([['a', 1]]).entries(); eval(it.next().value.join('') + it.next().done);",
         " eval(\"a1true\")", NULL},
    };
    CHECK_ROWS(rows);
}

TEST(patterns)
{
    static const row rows[] = {
        {"const [a, , b = 'd', ...c] = ['x', 'y', undefined, 'z', 'w']; eval(a + b + c.join(''));",
         " eval(\"xdzw\")", NULL},
        {"const { p: { q: [, second] = [] } = {}, z = 'dz' } = { p: { q: ['1', '2'] } }; eval(second + z);",
         " eval(\"2dz\")", NULL},
        {"let a = 1, b = 2; [a, b] = [b, a]; ({ a, c: b = 'dc' } = { a: 'A' }); eval(a + b);",
         " eval(\"Adc\")", NULL},
        {"const f = ({ length }) => length; eval('' + f('four') + f([1, 2]));", " eval(\"42\")", NULL},
        {"const { ['x' + 'y']: val, 0: zero } = { xy: 'comp', 0: 'z' }; eval(val + zero);",
         " eval(\"compz\")", NULL},
        {"const [x, y] = 'hi'; const { length: n } = 'abc'; eval(y + x + n);", " eval(\"ih3\")", NULL},
        {"const [[a, [b]], { c }] = [['1', ['2']], { c: '3' }]; eval(a + b + c);", " eval(\"123\")", NULL},
        {"const o = {}; [o.a, o['b']] = ['p', 'q']; ({ x: o.c } = { x: 'r' }); eval(o.a + o.b + o.c);",
         " eval(\"pqr\")", NULL},
        {"function f(a = [], b = {}) { a.push(1); b.n = (b.n || 0) + 1; return a.length + '' + b.n; } f(); "
         "eval(f() + f());",
         " eval(\"1111\")", NULL},
        {"function f(a, b) { return f.length + arguments.length + '' + arguments[1] + "
         "[].slice.call(arguments, 1).join(''); } eval(f('x', 'y', 'z'));",
         " eval(\"5yyz\")", NULL},
        {"function f(a) { 'use strict'; arguments[0] = 'z'; return a; } eval(f('q'));", " eval(\"q\")", NULL},
        {"try { const [a] = null; } catch (e) { eval(e.constructor.name); }", " eval(\"TypeError\")", NULL},
        {"const swap = ([a, b]) => [b, a], m = new Map([swap(['v', 'k'])]); for (const [k, v] of m) eval(k + "
         "v);",
         " eval(\"kv\")", NULL},
    };
    CHECK_ROWS(rows);
}

TEST(templates)
{
    static const row rows[] = {
        {"eval(String.raw`x\\ty${'z'}`);", " eval(\"x\\\\tyz\")", NULL},
        {"const t = (s) => s[0].toUpperCase() + s.length; eval(t`abc`);", " eval(\"ABC1\")", NULL},
        {"const o = { t(s, x) { return this.p + s[0] + x; }, p: 'P' }; eval(o.t`a${'b'}`);", " eval(\"Pab\")",
         NULL},
        {"eval(`${1 + 1}${[1, 2]}${{}}${null}${undefined}${() => 1}`.slice(0, 40));",
         " eval(\"21,2[object Object]nullundefined() => 1\")", NULL},
    };
    CHECK_ROWS(rows);
}

TEST(control)
{
    static const row rows[] = {
        {"var r = ''; out: for (var i = 0; i < 3; i++) { for (var j = 0; j < 3; j++) { if (j == 1) continue "
         "out; if (i == 2) break out; r += i + '' + j + ' '; } } eval(r);",
         " eval(\"00 10 \")", NULL},
        {"a: for (;;) { b: for (;;) { break a; } } eval('done');", " eval(\"done\")", NULL},
        {"var r = ''; for (const x of [1, 2, 3, 'x']) { switch (x) { case 1: r += 'a'; case 2: r += 'b'; "
         "break; case 3: continue; default: r += 'z'; } r += '.'; } eval(r);",
         " eval(\"ab.b.z.\")", NULL},
        {"var o = '2|0|1'.split('|'), i = 0, r = ''; while (!![]) { switch (o[i++]) { case '0': r += 'a'; "
         "continue; case '1': r += 'b'; continue; case '2': r += 'c'; continue; } break; } eval(r);",
         " eval(\"cab\")", NULL},
        {"var r = ''; do { r += 'a'; } while (r.length < 3); eval(r);", " eval(\"aaa\")", NULL},
        {"var r = '', i = 0; for (;;) { if (i++ > 3) break; r += i; } eval(r);", " eval(\"1234\")", NULL},
        {"for (var i = 0, j = 10, r = ''; i < j; i += 3, j--) r += i + ',' + j + ';'; eval(r);",
         " eval(\"0,10;3,9;6,8;\")", NULL},
        {"var s = 0, r = ''; while (s != 5) { switch (s) { case 0: r += 'A'; s = 3; break; case 3: r += 'B'; "
         "s = 1; break; case 1: r += 'C'; s = 5; break; } } eval(r);",
         " eval(\"ABC\")", NULL},
        {"var x = (1, 2, 'last'); eval(x + (0, 'z'));", " eval(\"lastz\")", NULL},
        {"var n = 5, r = ''; while (n --> 0) r += n; eval(r);", " eval(\"43210\")", NULL},
        {"var r = ''; for (var k in 'ab') r += k; for (var k in ['x', 'y']) r += k; eval(r);",
         " eval(\"0101\")", NULL},
    };
    CHECK_ROWS(rows);
}

TEST(exceptions)
{
    static const row rows[] = {
        {"var r = ''; try { r += 'a'; null.x; r += 'b'; } catch (e) { r += 'c'; } finally { r += 'd'; } "
         "eval(r);",
         " eval(\"acd\")", NULL},
        {"var r = 'x'; try { throw 'q'; } catch (e) { r = e; } eval(r);", " eval(\"q\")", NULL},
        {"var r = ''; function f() { try { return r += 't'; } finally { r += 'f'; } } eval(f() + r);",
         " eval(\"ttf\")", NULL},
        {"try { throw new TypeError('msg'); } catch (e) { eval(e.name + e.message + e + (e instanceof "
         "TypeError) + (e instanceof RangeError)); }",
         " eval(\"TypeErrormsgTypeError: msgtruefalse\")", NULL},
        {"function f(n) { if (n == 0) throw { code: 7 }; return f(n - 1); } try { f(3); } catch (e) { "
         "eval('c' + e.code); }",
         " eval(\"c7\")", NULL},
        {"try { try { throw 1; } catch (e) { throw e + 1; } finally { var z = 'f'; } } catch (e) { eval(z + "
         "e); }",
         " eval(\"f2\")", NULL},
        {"try { undefined.foo; } catch (e) { eval(e.constructor.name); }", " eval(\"TypeError\")", NULL},
        {"try { null[Symbol.iterator]; } catch { eval('no binding'); }", " eval(\"no binding\")", NULL},
        {"let r = ''; for (const x of [1, 2, 3]) { try { if (x == 2) continue; r += x; } finally { r += 'f'; "
         "} } eval(r);",
         " eval(\"1ff3f\")", NULL},
        {"function f() { throw 'deep'; } function g() { try { f(); } finally { s += 'g'; } } var s = ''; try "
         "{ g(); } catch (e) { s += e; } eval(s);",
         " eval(\"gdeep\")", NULL},
    };
    CHECK_ROWS(rows);
}

TEST(numbers)
{
    static const row rows[] = {
        {"eval([0.1 + 0.2, 1 / 3, 1e21, 1e-7, -0, 5 % 3, -5 % 3, 2 ** 10, 7 / 0, 0 / 0].join());",
         " eval(\"0.30000000000000004,0.3333333333333333,1e+21,1e-7,0,2,-2,1024,Infinity,NaN\")", NULL},
        {"eval([parseInt('12px'), parseInt('0x1F'), parseInt('z', 36), parseInt('101', 2), parseInt(''), "
         "parseFloat('3.14abc'), parseFloat('.5'), Number(''), Number('12a'), Number('0b11'), Number(null), "
         "Number([7]), +true].join());",
         " eval(\"12,31,35,5,NaN,3.14,0.5,0,NaN,3,0,7,1\")", NULL},
        {"eval([1 << 31, 1 << 32, -1 >>> 0, -1 >>> 28, -9 >> 1, 5 & 3, 5 | 3, 5 ^ 3, ~5, 4294967295 | 0, "
         "1e10 | 0, 2.9 | 0, -2.9 | 0, '7' ^ 1].join());",
         " eval(\"-2147483648,1,4294967295,15,-5,1,7,6,-6,-1,1410065408,2,-2,6\")", NULL},
        {"eval([1 < 2 < 3, 3 > 2 > 1, '10' < '9', '10' < 9, null >= 0, undefined == null, NaN == NaN, '' == "
         "0, '1' == 1, [1] == 1, null == 0, 'b' > 'a'].join());",
         " eval(\"true,false,true,false,true,true,false,true,true,true,false,true\")", NULL},
        {"let h = 5381; for (const c of 'hash me') h = (h * 33) ^ c.charCodeAt(0); eval((h >>> "
         "0).toString(36));",
         " eval(\"dhprvj\")", NULL},
        {"let x = 123456789; function rnd() { x ^= x << 13; x ^= x >>> 17; x ^= x << 5; return x >>> 0; } "
         "eval([rnd(), rnd(), rnd()].join());",
         " eval(\"2714967881,2238813396,1250077441\")", NULL},
        {"let s = 1; const next = () => (s = (s * 16807) % 2147483647); next(); next(); eval('r' + next());",
         " eval(\"r1622650073\")", NULL},
        {"let a = 1, b = 0; for (let i = 0; i < 'adler'.length; i++) { a = (a + 'adler'.charCodeAt(i)) % "
         "65521; b = (b + a) % 65521; } eval(((b << 16) | a).toString(16));",
         " eval(\"5fa0209\")", NULL},
        {"let t = []; for (let n = 0; n < 256; n++) { let c = n; for (let k = 0; k < 8; k++) c = c & 1 ? "
         "0xEDB88320 ^ (c >>> 1) : c >>> 1; t[n] = c >>> 0; } let c = -1; for (const ch of 'crc') c = t[(c ^ "
         "ch.charCodeAt(0)) & 255] ^ (c >>> 8); eval(((c ^ -1) >>> 0).toString(16));",
         " eval(\"7c6287fd\")", NULL},
        {"eval([0b101, 0o17, 0xff, 1_000, .5, 5., 1e3, 017].join());",
         " eval(\"5,15,255,1000,0.5,5,1000,15\")", NULL},
        {"var x = '5'; eval(x * '2' + 1 + x + -x + (x++) + x);", " eval(\"115-556\")", NULL},
        {"eval([] + {} + (+[]) + (+{}) + (!![] + []) + ([][[]] + []) + typeof NaN);",
         " eval(\"[object Object]0NaNtrueundefinednumber\")", NULL},
        {"eval((![] + [])[+[]] + (![] + [])[+!+[]] + ([![]] + [][[]])[+!+[] + [+[]]] + (!![] + [])[!+[] + "
         "!+[] + !+[]]);",
         " eval(\"faie\")", NULL},
    };
    CHECK_ROWS(rows);
}

TEST(texts)
{
    static const row rows[] = {
        {"eval('abc'.split('').reverse().map(c => String.fromCharCode(c.charCodeAt(0) + 1)).join(''));",
         " eval(\"dcb\")", NULL},
        {"eval('aXbX'.replace('X', () => '1') + 'aXbX'.replace(/X/g, '[$&]') + 'a-b'.replace(/(\\w)-(\\w)/, "
         "(m, x, y, off, all) => y + x + off + all));",
         " eval(\"a1bXa[X]b[X]ba0a-b\")", NULL},
        {"eval([...'a1b2'.matchAll(/([a-z])(\\d)/g)].map(m => m[2] + m[1] + m.index).join() + "
         "'abc'.match(/b/).index + 'aXbX'.match(/X/g).length + 'abc'.match(/z/));",
         " eval(\"1a0,2b212null\")", NULL},
        {"const re = /(\\d)/g; let m, r = ''; while ((m = re.exec('1a2b3')) !== null) r += m[1] + "
         "re.lastIndex; eval(r);",
         " eval(\"112335\")", NULL},
        {"eval([/a(?=b)/.test('ab'), /^[\\w.]+$/i.test('A.b'), 'a.b*c'.split(/[.*]/).join(''), "
         "'a1b'.split(/(\\d)/).join('_'), /x/y.sticky, String(/a\\/b/gi), new RegExp('a' + '+', 'g').source, "
         "/(a)|(b)/.exec('b')[1]].join());",
         " eval(\"true,true,abc,a_1_b,true,/a\\\\/b/gi,a+,\")", NULL},
        {"const s = 'secret', k = 'key'; let o = ''; for (let i = 0; i < s.length; i++) o += "
         "String.fromCharCode(s.charCodeAt(i) ^ k.charCodeAt(i % k.length)); let p = ''; for (let i = 0; i < "
         "o.length; i++) p += String.fromCharCode(o.charCodeAt(i) ^ k.charCodeAt(i % k.length)); eval(p);",
         " eval(\"secret\")", NULL},
        {"eval('a\\u0062\\x63\\103' + '\\u{1F600}'.length + 'line\\\ncont');", " eval(\"abcC2linecont\")",
         NULL},
        {"var c = 'caesar'.replace(/[a-z]/g, c => String.fromCharCode((c.charCodeAt(0) - 97 + 13) % 26 + "
         "97)); eval(c);",
         " eval(\"pnrfne\")", NULL},
    };
    CHECK_ROWS(rows);
}

TEST(bytes)
{
    static const row rows[] = {
        {"const u = new Uint8Array([1, 2, 300, -1]); u[1] = 257; u.fill(9, 3); eval(u.join() + u.length);",
         " eval(\"1,1,44,94\")", NULL},
        {"const b = Buffer.from('68656c6c6f', 'hex'); b[0] ^= 0x20; eval(b.toString() + b.length + "
         "b.toString('base64'));",
         " eval(\"Hello5SGVsbG8=\")", NULL},
        {"const b = Buffer.from('abc'); const m = b.map(x => x ^ 2); let r = ''; for (const x of b) r += x; "
         "for (const [i, v] of m.entries()) r += i + v; eval(r + m.reverse().toString());",
         " eval(\"979899999799a`c\")", NULL},
        {"const b = Buffer.from('aGVsbG8=', 'base64'), k = Buffer.from('k'); for (let i = 0; i < b.length; "
         "i++) b[i] = b[i] ^ k[i % k.length]; const c = Buffer.from(b.map(x => x ^ k[0])); "
         "eval(c.toString('utf8'));",
         " eval(\"hello\")", NULL},
        {"eval(Buffer.from([104, 105]).toString('latin1') + Buffer.from('ff', 'hex')[0] + Buffer.from('zz', "
         "'latin1').toString('hex') + Buffer.alloc(2, 'a').toString() + Buffer.from('a').readUInt8(0) + "
         "Buffer.from(new Uint8Array([65])).toString());",
         " eval(\"hi2557a7aaa97A\")", NULL},
    };
    CHECK_ROWS(rows);
}

TEST(async)
{
    static const row rows[] = {
        {"setTimeout(() => eval('a' + 'b'.repeat(2)), 1);", " eval(\"abb\")", NULL},
        {"queueMicrotask(() => eval(['q', 'm'].join('')));", " eval(\"qm\")", NULL},
    };
    CHECK_ROWS(rows);
}

TEST(misc)
{
    static const row rows[] = {
        {"const o = { get k() { Object.defineProperty(this, 'k', { value: 'lazy' }); return 'first'; } }; "
         "o.k; eval(String(o.k));",
         " eval(\"lazy\")", NULL},
        {"const A = Function('return \"ctor\"'); eval(A());", " eval(\"ctor\")", NULL},
        {"function f() { return f.cache || (f.cache = 'c' + f.name); } f(); eval(f());", " eval(\"cf\")",
         NULL},
        {"function tab() { const a = ['x', 'y', 'z']; tab = function () { return a; }; return tab(); } "
         "function get(i) { return tab()[i - 5]; } eval(get(5) + get(7));",
         " eval(\"xz\")", NULL},
        {"function rc4(k, d) { var s = [], j = 0, x, r = ''; for (var i = 0; i < 256; i++) s[i] = i; for (i "
         "= 0; i < 256; i++) { j = (j + s[i] + k.charCodeAt(i % k.length)) % 256; x = s[i]; s[i] = s[j]; "
         "s[j] = x; } i = 0; j = 0; for (var y = 0; y < d.length; y++) { i = (i + 1) % 256; j = (j + s[i]) % "
         "256; x = s[i]; s[i] = s[j]; s[j] = x; r += String.fromCharCode(d.charCodeAt(y) ^ s[(s[i] + s[j]) % "
         "256]); } return r; } eval(rc4('k', rc4('k', 'hello')));",
         " eval(\"hello\")", NULL},
        {"var vm = { st: [], ops: { p: function (x) { this.st.push(x); }, a: function () { var b = "
         "this.st.pop(), a = this.st.pop(); this.st.push(a + b); } } }; [['p', 'x'], ['p', 'y'], "
         "['a']].forEach(function (i) { vm.ops[i[0]].apply(vm, i.slice(1)); }); eval(vm.st[0]);",
         " eval(\"xy\")", NULL},
        {"const stack = [], code = [1, 'h', 1, 'i', 2, 3]; let pc = 0, out; const ops = { 1: () => "
         "stack.push(code[pc++]), 2: () => { const b = stack.pop(); stack.push(stack.pop() + b); }, 3: () => "
         "{ out = stack.pop(); } }; while (pc < code.length) ops[code[pc++]](); eval(out);",
         " eval(\"hi\")", NULL},
        {"class Node_ { constructor(v, n) { this.v = v; this.n = n; } } let l = null; for (const c of "
         "'olleh') l = new Node_(c, l); let r = ''; for (let n = l; n; n = n.n) r += n.v; eval(r);",
         " eval(\"hello\")", NULL},
        {"const tree = { v: 'b', l: { v: 'a' }, r: { v: 'c' } }; const walk = t => t ? walk(t.l) + t.v + "
         "walk(t.r) : ''; eval(walk(tree));",
         " eval(\"abc\")", NULL},
        {"const h = { a: '00', b: '01', c: '1' }; const inv = Object.fromEntries(Object.entries(h).map(([k, "
         "v]) => [v, k])); let cur = '', r = ''; for (const bit of '00011') { cur += bit; if (inv[cur]) { r "
         "+= inv[cur]; cur = ''; } } eval(r);",
         " eval(\"abc\")", NULL},
        {"const d = {}; let w = '', res = []; for (const c of 'ababab') { const wc = w + c; if (d[wc] !== "
         "undefined || wc.length == 1) w = wc; else { res.push(w); d[wc] = 1; w = c; } } res.push(w); "
         "eval(res.join('|'));",
         " eval(\"a|b|ab|ab\")", NULL},
        {"var _0x = ['a', 'b']; var _f = function (i) { i = i - 0x10; return _0x[i]; }; var O = { add: "
         "function (a, b) { return a + b; }, call: function (f, x) { return f(x); } }; eval(O.add(O.call(_f, "
         "0x10), O['call'](_f, 0x11)));",
         " eval(\"ab\")", NULL},
        {"var e = function () { var t = true; return function (c, f) { var r = t ? function () { if (f) { "
         "var x = f.apply(c, arguments); f = null; return x; } } : function () {}; t = false; return r; }; "
         "}(); var u = e(this, function () { return 'once'; }); eval(u());",
         " eval(\"once\")", NULL},
        {"const handler = { get: (t, k) => typeof k == 'string' ? k.split('').reverse().join('') : undefined "
         "}; const magic = new Proxy({}, handler); eval(magic.olleh);",
         " eval(\"hello\")", NULL},
        {"Object.prototype.inherit = 'everywhere'; eval(({}).inherit);", " eval(\"everywhere\")", NULL},
        {"const isOdd = n => n == 0 ? false : isEven(n - 1), isEven = n => n == 0 ? true : isOdd(n - 1); "
         "eval('e' + isEven(50));",
         " eval(\"etrue\")", NULL},
        {"const a = [5, 3, 8, 1]; function qs(a) { if (a.length < 2) return a; const [p, ...r] = a; return "
         "[...qs(r.filter(x => x < p)), p, ...qs(r.filter(x => x >= p))]; } eval(qs(a).join(''));",
         " eval(\"1358\")", NULL},
        {"const pipe = [s => s.split(''), a => a.reverse(), a => a.join('')].reduce((f, g) => x => g(f(x))); "
         "eval(pipe('abc'));",
         " eval(\"cba\")", NULL},
        {"const ws = new WeakSet(), k = {}; ws.add(k); eval(ws.has(k) + '' + ws.has({}));",
         " eval(\"truefalse\")", NULL},
        {"var i = 0; const o = { get v() { return ++i; } }; o.v; o.v; eval('v' + o.v);", " eval(\"v3\")",
         NULL},
        {"if (Date.now() > 5) { var q = 'live'; } else { q = 'live'; } eval(q);", " eval(\"live\")", NULL},
    };
    CHECK_ROWS(rows);
}

TESTS_MAIN()

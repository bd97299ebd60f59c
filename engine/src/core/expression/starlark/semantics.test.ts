import { describe, expect, test } from "vitest"
import { errorOf, shown } from "./testing/expressions.ts"

function holds(sources: readonly string[]): void {
  test.each(sources)("%s", (source) => {
    expect(shown(source)).toBe("True")
  })
}

function fails(sources: readonly (readonly [string, string])[]): void {
  test.each(sources)("%s fails: %s", (source, message) => {
    expect(errorOf(source).message).toContain(message)
  })
}

describe("numbers", () => {
  holds([
    "7 // 2 == 3 and -7 // 2 == -4 and 7 // -2 == -4 and -7 // -2 == 3",
    "7 % 3 == 1 and -7 % 3 == 2 and 7 % -3 == -2 and -7 % -3 == -1",
    "7 / 2 == 3.5 and type(4 / 2) == 'float' and type(4 // 2) == 'int' and type(4.0 // 2) == 'float'",
    "123456789012345678901234567890 * 10 == 1234567890123456789012345678900",
    "(1 << 53) + 1 != float((1 << 53) + 1) and (1 << 53) + 1 > (1 << 53) + 0.0",
    "1 == 1.0 and {1: 'a'}[1.0] == 'a' and hash('hello') == 99162322",
    "(1 << 100) >> 98 == 4 and -1 >> 1000 == -1 and ~5 == -6 and 6 & 3 == 2 and 6 | 3 == 7 and 6 ^ 3 == 5",
    "float('nan') == float('nan') and float('nan') > float('inf') and not (float('nan') < 1)",
    "bool(float('nan')) and not 0.0 and not -0.0",
    "-0.0 == 0.0 and str(-0.0) == '-0.0'",
    "-7.5 % 2 == 0.5 and 7.5 % -2 == -0.5 and -7.5 // 2 == -4.0",
    "int('0x1f', 16) == 31 and int('1f', 16) == 31 and int('0b11', 0) == 3 and int('0b0', 16) == 176",
    "int(-3.9) == -3 and int('-017') == -17 and int(True) == 1 and float('1e3') == 1000",
    "str(1e16) == '10000000000000000.0' and str(1e17) == '1e+17' and str(0.0001) == '0.0001'",
    "str(0.00001) == '1e-05' and str(1.5) == '1.5' and str(float('-inf')) == '-inf' and str(100.0) == '100.0'",
    "'%d %o %x %X %s %r %%' % (-10, 8, 255, 255, 'a', 'a') == '-10 10 ff FF a \"a\" %'",
    "'%e %f %g %E %G' % (1.5, 1.5, 1.5, 0, 1e20) == '1.500000e+00 1.500000 1.5 0.000000E+00 1E+20'",
    "'%f' % 0.0078125 == '0.007812' and '%d' % 3.9 == '3' and '%x' % -255 == '-ff'",
    "abs(-3) == 3 and abs(-2.5) == 2.5",
  ])
  fails([
    ["1 // 0", "division by zero"],
    ["1 % 0", "by zero"],
    ["1 / 0", "division by zero"],
    ["1.0 % 0", "by zero"],
    ["1 << -1", "negative shift"],
    ["(1 << 2000) + 0.5", "too large to convert to float"],
    ["int('12a')", "invalid literal"],
    ["int('0123', 0)", "starts with 0"],
    ["int('1', 37)", "base"],
    ["int(1, 10)", "non-string with explicit base"],
    ["int(float('inf'))", "infinity"],
    ["float('1.2.3')", "invalid float literal"],
    ["float('1e1000')", "too large"],
    ["True + 1", "unsupported binary operation: bool + int"],
    ["1 < 'a'", "unsupported comparison"],
    ["-True", "unsupported unary operation"],
    ["'%d' % True", "requires a number"],
  ])
})

describe("strings", () => {
  holds([
    "'banana'.count('an') == 2 and 'aaa'.count('aa') == 1 and 'abc'.count('') == 4",
    "'banana'.find('na', 3) == 4 and 'banana'.rfind('na', 0, -1) == 2 and 'a'.find('', 2) == -1",
    "'a,b,,c'.split(',') == ['a', 'b', '', 'c'] and 'a,b,c'.split(',', 1) == ['a', 'b,c']",
    "'a,b,c'.rsplit(',', 1) == ['a,b', 'c'] and '  a  b '.split() == ['a', 'b'] and ''.split() == []",
    "' a b  c '.split(None, 1) == ['a', 'b  c '] and ' a b  c '.rsplit(None, 1) == [' a b', 'c']",
    "'a\\nb\\r\\nc\\rd'.splitlines() == ['a', 'b', 'c', 'd'] and 'a\\n\\n'.splitlines(True) == ['a\\n', '\\n']",
    "'xaxbx'.replace('x', '') == 'ab' and 'abc'.replace('', '-') == '-a-b-c-' and 'aaa'.replace('a', 'b', 2) == 'bba'",
    "'one/two/x'.partition('/') == ('one', '/', 'two/x') and 'one/two/x'.rpartition('/') == ('one/two', '/', 'x')",
    "'  x '.strip() == 'x' and 'abcxba'.strip('ab') == 'cx' and 'xx'.lstrip('x') == '' and 'ab'.rstrip('b') == 'a'",
    "'hello world'.title() == 'Hello World' and 'hELLO'.capitalize() == 'Hello' and \"isn't\".title() == \"Isn'T\"",
    "'Ab1'.isalnum() and 'éa'.isalpha() and '٣'.isdigit() and not ''.isdigit() and ' \\t'.isspace()",
    "'Catch-22'.istitle() and not 'catch'.istitle() and 'a1'.islower() and 'A1'.isupper() and not '1'.islower()",
    "'file.py'.endswith(('.js', '.py')) and 'file.py'.startswith('le', 2) and not 'x'.startswith(())",
    "'banana'.removeprefix('ba') == 'nana' and 'banana'.removesuffix('na') == 'bana' and 'b'.removesuffix('') == 'b'",
    "', '.join(['a', 'b']) == 'a, b' and ''.join('abc'.elems()) == 'abc' and len('abc'.elems()) == 3",
    "'{} {}'.format(1, 'x') == '1 x' and '{1}{0}{1}'.format(1, 2) == '212' and '{{{x}}}'.format(x=1) == '{1}'",
    "'%s and %s' % ('a', 1) == 'a and 1' and '%s' % ['a'] == '[\"a\"]' and '%s-%s' % [1, 2] == '1-2'",
    "'abcdef'[1:-1:2] == 'bd' and 'abc'[::-1] == 'cba' and 'abc'[-1] == 'c' and 'abc'[5:] == ''",
    "'b' in 'abc' and '' in '' and 'x' not in 'abc' and 'a' < 'b' and 'Z' < 'a'",
    "chr(0x1F600) == '😀' and ord('😀') == 0x1F600 and repr('a\"\\n\\0') == '\"a\\\\\"\\\\n\\\\x00\"'",
    "repr('😀'[:1]) == '\"\\\\ud83d\"' and str(b'a\\xff') == 'a\\ufffd' and repr(b'\\xff\\xc3\\xa9') == 'b\"\\\\xffé\"'",
    "type('a'.elems()) == 'string.elems' and list(b'ab'.elems()) == [97, 98] and b'abc'[1] == 98 and b'abc'[1:] == b'bc'",
    "97 in b'abc' and b'bc' in b'abc' and b'a' + b'b' == b'ab' and b'a' * 2 == b'aa' and b'a' < b'b'",
    "bytes('é') == b'\\xc3\\xa9' and hash(b'') == 2166136261 and {b'a': 1, (b'a', 1): 2}[(b'a', 1)] == 2",
  ])
  fails([
    ["'a' + 1", "unsupported binary operation: string + int"],
    ["'abc'[3]", "out of range"],
    ["'abc'[::0]", "step cannot be zero"],
    ["'abc'['a']", "got string, want int"],
    ["[c for c in 'abc']", "not iterable"],
    ["'a'.index('b')", "substring not found"],
    ["'a'.split('')", "empty separator"],
    ["','.join(['a', 1])", "must be a string"],
    ["'{} {0}'.format(1)", "cannot switch"],
    ["'{'.format()", "unmatched '{'"],
    ["'{a.b}'.format(a=1)", "not supported"],
    ["'{x}'.format(y=1)", "missing argument 'x'"],
    ["'%s %s' % (1,)", "not enough arguments"],
    ["'%s' % (1, 2)", "too many arguments"],
    ["'%5d' % 1", "unsupported conversion %5"],
    ["'100%' % ()", "incomplete format"],
    ["''.upper(1)", "at most 0"],
    ["ord('ab')", "one Unicode code point"],
    ["chr(-1)", "out of range"],
    ["bytes([256])", "0 … 255"],
  ])
})

describe("lists, tuples, dicts, sets and ranges", () => {
  holds([
    "[1] + [2] == [1, 2] and (1,) * 2 == (1, 1) and [1, 2] < [1, 3] and (1,) < (1, 0)",
    "[1, 2, 3].index(2) == 1 and 2 in [1, 2.0] and [3, 1, 2][1:] == [1, 2] and not []",
    "sorted([3, 1, 2]) == [1, 2, 3] and sorted(['b', 'A'], key=lambda s: s.lower(), reverse=True) == ['b', 'A']",
    "sorted([(1, 'b'), (0, 'c'), (1, 'a')], key=lambda p: p[0]) == [(0, 'c'), (1, 'b'), (1, 'a')]",
    "{'b': 1, 'a': 2}.keys() == ['b', 'a'] and {'a': 1}.get('x') == None and {'a': 1}.get('x', 5) == 5",
    "{1: 2} | {1: 3, 4: 5} == {1: 3, 4: 5} and list({1: 2} | {0: 0}) == [1, 0]",
    "dict([(1, 2), [3, 4]], a=5) == {1: 2, 3: 4, 'a': 5} and dict({'a': 1}, a=2) == {'a': 2}",
    "{(1, 'a'): 1, (1.0, 'a', None): 2}[(1.0, 'a')] == 1 and {None: 1, True: 2, 1: 3}[True] == 2",
    "{'\\0i1': 1, 1 << 64: 2, ('\\0i1',): 3}['\\0i1'] == 1 and len({i << 64: 1 for i in range(9)}) == 9",
    "set([1, 2, 1]) == set([2, 1]) and str(set([2, 1])) == 'set([2, 1])' and str(set()) == 'set()'",
    "set([1, 2]) | set([3]) == set([1, 2, 3]) and set([1, 2]) & set([2]) == set([2]) and set([1]) - set([1]) == set()",
    "list(set([1, 2]) ^ set([3, 2])) == [1, 3] and set([1]).issubset([1, 2]) and set([1, 2]).issuperset([1])",
    "set([1]).isdisjoint([2]) and set([1, 2]).difference([1], [2]) == set() and set([1]).union([2], (3,)) == set([1, 2, 3])",
    "list(range(5)) == [0, 1, 2, 3, 4] and list(range(5, 0, -2)) == [5, 3, 1] and range(0) == range(3, 1)",
    "3 in range(0, 10, 3) and 4 not in range(0, 10, 3) and 3.0 in range(4) and len(range(10)[::3]) == 4",
    "str(range(1, 10, 2)) == 'range(1, 10, 2)' and range(10)[-1] == 9 and range(0, 3, 2) == range(0, 4, 2)",
    "zip([1, 2], 'ab'.elems()) == [(1, 'a'), (2, 'b')] and enumerate(['a'], 5) == [(5, 'a')] and reversed((1, 2)) == [2, 1]",
    "max([1, 3, 2]) == 3 and min('b', 'a') == 'a' and max([1, -5], key=abs) == -5 and min([1, 1.0]) == 1",
    "any([0, 1]) and not any([]) and all([]) and not all([1, 0])",
    "type(None) == 'NoneType' and type(len) == 'builtin_function_or_method' and type(lambda: 1) == 'function'",
    "dir([])[:2] == ['append', 'clear'] and hasattr('', 'find') and getattr('', 'nope', 1) == 1",
    "bool([0]) and not bool(()) and not bool(range(0)) and str((1,)) == '(1,)' and repr({'a': [None]}) == '{\"a\": [None]}'",
  ])
  fails([
    ["{'a': 1}['b']", 'key "b" not found'],
    ["{[]: 1}", "unhashable type: list"],
    ["{(1, []): 1}", "unhashable"],
    ["{1: 1, 1.0: 2}", "duplicate key"],
    ["set([[]])", "unhashable"],
    ["{} < {}", "unsupported comparison"],
    ["sorted([1, 'a'])", "unsupported comparison"],
    ["max([])", "empty"],
    ["range(1, 2, 0)", "step cannot be 0"],
    ["range(1 << 60)", "out of range"],
    ["'a' in range(3)", "requires a number"],
    ["[1, 2].remove(3)", "not found"],
    ["[].pop()", "out of range"],
    ["{}.popitem()", "empty"],
    ["{}.pop('a')", "missing key"],
    ["dict([(1, 2, 3)])", "non-pair element"],
    ["[a for a, b in [(1, 2, 3)]]", "too many values to unpack"],
    ["[a for a, b in [(1,)]]", "too few values to unpack"],
    ["len(1)", "has no len"],
    ["1[0]", "unsupported index operation"],
    ["[1]['0']", "got string, want int"],
    ["[x for x in [1] for x in [y] for y in [1]]", "referenced before assignment"],
    ["fail('no', 1, None)", "fail: no 1 None"],
  ])
})

describe("functions", () => {
  holds([
    "(lambda x: x + 1)(1) == 2",
    "[f() for f in [lambda: i for i in [1, 2]]] == [2, 2]",
    "(lambda f: [f(x) for x in [1, 2]])(lambda x: x * 10) == [10, 20]",
    "(lambda *a, **k: (a, k))(*[1, 2], x=3, **{'y': 4}) == ((1, 2), {'x': 3, 'y': 4})",
    "(lambda x, l=[]: l.append(x) or l)(1) == [1]",
    "[x for x in [1] if [x for x in [2]] == [2]] == [1]",
    "(lambda x: [x for x in [x, 5]] + [x])(1) == [1, 5, 1]",
    "str('a'.count) == '<built-in method count of string value>' and str(lambda: 1) == '<function lambda>'",
  ])
  fails([
    ["(lambda f: f(f))(lambda f: f(f))", "called recursively"],
    ["(lambda x: x)()", "missing 1 argument: x"],
    ["(lambda x: x)(1, 2)", "at most 1 positional"],
    ["(lambda x: x)(1, x=2)", "multiple values for parameter x"],
    ["(lambda x: x)(y=1)", "unexpected keyword argument y"],
    ["dict(a=1, **{'a': 2})", "duplicate keyword"],
    ["len(**{1: 2})", "keywords must be strings"],
    ["len(*5)", "want iterable"],
    ["None()", "not callable"],
    ["len([], x=1)", "unexpected keyword argument"],
  ])
})

describe("changing values", () => {
  test("lists, dicts and sets of the expression can change", () => {
    expect(shown("(lambda l: [l.append(3), l.extend([4]), l.insert(0, 0), l.pop(), l.remove(1), l][-1])([1, 2])")).toBe(
      "[0, 2, 3]",
    )
    expect(shown("(lambda d: [d.setdefault('b', 2), d.update(c=3), d.pop('a'), d][-1])({'a': 1})")).toBe(
      '{"b": 2, "c": 3}',
    )
    expect(shown("(lambda s: [s.add(3), s.discard(1), s.update([4]), s][-1])(set([1, 2]))")).toBe("set([2, 3, 4])")
  })

  test("a list that contains itself is printed, compared and refused without end", () => {
    expect(shown("(lambda l: [l.append(l), str(l)][1])([1])")).toBe('"[1, [...]]"')
    expect(errorOf("(lambda l, m: [l.append(m), m.append(l), l == m])([], [])").code).toBe("expression_budget")
  })

  test.each([
    ["(lambda l: [l.append(x) for x in l])([1])", "list during iteration"],
    ["(lambda d: [d.clear() for x in d])({1: 2})", "dict during iteration"],
    ["(lambda s: [s.pop() for x in s])(set([1]))", "set during iteration"],
    ["(lambda l: sorted(l, key=lambda x: [l.clear() for y in l]))([1])", "list during iteration"],
  ])("%s: nothing changes while it is iterated", (source, message) => {
    expect(errorOf(source).message).toContain(message)
  })

  test("after the iteration it may change again", () => {
    expect(shown("(lambda l: [[x for x in l], l.append(2), l][2])([1])")).toBe("[1, 2]")
  })
})

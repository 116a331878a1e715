# SPDX-License-Identifier: Apache-2.0
"""The types and declarations of TypeScript for grammar.py."""


class Types:
    def annotation(self, p, returns=False):
        if not self.chance(p):
            return []
        if returns and self.chance(.15):
            return [":"] + self.r.choice([["a", "is"], ["asserts", "\0nl", "a", "is"]]) + self.type()
        return [":"] + self.type()

    def type_params(self):
        if not self.chance(.15):
            return []
        one = ["T"] + (["extends"] + self.type() if self.chance(.3) or self.jsx else []) + (["="] + self.type() if self.chance(.2) else [])
        return ["<"] + one + ([","] if self.jsx and self.chance(.5) else []) + [">"]

    def type_arguments(self):
        return ["<"] + self.type() + ([","] + self.type() if self.chance(.3) else []) + [">"] if self.chance(.8) else []

    def named_type(self):
        return self.r.choice([["T"], ["N", ".", "T"], ["Promise", "<", "T", ">"]])

    def type_primary(self):
        r = self.r
        return self.pick(
            (6, lambda: [r.choice("string number any T U void undefined null this unknown never".split())]), (3, lambda: [r.choice(['"t"', "'u'", "1", "true"])]),
            (2, lambda: r.choice([["N", ".", "T"], ["typeof", "a", ".", "b"], ["keyof", "T"], ["unique", "symbol"], ["-", "1"]])),
            (2, lambda: ["Map", "<"] + self.type() + [","] + self.type() + [">"]),
            (2, self.object_type), (1, lambda: ["["] + self.some(self.type) + ["]"]), (1, lambda: ["("] + self.type() + [")"]),
            (1, lambda: ["import", "(", '"m"', ")", ".", "T"]), (1, lambda: ["`a${"] + self.type() + ["}b`"]))

    def object_type(self):
        r = self.r

        def member():
            key = r.choice([["k"], ['"k"'], ["readonly", "k"], ["get"], ["k", "?"], ["[", "k", ":", "string", "]"]])
            return self.pick((5, lambda: key + [":"] + self.type()), (1, lambda: ["m", "(", "a", ":"] + self.type() + [")", ":"] + self.type()),
                             (1, lambda: ["new", "(", ")", ":"] + self.type()), (1, lambda: ["(", ")", ":"] + self.type()))
        if self.chance(.2):
            return ["{", "["] + ["K", "in"] + self.type() + ["]", "?" if self.chance(.3) else "-?", ":"] + self.type() + ["}"]
        return ["{"] + self.some(member, 3, (r.choice([";", ","]),)) + ["}"]

    def type(self):
        return self.pick(
            (8, self.type_primary), (2, lambda: self.type_primary() + ["|"] + self.type_primary()), (1, lambda: self.type_primary() + ["&"] + self.type_primary()),
            (2, lambda: self.type_primary() + ["\0nl", "[", "]"]), (1, lambda: self.type_primary() + ["\0nl", "[", '"k"', "]"]),
            (1, lambda: ["(", "a", ":"] + self.type() + [")", "=>"] + self.type()), (.5, lambda: ["new", "(", ")", "=>"] + self.type()),
            (.5, lambda: self.type_primary() + ["extends", "T", "?"] + self.type() + [":"] + self.type()))

    def modifiers(self):
        return self.r.choice([["public"], ["private"], ["protected"], ["readonly"], ["private", "readonly"], ["override"]])

    def type_statement(self):
        r = self.r
        return self.pick(
            (3, lambda: ["type", "\0nl", "T"] + self.type_params() + ["="] + self.type() + self.end()),
            (2, lambda: ["interface", "\0nl", "I"] + self.type_params() + self.object_type() if self.left else ["interface", "\0nl", "I", "{", "}"]),
            (1, lambda: ["declare", "\0nl"] + r.choice([["const", "a", ":"], ["let", "b", ":"], ["function", "f", "(", ")", ":"]]) + self.type() + [";"]),
            (1, lambda: ["enum", "E", "{"] + self.some(lambda: r.choice([["A"], ["B", "=", '"b"'], ['"C"', "=", "1"]]), 2) + ["}"]),
            (1, lambda: ["namespace", "\0nl", "N", "{"] + self.statements(2) + ["}"]),
            (1, lambda: ["abstract", "\0nl", "class", "A", "{", "abstract", "m", "(", ")", ":"] + self.type() + [";", "}"]),
            (1, lambda: ["function", "o", "(", "a", ":"] + self.type() + [")", ":"] + self.type() + [";"]))

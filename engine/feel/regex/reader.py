"""Reading the text of a regular expression into its parts, strictly by the grammar of XPath."""

from engine.feel.regex.characters import ANY, ANY_BUT_LINE_ENDS, ESCAPES, CharacterClass, property_class
from engine.feel.regex.tree import (
    Anchor,
    BackReference,
    Characters,
    Choice,
    Group,
    Part,
    PatternError,
    Repeat,
    Sequence,
)

_MAX_DEPTH = 40
_MAX_COUNT = 1000
_SINGLE_ESCAPES = {
    "n": "\n",
    "r": "\r",
    "t": "\t",
    **{character: character for character in "\\|.-^?*+{}()[]$"},
}


class Reader:
    """A recursive-descent reader; `groups` counts the capturing groups read so far."""

    def __init__(self, text: str, *, dot_all: bool) -> None:
        self.text = text
        self.at = 0
        self.groups = 0
        self._closed: set[int] = set()
        self._depth = 0
        self._dot = ANY if dot_all else ANY_BUT_LINE_ENDS

    def read(self) -> Part:
        """The whole expression; raises `PatternError`."""
        part = self._choice()
        if self.at < len(self.text):
            raise self._error(f"`{self._peek()}` stands alone")
        return part

    def _choice(self) -> Part:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise self._error(f"groups are nested more than {_MAX_DEPTH} deep")
        branches = [self._sequence()]
        while self._take("|"):
            branches.append(self._sequence())
        self._depth -= 1
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def _sequence(self) -> Part:
        items: list[Part] = []
        while self._peek() not in ("", "|", ")"):
            items.append(self._quantified(self._atom()))
        return items[0] if len(items) == 1 else Sequence(tuple(items))

    def _quantified(self, part: Part) -> Part:
        bounds = self._bounds()
        if bounds is None:
            return part
        greedy = not self._take("?")
        return Repeat(part, *bounds, greedy)

    def _bounds(self) -> tuple[int, int | None] | None:
        if self._take("?"):
            return 0, 1
        if self._take("*"):
            return 0, None
        if self._take("+"):
            return 1, None
        if not self._take("{"):
            return None
        least = self._count()
        if self._take("}"):
            return least, least
        self._expect(",")
        most = None if self._peek() == "}" else self._count()
        self._expect("}")
        if most is not None and most < least:
            raise self._error(f"{{{least},{most}}} counts down")
        return least, most

    def _count(self) -> int:
        digits = self._digits()
        if not digits:
            raise self._error("a number is missing between the braces")
        if len(digits) > 4 or int(digits) > _MAX_COUNT:
            raise self._error(f"a repetition may count to {_MAX_COUNT} at most")
        return int(digits)

    def _digits(self) -> str:
        start = self.at
        while "0" <= self._peek() <= "9":
            self.at += 1
        return self.text[start : self.at]

    def _atom(self) -> Part:
        character = self._next()
        match character:
            case "(":
                return self._group()
            case "[":
                return Characters(self._class())
            case ".":
                return Characters(self._dot)
            case "^" | "$":
                return Anchor(character == "^")
            case "\\":
                return self._escape()
            case "?" | "*" | "+" | "{" | "}" | "]":
                raise self._error(f"`{character}` must be escaped or follow something")
        return Characters(_one(character))

    def _group(self) -> Part:
        number = None
        if self._take("?"):
            self._expect(":")
        else:
            self.groups += 1
            number = self.groups
        inner = self._choice()
        self._expect(")")
        if number is not None:
            self._closed.add(number)
        return Group(inner, number)

    def _escape(self) -> Part:
        if "1" <= self._peek() <= "9":
            return self._back_reference()
        return Characters(self._class_escape())

    def _back_reference(self) -> Part:
        number = int(self._next())
        while "0" <= self._peek() <= "9" and number * 10 + int(self._peek()) <= self.groups:
            number = number * 10 + int(self._next())
        if number not in self._closed:
            raise self._error(f"\\{number} refers to no group closed before it")
        return BackReference(number)

    def _class_escape(self) -> CharacterClass:
        letter = self._next()
        if letter in _SINGLE_ESCAPES:
            return _one(_SINGLE_ESCAPES[letter])
        if letter in ESCAPES:
            return ESCAPES[letter]
        if letter not in ("p", "P") or not letter:
            raise self._error(f"\\{letter} is no escape of XPath")
        self._expect("{")
        end = self.text.find("}", self.at)
        name = self.text[self.at : end]
        found = property_class(name, letter == "P") if end >= 0 else None
        if found is None:
            raise self._error(f"there is no category or block `{name}`")
        self.at = end + 1
        return found

    def _class(self) -> CharacterClass:
        """What stands between brackets, the opening one taken."""
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise self._error(f"classes are nested more than {_MAX_DEPTH} deep")
        negated = self._take("^")
        intervals: list[tuple[int, int]] = []
        categories: list[tuple[str, bool]] = []
        without = None
        first = True
        while first or self._peek() != "]":
            if not first and self.text.startswith("-[", self.at):
                self.at += 2
                without = self._class()
                if self._peek() != "]":
                    raise self._error("nothing may follow what is taken from a class")
                break
            self._member(intervals, categories, first)
            first = False
        self._expect("]")
        self._depth -= 1
        return CharacterClass(tuple(intervals), tuple(categories), negated, without)

    def _member(
        self, intervals: list[tuple[int, int]], categories: list[tuple[str, bool]], first: bool
    ) -> None:
        low = self._class_character(first)
        if isinstance(low, CharacterClass):
            intervals += low.intervals
            categories += low.categories
            return
        if self._peek() != "-" or self.text[self.at + 1 : self.at + 2] in ("]", "["):
            intervals.append((ord(low), ord(low)))
            return
        self.at += 1
        high = self._class_character(first=False)
        if isinstance(high, CharacterClass) or high < low:
            raise self._error("a range of characters goes from one to a later one")
        intervals.append((ord(low), ord(high)))

    def _class_character(self, first: bool) -> str | CharacterClass:
        character = self._next()
        if character == "\\":
            found = self._class_escape()
            single = len(found.intervals) == 1 and found.intervals[0][0] == found.intervals[0][1]
            return chr(found.intervals[0][0]) if single and not found.categories else found
        if character in ("", "[", "]"):
            raise self._error("a class of characters is empty, not closed, or holds a bracket not escaped")
        if character == "-" and not first and self._peek() not in ("]", "["):
            raise self._error("`-` must be escaped, or stand first or last in its class")
        return character

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def _next(self) -> str:
        character = self._peek()
        self.at += 1
        return character

    def _take(self, character: str) -> bool:
        if self._peek() != character:
            return False
        self.at += 1
        return True

    def _expect(self, character: str) -> None:
        if not self._take(character):
            raise self._error(f"`{character}` is missing")

    def _error(self, why: str) -> PatternError:
        return PatternError(f"the pattern `{self.text}` is wrong near character {self.at}: {why}")


def _one(character: str) -> CharacterClass:
    return CharacterClass(intervals=((ord(character), ord(character)),))

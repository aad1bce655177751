"""HTML that Teams made of a message, read back as what was typed."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_SPACE = re.compile(r"[ \t\r\n\f]+")
_BLOCKS = frozenset(
    {"address", "article", "blockquote", "codeblock", "dd", "div", "dl", "dt", "fieldset", "figure", "footer"}
    | {"form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre"}
    | {"section", "table", "tbody", "tfoot", "thead", "tr", "ul"}
)
_BOGUS = re.compile(r"<(?=[!?])")
"""A declaration: Teams makes none, and the parser gives up on some."""
_SILENT = frozenset({"head", "script", "style", "title", "attachment", "systemeventmessage"})
_EMOJI = frozenset({"emoji", "customemoji"})
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "wbr", "col", "area", "base", "source"})
_QUOTES = "blockquote"
_REPLY = "/reply"
_MENTION = "/mention"


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody mentioned: by what is shown, and by the number of the mention where it has one."""

    name: str
    number: str = ""


@dataclass(slots=True)
class Reading:
    """What a piece of HTML says. `quoted` is the id of the message it answers, if it quotes one."""

    pieces: list[str | Named] = field(default_factory=list)
    quoted: str = ""


def read(html: str) -> Reading:
    """What the HTML says, line by line; without a quoted message, links as "label (url)". Never raises."""
    reader = _Reader()
    html = _without_comments(html)
    end = html.rfind(">") + 1
    reader.feed(_BOGUS.sub("&lt;", html[:end]) + html[end:].replace("<", "&lt;"))
    reader.close()
    return reader.reading


def quoted(html: str) -> str:
    """The id of the message that the HTML quotes, or nothing. Read only where there may be one."""
    return read(html).quoted if _QUOTES in html.lower() else ""


def _without_comments(html: str) -> str:
    """Pasted text brings them along."""
    kept, end = [], 0
    while (start := html.find("<!--", end)) >= 0 and (closed := html.find("-->", start)) >= 0:
        kept.append(html[end:start])
        end = closed + 3
    return "".join([*kept, html[end:]])


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.reading = Reading()
        self._silent: list[str] = []
        """The open element that is left out, and those of its kind inside."""
        self._verbatim = 0
        self._links: list[tuple[str, int]] = []
        self._mention: list[str] = []
        self._named: Named | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        values = {key: value or "" for key, value in attrs}
        if self._silent:
            self._silent += [tag] if tag == self._silent[0] else []
            return
        if self._named is not None:
            self._mention += [tag] if tag == self._mention[0] else []
            return
        kind = values.get("itemtype", "").lower()
        if tag in _SILENT or (tag == _QUOTES and kind.endswith(_REPLY)):
            self._leave_out(tag, values.get("itemid", "") if tag == _QUOTES else "")
        elif tag == "at" or (tag == "span" and kind.endswith(_MENTION)):
            self._mention = [tag]
            self._named = Named("", values.get("itemid") or values.get("id", ""))
        else:
            self._begin(tag, values, kind)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element without content."""
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """An element ends."""
        if self._silent:
            if tag == self._silent[0]:
                self._silent.pop()
        elif self._named is not None:
            if tag == self._mention[0]:
                self._mention.pop()
                if not self._mention:
                    self._end_mention(self._named)
        elif tag == "a" and self._links:
            self._end_link(*self._links.pop())
        elif tag in ("td", "th"):
            self._say(" ")
        elif tag in _BLOCKS:
            self._verbatim -= tag == "pre" and self._verbatim > 0
            self._break()

    def handle_data(self, data: str) -> None:
        """Text."""
        if self._silent:
            return
        if self._named is not None:
            self._named = Named(self._named.name + data, self._named.number)
        else:
            self._say(data)

    def close(self) -> None:
        """The end: what was left open is closed."""
        super().close()
        if self._named is not None:
            self._end_mention(self._named)

    def _leave_out(self, tag: str, quoted: str) -> None:
        self._break()
        self._silent = [tag]
        self.reading.quoted = self.reading.quoted or quoted

    def _begin(self, tag: str, values: dict[str, str], kind: str) -> None:
        if tag == "br":
            self.reading.pieces.append("\n")
        elif tag in _EMOJI or (tag == "img" and kind.endswith("/emoji")):
            self._say(values.get("alt", ""))
        elif tag == "a":
            self._links.append((values.get("href", ""), len(self.reading.pieces)))
        elif tag in _BLOCKS:
            self._break()
            self._verbatim += tag == "pre"
            if tag == "li":
                self.reading.pieces.append("- ")

    def _say(self, text: str) -> None:
        if not self._verbatim:
            text = _SPACE.sub(" ", text)
            text = text.lstrip(" ") if self._last() in ("", " ", "\n") else text
        if text:
            self.reading.pieces.append(text)

    def _break(self) -> None:
        if self._last() not in ("", "\n"):
            self.reading.pieces.append("\n")

    def _last(self) -> str:
        """The last character said; of a mention anything but a space."""
        last = self.reading.pieces[-1] if self.reading.pieces else ""
        return "@" if isinstance(last, Named) else last[-1:]

    def _end_mention(self, named: Named) -> None:
        name = " ".join(named.name.split())
        self._named, self._mention = None, []
        if name:
            self.reading.pieces.append(Named(name, named.number))

    def _end_link(self, url: str, start: int) -> None:
        said = self.reading.pieces[start:]
        label = "".join(piece.name if isinstance(piece, Named) else piece for piece in said).strip()
        if url.lower().startswith(("http://", "https://")) and not _same(url, label):
            self.reading.pieces.append(f" ({url})" if label else url)


def _same(url: str, label: str) -> bool:
    """Whether the label already shows where the link leads."""
    shown = label.rstrip("/")
    return bool(shown) and (url.rstrip("/") == shown or url.rstrip("/").endswith(f"://{shown}"))

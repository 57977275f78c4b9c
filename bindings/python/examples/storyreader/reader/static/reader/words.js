// The words of a page, and which of them is being heard.

// Puts each word of `timings` into a span of its own. Offsets are UTF-16 code units, which is what
// slice() counts, so that a word is never cut in a conjunct or an emoji. Between words the text
// stays as it is: the page reads the same, also to a screen reader.
export function mark(element, text, timings) {
  const spans = [];
  const pieces = [];
  let at = 0;
  for (const { text: range, start_ms: start } of timings.words) {
    if (range.begin_utf16 < at) continue;
    // A range may take the blanks around a word along: they are not lit.
    const word = text.slice(range.begin_utf16, range.end_utf16);
    const begin = range.begin_utf16 + (word.length - word.trimStart().length);
    const end = begin + word.trim().length;
    if (begin === end) continue;
    const span = document.createElement("span");
    span.className = "word";
    span.textContent = text.slice(begin, end);
    pieces.push(text.slice(at, begin), span);
    spans.push({ span, start });
    at = end;
  }
  pieces.push(text.slice(at));
  element.replaceChildren(...pieces);
  return spans;
}

export class Highlight {
  constructor() {
    this.words = [];
    this.now = -1;
  }

  begin(words) {
    this.clear();
    this.words = words;
  }

  // The last word that has begun; in the pause behind a sentence that is still its last one.
  at(ms) {
    let low = 0;
    let high = this.words.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.words[middle].start <= ms) low = middle + 1;
      else high = middle;
    }
    if (low - 1 !== this.now) this.#light(low - 1);
  }

  clear() {
    this.#light(-1);
    this.words = [];
  }

  #light(index) {
    this.words[this.now]?.span.classList.remove("now");
    this.now = index;
    const word = this.words[index]?.span;
    if (!word) return;
    word.classList.add("now");
    word.scrollIntoView({ block: "nearest", inline: "nearest" }); // a long page on a small phone
  }
}

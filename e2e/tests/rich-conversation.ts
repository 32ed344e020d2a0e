import type { Conversation } from "@openmates-share/client";

const ANSWER = `# Walking every bridge once

The city had **seven bridges**, and the question was whether a walk could cross *each of them* exactly once.[^1] Euler turned the map into a graph: land becomes a point, a bridge becomes an edge.

## When such a walk exists

A connected graph has one if and only if the number of vertices of odd degree is 0 or 2. Summing degrees counts each edge twice, so

$$
\\sum_{v \\in V} \\deg(v) = 2\\,|E|, \\qquad \\deg(v) = \\sum_{e \\in E} \\mathbf{1}[v \\in e]
$$

For the four land masses $A, B, C, D$ the degrees are \\(5, 3, 3, 3\\): all odd. A ticket for the tour costs $5, or $10 with lunch.

\\[
P(k) = \\frac{e^{-\\lambda}\\lambda^k}{k!} \\quad\\text{and}\\quad \\sqrt{\\frac{a^2+b^2}{c}} = \\begin{pmatrix} 1 & 0 \\\\ 0 & 1 \\end{pmatrix}
\\]

### Code

\`\`\`python
from collections import Counter

def has_walk(edges: list[tuple[str, str]]) -> bool:
    """True when every bridge can be crossed exactly once."""
    degree = Counter(end for edge in edges for end in edge)
    odd = sum(1 for count in degree.values() if count % 2)  # Euler, 1736
    return odd in (0, 2)

print(f"{has_walk([('A', 'B'), ('B', 'C')])}", "a rather long line that has to scroll on its own or be wrapped when the reader asks")
\`\`\`

| Land | Degree | Odd? | Note |
|:-----|-------:|:----:|------|
| Kneiphof | 5 | yes | the island in the middle |
| Altstadt | 3 | yes | north bank |
| Vorstadt | 3 | yes | south bank |
| Lomse | 3 | yes | east |

> The problem is banal, but it seemed to me worthy of attention, in that neither geometry, nor algebra, nor even the art of counting was sufficient to solve it.
>
> — after a letter of 1736

1. Draw the graph.
2. Count the odd vertices:
   - none: a *round trip* exists,
   - two: a walk from one to the other,
   - more: none at all.
3. Done.

- [x] Translate to a graph
- [x] Count degrees
- [ ] Build an eighth bridge

\`\`\`mermaid
graph LR
  A[Kneiphof] --- B[Altstadt]
  A --- C[Vorstadt]
  A --- D[Lomse]
\`\`\`

Inline \`code\`, ~~a mistake~~, a [link with words](https://example.org/euler), https://example.org/a/very/long/address/that/goes/on/and/on/and/on/until/it/has/to/break/somewhere?with=parameters&and=more, and a picture: ![A map of the city](https://images.example/map.png)

---

他说**“你好”**然后走了。日本語の**「強調」**も読めます。 שלום, this line begins in Hebrew. 👨‍👩‍👧 🇪🇺

مرحبا، هذه فقرة عربية مع كلمة **مهمة** و \`code\` في وسطها.

[^1]: Leonhard Euler, *Solutio problematis ad geometriam situs pertinentis*, 1741.
`;

/** A message of every kind that a chat can hold, as importers give them. Ours from the first word to the last. */
export const RICH_CONVERSATION: Conversation = {
  title: "The seven bridges of Königsberg",
  messages: [
    {
      role: "user",
      name: "Ana",
      time: Date.UTC(2026, 10, 20, 9, 30),
      model: null,
      parts: [
        { type: "markdown", text: "Can I cross each bridge of Königsberg **once**?\nHere is a map." },
        {
          type: "image",
          name: "map.png",
          mediaType: "image/png",
          alt: "A map of the river and its bridges",
          width: 800,
          height: 600,
          size: 183_422,
          source: null,
        },
      ],
    },
    {
      role: "assistant",
      name: "",
      time: Date.UTC(2026, 10, 20, 9, 31),
      model: "model-x",
      parts: [
        { type: "reasoning", text: "The question is Euler's. I should explain **degrees** first.", seconds: 12 },
        {
          type: "code",
          text: 'odd = [d for d in (5, 3, 3, 3) if d % 2]\nprint(len(odd), "odd")',
          language: "python",
          tool: "python",
        },
        { type: "output", text: "4 odd\n", tool: "python", failed: false },
        {
          type: "output",
          text: "Traceback (most recent call last):\nNameError: name 'bridge' is not defined",
          tool: "python",
          failed: true,
        },
        { type: "markdown", text: ANSWER },
        {
          type: "sources",
          sources: [
            { title: "Seven Bridges of Königsberg", url: "https://www.example.org/bridges" },
            { title: "Graph theory, an introduction", url: "https://graphs.example/intro" },
          ],
        },
        {
          type: "document",
          title: "A walk through Königsberg",
          text: "# A walk\n\nWe start at the *Kneiphof* and cross the first bridge.\n\n## The second bridge\n\nIt leads north.\n\n".concat(
            "Then on, along the river, to the next one. ".repeat(30),
          ),
          language: null,
        },
        { type: "file", name: "bridges.csv", mediaType: "text/csv", size: 640, source: null },
        { type: "other", named: "voice_transcript_v2", text: '{"turns": 3}' },
      ],
    },
  ],
};

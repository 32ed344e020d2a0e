import type { JudgedRow, Limit, Unit } from "./row.ts";

const HEAD = ["what", "measured", "rival", "ratio", "limit", "holds"];

/** The rows under each other, for people. */
export function tableOf(title: string, rows: readonly JudgedRow[]): string {
  const lines = [HEAD, ...rows.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => [...(line[column] ?? "")].length)));
  const text = lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  const notes = rows.flatMap(({ what, note }) => (note ? [`  ${what}: ${note}`] : []));
  return [title, text[0], rule, ...text.slice(1), ...notes].join("\n");
}

function cells({ what, value, unit, rival, ratio, limit, holds }: JudgedRow): string[] {
  return [
    what,
    figure(value, unit),
    rival ? `${rival.what}: ${figure(rival.value, unit)}` : "",
    ratio === null ? "" : ratio.toFixed(2),
    limit ? limitText(limit, ratio === null ? unit : "ratio") : "",
    holds === null ? "" : holds ? "yes" : "NO",
  ];
}

function limitText(limit: Limit, unit: Unit): string {
  if ("within" in limit) return `1 ± ${limit.within.toFixed(2)}`;
  return "most" in limit ? `≤ ${figure(limit.most, unit)}` : `≥ ${figure(limit.least, unit)}`;
}

function figure(value: number, unit: Unit): string {
  switch (unit) {
    case "bytes":
      return `${Math.round(value).toLocaleString("en")} bytes`;
    case "count":
      return Math.round(value).toLocaleString("en");
    case "ratio":
      return value.toFixed(2);
    default:
      return `${digits(value)} ${unit}`;
  }
}

/** Three digits that mean something. */
function digits(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return Math.round(value).toLocaleString("en");
  return value.toFixed(size >= 10 ? 1 : 2);
}

/** @param {readonly import("./main.mjs").Row[]} rows */
export function printTable(rows) {
  const lines = rows.map(({ name, value, unit, limit, rival }) => [
    name,
    `${value.toLocaleString("en", { maximumFractionDigits: 2 })} ${unit}`,
    limit === null ? "" : `${value > limit ? "OVER" : "≤"} ${limit.toLocaleString("en")}`,
    rival ?? "",
  ]);
  const all = [["what", "measured", "limit", "rival"], ...lines];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((line) => (line[column] ?? "").length)));
  for (const line of all)
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    );
}

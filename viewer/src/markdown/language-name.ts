/** Where the name is more than a capital letter in front. */
const NAMES: Readonly<Record<string, string>> = {
  c: "C",
  "c++": "C++",
  cpp: "C++",
  "c#": "C#",
  cs: "C#",
  csharp: "C#",
  css: "CSS",
  csv: "CSV",
  graphql: "GraphQL",
  html: "HTML",
  http: "HTTP",
  ini: "INI",
  javascript: "JavaScript",
  js: "JavaScript",
  json: "JSON",
  jsx: "JSX",
  latex: "LaTeX",
  md: "Markdown",
  php: "PHP",
  plaintext: "Text",
  powershell: "PowerShell",
  py: "Python",
  rb: "Ruby",
  rs: "Rust",
  scss: "SCSS",
  sh: "Shell",
  sql: "SQL",
  svg: "SVG",
  tex: "TeX",
  toml: "TOML",
  ts: "TypeScript",
  tsx: "TSX",
  txt: "Text",
  typescript: "TypeScript",
  vue: "Vue",
  xml: "XML",
  yaml: "YAML",
  yml: "YAML",
};

/** A language as people write it; `Text` when none was given. */
export function languageName(language: string): string {
  if (language === "") return "Text";
  const lower = language.toLowerCase();
  if (Object.hasOwn(NAMES, lower)) return NAMES[lower] ?? language;
  return language.charAt(0).toUpperCase() + language.slice(1);
}

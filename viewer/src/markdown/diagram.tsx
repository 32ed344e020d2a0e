export function Diagram({ source }: { source: string }) {
  return <pre>{source}</pre>;
}

/** What the server counts right now: `foyer_shares{kind="screen"}` → 1. What has never happened is 0. */
export async function readMetrics(server: { url: string }): Promise<(line: string) => number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const counts = new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))] as const),
  );
  return (line) => counts.get(line) ?? 0;
}

import { execFileSync } from 'node:child_process';

/** The descendant of a process whose command line has this text. @throws Error when there is none */
export function childWith(pid: number, text: string): number {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => {
      const found = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line);
      return found ? [{ pid: Number(found[1]), parent: Number(found[2]), args: found[3]! }] : [];
    });
  const parents = new Map(rows.map((row) => [row.pid, row.parent]));
  const isBelow = (one: number): boolean => {
    for (let up = parents.get(one); up !== undefined && up > 1; up = parents.get(up))
      if (up === pid) return true;
    return false;
  };
  const found = rows.find((row) => row.args.includes(text) && isBelow(row.pid));
  if (!found) throw new Error(`no process below ${pid} runs ${text}`);
  return found.pid;
}

/**
 * A reaper stops what this process started when this process dies without saying so (SIGKILL, out of memory). It is a
 * small shell script that is told of every child through a pipe; when the pipe ends, it stops what is left, services
 * before the queue and the database last, and removes the folders that shall not stay.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

const SCRIPT = `
left=
folders=
newline='
'
while read -r verb stage pid; do
  case $verb in
    delete) folders="$folders$stage\${pid:+ $pid}$newline" ;;
    add) left="$left $stage:$pid" ;;
    gone) kept=; for one in $left; do [ "$one" = "$stage:$pid" ] || kept="$kept $one"; done; left=$kept ;;
  esac
done
# in a container without an init process the dead stay listed as zombies
runs() {
  kill -0 "$1" 2>/dev/null || return 1
  [ -r "/proc/$1/stat" ] || return 0
  read -r number name state rest < "/proc/$1/stat" && [ "$state" != Z ]
}
each() { for one in $left; do case $one in "$1":*) eval "$2" ;; esac; done; }
stop() {
  each "$1" 'kill -'"$2"' "\${one#*:}" 2>/dev/null'
  tries=0
  while [ $tries -lt "$3" ]; do
    alive=; each "$1" 'runs "\${one#*:}" && alive=1'
    [ -n "$alive" ] || break
    sleep 0.1; tries=$((tries + 1))
  done
  each "$1" 'kill -KILL "-\${one#*:}" 2>/dev/null'
}
if [ -n "$left" ]; then stop service TERM 100; stop queue TERM 50; stop database INT 100; fi
IFS=$newline; set -f
for folder in $folders; do rm -rf -- "$folder"; done
`;

export type Reaper = {
  add(stage: string, pid: number): void;
  gone(stage: string, pid: number): void;
  /** The folder is removed when all have ended. */
  deleteAtEnd(folder: string): void;
  /** Ends the reaper, and with it what it still knows of. */
  close(): Promise<void>;
};

export function startReaper(): Reaper {
  const shell = spawn('/bin/sh', ['-c', SCRIPT], {
    detached: true, // Ctrl-C must not reach it
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: '/usr/bin:/bin' },
  });
  shell.unref();
  const tell = (line: string) => shell.stdin.writable && shell.stdin.write(`${line}\n`);
  return {
    add: (stage, pid) => tell(`add ${stage} ${pid}`),
    gone: (stage, pid) => tell(`gone ${stage} ${pid}`),
    deleteAtEnd: (folder) => tell(`delete ${folder}`),
    close: () => closed(shell),
  };
}

async function closed(shell: ChildProcess): Promise<void> {
  shell.ref();
  shell.stdin?.end();
  if (shell.exitCode === null && shell.signalCode === null) await once(shell, 'exit');
}

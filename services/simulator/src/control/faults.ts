/** Control calls that let things go wrong. */

import type { FileTargets } from '../file-targets/targets.ts';
import { FaultSchema } from '../server/faults.ts';
import type { Desk } from '../server/serve-call.ts';
import { type Asked, type ControlCall, read } from './call.ts';
import { FileFaultBody } from './schemas.ts';

export function faultCalls(desk: Desk): ControlCall[] {
  const add = ({ body }: Asked) => desk.faults.add(read(FaultSchema, body));
  return [
    { method: 'POST', url: '/faults', does: 'lets something go wrong', handle: add },
    { method: 'GET', url: '/faults', does: 'what goes wrong now', handle: () => ({ faults: desk.faults.list() }) },
    { method: 'DELETE', url: '/faults', does: 'lets all go well again', handle: () => takeAway(desk) },
    {
      method: 'DELETE',
      url: '/faults/:name',
      does: 'takes one away, by its id',
      handle: ({ name }) => takeAway(desk, Number(name)),
    },
  ];
}

function takeAway(desk: Desk, id?: number) {
  desk.faults.remove(id);
  return { faults: desk.faults.list() };
}

export function fileFaultCalls(files: Pick<FileTargets, 'ftp' | 'sftp'>): ControlCall[] {
  const list = () => ({ ftp: files.ftp.faults.list(), sftp: files.sftp.faults.list() });
  const set = ({ body }: Asked) => {
    const { target, fault, times } = read(FileFaultBody, body);
    files[target].faults.set(fault, times);
    return list();
  };
  const clear = () => {
    for (const { faults } of [files.ftp, files.sftp]) faults.clear();
    return list();
  };
  const url = '/file-faults';
  return [
    {
      method: 'POST',
      url,
      does: 'lets a file target fail: {"target":"sftp","fault":"drop-upload","times":1}',
      handle: set,
    },
    { method: 'GET', url, does: 'how file targets fail now', handle: list },
    { method: 'DELETE', url, does: 'lets them work again', handle: clear },
  ];
}

/** Control calls that let things go wrong. */

import type { FileTargets } from '../file-targets/targets.ts';
import { FaultSchema } from '../server/faults.ts';
import type { SimulatorState } from '../server/simulator-state.ts';
import { type Asked, type ControlCall, read } from './call.ts';
import { FileFaultBody } from './schemas.ts';

export function faultCalls(state: SimulatorState): ControlCall[] {
  const add = ({ body }: Asked) => state.faults.add(read(FaultSchema, body));
  return [
    { method: 'POST', url: '/faults', does: 'lets something go wrong', handle: add },
    { method: 'GET', url: '/faults', does: 'what goes wrong now', handle: () => ({ faults: state.faults.list() }) },
    { method: 'DELETE', url: '/faults', does: 'lets all go well again', handle: () => takeAway(state) },
    {
      method: 'DELETE',
      url: '/faults/:name',
      does: 'takes one away, by its id',
      handle: ({ name }) => takeAway(state, Number(name)),
    },
  ];
}

function takeAway(state: SimulatorState, id?: number) {
  state.faults.remove(id);
  return { faults: state.faults.list() };
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

/** Control calls that let things go wrong. */

import type { FileTargets } from '../file-targets/targets.ts';
import { FaultSchema } from '../server/faults.ts';
import type { SimulatorState } from '../server/simulator-state.ts';
import { type ControlCall, type ControlRequest, parseBody } from './call.ts';
import { FileFaultBody } from './schemas.ts';

export function faultCalls(state: SimulatorState): ControlCall[] {
  const add = ({ body }: ControlRequest) => state.faults.add(parseBody(FaultSchema, body));
  return [
    { method: 'POST', url: '/faults', description: 'lets something go wrong', handle: add },
    {
      method: 'GET',
      url: '/faults',
      description: 'what goes wrong now',
      handle: () => ({ faults: state.faults.list() }),
    },
    { method: 'DELETE', url: '/faults', description: 'lets all go well again', handle: () => removeFaults(state) },
    {
      method: 'DELETE',
      url: '/faults/:name',
      description: 'takes one away, by its id',
      handle: ({ name }) => removeFaults(state, Number(name)),
    },
  ];
}

function removeFaults(state: SimulatorState, id?: number) {
  state.faults.remove(id);
  return { faults: state.faults.list() };
}

export function fileFaultCalls(files: Pick<FileTargets, 'ftp' | 'sftp'>): ControlCall[] {
  const list = () => ({ ftp: files.ftp.faults.list(), sftp: files.sftp.faults.list() });
  const set = ({ body }: ControlRequest) => {
    const { target, fault, times } = parseBody(FileFaultBody, body);
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
      description: 'lets a file target fail: {"target":"sftp","fault":"drop-upload","times":1}',
      handle: set,
    },
    { method: 'GET', url, description: 'how file targets fail now', handle: list },
    { method: 'DELETE', url, description: 'lets them work again', handle: clear },
  ];
}

export { until } from '@lazada-sof/local';
export { type Certificate, selfSignedCertificate as makeCertificate } from '@lazada-sof/simulator/file-targets';
export { anAccount } from './builders/account.ts';
export * from './builders/order-updates.ts';
export { describeFileStore, type FileStoreTraits } from './conformance/file-store.ts';
export { describeOnRealServer, describeWithRealServer } from './conformance/file-store-servers.ts';
export { type FleetDriver, fleetConformance } from './conformance/fleet.ts';
export * from './conformance/queue.ts';
export { type Gate, openGate } from './faults/gate.ts';
export type { FileServer } from './file-servers/file-server.ts';
export { type HostKeyKind, makeHostKey } from './file-servers/host-key.ts';
export { openLocalFolder } from './file-servers/local-folder.ts';
export { realServer } from './file-servers/real-servers.ts';
export { type FtpManners, type ScriptedFtp, startScriptedFtp } from './file-servers/scripted-ftp.ts';
export { type ScriptedSftp, type SftpManners, startScriptedSftp } from './file-servers/scripted-sftp.ts';
export { type ServedFolder, servedFolder } from './file-servers/served-folder.ts';
export { startStandIn } from './file-servers/stand-ins.ts';
export { startWire, type Wire } from './file-servers/wire.ts';
export { type MemoryTokens, memoryTokens } from './outside/memory-tokens.ts';
export { meeting, type RecordedLimiter, recordedLimiter } from './outside/recorded-limiter.ts';
export {
  type Answer,
  type Asked,
  openScriptedServer,
  type Script,
  type ScriptedServer,
} from './outside/scripted-server.ts';
export { BOMBS } from './paper/bombs.ts';
export { type MemoryUsed, watchMemoryOf } from './paper/memory-of.ts';
export { describeOnLinux } from './paper/on-linux.ts';
export { ONE_PAGE, pdfOf, pdfWith, pdfWithTableInStream } from './paper/pdfs.ts';
export { asDrawn, type ReadBack, readBack } from './paper/read-back.ts';
export { RENDERER_PROGRAM } from './paper/renderer-program.ts';
export { type LoggedLine, recordedLog } from './recorded-log.ts';
export { type LeftOut, leaveOut } from './servers/left-out.ts';
export { describeOnOwnRedis } from './servers/own-redis.ts';
export {
  describeOnEachPostgres,
  describeOnEachQueue,
  describeOnPgBouncer,
  describeOnRedis,
  openPgBouncer,
  type Through,
} from './servers/suites.ts';
export { openEmptyDatabase, openTestDatabase, type TestDatabase } from './servers/test-database.ts';
export { openTestQueue, type QueueKind, type TestQueue } from './servers/test-queue.ts';
export { startTestSimulator, type TestSimulator } from './servers/test-simulator.ts';
export { startTestSystem, type TestSystem } from './servers/test-system.ts';
export { type Ended, ended, openWorkerStage, SHOP, type WorkerStage } from './servers/worker-stage.ts';

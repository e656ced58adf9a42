export { type Certificate, selfSignedCertificate } from './certificate.ts';
export type { FileTarget, FileTargetOptions } from './file-target.ts';
export { type FtpTargetOptions, startFtpTarget } from './ftp.ts';
export { fingerprint, type HostKey, makeHostKey } from './host-key.ts';
export { type SftpTarget, type SftpTargetOptions, startSftpTarget } from './sftp.ts';
export { TARGET_FAULTS, type TargetFault, TargetFaults } from './target-faults.ts';

export * from './dhl/index.ts';
export * from './download/index.ts';
export * from './file-store/index.ts';
export * from './http/index.ts';
export * from './open-platform/index.ts';
export * from './renderer/index.ts';
export * from './sof/index.ts';
